"""The line at the top of a screen and the line of keys at its bottom."""

from collections.abc import Iterable
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.visual import VisualType
from textual.widget import Widget
from textual.widgets import Static

from mlx_tui.tui.actions import Action
from mlx_tui.tui.actions.keymap import key_map_of
from mlx_tui.tui.presentation.footer import GAP, Hint, fitting
from mlx_tui.tui.presentation.title_line import FRONT, fit_title
from mlx_tui.tui.text import lines_of, plain


class OneLine(Static):
    """A line of text; changing it lays nothing out again."""

    def put(self, line: VisualType) -> None:
        """Shows a line, where it isn't shown already."""
        if line != self.content:
            self.update(line, layout=False)


class TopLine(OneLine):
    """Where one is."""

    _title = ""
    _details: tuple[str, ...] = ()
    _least = ""

    def show(self, title: str, *details: str, least: str = "") -> None:
        """Shows a title and, behind it, the detail that has room; `least` is the part that is left out first."""
        self._title, self._details, self._least = title, details, least
        self._fit()

    def on_resize(self) -> None:
        """Shows what has room now."""
        self._fit()

    def _fit(self) -> None:
        room = self.content_size.width or self.screen.size.width
        told = fit_title(self._title, self._details, self._least, room)
        front = plain(FRONT[:-2], "accent") + plain(FRONT[-2:], "muted")
        self.put(front + plain(self._title, "strong") + plain(f"  {told}", "muted"))


class StatusLine(OneLine):
    """What just happened, or what is under the cursor."""

    def show(self, text: str, role: str = "muted") -> None:
        """Shows one line."""
        self.put(plain(text.replace("\n", " "), role))


class FirstHint(OneLine):
    """What to do here, for who sees the screen for the first time; gone for ever once dismissed by key or click."""

    DEFAULT_CSS = "FirstHint { height: auto; max-height: 3; padding: 0 1; background: $primary-muted; }"

    class Dismissed(Message):
        """The hint was read."""

    def on_click(self) -> None:
        """Goes away."""
        self.post_message(self.Dismissed())


class EmptyState(Static):
    """Stands in for a table without rows and says what to do."""

    def show(self, title: str, *lines: str) -> None:
        """Shows a title and what can be done."""
        self.update(lines_of(plain(title, "title"), "", *lines))


class KeyHints(Widget):
    """As many hints as fit, those of most use first; what can't be done right now is dimmed. A click does it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"hints--key", "hints--title", "hints--disabled"}
    DEFAULT_CSS = """
    KeyHints .hints--key { color: $text-accent; text-style: bold; }
    KeyHints .hints--title { color: $foreground; }
    KeyHints .hints--disabled { color: $quiet; text-style: dim; }
    """

    class Chosen(Message):
        """A hint was clicked."""

        def __init__(self, action: Action) -> None:
            """Keeps the action."""
            super().__init__()
            self.action = action

    def __init__(self) -> None:
        """Shows nothing yet."""
        super().__init__()
        self._hints: tuple[Hint, ...] = ()
        self._places: list[tuple[int, int, Action]] = []

    def show(self, hints: Iterable[Hint]) -> None:
        """Shows actions in the order of their use."""
        hints = tuple(hints)
        if hints != self._hints:
            self._hints = hints
            self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One line."""
        return 1

    def render_line(self, y: int) -> Strip:
        """Renders the hints."""
        base = self.rich_style
        segments, x = [Segment(" ", base)], 1
        self._places = []
        keys = key_map_of(self.app)
        shown = [hint for hint in self._hints if keys.keys(hint.action)]
        widths = [len(keys.shown(hint.action)) + 1 + len(hint.shown) for hint in shown]
        for hint in fitting(list(zip(shown, widths, strict=True)), self.size.width - 1):
            key, title = keys.shown(hint.action), f" {hint.shown}{' ' * GAP}"
            width = len(key) + len(title)
            self._places.append((x, x + width, hint.action))
            x += width
            segments.append(Segment(key, base + self._style("hints--key" if hint.enabled else "hints--disabled")))
            segments.append(Segment(title, base + self._style("hints--title" if hint.enabled else "hints--disabled")))
        return Strip(segments).crop_extend(0, self.size.width, base)

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(name, partial=True)

    def on_click(self, event: events.Click) -> None:
        """Does what is under the pointer."""
        for start, stop, action in self._places:
            if start <= event.x < stop:
                self.post_message(self.Chosen(action))
