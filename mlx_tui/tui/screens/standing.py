"""How the attempts at a repository stand, for a screen that starts them."""

from abc import abstractmethod
from collections.abc import Sequence

from textual import on, work
from textual.message import Message
from textual.worker import get_current_worker

from mlx_tui.reproduction.model import Attempt, Phase
from mlx_tui.tui.screens.base import StudyScreen

POLL_SECONDS = 1.0


class StandingRead(Message):
    """The repository's attempts were read."""

    def __init__(self, attempts: Sequence[Attempt]) -> None:
        """Keeps them."""
        super().__init__()
        self.attempts = attempts


class StandingScreen(StudyScreen):
    """Reads a repository's attempts whenever one comes to the screen, and while one of them is under way.

    Attributes:
        attempts: Those of the repository, oldest first; None until they are read.
    """

    attempts: Sequence[Attempt] | None = None

    @abstractmethod
    def stand(self) -> None:
        """Tells how the attempts stand, which has changed."""

    def on_mount(self) -> None:
        """Goes on reading while something runs."""
        self.set_interval(POLL_SECONDS, self._look_again)

    def on_screen_resume(self) -> None:
        """Reads again."""
        self.reload()

    def reload(self) -> None:
        """Reads the attempts."""
        self._look()

    def _look_again(self) -> None:
        if self.is_current and any(attempt.state.phase is not Phase.FINISHED for attempt in self.attempts or ()):
            self.reload()

    @work(thread=True, exclusive=True, group="standing")
    def _look(self) -> None:
        worker, attempts = get_current_worker(), self.study.attempts.list(self.repo)
        if not worker.is_cancelled:
            self.post_message(StandingRead(attempts))

    @on(StandingRead)
    def _looked(self, event: StandingRead) -> None:
        before, self.attempts = self.attempts, event.attempts
        if before is None or _standing(before) != _standing(event.attempts):
            self.stand()


def _standing(attempts: Sequence[Attempt]) -> list[tuple[str, Phase]]:
    return [(attempt.state.id, attempt.state.phase) for attempt in attempts]
