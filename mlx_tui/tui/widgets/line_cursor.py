"""A cursor on a line of a document, and the lines marked from there."""

from textual import events

from mlx_tui.tui.presentation.document import Line, message_document
from mlx_tui.tui.widgets.navigation import Navigation


class LineCursor(Navigation):
    """Moves a cursor over the rows of a document; with the actions `mark_up` and `mark_down` it marks rows."""

    def __init__(self, *, id: str | None = None) -> None:
        """Starts without a document."""
        super().__init__(id=id)
        self.document = message_document("", "")
        self.cursor = 0
        self._anchor: int | None = None  # where marking began

    @property
    def current(self) -> Line | None:
        """The line under the cursor."""
        return self.document.lines[self.cursor] if self.cursor < len(self.document.lines) else None

    @property
    def selection(self) -> range:
        """The marked rows; the cursor's where none are."""
        start = self.cursor if self._anchor is None else self._anchor
        return range(min(start, self.cursor), max(start, self.cursor) + 1)

    def place_cursor(self, row: int) -> None:
        """Puts the cursor on a row; nothing is marked any more."""
        self.cursor, self._anchor = row, None

    def move_by(self, rows: int) -> None:
        """Moves the cursor."""
        self._move_to(self.cursor + rows)

    def move_to_end(self, *, first: bool) -> None:
        """Moves the cursor to the first row or to the last."""
        self._move_to(0 if first else len(self.document.lines) - 1)

    def action_mark_up(self) -> None:
        """Marks the row above too."""
        self._mark(-1)

    def action_mark_down(self) -> None:
        """Marks the row below too."""
        self._mark(1)

    def _mark(self, rows: int) -> None:
        anchor = self.cursor if self._anchor is None else self._anchor
        self._move_to(self.cursor + rows)
        self._anchor = anchor

    def _move_to(self, row: int) -> None:
        self.place_cursor(max(0, min(row, len(self.document.lines) - 1)))
        top, height = self.scroll_offset.y, self.page_rows()
        y = self.cursor if self.cursor < top else max(top, self.cursor - height + 1)
        if y != top:
            self.scroll_to(y=y, animate=False, immediate=True, force=True)
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Moves the cursor."""
        offset = event.get_content_offset(self)
        if offset is not None and self.scroll_offset.y + offset.y < len(self.document.lines):
            self._move_to(self.scroll_offset.y + offset.y)

    def on_focus(self) -> None:
        """Shows the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Hides the cursor."""
        self.refresh()
