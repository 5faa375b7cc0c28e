"""A log that follows its file: only the lines that are seen are read, whatever the file's size."""

from pathlib import Path
from typing import ClassVar

from rich.segment import Segment
from textual.binding import BindingType
from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip

from mlx_tui.reproduction.log_index import LogIndex
from mlx_tui.tui.actions.keymap import DEFAULT
from mlx_tui.tui.presentation.log_rows import LogRow, first_that_fits, rows_from, rows_up_to
from mlx_tui.tui.presentation.log_text import LogPlace
from mlx_tui.tui.widgets.filter_line import FilterLine
from mlx_tui.tui.widgets.log_search import LogSearch, Moved

POLL_SECONDS = 0.1
BYTES_A_POLL = 64 << 20
"""So many bytes are indexed at once; counting newlines in them takes some 20 ms."""


class LogView(LogSearch, can_focus=True):
    """Follows the end of a log until the user scrolls up; following starts again at the end.

    What is scrolled are lines, whatever the rows that they take: where one reads stays at any width.
    """

    SCOPE: ClassVar[str] = "log"
    BINDINGS: ClassVar[list[BindingType]] = [*DEFAULT.bindings("log")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"log--number", "log--hit", "log--error"}
    DEFAULT_CSS = """
    LogView .log--number { color: $quiet; }
    LogView .log--hit { background: $warning-muted; text-style: bold; }
    LogView .log--error { background: $error-muted; text-style: bold; }
    """
    Moved = Moved

    following: reactive[bool] = reactive(True, repaint=False)
    """Whether the end of the log stays in sight."""

    def __init__(self, path: Path, *, line: FilterLine | None = None, id: str | None = None) -> None:
        """Follows a file that needn't exist yet.

        Args:
            path: The file.
            line: Where the user types what to look for.
            id: Of the widget.
        """
        super().__init__(id=id)
        self.line: FilterLine | None = line
        self.index = LogIndex(path)
        self.lines = 0
        self.error_line: int | None = None
        self.wraps = True
        self._widest = 1
        self._page: tuple[object, list[LogRow]] = (None, [])

    def on_mount(self) -> None:
        """Starts to follow."""
        self.poll()
        self.set_interval(POLL_SECONDS, self.poll)

    def on_unmount(self) -> None:
        """Closes the file."""
        self.index.close()

    def on_resize(self) -> None:
        """Keeps the end in sight while it is followed."""
        self._grow()
        if self.following:
            self._to_end()

    def _to_end(self) -> None:
        self.scroll_to(y=self.max_scroll_y, animate=False, immediate=True, force=True)

    def poll(self) -> None:
        """Shows what was appended since the last call."""
        before, known = self.index.size, self.lines
        self.index.refresh(BYTES_A_POLL)
        if self.index.size == before:
            return
        self.lines = self.index.line_count
        self._grow()
        if self.following:
            self._to_end()
        if self.following or known <= self.scroll_offset.y + self.size.height:  # else nothing that is in sight changed
            self.refresh()
        self.post_message(self.Moved(self))

    def _grow(self) -> None:
        """Takes its new size; where only the scrollbar's handle changes, nothing is laid out again."""
        rows = self.page_height
        last_page = first_that_fits(self.index.lines, self.lines, rows, self.row_width)
        size = Size(1 if self.wraps else self._widest, last_page + rows if last_page else min(self.lines, rows))
        if self.show_vertical_scrollbar and size.width == self.virtual_size.width and last_page:
            self.set_reactive(LogView.virtual_size, size)
            self.vertical_scrollbar.window_virtual_size = size.height
        else:
            self.virtual_size = size

    @property
    def number_width(self) -> int:
        """Cells of the line numbers and the gap behind them."""
        return len(str(max(self.lines, 999))) + 1

    @property
    def page_height(self) -> int:
        """Rows of the screen."""
        return max(1, self.scrollable_content_region.height)

    @property
    def row_width(self) -> int:
        """Cells in which lines are wrapped, beside a scrollbar; 0 where they aren't."""
        room = self.outer_size.width - self.styles.gutter.width - self.styles.scrollbar_size_vertical
        return max(4, room - self.number_width) if self.wraps else 0

    def page_rows(self) -> int:
        """How many lines are seen whole."""
        page = self._laid_out()
        return max(1, sum(row.last for row in page) - (bool(page) and not page[0].first))

    @property
    def place(self) -> LogPlace:
        """What is seen of the log."""
        page = self._laid_out()
        first, last = (page[0].line + 1, page[-1].line + 1) if page else (0, 0)
        return LogPlace(self.lines, first, last, self.following)

    def show_line(self, line: int) -> None:
        """Brings a line into sight and stops following.

        Args:
            line: From 0.
        """
        self.following = False
        above = max(1, self.page_height // 3)
        top = first_that_fits(self.index.lines, line, above, self.row_width) if line > 0 else 0
        self.scroll_to(0, top, animate=False, immediate=True, force=True)
        self.refresh()
        self.post_message(self.Moved(self))

    # Rendering

    def render_line(self, y: int) -> Strip:
        """Renders one row."""
        page = self._laid_out()
        width = self.scrollable_content_region.width or self.size.width
        base = self.component("")
        if y >= len(page):
            return Strip.blank(width, base)
        row = page[y]
        if row.line == self.error_line:
            base += self.component("log--error")
        elif row.line == self.hit:
            base += self.component("log--hit")
        sign = "▶" if row.line in (self.hit, self.error_line) else " "
        number = f"{str(row.line + 1).rjust(self.number_width - 1)}{sign}" if row.first else " " * self.number_width
        gutter = Segment(number, base + self.component("log--number"))
        strip = Strip(list(row.text.render(self.app.console))).apply_style(base)
        if not self.wraps:
            self._note_width(self.number_width + strip.cell_length)
        x, room = self.scroll_offset.x, max(0, width - self.number_width)
        return Strip.join([Strip([gutter]), strip.crop_extend(x, x + room, base)]).crop_extend(0, width, base)

    def _laid_out(self) -> list[LogRow]:
        """The rows that are seen; all of them are read at once."""
        top, height, width = self.scroll_offset.y, self.page_height, self.row_width
        ends = top >= self.max_scroll_y and self.max_scroll_y > 0
        key = (top, height, width, ends, self.index.size, self.query_text)
        if self._page[0] != key:
            read, text = self.index.lines, self.query_text
            rows = (
                rows_up_to(read, self.lines, height, width, text) if ends else rows_from(read, top, height, width, text)
            )
            self._page = (key, rows)
        return self._page[1]

    def _note_width(self, cells: int) -> None:
        """Widens what can be scrolled to the longest line that was seen; the others aren't known."""
        if cells > self._widest:
            self._widest = cells
            self.call_next(self._grow)

    # Moving

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Stops following when the user scrolls up, starts again at the end."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.following = round(new_value) >= self.max_scroll_y
            self.post_message(self.Moved(self))

    def move_to_end(self, *, first: bool) -> None:
        """Goes to the first line, or to the last and follows."""
        super().move_to_end(first=first)
        self.following = not first or self.max_scroll_y == 0
        self.post_message(self.Moved(self))

    def action_page_up(self) -> None:
        """Moves up so far that the first line that was seen is the first that isn't."""
        top = self.scroll_offset.y
        self.move_by(first_that_fits(self.index.lines, top, self.page_height, self.row_width) - top if top else -1)

    def action_wrap(self) -> None:
        """Wraps long lines, or cuts them, to be scrolled sideways."""
        self.wraps = not self.wraps
        self.scroll_to(x=0, animate=False, immediate=True, force=True)
        self._grow()
        if self.following:
            self._to_end()
        self.refresh()
        self.post_message(self.Moved(self))
