"""Judging: one key a verdict, and on to the next finding."""

from abc import abstractmethod
from collections.abc import Sequence

from mlx_tui.annotation.journal import SaveReport
from mlx_tui.annotation.model import Verdict
from mlx_tui.corpus.model import Clone
from mlx_tui.detection.model import Finding
from mlx_tui.tui.presentation.evidence import EvidenceRow, next_open
from mlx_tui.tui.screens.missed import MissedFinding, MissedPrompt
from mlx_tui.tui.screens.modals import NoteEditor
from mlx_tui.tui.screens.saving import SavingScreen

JUDGING = {"confirm", "reject", "unsure", "note"}


class JudgingScreen(SavingScreen):
    """A screen with a row of evidence under the cursor that can be judged."""

    clone: Clone | None = None
    """The repository that is judged, once it is read."""
    rows: Sequence[EvidenceRow] = ()
    """All evidence in it."""

    def __init__(self) -> None:
        """Starts with nothing judged."""
        super().__init__()
        self._given: set[str] = set()  # keys of rows judged since the screen opened
        self._unsaved: MissedFinding | None = None  # what was typed, until it is on disk

    @abstractmethod
    def chosen(self) -> EvidenceRow | None:
        """The evidence under the cursor."""

    def marked(self) -> Sequence[EvidenceRow]:
        """The marked evidence; a verdict is given on all of it."""
        return ()

    def unmark(self) -> None:
        """Takes the marks away."""

    @abstractmethod
    def move_to(self, row: EvidenceRow) -> None:
        """Moves the cursor."""

    @abstractmethod
    def place_under_cursor(self) -> str:
        """The place in the code that is looked at, `path:line`; empty where none is."""

    def why_not(self, action: str) -> str:
        """Says why an action can't be done now."""
        if self.clone is None and action in JUDGING | {"missed"}:
            return "the repository isn't read yet"
        return "no finding is selected" if action in JUDGING and self.chosen() is None else ""

    def do_confirm(self) -> None:
        """Judges as right; a place added by hand stays one."""
        self._give(Verdict.CONFIRMED)

    def do_reject(self) -> None:
        """Judges as a false positive."""
        self._give(Verdict.REJECTED)

    def do_unsure(self) -> None:
        """Judges as undecided."""
        self._give(Verdict.UNSURE)

    def _give(self, verdict: Verdict) -> None:
        """Judges the marked findings at once, or else the row under the cursor, and moves on."""
        marked = self.marked()
        row = self.chosen()
        if marked:
            self._judge_marked([each for each in marked if each.finding is not None] or marked, verdict)
        elif row is not None:
            self._judge(row.feature.id, _said(row, verdict), row.finding, _note(row))
            self._given.add(row.key)
            following = next_open(self.rows, row.key, self._given)
            if row.finding is not None and following is not None:
                self.move_to(following)

    def _judge_marked(self, rows: Sequence[EvidenceRow], verdict: Verdict) -> None:
        clone, annotations = self.clone, self.study.annotations
        assert clone is not None
        judgements = [
            annotations.judgement(clone, row.feature.id, _said(row, verdict), finding=row.finding, note=_note(row))
            for row in rows
        ]
        self._given |= {row.key for row in rows}
        self.unmark()
        what = "findings" if rows[0].finding is not None else "features"
        self.save_judgement(f"{verdict.value} {len(rows)} {what}", lambda: annotations.judge_all(judgements))

    def do_note(self) -> None:
        """Edits the note."""
        row = self.chosen()
        if row is None:
            return

        def written(note: str | None) -> None:
            if note is not None:
                verdict = row.mine.verdict if row.mine else Verdict.NOTE
                self._judge(row.feature.id, verdict, row.finding, note)

        about = f"on {row.finding.place}" if row.finding else f"on {row.feature.id} as a whole"
        self.app.push_screen(NoteEditor(about, row.mine.note if row.mine else ""), written)

    def do_missed(self) -> None:
        """Adds a finding that the program missed."""
        row = self.chosen()
        features = tuple(feature.id for feature in self.study.codebook.features)
        start = self._unsaved or MissedFinding(row.feature.id if row else "", self.place_under_cursor(), "")

        def written(missed: MissedFinding | None) -> None:
            if missed is not None:
                self._add_missed(missed)

        self.app.push_screen(MissedPrompt(features, start), written)

    def _judge(self, feature: str, verdict: Verdict, finding: Finding | None, note: str) -> None:
        clone = self.clone
        assert clone is not None
        place = finding.place if finding else "the feature as a whole"
        self.status(f"saving: {verdict.value} {feature} at {place} …", "muted")
        self.save_judgement(
            f"{verdict.value} {feature} at {place}",
            lambda: self.study.annotations.judge(clone, feature, verdict, finding=finding, note=note),
        )

    def _add_missed(self, missed: MissedFinding) -> None:
        self._unsaved = missed

        def save() -> SaveReport:
            finding = self.study.finding_at(self.repo, missed.feature, missed.place)
            report = self.study.judge(self.repo, missed.feature, Verdict.MISSED, finding=finding, note=missed.note)
            self._unsaved = None
            return report

        self.save_judgement(f"missed {missed.feature} at {missed.place}", save)


def _said(row: EvidenceRow, verdict: Verdict) -> Verdict:
    """A place added by hand is confirmed by being called missed again."""
    return Verdict.MISSED if row.missed and verdict is Verdict.CONFIRMED else verdict


def _note(row: EvidenceRow) -> str:
    return row.mine.note if row.mine else ""
