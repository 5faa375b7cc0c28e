"""What a screen tells: of the last action until the next one, else what holds all the time."""

from textual import events, on

from mlx_tui.tui.presentation.forms import fitting_form
from mlx_tui.tui.screens.base import StudyScreen
from mlx_tui.tui.widgets.bars import StatusLine
from mlx_tui.tui.widgets.filter_line import FilterLine

MOST_LINES = 3
"""How high the status line may grow for a text that is longer than one line."""


class TellingScreen(StudyScreen):
    """A screen whose status line is the only place where it answers: whole, and never longer than it is true."""

    DEFAULT_CSS = "TellingScreen #status { text-wrap: wrap; }"
    _lasting: tuple[str, ...] = ("",)
    _is_passing = False
    _is_error = False

    def status(self, text: str, role: str = "muted") -> None:
        """Tells something until the next key or click; an error until something else is told."""
        self._is_passing, self._is_error = role != "bad", role == "bad"
        self._say(text, role)

    def lasting(self, *forms: str) -> None:
        """Says what holds until something else does, in the first form that fits one line, behind what is told now."""
        self._lasting = forms
        if not (self._is_passing or self._is_error):
            self._settle()

    def deny(self, text: str) -> None:
        """Says why something can't be done where one looks anyway, over nothing."""
        self.status(text, "warn")

    def _settle(self) -> None:
        self._is_passing = False
        room = self.query_one(StatusLine).content_size.width
        self._say(fitting_form(self._lasting, room) if room else self._lasting[0], "muted")

    def _say(self, text: str, role: str) -> None:
        line = self.query_one(StatusLine)
        line.show(text, role)
        size = line.content_size
        lines = line.get_content_height(size, size, size.width) if size.width else 1
        line.styles.height = max(1, min(lines, MOST_LINES))

    @on(events.Key)
    @on(events.MouseDown)
    def _next_action(self) -> None:
        if self._is_passing and not isinstance(self.focused, FilterLine):
            self._settle()

    def on_resize(self) -> None:
        """Says it in as many words as there is room for now."""
        if not (self._is_passing or self._is_error):
            self.call_after_refresh(self._settle_again)

    def _settle_again(self) -> None:
        if self.is_mounted and not (self._is_passing or self._is_error):
            self._settle()
