"""What the screens of attempts share: ending an attempt after a question, and saying things beside a log."""

from abc import abstractmethod
from time import monotonic

from textual import on, work
from textual.message import Message

from mlx_tui.error_text import error_text
from mlx_tui.reproduction.attempts import AttemptError
from mlx_tui.reproduction.model import Attempt, Outcome, Phase
from mlx_tui.study import StudyError
from mlx_tui.tui.screens.base import PROMPTLY, StudyScreen
from mlx_tui.tui.screens.modals import Confirm


class AttemptEnded(Message):
    """An attempt was cancelled, or couldn't be."""

    def __init__(self, attempt: Attempt | None, error: str = "") -> None:
        """Keeps what happened."""
        super().__init__()
        self.attempt, self.error = attempt, error


class FollowingScreen(StudyScreen):
    """A screen that follows attempts and can end one."""

    _said_until: float = 0.0
    """Until when, by the monotonic clock, the status line keeps what was said there."""

    @abstractmethod
    def say_where(self) -> None:
        """Says in the status line where one is."""

    def describe(self, text: str, role: str = "muted") -> None:
        """Shows a line on where one is, unless what just happened is still told."""
        if monotonic() >= self._said_until:
            self.status(text, role)

    def say(self, text: str, role: str = "warn") -> None:
        """Says for some seconds what just happened; in the status line, since a notification would cover the log."""
        self.status(text, role)
        self._said_until = monotonic() + PROMPTLY
        self.set_timer(PROMPTLY, self.say_where)

    def complain(self, text: str, *, error: bool = False) -> None:
        """Tells the user that something can't be done, or went wrong."""
        if error:
            super().complain(text, error=True)
        else:
            self.say(text)

    @abstractmethod
    def chosen(self) -> Attempt | None:
        """The attempt that `cancel` is about."""

    def why_not(self, action: str) -> str:
        """Says why an action can't be done now."""
        attempt = self.chosen()
        if action != "cancel":
            return ""
        if attempt is None:
            return "no attempt is selected"
        return "it has ended already" if attempt.state.phase is Phase.FINISHED else ""

    def do_cancel(self) -> None:
        """Asks, then ends every process of the attempt."""
        attempt = self.chosen()
        if attempt is None:
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.say("cancelling: its processes are being ended …")
                self._cancel(attempt)

        question = f"Cancel the attempt at {attempt.state.repo}?"
        self.app.push_screen(Confirm(question, "Every process of it is ended. Log and captured runs stay."), answered)

    @work(thread=True, group="cancel")
    def _cancel(self, attempt: Attempt) -> None:
        try:
            self.post_message(AttemptEnded(self.study.attempts.cancel(attempt)))
        except (AttemptError, StudyError, OSError) as error:
            self.post_message(AttemptEnded(None, error_text(error)))

    @on(AttemptEnded)
    def _ended(self, event: AttemptEnded) -> None:
        if event.attempt is None:
            self.complain(f"Not cancelled: {event.error}", error=True)
        else:
            done = event.attempt.state.outcome
            cancelled = done is Outcome.CANCELLED
            self.say("cancelled" if cancelled else f"it had ended already: {done}")
            self.mlx_app.changed()
        self.reload()
