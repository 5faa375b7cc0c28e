"""A log that follows its file: only the lines that are seen are read, whatever the file's size."""

from pathlib import Path
from typing import ClassVar

from rich.segment import Segment
from textual import work
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.worker import get_current_worker

from mlx_tui.reproduction.log_index import LogIndex
from mlx_tui.tui.actions.keymap import DEFAULT
from mlx_tui.tui.presentation.ansi import ansi_text
from mlx_tui.tui.widgets.filter_line import FilterLine
from mlx_tui.tui.widgets.navigation import Navigation

POLL_SECONDS = 0.1
BYTES_A_POLL = 64 << 20
"""So many bytes are indexed at once; counting newlines in them takes some 20 ms."""


class LogView(Navigation, can_focus=True):
    """Follows the end of a log until the user scrolls up; following starts again at the end."""

    SCOPE: ClassVar[str] = "log"
    BINDINGS: ClassVar[list[BindingType]] = [*DEFAULT.bindings("log")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"log--number", "log--hit", "log--error"}
    DEFAULT_CSS = """
    LogView .log--number { color: $quiet; }
    LogView .log--hit { background: $warning-muted; text-style: bold; }
    LogView .log--error { background: $error-muted; text-style: bold; }
    """

    following: reactive[bool] = reactive(True, repaint=False)
    """Whether the end of the log stays in sight."""

    class Moved(Message):
        """The log grew, was scrolled, or following started or stopped."""

        def __init__(self, view: "LogView") -> None:
            """Keeps the view."""
            super().__init__()
            self.view = view

        @property
        def control(self) -> "LogView":
            """The view."""
            return self.view

    class NotFound(Moved):
        """The search has no further hit."""

    def __init__(self, path: Path, *, line: FilterLine | None = None, id: str | None = None) -> None:
        """Follows a file that needn't exist yet.

        Args:
            path: The file.
            line: Where the user types what to look for.
            id: Of the widget.
        """
        super().__init__(id=id)
        self.line = line
        self.index = LogIndex(path)
        self.lines = 0
        self.query_text = ""
        self.hit: int | None = None
        self.error_line: int | None = None
        self._widest = 0
        self._window: tuple[tuple[int, int, int], list[str]] = ((0, 0, -1), [])

    def on_mount(self) -> None:
        """Starts to follow."""
        self.poll()
        self.set_interval(POLL_SECONDS, self.poll)

    def on_unmount(self) -> None:
        """Closes the file."""
        self.index.close()

    def on_resize(self) -> None:
        """Keeps the end in sight while it is followed."""
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
        self._grow(Size(self._widest, self.lines))
        if self.following:
            self._to_end()
        if self.following or known <= self.scroll_offset.y + self.size.height:  # else nothing that is in sight changed
            self.refresh()
        self.post_message(self.Moved(self))

    def _grow(self, size: Size) -> None:
        """Takes its new size; where only the scrollbar's handle changes, nothing is laid out again."""
        if self.show_vertical_scrollbar and size.width == self.virtual_size.width:
            self.set_reactive(LogView.virtual_size, size)
            self.vertical_scrollbar.window_virtual_size = size.height
        else:
            self.virtual_size = size

    @property
    def number_width(self) -> int:
        """Cells of the line numbers and the gap behind them."""
        return len(str(max(self.lines, 999))) + 1

    def show_line(self, line: int) -> None:
        """Brings a line into sight and stops following.

        Args:
            line: From 0.
        """
        self.following = False
        self.scroll_to(0, max(0, line - self.page_rows() // 3), animate=False, immediate=True, force=True)
        self.refresh()
        self.post_message(self.Moved(self))

    def search(self, text: str) -> None:
        """Goes to the nearest hit at or below the first line that is seen; an empty text ends the search."""
        self.query_text, self.hit = text, None
        self.refresh()
        if text:
            self._find(self.scroll_offset.y, backward=False)

    @work(thread=True, exclusive=True, group="search")
    def _find(self, start: int, backward: bool) -> None:
        # An index of its own: the one of the view changes while a worker reads.
        with LogIndex(self.index.path) as index:
            index.refresh()
            found = index.find(self.query_text, max(0, start), backward=backward) if start >= 0 else None
            if found is None:
                found = index.find(self.query_text, index.line_count if backward else 0, backward=backward)
        if not get_current_worker().is_cancelled:
            self.call_later(self._found, found)

    def _found(self, line: int | None) -> None:
        self.hit = line
        if line is None:
            self.post_message(self.NotFound(self))
        else:
            self.show_line(line)

    # Rendering

    def render_line(self, y: int) -> Strip:
        """Renders one line."""
        number = self.scroll_offset.y + y
        width = self.scrollable_content_region.width or self.size.width
        base = self.component("")
        if number >= self.lines:
            return Strip.blank(width, base)
        if number == self.error_line:
            base += self.component("log--error")
        elif number == self.hit:
            base += self.component("log--hit")
        sign = "▶" if number in (self.hit, self.error_line) else " "
        gutter = Segment(str(number + 1).rjust(self.number_width - 1) + sign, base + self.component("log--number"))
        text = ansi_text(self._line(number))
        if self.query_text:
            text.highlight_words([self.query_text], "reverse", case_sensitive=False)
        strip = Strip(list(text.render(self.app.console))).apply_style(base)
        self._note_width(self.number_width + strip.cell_length)
        x, room = self.scroll_offset.x, max(0, width - self.number_width)
        return Strip.join([Strip([gutter]), strip.crop_extend(x, x + room, base)]).crop_extend(0, width, base)

    def _line(self, number: int) -> str:
        """Returns a line; all that are on the screen are read at once."""
        seen = (self.scroll_offset.y, self.scroll_offset.y + max(1, self.size.height), self.index.size)
        if self._window[0] != seen:
            self._window = (seen, self.index.lines(seen[0], seen[1]))
        offset = number - seen[0]
        return self._window[1][offset] if 0 <= offset < len(self._window[1]) else self.index.line(number)

    def _note_width(self, cells: int) -> None:
        """Widens what can be scrolled to the longest line that was seen; the others aren't known."""
        if cells > self._widest:
            self._widest = cells
            self.call_next(self._widen)

    def _widen(self) -> None:
        self.virtual_size = Size(self._widest, self.lines)

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
        self.following = not first
        self.post_message(self.Moved(self))

    def action_search(self) -> None:
        """Opens the line for what to look for; the next key is meant for it already."""
        if self.line is not None:
            self.line.open()

    def action_next(self) -> None:
        """Goes to the next hit."""
        if self.query_text:
            self._find((self.scroll_offset.y if self.hit is None else self.hit) + 1, backward=False)

    def action_previous(self) -> None:
        """Goes to the previous hit."""
        if self.query_text:
            self._find((self.scroll_offset.y if self.hit is None else self.hit) - 1, backward=True)
