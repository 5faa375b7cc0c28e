"""What is kept of a table between two sessions: its columns, sort, filter and position."""

from dataclasses import dataclass, field

from mlx_tui.tui.widgets.table_column import Sort
from mlx_tui.tui.widgets.table_layout import Layout


@dataclass(frozen=True, slots=True)
class TableState:
    """How a user left a table.

    Attributes:
        layout: The columns.
        sorts: The keys of the order.
        query: The filter line.
        row: Key of the row under the cursor; empty where there was none.
        height: How many rows below the first line it stood.
        column: Id of the column under the cursor.
        variant: Which of its sets of columns the screen showed, where it has several.
    """

    layout: Layout = field(default_factory=Layout)
    sorts: tuple[Sort, ...] = ()
    query: str = ""
    row: str = ""
    height: int = 0
    column: str = ""
    variant: str = ""
