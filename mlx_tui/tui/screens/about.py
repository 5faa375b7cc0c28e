"""What a scan says of a repository beside its findings."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from mlx_tui.tui.presentation.about import Line
from mlx_tui.tui.screens.modals import MODAL_CSS, Question
from mlx_tui.tui.text import lines_of, plain


class About(Question[None]):
    """Lines of text over the screen; escape closes it."""

    DEFAULT_CSS = (
        MODAL_CSS.format(name="About")
        + """
    About > Vertical { width: 110; }
    About VerticalScroll { height: auto; max-height: 90vh; scrollbar-size: 1 1; }
    """
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "leave", "close", show=False),
        Binding("j", "scroll(1)", "down", show=False),
        Binding("k", "scroll(-1)", "up", show=False),
    ]

    def __init__(self, lines: Sequence[Line]) -> None:
        """Shows lines of raw text with their roles."""
        super().__init__()
        self._lines = lines

    def compose(self) -> ComposeResult:
        """Yields the text."""
        with Vertical():
            with VerticalScroll():
                yield Static(lines_of(*(plain(text, role) for text, role in self._lines)), markup=False)
            yield Static(plain("↑ ↓ scroll · esc close"), classes="keys", markup=False)

    def action_scroll(self, lines: int) -> None:
        """Scrolls the text."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)
