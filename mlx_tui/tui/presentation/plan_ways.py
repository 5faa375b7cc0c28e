"""The ways to run a repository as rows."""

from mlx_tui.reproduction.command_text import candidate_text
from mlx_tui.study.plan_ways import Way, way_source
from mlx_tui.tui.widgets.table_model import Cell, Column

CHOSEN = "●"


def way_columns(width: int) -> tuple[Column[Way], ...]:
    """The columns, for a width of the table in cells; in narrow ones the command has the most room."""
    return (
        Column[Way](
            "command",
            f"ways to run it  {CHOSEN} chosen",
            0,
            lambda way: Cell(f"{CHOSEN if way.chosen else ' '} {candidate_text(way.candidate)}", "strong"),
            lambda way: candidate_text(way.candidate),
            searchable=True,
        ),
        Column[Way](
            "source",
            "read from",
            24 if width >= 60 else 12,
            lambda way: Cell(way_source(way), "muted"),
            way_source,
            keep_end=True,
            searchable=True,
            least=10,
        ),
    )
