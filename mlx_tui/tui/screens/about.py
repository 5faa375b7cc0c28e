"""What a scan says of a repository beside its findings."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from mlx_tui.tui.presentation.about import Line
from mlx_tui.tui.screens.modals import MODAL_CSS, Question
from mlx_tui.tui.text import lines_of, plain
from mlx_tui.tui.widgets.text_pane import TextPane


class About(Question[None]):
    """Lines of text over the screen; a key closes it."""

    DEFAULT_CSS = (
        MODAL_CSS.format(name="About")
        + """
    About > Vertical { width: 110; }
    About TextPane { height: auto; max-height: 90vh; scrollbar-size: 1 1; }
    """
    )
    SCOPES: ClassVar[tuple[str, ...]] = ("dialog", "about")

    def __init__(self, lines: Sequence[Line]) -> None:
        """Shows lines of raw text with their roles."""
        super().__init__()
        self._lines = lines

    def compose(self) -> ComposeResult:
        """Yields the text."""
        with Vertical():
            with TextPane():
                yield Static(lines_of(*(plain(text, role) for text, role in self._lines)), markup=False)
            moving = f"{self.keys.label('text.up')} {self.keys.label('text.down')} scroll"
            told = f"{moving} · {self.key('dialog.close', 'about.close')} close"
            yield Static(plain(told), classes="keys", markup=False)
