"""Judging: one key a verdict, and on to the next that has none."""

from abc import abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import replace

from mlx_tui.annotation.journal import SaveReport
from mlx_tui.annotation.model import Judgement, JudgementKey, Verdict
from mlx_tui.corpus.model import Clone
from mlx_tui.counted import counted
from mlx_tui.detection.model import RepositoryScan
from mlx_tui.safe_text import safe_text
from mlx_tui.study.targets import verdict_of_evidence
from mlx_tui.tui.presentation.evidence import EvidenceRow, left_to_judge, next_open
from mlx_tui.tui.presentation.marks import BLIND_ANSWER
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
        self._given: set[str] = set()  # keys of rows whose verdict was given, until it is read back
        self._unsaved: MissedFinding | None = None  # what was typed, until it is on disk

    @abstractmethod
    def chosen(self) -> EvidenceRow | None:
        """The evidence under the cursor."""

    @abstractmethod
    def marked(self) -> Sequence[EvidenceRow]:
        """The marked evidence, which is judged at once."""

    @abstractmethod
    def shown(self) -> Sequence[EvidenceRow]:
        """The evidence in the order in which it is shown, without what a filter hides."""

    @abstractmethod
    def move_to(self, row: EvidenceRow) -> None:
        """Moves the cursor."""

    @abstractmethod
    def unmark(self) -> None:
        """Takes the marks away."""

    @abstractmethod
    def proposal(self) -> MissedFinding:
        """What evidence that was missed would most likely be, as far as what is under the cursors says so."""

    def why_not(self, action: str) -> str:
        """Says why an action can't be done now."""
        if self.clone is None and action in JUDGING | {"missed"}:
            return "the repository isn't read yet"
        return "no finding is selected" if action in JUDGING and self.chosen() is None else ""

    # Verdicts

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
        row, marked = self.chosen(), self.marked()
        marked = [each for each in marked if each.finding is not None] or marked
        if row is None:
            return
        if marked:
            what = "finding" if marked[0].finding is not None else "feature"
            self._judge(marked, verdict, f"{self.word(verdict)} {counted(len(marked), what)}")
            self.unmark()
        else:
            said = Verdict.MISSED if row.missed and verdict is Verdict.CONFIRMED else verdict
            self._judge((row,), verdict, f"{self.word(said)} {_about(row)}")
        self._given.update(each.key for each in marked or (row,) if each.to_judge)
        self._move_on(row)

    def word(self, verdict: Verdict) -> str:
        """What a verdict is called: where one judges blind, it is an answer."""
        return BLIND_ANSWER.get(verdict, verdict.value) if self.mlx_app.blind else verdict.value

    def _move_on(self, row: EvidenceRow) -> None:
        """Moves on as the study's options say: among the findings, or among the features where one judges blind."""
        where = self.study.options.after_verdict
        if where == "stay" or (row.finding is None) is not self.mlx_app.blind:
            return
        shown = self.shown()
        if where == "next":
            rows = [each for each in shown if (each.finding is None) == (row.finding is None)]
            keys = [each.key for each in rows]
            at = keys.index(row.key) + 1 if row.key in keys else 0
            following = rows[at] if at < len(rows) else None
        else:
            following = next_open(shown, row.key, self._given)
        if following is not None:
            self.move_to(following)

    def _judge(self, rows: Sequence[EvidenceRow], verdict: Verdict, what: str, note: str | None = None) -> None:
        """Records one verdict on rows, in one write, each with its note of before or with a new one."""
        clone = self.clone
        assert clone is not None
        annotations = self.study.annotations
        said = [
            annotations.judgement(
                clone, row.feature.id, verdict, finding=row.finding, note=_note(row) if note is None else note
            )
            for row in rows
        ]
        by_hand = self.mlx_app.blind or any(row.missed for row in rows)
        self.status(f"saving: {what} …", "muted")

        def save() -> SaveReport:
            scan = self.study.scans.of(clone) if by_hand else None
            return annotations.judge_all([_as_evidence(each, scan) for each in said] if by_hand else said)

        self.save_judgement(what, save)

    # Notes and places

    def do_note(self) -> None:
        """Edits the note."""
        row = self.chosen()
        if row is None:
            return

        def written(note: str | None) -> None:
            if note is not None:
                verdict = row.mine.verdict if row.mine else Verdict.NOTE
                self._judge((row,), verdict, f"note on {_about(row)}", note)

        about = f"on {row.finding.place}" if row.finding else f"on {row.feature.id} as a whole"
        self.app.push_screen(NoteEditor(about, _note(row)), written)

    def do_missed(self) -> None:
        """Adds a finding that the program missed, or, judging blind, a place at which the feature is."""
        features = tuple(feature.id for feature in self.study.codebook.features)
        start = self._unsaved or self.proposal()

        def written(missed: MissedFinding | None) -> None:
            if missed is not None:
                self._add_missed(missed)

        self.app.push_screen(MissedPrompt(features, start, blind=self.mlx_app.blind), written)

    def _add_missed(self, missed: MissedFinding) -> None:
        self._unsaved = missed
        blind = self.mlx_app.blind

        def save() -> SaveReport:
            finding = self.study.finding_at(self.repo, missed.feature, missed.place)
            verdict = Verdict.MISSED
            if blind:
                clone = self.study.corpus.clone(self.repo)
                key = self.study.annotations.key(clone, missed.feature, finding)
                verdict = verdict_of_evidence(key, self.study.scans.of(clone))
            report = self.study.judge(self.repo, missed.feature, verdict, finding=finding, note=missed.note)
            self._unsaved = None
            return report

        self.save_judgement(f"{self.word(Verdict.MISSED)} {missed.feature} at {missed.place}", save)

    # After saving

    def read_back(self) -> None:
        """Forgets which verdicts were given, where the rows have them now."""
        self._given -= {row.key for row in self.rows if not row.open}

    def stepped(self, keys: Collection[JudgementKey]) -> None:
        """Moves to what was taken back or made again, so that one sees it; it counts as judged no more."""
        changed = [row for row in self.rows if any(self._is_of(row, key) for key in keys)]
        self._given -= {row.key for row in changed}
        if changed:
            self.move_to(changed[-1])

    def _is_of(self, row: EvidenceRow, key: JudgementKey) -> bool:
        found = row.finding
        place = ("", None, None) if found is None else (safe_text(found.path), found.cell, found.line)
        return (key.repo, key.feature, key.path, key.cell, key.line) == (self.repo, row.feature.id, *place)

    @property
    def left(self) -> int:
        """How much is left to judge here."""
        return left_to_judge(row for row in self.rows if row.key not in self._given)


def _as_evidence(judgement: Judgement, scan: RepositoryScan | None) -> Judgement:
    """Calls evidence at a place that the program didn't find a missed one."""
    if judgement.verdict is not Verdict.CONFIRMED or not judgement.key.path:
        return judgement
    return replace(judgement, verdict=verdict_of_evidence(judgement.key, scan))


def _note(row: EvidenceRow) -> str:
    return row.mine.note if row.mine else ""


def _about(row: EvidenceRow) -> str:
    return f"{row.feature.id} at {row.finding.place if row.finding else 'the feature as a whole'}"
