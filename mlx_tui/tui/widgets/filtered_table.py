"""A table with its filter line below."""

from typing import Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from mlx_tui.tui.widgets.filter_line import FilterLine
from mlx_tui.tui.widgets.filter_texts import HOW_TO_TYPE
from mlx_tui.tui.widgets.table import VirtualTable
from mlx_tui.tui.widgets.table_model import TableModel
from mlx_tui.tui.widgets.table_state import TableState

Row = TypeVar("Row")
SEARCHED_AHEAD = 5_000
"""From so many rows on, the searched text is read in a thread while the first word is being typed."""


class FilteredTable(Vertical, Generic[Row]):
    """Wires a table and a filter line together."""

    def __init__(
        self,
        model: TableModel[Row],
        *,
        id: str | None = None,
        show_column_cursor: bool = True,
        table: VirtualTable[Row] | None = None,
    ) -> None:
        """Shows a model.

        Args:
            model: What is shown.
            id: Of the widget.
            show_column_cursor: Whether one column is under the cursor.
            table: A table of another kind, on the same model.
        """
        super().__init__(id=id)
        self.table: VirtualTable[Row] = table or VirtualTable(model, show_column_cursor=show_column_cursor)
        self.line = self.table.line = FilterLine(HOW_TO_TYPE)

    def compose(self) -> ComposeResult:
        """Yields the table and the line."""
        yield self.table
        yield self.line

    @on(VirtualTable.FilterAsked)
    def _prepare(self) -> None:
        if len(self.table.model.rows) >= SEARCHED_AHEAD:
            self.run_worker(self.table.model.prepare_search, thread=True, exclusive=True, group="search")

    @on(FilterLine.Typed)
    def _filter(self, event: FilterLine.Typed) -> None:
        event.stop()
        if event.value != self.table.model.query:
            self.table.set_filter(event.value)
        if event.closed:
            self.table.focus()

    def restore(self, state: TableState) -> None:
        """Shows the table as it was left, with its filter in sight."""
        self.table.restore(state)
        with self.prevent(Input.Changed):
            self.line.value = state.query
        self.line.set_class(bool(state.query), "-open")

    def clear_filter(self) -> bool:
        """Shows all rows again; returns whether there was a filter."""
        if not self.line.value:
            return False
        self.line.value = ""
        self.line.close()
        return True
