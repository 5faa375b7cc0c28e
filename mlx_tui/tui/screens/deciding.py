"""Decisions and notes on whole repositories."""

from abc import abstractmethod
from collections.abc import Sequence

from mlx_tui.annotation.model import Judgement, Verdict
from mlx_tui.corpus.model import Clone
from mlx_tui.counted import counted
from mlx_tui.tui.presentation.corpus_row import CorpusRow
from mlx_tui.tui.screens.modals import NoteEditor
from mlx_tui.tui.screens.saving import SavingScreen


class DecidingScreen(SavingScreen):
    """A screen with repositories to decide on: the marked ones, or else the one under the cursor."""

    @abstractmethod
    def chosen_rows(self) -> Sequence[CorpusRow]:
        """The marked repositories, or else the one under the cursor."""

    def do_include(self) -> None:
        """Leaves repositories out of the statistics, with a reason; where all are out, takes them in again."""
        rows = self.chosen_rows()
        leaving = [row for row in rows if row.result.included]
        if not leaving:
            self._decide([self._judgement(row, Verdict.INCLUDED, self._note_of(row)) for row in rows], "included", rows)
            return

        def written(note: str | None) -> None:
            if note is not None:
                made = [self._judgement(row, Verdict.EXCLUDED, note) for row in leaving]
                self._decide(made, "excluded", leaving)

        verb = "is" if len(leaving) == 1 else "are"
        question = f"Why {verb} {repositories(leaving)} left out of the statistics?"
        self.app.push_screen(NoteEditor(question, self._shared_note(leaving)), written)

    def do_note(self) -> None:
        """Edits the note on a repository; what is written on several is added to the notes that they have."""
        rows = self.chosen_rows()
        several = len(rows) > 1

        def written(note: str | None) -> None:
            if note is None or not rows or (several and not note):
                return
            made = []
            for row in rows:
                before = self._before(row)
                text = "\n".join(filter(None, (before.note if before else "", note))) if several else note
                made.append(self._judgement(row, before.verdict if before else Verdict.NOTE, text))
            self._decide(made, "noted", rows)

        about = f"on {repositories(rows)}" + (", added to the notes that they have" if several else "")
        self.app.push_screen(NoteEditor(about, "" if several else self._shared_note(rows)), written)

    def _shared_note(self, rows: Sequence[CorpusRow]) -> str:
        notes = {self._note_of(row) for row in rows}
        return notes.pop() if len(notes) == 1 else ""

    def _note_of(self, row: CorpusRow) -> str:
        before = self._before(row)
        return before.note if before else ""

    def _before(self, row: CorpusRow) -> Judgement | None:
        return self.study.annotations.journal.get(self.study.annotations.key(_clone(row), ""))

    def _judgement(self, row: CorpusRow, verdict: Verdict, note: str) -> Judgement:
        return self.study.annotations.judgement(_clone(row), "", verdict, note=note)

    def _decide(self, judgements: Sequence[Judgement], what: str, rows: Sequence[CorpusRow]) -> None:
        self.save_judgement(f"{what}: {repositories(rows)}", lambda: self.study.annotations.judge_all(judgements))


def repositories(rows: Sequence[CorpusRow]) -> str:
    """Names a repository, or says how many there are."""
    return rows[0].result.repo if len(rows) == 1 else counted(len(rows), "repository")


def _clone(row: CorpusRow) -> Clone:
    return Clone(row.result.repo, row.result.url, row.result.commit)
