"""Saving judgements: in the order of the keys, and said to be saved once they are on disk."""

from collections.abc import Callable

from textual import on
from textual.message import Message

from mlx_tui.annotation.journal import SaveReport
from mlx_tui.annotation.store import SaveError
from mlx_tui.corpus.entries import CorpusError
from mlx_tui.study import StudyError
from mlx_tui.tui.screens.base import StudyScreen


class Saved(Message):
    """A judgement is on disk, or why it isn't."""

    def __init__(self, what: str, report: SaveReport | None, error: str) -> None:
        """Keeps what happened."""
        super().__init__()
        self.what, self.report, self.error = what, report, error


class SavingScreen(StudyScreen):
    """A screen on which something is judged."""

    def save_judgement(self, what: str, save: Callable[[], SaveReport]) -> None:
        """Saves in the app's one thread for judgements, so that they are saved in the order of the keys."""

        def work() -> None:
            try:
                report, error = save(), ""
            except (SaveError, StudyError, CorpusError) as failure:
                report, error = None, str(failure)
            self.post_message(Saved(what, report, error))

        self.mlx_app.judging.submit(work)

    @on(Saved)
    def _saved(self, event: Saved) -> None:
        if event.report is None:
            self.status(f"not saved: {event.what}", "bad")
            self.complain(f"Not saved: {event.error}", error=True)
        else:
            self.status(f"saved: {event.what}", "good")
            self.mlx_app.tell_report(event.report)
            self.mlx_app.changed()
        self.reload()
