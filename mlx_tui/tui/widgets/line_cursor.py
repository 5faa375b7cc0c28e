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

    def y_of(self, row: int) -> int:
        """Where a row of the document begins on the scrolled area; one that is wrapped is higher than one line."""
        return row

    def row_at(self, y: int) -> int:
        """The row of the document at a line of the scrolled area; behind the last one where there is none."""
        return y

    def place_cursor(self, row: int) -> None:
        """Puts the cursor on a row; nothing is marked any more."""
        self.cursor, self._anchor = row, None

    def move_by(self, rows: int) -> None:
        """Moves the cursor: to the next row or the previous one, or by lines of the scrolled area, at least by one."""
        if abs(rows) <= 1:
            self.move_to(self.cursor + rows)
            return
        row = self.row_at(max(0, self.y_of(self.cursor) + rows))
        self.move_to(max(row, self.cursor + 1) if rows > 0 else min(row, self.cursor - 1))

    def move_to_end(self, *, first: bool) -> None:
        """Moves the cursor to the first row or to the last."""
        self.move_to(0 if first else len(self.document.lines) - 1)

    def action_mark_up(self) -> None:
        """Marks the row above too."""
        self._mark(-1)

    def action_mark_down(self) -> None:
        """Marks the row below too."""
        self._mark(1)

    def _mark(self, rows: int) -> None:
        anchor = self.cursor if self._anchor is None else self._anchor
        self.move_to(self.cursor + rows)
        self._anchor = anchor

    def move_to(self, row: int) -> None:
        """Moves the cursor to a row, or to the nearest there is, and brings it into sight."""
        self.place_cursor(max(0, min(row, len(self.document.lines) - 1)))
        top, height = self.scroll_offset.y, self.page_rows()
        first, last = self.y_of(self.cursor), self.y_of(self.cursor + 1) - 1
        y = first if first < top else min(first, max(top, last - height + 1))
        if y != top:
            self.scroll_to(y=y, animate=False, immediate=True, force=True)
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Moves the cursor."""
        offset = event.get_content_offset(self)
        if offset is not None and (row := self.row_at(self.scroll_offset.y + offset.y)) < len(self.document.lines):
            self.move_to(row)

    def on_focus(self) -> None:
        """Shows the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Hides the cursor."""
        self.refresh()
