"""The columns of a table: which are shown, which stay at the left, in which order."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from mlx_tui.tui.presentation.column_choice import CHOICE_COLUMNS, ColumnChoice, column_choices
from mlx_tui.tui.screens.base import StudyScreen
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.table import VirtualTable
from mlx_tui.tui.widgets.table_layout import Layout
from mlx_tui.tui.widgets.table_model import TableModel


class ColumnList(VirtualTable[ColumnChoice]):
    """A list of columns: what is done to a column elsewhere is done here to the one of the row under the cursor."""

    def __init__(self, model: TableModel[ColumnChoice], target: VirtualTable) -> None:
        """Lists the columns of a table."""
        super().__init__(model, show_column_cursor=False)
        self.target = target

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """All actions on columns apply."""
        return True

    def _do(self, action: Callable[[VirtualTable], None]) -> None:
        choice = self.current
        if choice is None:
            return
        ids = [column.id for column in self.target.model.columns]
        if choice.column.id not in ids:
            self.tell(self.Told, f"{choice.column.title} is hidden: {self.key('mark')} shows it")
            return
        self.target.set_reactive(VirtualTable.column, ids.index(choice.column.id))
        action(self.target)
        self.tell(self.Arranged)

    def action_hide(self) -> None:
        """Hides the column."""
        self._do(VirtualTable.action_hide)

    def action_pin(self) -> None:
        """Keeps the column at the left, or lets it scroll."""
        self._do(VirtualTable.action_pin)

    def action_narrower(self) -> None:
        """Makes the column narrower."""
        self._do(VirtualTable.action_narrower)

    def action_wider(self) -> None:
        """Makes the column wider."""
        self._do(VirtualTable.action_wider)

    def action_move_left(self) -> None:
        """Moves the column to the left."""
        self._do(VirtualTable.action_move_left)

    def action_move_right(self) -> None:
        """Moves the column to the right."""
        self._do(VirtualTable.action_move_right)


class ColumnsScreen(StudyScreen):
    """Lists every column of a table; each change is made at once. Marked columns are those in sight."""

    SCOPE: ClassVar[str] = "columns"
    WIDGET_HINTS: ClassVar[tuple[str, ...]] = (
        "table.mark",
        "table.pin",
        "table.move_left",
        "table.move_right",
        "table.filter",
    )

    def __init__(self, table: VirtualTable) -> None:
        """Changes the columns of a table of the screen below."""
        super().__init__()
        self._table = table
        self._listed = table.model.layout

    def body(self) -> ComposeResult:
        """Yields the list and its filter."""
        model: TableModel[ColumnChoice] = TableModel(CHOICE_COLUMNS, lambda choice: choice.column.id)
        yield FilteredTable(model, table=ColumnList(model, self._table))

    @property
    def list(self) -> VirtualTable[ColumnChoice]:
        """The list."""
        return self.query_one(FilteredTable).table

    def on_mount(self) -> None:
        """Fills the list; the cursor is on the column under the cursor below."""
        self.list.focus()
        self._fill()
        self.list.move_to_key(self._table.current_column.id)

    def _fill(self) -> None:
        model = self._table.model
        self._listed = model.layout
        choices = column_choices(model.available, model.layout)
        self.list.model.marked = {choice.column.id for choice in choices if choice.shown}
        self.list.set_rows(choices)
        back = f"{self.keys.label('app.back')} goes back"
        self.title_line("Columns", f"{len(model.columns)} of {len(model.available)} shown · {back}")

    @on(VirtualTable.Arranged)
    def _arranged(self) -> None:
        """Shows and hides what was marked and unmarked, and lists the columns again where they changed."""
        layout, marked = self._table.model.layout, self.list.model.marked
        for choice in self.list.model.rows:
            if choice.shown is not (choice.column.id in marked):
                layout = layout.with_shown(choice.column, not choice.shown)
        if layout != self._table.model.layout:
            self._table.set_layout(layout)
        if layout != self._listed:
            self._fill()

    @on(VirtualTable.Highlighted)
    def _describe(self) -> None:
        choice = self.list.current
        if choice is not None:
            self.status(f"{choice.column.id}: {choice.column.description or choice.column.title}")

    @on(VirtualTable.Opened)
    def _toggle(self) -> None:
        choice = self.list.current
        if choice is not None:
            self._table.set_layout(self._table.model.layout.with_shown(choice.column, not choice.shown))
            self._fill()

    # Actions

    def why_not(self, action: str) -> str:
        """Says why an action can't be done now."""
        return "" if self._table.model.layout != Layout() else "the columns are as they were made"

    def do_reset(self) -> None:
        """Makes the columns as they were."""
        self._table.set_layout(Layout())
        self._fill()
