"""The mouse on a table: a click moves the cursor or sorts, a drag of a heading's edge resizes the column."""

from typing import Generic, TypeVar

from textual import events

from mlx_tui.tui.text import plain
from mlx_tui.tui.widgets.table_rows import RowActions

Row = TypeVar("Row")


class TableMouse(RowActions[Row], Generic[Row]):
    """What the mouse does."""

    _dragged: tuple[int, int] | None = None
    """The column whose edge is dragged, and how wide it would be at the screen's left edge."""
    _was_dragged = False
    _explained: str | None = None
    """What is shown beside the pointer."""

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Takes hold of a heading's edge."""
        offset = event.get_content_offset(self)
        self._was_dragged = False
        if offset is None or offset.y != 0 or not self.show_column_cursor:
            return
        index = self.window.edge_at(offset.x)
        if index is not None:
            self._dragged = (index, self.widths()[index] - event.screen_x)
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Resizes the column whose edge is held; over a heading, explains the column."""
        if self._dragged is None:
            self._explain(event)
            return
        index, start = self._dragged
        if self.widths()[index] != start + event.screen_x:
            self._was_dragged = True
            self.set_layout(self.model.layout.with_width(self.model.columns[index], start + event.screen_x))

    def _explain(self, event: events.MouseMove) -> None:
        offset = event.get_content_offset(self)
        told = ""
        if offset is not None and offset.y == 0:
            told = self.model.columns[self.window.column_at(offset.x)].description
        if (told or None) != self._explained:
            self._explained = told or None
            self.tooltip = plain(told) if told else None

    def on_mouse_up(self) -> None:
        """Lets the edge go."""
        if self._dragged is not None:
            self._dragged = None
            self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """Moves the cursor; on the heading sorts; the second click of a double click opens."""
        offset = event.get_content_offset(self)
        if offset is None or self._was_dragged:
            return
        self.column = self.window.column_at(offset.x) if self.show_column_cursor else 0
        if offset.y == 0:
            self.action_sort()
        else:
            self.click_row(self.scroll_offset.y + offset.y - 1, twice=event.chain == 2)
