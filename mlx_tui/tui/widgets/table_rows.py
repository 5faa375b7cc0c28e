"""What a user does to a table's rows: move, open, sort, mark, filter."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Generic, TypeVar

from textual.reactive import reactive

from mlx_tui.tui.widgets import table_events
from mlx_tui.tui.widgets.filter_line import FilterLine
from mlx_tui.tui.widgets.table_column import Sort
from mlx_tui.tui.widgets.table_columns import ColumnActions

Row = TypeVar("Row")


class RowActions(ColumnActions[Row], Generic[Row]):
    """The actions on the row under the cursor, and on the marked ones."""

    cursor: reactive[int] = reactive(0, repaint=False)
    """Position in the view of the row under the cursor."""

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self.model.at(self.cursor)

    @abstractmethod
    def set_sorts(self, sorts: Sequence[Sort]) -> None:
        """Sorts."""

    def page_rows(self) -> int:
        """How many rows fit under the heading."""
        return max(1, self.scrollable_content_region.height - 1)

    def move_by(self, rows: int) -> None:
        """Moves the cursor down, or up where `rows` is negative."""
        self.cursor = max(0, min(self.cursor + rows, len(self.model.view) - 1))

    def move_to_end(self, *, first: bool) -> None:
        """Moves the cursor to the first row or to the last."""
        self.cursor = 0 if first else max(0, len(self.model.view) - 1)

    def move_sideways(self, steps: int) -> None:
        """Moves the column cursor; without one, the columns by one."""
        if self.show_column_cursor:
            self.column = max(0, min(self.column + steps, len(self.model.columns) - 1))
        else:
            self.scroll_by_columns(steps)

    def action_open(self) -> None:
        """Opens the row under the cursor."""
        if self.current is not None:
            self.tell(table_events.Opened)

    def action_sort(self) -> None:
        """Sorts by the column under the cursor."""
        self._sort(also=False)

    def action_sort_also(self) -> None:
        """Adds the column under the cursor as a further sort key."""
        self._sort(also=True)

    def _sort(self, also: bool) -> None:
        self.set_sorts(self.model.sorts_by(self.current_column, also=also))

    def action_mark(self) -> None:
        """Marks the row and moves on."""
        if (row := self.current) is not None:
            self.model.marked ^= {self.model.row_key(row)}
            self.move_by(1)
            self.refresh()
            self.tell(table_events.Arranged)

    def action_mark_all(self) -> None:
        """Marks every row that is shown, or unmarks all."""
        shown = {self.model.row_key(self.model.rows[index]) for index in self.model.view}
        self.model.marked = set() if shown <= self.model.marked else self.model.marked | shown
        self.refresh()
        self.tell(table_events.Arranged)

    def unmark(self) -> None:
        """Takes all marks away."""
        self.model.marked = set()
        self.refresh()
        self.tell(table_events.Arranged)

    line: FilterLine | None = None
    """Where a filter is typed. It is opened here and not by a message: the next key is meant for it already."""

    def action_filter(self) -> None:
        """Opens the filter line."""
        if self.line is not None:
            self.line.open()
            self.tell(table_events.FilterAsked)

    def click_row(self, position: int, *, twice: bool) -> None:
        """Moves the cursor to a position of the view; opens the row where it was clicked twice."""
        if 0 <= position < len(self.model.view):
            self.cursor = position
            if twice:
                self.action_open()
