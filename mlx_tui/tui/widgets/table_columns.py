"""What a user does to a table's columns: hide, pin, resize, move."""

from abc import abstractmethod
from typing import Generic, TypeVar

from textual.reactive import reactive

from mlx_tui.tui.actions.keymap import key_map_of
from mlx_tui.tui.widgets import table_events
from mlx_tui.tui.widgets.navigation import Navigation
from mlx_tui.tui.widgets.table_column import Column
from mlx_tui.tui.widgets.table_geometry import Window, column_widths, scroll_to_column, window
from mlx_tui.tui.widgets.table_layout import Layout
from mlx_tui.tui.widgets.table_model import TableModel

Row = TypeVar("Row")
OF_COLUMNS = {"hide", "pin", "narrower", "wider", "move_left", "move_right"}


class ColumnActions(Navigation, Generic[Row]):
    """The actions on the column under the column cursor; a table without such a cursor has none of them."""

    model: TableModel[Row]
    show_column_cursor: bool
    column: reactive[int] = reactive(0, repaint=False)
    """Index of the column under the cursor."""

    @abstractmethod
    def set_layout(self, layout: Layout) -> None:
        """Shows the columns as the user chose."""

    @abstractmethod
    def tell(self, kind: type[table_events.TableEvent], text: str = "") -> None:
        """Tells the screen."""

    @abstractmethod
    def room(self) -> int:
        """Cells for the columns."""

    def widths(self) -> list[int]:
        """The columns' widths."""
        return column_widths(self.model.columns, self.room())

    @property
    def window(self) -> Window:
        """The columns in sight."""
        return window(self.model.columns, self.model.pinned, self.scroll_offset.x, self.room())

    def key(self, action: str) -> str:
        """The key to name in a text for an action of tables."""
        return key_map_of(self.app).label(f"table.{action}")

    def scroll_by_columns(self, steps: int) -> None:
        """Brings the next column out of sight into it: on the right, or on the left where `steps` is negative."""
        seen = self.window
        if seen.more_right if steps > 0 else seen.more_left:
            first, last = seen.shown[min(seen.pinned, len(seen.shown) - 1)], seen.shown[-1]
            whole = last.width >= self.widths()[last.index]
            wanted = last.index + whole if steps > 0 else first.index - 1
            self.scroll_to(self.x_of(wanted), animate=False, immediate=True, force=True)

    def x_of(self, column: int) -> int:
        """The horizontal scroll position nearest to this one that shows a column."""
        return scroll_to_column(self.model.columns, self.model.pinned, column, self.scroll_offset.x, self.room())

    @property
    def current_column(self) -> Column[Row]:
        """The column under the cursor."""
        return self.model.columns[min(self.column, len(self.model.columns) - 1)]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leaves the keys to others where there is no column cursor."""
        return self.show_column_cursor or action not in OF_COLUMNS

    def action_hide(self) -> None:
        """Hides the column under the cursor."""
        if len(self.model.columns) < 2:
            self.tell(table_events.Told, "the last column stays")
            return
        column = self.current_column
        self.set_layout(self.model.layout.with_shown(column, False))
        self.tell(table_events.Told, f"hidden: {column.title}; {self.key('columns')} shows all columns to choose from")

    def action_pin(self) -> None:
        """Keeps the column under the cursor at the left, or lets it scroll again."""
        column, layout, available = self.current_column, self.model.layout, self.model.available
        pins = layout.pins(available)
        pinned = column.id not in pins
        if not pinned and len(pins) == 1:
            self.tell(table_events.Told, "one column always stays at the left: pin another one first")
            return
        self.set_layout(layout.with_pinned(column, available, pinned))
        self.tell(table_events.Told, f"{column.title} {'stays at the left' if pinned else 'scrolls'}")

    def action_narrower(self) -> None:
        """Makes the column under the cursor narrower."""
        self._widen(-1)

    def action_wider(self) -> None:
        """Makes the column under the cursor wider."""
        self._widen(1)

    def _widen(self, cells: int) -> None:
        index = self.model.columns.index(self.current_column)
        self.set_layout(self.model.layout.with_width(self.current_column, self.widths()[index] + cells))

    def action_move_left(self) -> None:
        """Moves the column under the cursor to the left."""
        self._move(-1)

    def action_move_right(self) -> None:
        """Moves the column under the cursor to the right."""
        self._move(1)

    def _move(self, steps: int) -> None:
        layout = self.model.layout
        self.set_layout(layout.with_moved(self.current_column, self.model.available, steps))

    def action_columns(self) -> None:
        """Asks for the list of all columns."""
        self.tell(table_events.ColumnsAsked)
