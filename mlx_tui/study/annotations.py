"""The judgements of a study, recorded under its annotator's name."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from mlx_tui.annotation.excerpts import excerpt_hash
from mlx_tui.annotation.journal import Journal, SaveReport
from mlx_tui.annotation.model import Judgement, JudgementKey, Verdict
from mlx_tui.config import Options
from mlx_tui.corpus.model import Clone
from mlx_tui.detection.model import Finding
from mlx_tui.safe_text import safe_text

ANNOTATIONS = "annotations.csv"


class Annotations:
    """The human work of a study.

    Args:
        folder: The study's folder.
        options: The study's options.

    Attributes:
        journal: The file behind it: all judgements, undo and redo.
    """

    def __init__(self, folder: Path, options: Options) -> None:
        self.journal = Journal(folder / ANNOTATIONS)
        self._options = options

    @property
    def annotator(self) -> str:
        """Whose judgements are recorded."""
        return safe_text(self._options.annotator_name)

    def judge(
        self, clone: Clone, feature: str, verdict: Verdict, *, finding: Finding | None = None, note: str = ""
    ) -> SaveReport:
        """Records a judgement; it is on disk when this returns.

        Args:
            clone: The repository at its pinned commit.
            feature: The feature's id; empty for a judgement on the repository.
            verdict: What the annotator says.
            finding: The finding judged, or the place of a missed one; None for the feature as a whole.
            note: Free text.

        Raises:
            SaveError: It couldn't be written; the judgement stays in memory and is written with the next one.
        """
        return self.journal.record(self.judgement(clone, feature, verdict, finding=finding, note=note))

    def judgement(
        self, clone: Clone, feature: str, verdict: Verdict, *, finding: Finding | None = None, note: str = ""
    ) -> Judgement:
        """A judgement of now, for `judge_all`; nothing is recorded. Arguments as in `judge`."""
        key = self.key(clone, feature, finding)
        return Judgement(key, verdict, note, excerpt_hash(finding), datetime.now(UTC))

    def judge_all(self, judgements: Iterable[Judgement]) -> SaveReport:
        """Records several judgements in one write; `undo` takes all of them back at once.

        Raises:
            SaveError: As in `judge`.
        """
        return self.journal.record_all(judgements)

    def key(self, clone: Clone, feature: str, finding: Finding | None = None) -> JudgementKey:
        """The key under which this annotator's judgement of a finding, a feature or a repository is kept."""
        return JudgementKey(
            repo=clone.repo,
            commit=clone.commit,
            feature=feature,
            path=safe_text(finding.path) if finding else "",
            cell=finding.cell if finding else None,
            line=finding.line if finding else None,
            annotator=self.annotator,
        )
