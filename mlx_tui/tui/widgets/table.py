"""A table whose cost follows the screen: only the cells that are seen are rendered."""

from collections.abc import Sequence
from time import perf_counter
from typing import ClassVar, Generic, TypeVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.strip import Strip

from mlx_tui.tui.actions.keymap import DEFAULT, key_map_of
from mlx_tui.tui.text import ROLES
from mlx_tui.tui.widgets import table_events
from mlx_tui.tui.widgets.filter_texts import Line, nothing_fits
from mlx_tui.tui.widgets.slices import Work
from mlx_tui.tui.widgets.table_anchor import Anchor
from mlx_tui.tui.widgets.table_column import Column, Sort
from mlx_tui.tui.widgets.table_layout import Layout
from mlx_tui.tui.widgets.table_model import TableModel
from mlx_tui.tui.widgets.table_mouse import TableMouse
from mlx_tui.tui.widgets.table_painter import Styles, TablePainter
from mlx_tui.tui.widgets.table_state import TableState

Row = TypeVar("Row")
AT_ONCE, SLICE_SECONDS = 0.02, 0.006
"""A filter is applied at once for so long; after that in slices of so long, with keys answered in between."""


class VirtualTable(TableMouse[Row], Generic[Row], can_focus=True):
    """Rows under a fixed heading, with cursors for row and column; pinned columns stay when scrolling sideways."""

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

    Highlighted = table_events.Highlighted
    Opened = table_events.Opened
    Arranged = table_events.Arranged
    FilterAsked = table_events.FilterAsked
    ColumnsAsked = table_events.ColumnsAsked
    Told = table_events.Told

    def __init__(self, model: TableModel[Row], *, id: str | None = None, show_column_cursor: bool = True) -> None:
        """Shows a model; change it through the table."""
        super().__init__(id=id)
        self.model = model
        self.show_column_cursor = show_column_cursor
        self._painted: tuple[object, TablePainter[Row]] | None = None
        self._combined: Styles = {}
        self._anchor: Anchor[Row] = Anchor(model)
        self._filtering: Work[None] | None = None
        self._told_nothing: tuple[object, list[Line]] | None = None

    def tell(self, kind: type[table_events.TableEvent], text: str = "") -> None:
        """Tells the screen."""
        # Sent in the name of the table: a message sent by the parent's handler wouldn't get past the parent.
        self.post_message(kind(self, text).set_sender(self))

    # Changing what is shown; the cursor stays on its row, which stays at its height on the screen

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Replaces the rows."""
        self._leave()
        self.model.set_rows(rows)
        self._anchor.find_again()
        self._come_back()

    def set_columns(self, columns: Sequence[Column[Row]]) -> None:
        """Replaces the columns; what the user chose of them stays."""
        self._leave()
        under = self.current_column.id
        self.model.set_columns(columns)
        self._come_back(under)

    def set_layout(self, layout: Layout) -> None:
        """Shows the columns as the user chose."""
        self._leave()
        under = self.current_column.id
        self.model.set_layout(layout)
        self._come_back(under)

    def set_sorts(self, sorts: Sequence[Sort]) -> None:
        """Sorts."""
        self._leave()
        self.model.set_sorts(sorts)
        self._come_back()

    def set_filter(self, query: str) -> None:
        """Shows the rows that match: at once, or with very many rows after some slices of work."""
        self._leave()
        self._filtering = self.model.filtering(query)
        self._go_on_filtering(self._filtering, AT_ONCE)

    def _go_on_filtering(self, work: Work[None], seconds: float = SLICE_SECONDS) -> None:
        if work is not self._filtering:  # something else was typed meanwhile
            return
        until = perf_counter() + seconds
        for _ in work:
            if perf_counter() > until:
                self.call_later(self._go_on_filtering, work)
                return
        self._filtering = None
        self._come_back()

    @property
    def state(self) -> TableState:
        """What is kept of it between two sessions."""
        self._anchor.note_height(self.cursor, self.scroll_offset.y)
        model, anchor = self.model, self._anchor
        return TableState(model.layout, model.sorts, model.query, anchor.key, anchor.height, self.current_column.id)

    def restore(self, state: TableState) -> None:
        """Shows it as it was left; the row that was under the cursor is waited for where it isn't there yet."""
        self.model.restore(state.layout, state.sorts, state.query)
        if not state.row:
            self.set_reactive(VirtualTable.cursor, 0)
        self._anchor.set_key(state.row, state.height)
        self._come_back(state.column)

    def move_to_key(self, key: str) -> bool:
        """Moves the cursor to the row with this key; returns whether it is shown."""
        position = self.model.position_of(key)
        if position is None:
            return False
        self.cursor = position
        return True

    def _leave(self) -> None:
        self._filtering = None
        self._anchor.note_height(self.cursor, self.scroll_offset.y)

    def _come_back(self, column: str = "") -> None:
        ids = [each.id for each in self.model.columns]
        self.set_reactive(VirtualTable.column, ids.index(column) if column in ids else min(self.column, len(ids) - 1))
        self._painted = self._told_nothing = None
        self._resize_content()
        position, top = self._anchor.place(self.cursor, self.scroll_offset.y)
        self.set_reactive(VirtualTable.cursor, position)
        self.scroll_to(y=top, animate=False, immediate=True, force=True)
        self._show_cursor(sideways=bool(column))
        self.refresh()
        self.tell(self.Arranged)
        self.tell(self.Highlighted)

    def _resize_content(self) -> None:
        widths = self.widths()
        self.virtual_size = Size(sum(widths) + len(widths) - 1, len(self.model.view) + 1)

    def _show_cursor(self, *, sideways: bool = True) -> None:
        """Scrolls to the row under the cursor; to the column too, unless it stayed and was scrolled away from."""
        (left, top), page = self.scroll_offset, self.page_rows()
        y = self.cursor if self.cursor < top else max(top, self.cursor - page + 1)
        x = self.x_of(self.column) if self.show_column_cursor and sideways else left
        if (x, y) != (left, top):
            self.scroll_to(x, y, animate=False, immediate=True, force=True)

    def on_resize(self) -> None:
        """Lays out again for the new width."""
        self._resize_content()
        self.call_after_refresh(self._show_cursor)
        self.refresh()

    def watch_cursor(self) -> None:
        """Keeps the cursor on the screen."""
        self._anchor.set(self.cursor)
        self._moved(sideways=False)

    def watch_column(self) -> None:
        """Keeps the column cursor on the screen."""
        self._moved(sideways=True)

    def _moved(self, *, sideways: bool) -> None:
        self._show_cursor(sideways=sideways)
        self.refresh()
        self.tell(self.Highlighted)

    # Drawing

    def notify_style_update(self) -> None:
        """Draws with the new styles."""
        self._painted = None
        self._combined = {}
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """Renders one line of the screen; the first is the heading."""
        painter = self._painter()
        if y == 0:
            return painter.heading(self.column if self.show_column_cursor else None)
        if not self.model.view:
            lines = self._why_nothing_fits(painter.width)
            return painter.said(*lines[y - 1]) if y <= len(lines) else painter.said("")
        position = self.scroll_offset.y + y - 1
        on_cursor = position == self.cursor and self.has_focus
        return painter.row(y, self._row_style(position), coloured=not on_cursor)

    def _why_nothing_fits(self, width: int) -> list[Line]:
        """Says so in lines; worked out once, not for each line that is drawn."""
        state = (width, self.page_rows(), self._clears_filter)
        if self._told_nothing is None or self._told_nothing[0] != state:
            columns = self.key("columns") if self.show_column_cursor else ""
            lines = nothing_fits(self.model, self._clears_filter, width, self.page_rows(), columns)
            self._told_nothing = (state, lines)
        return self._told_nothing[1]

    @property
    def _clears_filter(self) -> str:
        """The key that clears the filter: the line's while it is typed into, else the screen's."""
        typing = self.line is not None and self.line.has_focus
        return key_map_of(self.app).label("line.clear" if typing else "app.back")

    def _painter(self) -> TablePainter[Row]:
        state = (self.room(), self.scroll_offset)
        if self._painted is None or self._painted[0] != state:
            x, y = self.scroll_offset
            self._painted = (state, TablePainter(self.model, self.room(), (x, y), self._style, self._combined))
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

    def room(self) -> int:
        """Cells for the columns: what a vertical scrollbar takes is left out before it appears."""
        inner = self.outer_size - self.styles.gutter.totals
        scrolls = len(self.model.view) + 1 > inner.height
        return max(1, inner.width - (self.styles.scrollbar_size_vertical if scrolls else 0))

    def _on_focus(self, event: events.Focus) -> None:
        super()._on_focus(event)
        self.refresh()

    def _on_blur(self, event: events.Blur) -> None:
        super()._on_blur(event)
        self.refresh()
