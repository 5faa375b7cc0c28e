"""A table whose cost follows the screen: only the cells that are seen are rendered."""

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip

from mlx_tui.tui.actions.keymap import DEFAULT
from mlx_tui.tui.text import ROLES
from mlx_tui.tui.widgets import table_events
from mlx_tui.tui.widgets.navigation import Navigation
from mlx_tui.tui.widgets.table_model import Column, TableModel
from mlx_tui.tui.widgets.table_painter import TablePainter, column_at, column_widths, scroll_to_column

Row = TypeVar("Row")


class VirtualTable(Navigation, Generic[Row], can_focus=True):
    """Rows under a fixed heading, with cursors for row and column; the first column stays when scrolling sideways."""

    SCOPE: ClassVar[str] = "table"
    BINDINGS: ClassVar[list[BindingType]] = [*DEFAULT.bindings("table")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "table--header",
        "table--header-cursor",
        "table--cursor",
        "table--cursor-unfocused",
        "table--marked",
        *(f"role--{role}" for role in ROLES),
    }

    cursor: reactive[int] = reactive(0, repaint=False)
    """Position in the view of the row under the cursor."""
    column: reactive[int] = reactive(0, repaint=False)
    """Index of the column under the cursor."""

    Highlighted = table_events.Highlighted
    Opened = table_events.Opened
    Arranged = table_events.Arranged
    FilterAsked = table_events.FilterAsked

    def __init__(self, model: TableModel[Row], *, id: str | None = None, show_column_cursor: bool = True) -> None:
        """Shows a model; after changing the model itself call `arranged`."""
        super().__init__(id=id)
        self.model = model
        self.show_column_cursor = show_column_cursor
        self._painted: tuple[object, TablePainter[Row]] | None = None

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self.model.at(self.cursor)

    @property
    def current_column(self) -> Column[Row]:
        """The column under the cursor."""
        return self.model.columns[min(self.column, len(self.model.columns) - 1)]

    def _tell(self, kind: type[table_events.TableEvent]) -> None:
        # Sent in the name of the table: a message sent by the parent's handler wouldn't get past the parent.
        self.post_message(kind(self).set_sender(self))

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Replaces the rows; the cursor stays on its row, which stays at its height on the screen."""
        key, offset = self._current_key(), self.cursor - self.scroll_offset.y
        self.model.set_rows(rows)
        self._restore(None if key is None else self.model.position_of(key), offset)

    def set_columns(self, columns: Sequence[Column[Row]]) -> None:
        """Replaces the columns."""
        index, offset = self._current_index(), self.cursor - self.scroll_offset.y
        self.model.set_columns(columns)
        self.column = min(self.column, len(columns) - 1)
        self._restore(self.model.position_of_index(index), offset)

    def set_filter(self, query: str) -> None:
        """Shows the rows that match; the cursor stays on its row where it still is shown."""
        index, offset = self._current_index(), self.cursor - self.scroll_offset.y
        self.model.set_filter(query)
        self._restore(self.model.position_of_index(index), offset)

    def move_to_key(self, key: str) -> bool:
        """Moves the cursor to the row with this key; returns whether it is shown."""
        position = self.model.position_of(key)
        if position is None:
            return False
        self.cursor = position
        return True

    def _current_index(self) -> int | None:
        return self.model.view[self.cursor] if self.cursor < len(self.model.view) else None

    def _current_key(self) -> str | None:
        row = self.current
        return None if row is None else self.model.row_key(row)

    def _restore(self, position: int | None, offset: int) -> None:
        count = len(self.model.view)
        self._resize_content()
        if position is None:
            position = max(0, min(self.cursor, count - 1))
        self.set_reactive(VirtualTable.cursor, position)
        self.scroll_to(y=position - offset, animate=False, immediate=True, force=True)
        self._show_cursor()
        self.refresh()
        self._tell(self.Arranged)
        self._tell(self.Highlighted)

    def _resize_content(self) -> None:
        widths = self._widths()
        self.virtual_size = Size(sum(widths) + len(widths) - 1, len(self.model.view) + 1)

    def _show_cursor(self) -> None:
        (left, top), page = self.scroll_offset, self.page_rows()
        y = self.cursor if self.cursor < top else max(top, self.cursor - page + 1)
        x = scroll_to_column(self._widths(), self.column, left, self._width()) if self.show_column_cursor else left
        if (x, y) != (left, top):
            self.scroll_to(x, y, animate=False, immediate=True, force=True)

    def on_resize(self) -> None:
        """Lays out again for the new width."""
        self._resize_content()
        self.call_after_refresh(self._show_cursor)
        self.refresh()

    def watch_cursor(self) -> None:
        """Keeps the cursor on the screen."""
        self._show_cursor()
        self.refresh()
        self._tell(self.Highlighted)

    watch_column = watch_cursor

    def notify_style_update(self) -> None:
        """Draws with the new styles."""
        self._painted = None
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """Renders one line of the screen; the first is the heading."""
        painter = self._painter()
        if y == 0:
            return painter.heading(self.column if self.show_column_cursor else None)
        position = self.scroll_offset.y + y - 1
        on_cursor = position == self.cursor and self.has_focus
        return painter.row(y, self._row_style(position), coloured=not on_cursor)

    def _painter(self) -> TablePainter[Row]:
        state = (self.model.columns, self._width(), self.scroll_offset)
        if self._painted is None or self._painted[0] != state:
            x, y = self.scroll_offset
            self._painted = (state, TablePainter(self.model, self._width(), (x, y), self._style))
        return self._painted[1]

    def _row_style(self, position: int) -> Style:
        row = self.model.at(position)
        if row is None:
            return self._style("")
        if position == self.cursor:
            return self._style("table--cursor" if self.has_focus else "table--cursor-unfocused")
        marked = self.model.marked and self.model.row_key(row) in self.model.marked
        return self._style("table--marked") if marked else self._style("")

    def _style(self, name: str) -> Style:
        return self.component("") + self.component(name) if name.startswith("table--") else self.component(name)

    def _width(self) -> int:
        """Cells for the columns: what a vertical scrollbar takes is left out before it appears."""
        inner = self.outer_size - self.styles.gutter.totals
        scrolls = len(self.model.view) + 1 > inner.height
        return max(1, inner.width - (self.styles.scrollbar_size_vertical if scrolls else 0))

    def _widths(self) -> list[int]:
        return column_widths(self.model.columns, self._width())

    # Actions, named in the registry

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
        """Moves the column cursor."""
        self.column = max(0, min(self.column + steps, len(self.model.columns) - 1))

    def action_open(self) -> None:
        """Opens the row under the cursor."""
        if self.current is not None:
            self._tell(self.Opened)

    def action_sort(self) -> None:
        """Sorts by the column under the cursor."""
        self._sort(also=False)

    def action_sort_also(self) -> None:
        """Adds the column under the cursor as a further sort key."""
        self._sort(also=True)

    def _sort(self, also: bool) -> None:
        index, offset = self._current_index(), self.cursor - self.scroll_offset.y
        self.model.sort_by(self.current_column.id, also=also)
        self._restore(self.model.position_of_index(index), offset)

    def action_mark(self) -> None:
        """Marks the row and moves on."""
        if (row := self.current) is not None:
            self.model.marked ^= {self.model.row_key(row)}
            self.move_by(1)
            self.refresh()
            self._tell(self.Arranged)

    def action_mark_all(self) -> None:
        """Marks every row that is shown, or unmarks all."""
        shown = {self.model.row_key(self.model.rows[index]) for index in self.model.view}
        self.model.marked = set() if shown <= self.model.marked else self.model.marked | shown
        self.refresh()
        self._tell(self.Arranged)

    def action_filter(self) -> None:
        """Asks for the filter line."""
        self._tell(self.FilterAsked)

    def on_click(self, event: events.Click) -> None:
        """Moves the cursor; on the heading sorts; the second click of a double click opens."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        self.column = column_at(self._widths(), offset.x, self.scroll_offset.x) if self.show_column_cursor else 0
        if offset.y == 0:
            self.action_sort()
        elif 0 <= (position := self.scroll_offset.y + offset.y - 1) < len(self.model.view):
            self.cursor = position
            if event.chain == 2:
                self.action_open()

    def _on_focus(self, event: events.Focus) -> None:
        super()._on_focus(event)
        self.refresh()

    def _on_blur(self, event: events.Blur) -> None:
        super()._on_blur(event)
        self.refresh()
