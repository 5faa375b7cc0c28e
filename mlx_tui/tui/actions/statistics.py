"""Actions of the statistics' screen."""

from mlx_tui.tui.actions.action import Action

STATISTICS = (
    Action(
        "statistics.pane",
        ("tab",),
        "view",
        "Goes on from the charts to the tables of dimensions, features and outcomes.",
        1,
    ),
)
