"""Actions of the statistics' screen."""

from mlx_tui.tui.actions.action import Action

STATISTICS = (Action("statistics.pane", ("tab",), "view", "Switches between features, dimensions and outcomes.", True),)
