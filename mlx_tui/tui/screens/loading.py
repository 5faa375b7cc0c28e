"""Reading the corpus in a thread: first what corpus.csv says, then the results part by part."""

from collections.abc import Sequence
from time import monotonic, sleep

from textual import work
from textual.message import Message
from textual.worker import get_current_worker

from mlx_tui.annotation.results import RepositoryResult
from mlx_tui.annotation.store import JournalError
from mlx_tui.corpus.entries import CorpusError
from mlx_tui.error_text import error_text
from mlx_tui.execution.garbage import settle, without_garbage_collection
from mlx_tui.reproduction.model import AttemptState
from mlx_tui.study import StudyError
from mlx_tui.study.blind import blind_result
from mlx_tui.tui.presentation.corpus_row import CorpusColumn, CorpusRow
from mlx_tui.tui.presentation.corpus_widths import widths_of
from mlx_tui.tui.presentation.own_columns import own_columns
from mlx_tui.tui.screens.base import StudyScreen

PART = 50
"""So many repositories are read at a time; then the interface's thread gets its turn."""
TURN_SECONDS = 0.001
SHOWN_SECONDS = 0.4
"""How often what was read so far is shown."""


class Loaded(Message):
    """Rows were read.

    Attributes:
        rows: All rows, those not read yet as an outline.
        own: The corpus's own columns.
        read: How many of the rows are read.
        widths: What the columns need for them; measured where the message is made.
    """

    def __init__(self, rows: Sequence[CorpusRow], own: tuple[CorpusColumn, ...], read: int) -> None:
        """Keeps them."""
        super().__init__()
        self.rows, self.own, self.read = rows, own, read
        self.widths = widths_of(rows)


class LoadFailed(Message):
    """The study can't be read."""

    def __init__(self, text: str) -> None:
        """Keeps the reason."""
        super().__init__()
        self.text = text


class LoadingScreen(StudyScreen):
    """A screen that shows the repositories; `Loaded` and `LoadFailed` tell it what was read."""

    rows: Sequence[CorpusRow] = ()
    """All rows."""

    def reload(self) -> None:
        """Reads again; only what changed is made anew."""
        self._load(first=not self.rows)

    @work(thread=True, exclusive=True, group="load")
    def _load(self, *, first: bool) -> None:
        try:
            if first:
                with without_garbage_collection():
                    self._read(self._outline())
                    settle()
            else:
                self._read(None)
            export_due = self.study.is_export_due()
        except (CorpusError, JournalError, StudyError, OSError) as error:
            self.post_message(LoadFailed(error_text(error)))
        else:
            if export_due:
                self.app.call_later(self.mlx_app.changed)

    def _outline(self) -> Loaded:
        """Posts what is known at once."""
        rows = [CorpusRow(result) for result in self.study.rows.outline()]
        outline = Loaded(rows, own_columns(rows), 0)
        self.post_message(outline)
        return outline

    def _read(self, outline: Loaded | None) -> None:
        """Reads everything; where there is an outline, posts it part by part as its rows are read."""
        worker = get_current_worker()
        under_way = {a.state.repo: a.state for a in self.study.attempts.list() if a.state.outcome is None}
        read: list[CorpusRow] = []
        shown_at = monotonic()
        for part in self.study.rows.parts(PART):
            read += _rows(self._seen(part), under_way)
            sleep(TURN_SECONDS)
            if worker.is_cancelled:
                return
            if outline is not None and monotonic() - shown_at > SHOWN_SECONDS:
                shown_at = monotonic()
                self.post_message(Loaded([*read, *outline.rows[len(read) :]], outline.own, len(read)))
        own = outline.own if outline is not None and len(outline.rows) == len(read) else own_columns(read)
        self.post_message(Loaded(read, own, len(read)))

    def _seen(self, results: Sequence[RepositoryResult]) -> Sequence[RepositoryResult]:
        """What may be seen of results: who judges blind sees neither the program's answer nor other people's."""
        if not self.mlx_app.blind:
            return results
        return [blind_result(result, self.study.codebook, self.study.annotations.annotator) for result in results]


def _rows(results: Sequence[RepositoryResult], under_way: dict[str, AttemptState]) -> list[CorpusRow]:
    return [CorpusRow(result, under_way.get(result.repo)) for result in results]
