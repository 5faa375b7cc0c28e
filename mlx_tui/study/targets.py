"""What a verdict can be about: the repository, a feature as a whole, or a place."""

from collections.abc import Collection
from dataclasses import dataclass

from mlx_tui.annotation.model import JudgementKey, Verdict
from mlx_tui.detection.model import Finding, RepositoryScan
from mlx_tui.safe_text import safe_text
from mlx_tui.study.errors import StudyError

_ON_REPOSITORIES = {Verdict.INCLUDED, Verdict.EXCLUDED, Verdict.NOTE}
_ON_FINDINGS = {Verdict.CONFIRMED, Verdict.REJECTED, Verdict.UNSURE}


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged.

    Attributes:
        repo: The repository, as `Corpus.find` takes it.
        feature: A feature's id; empty for the repository itself.
        finding: A finding, or the place of a missed one; None for the feature as a whole.
    """

    repo: str
    feature: str = ""
    finding: Finding | None = None


def verdict_of_evidence(key: JudgementKey, scan: RepositoryScan | None) -> Verdict:
    """What it is called that there is evidence at a place: confirmed where the program found it too, else missed."""
    return Verdict.CONFIRMED if scan is not None and _is_found(key, scan) else Verdict.MISSED


def check_target(
    key: JudgementKey, verdict: Verdict, scan: RepositoryScan | None, judged: Collection[JudgementKey]
) -> None:
    """Refuses a verdict that makes no sense where it is given.

    Args:
        key: What is judged.
        verdict: What is said of it.
        scan: Of the repository; None where it isn't scanned, then a place isn't looked up.
        judged: What has judgements already: a missed finding that somebody added, or one that moved, may be judged.

    Raises:
        StudyError: A repository is judged like a finding or the other way round, a finding is judged where there is
            none, or one is called missed where there is one.
    """
    if not key.feature and verdict not in _ON_REPOSITORIES:
        raise StudyError(f"a repository can't be {verdict.value}: name the feature, or use included, excluded or note")
    if key.feature and verdict in {Verdict.INCLUDED, Verdict.EXCLUDED}:
        raise StudyError(f"{verdict.value} is about the whole repository: leave the feature empty ('')")
    if not key.path or scan is None:
        return
    found = _is_found(key, scan)
    if verdict is Verdict.MISSED and found:
        raise StudyError(f"the program found {key.feature} at {key.place}: confirm it instead")
    if verdict in _ON_FINDINGS and not found and not any(_same_place(key, other) for other in judged):
        raise StudyError(f"there is no finding of {key.feature} at {key.place} to judge; add it as missed instead")


def _is_found(key: JudgementKey, scan: RepositoryScan) -> bool:
    return any(
        (key.feature, key.path, key.cell, key.line) == (known.feature, safe_text(known.path), known.cell, known.line)
        for known in scan.findings
    )


def _same_place(key: JudgementKey, other: JudgementKey) -> bool:
    return (key.repo, key.commit, key.feature, key.place) == (other.repo, other.commit, other.feature, other.place)
