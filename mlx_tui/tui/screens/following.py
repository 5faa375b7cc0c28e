"""What the screens of attempts share: reading in threads, and ending an attempt after a question."""

from abc import abstractmethod

from textual import on, work
from textual.message import Message

from mlx_tui.error_text import error_text
from mlx_tui.reproduction.attempts import AttemptError
from mlx_tui.reproduction.model import Attempt, Outcome, Phase
from mlx_tui.study import StudyError
from mlx_tui.tui.screens.base import StudyScreen
from mlx_tui.tui.screens.modals import Confirm


class AttemptEnded(Message):
    """An attempt was cancelled, or couldn't be."""

    def __init__(self, attempt: Attempt | None, error: str = "") -> None:
        """Keeps what happened."""
        super().__init__()
        self.attempt, self.error = attempt, error


class FollowingScreen(StudyScreen):
    """A screen that follows attempts and can end one."""

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
                self.status("cancelling: its processes are being ended …", "warn")
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
            self.status("cancelled" if cancelled else f"it had ended already: {done}", "warn")
            self.mlx_app.changed()
        self.reload()
