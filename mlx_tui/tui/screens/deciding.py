"""Decisions and notes on whole repositories."""

from abc import abstractmethod

from mlx_tui.annotation.journal import SaveReport
from mlx_tui.annotation.model import JudgementKey, Verdict
from mlx_tui.corpus.model import Clone
from mlx_tui.tui.presentation.corpus_row import CorpusRow
from mlx_tui.tui.screens.modals import NoteEditor
from mlx_tui.tui.screens.saving import SavingScreen


class DecidingScreen(SavingScreen):
    """A screen with a repository under the cursor."""

    @abstractmethod
    def chosen_row(self) -> CorpusRow | None:
        """The repository under the cursor."""

    def do_include(self) -> None:
        """Leaves the repository out of the statistics, with a reason, or takes it in again."""
        row = self.chosen_row()
        if row is None:
            return
        if row.result.included:
            self._ask(row, f"Why is {row.result.repo} left out of the statistics?", Verdict.EXCLUDED)
        else:
            self._decide(row, Verdict.INCLUDED, self._note_of(row))

    def do_note(self) -> None:
        """Edits the note on the repository."""
        row = self.chosen_row()
        if row is not None:
            before = self.study.annotations.journal.get(self._key(row))
            self._ask(row, f"on {row.result.repo}", before.verdict if before else Verdict.NOTE)

    def _ask(self, row: CorpusRow, about: str, verdict: Verdict) -> None:
        def written(note: str | None) -> None:
            if note is not None:
                self._decide(row, verdict, note)

        self.app.push_screen(NoteEditor(about, self._note_of(row)), written)

    def _note_of(self, row: CorpusRow) -> str:
        judgement = self.study.annotations.journal.get(self._key(row))
        return judgement.note if judgement else ""

    def _key(self, row: CorpusRow) -> JudgementKey:
        return self.study.annotations.key(_clone(row), "")

    def _decide(self, row: CorpusRow, verdict: Verdict, note: str) -> None:
        def save() -> SaveReport:
            return self.study.annotations.judge(_clone(row), "", verdict, note=note)

        self.save_judgement(f"{verdict.value}: {row.result.repo}", save)


def _clone(row: CorpusRow) -> Clone:
    return Clone(row.result.repo, row.result.url, row.result.commit)
