"""What an annotator still has to judge, and in which order.

Judged are the findings, but for those of tier `wrapper`, which count for nothing. Who judges blind, without the
program's answer, judges each feature of the codebook as a whole.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mlx_tui.annotation.model import Judgement, Verdict
from mlx_tui.detection.model import Feature, Finding, RepositoryScan, Tier
from mlx_tui.safe_text import safe_text


@dataclass(frozen=True, slots=True)
class Item:
    """Something to judge: a finding, or a feature as a whole where `finding` is None."""

    feature: str
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an annotator is with a repository.

    Attributes:
        repo: The repository.
        items: How many there are to judge.
        left: How many have no verdict of this annotator yet.
    """

    repo: str
    items: int
    left: int


def is_to_judge(finding: Finding | None, *, blind: bool = False) -> bool:
    """Whether a verdict on a finding, or on a feature as a whole (None), is asked for."""
    return blind if finding is None else not blind and finding.tier is not Tier.WRAPPER


def is_judged(judgement: Judgement | None) -> bool:
    """Whether an annotator's judgement of something holds a verdict; a note alone is none."""
    return judgement is not None and judgement.verdict is not Verdict.NOTE


def items_of(scan: RepositoryScan, features: Sequence[Feature], *, blind: bool = False) -> list[Item]:
    """What there is to judge in a repository: its findings, feature by feature, or the features themselves."""
    if blind:
        return [Item(feature.id) for feature in features]
    found: dict[str, list[Item]] = {feature.id: [] for feature in features}
    for finding in scan.findings:
        if is_to_judge(finding) and finding.feature in found:
            found[finding.feature].append(Item(finding.feature, finding))
    return [item for items in found.values() for item in items]


def left_of(items: Iterable[Item], judgements: Iterable[Judgement]) -> list[Item]:
    """What is left to judge.

    Args:
        items: What there is to judge.
        judgements: One annotator's, of this repository at its commit.
    """
    given = {(j.key.feature, j.key.path, j.key.cell, j.key.line) for j in judgements if is_judged(j)}
    return [item for item in items if _place(item) not in given]


def _place(item: Item) -> tuple[str, str, int | None, int | None]:
    found = item.finding
    return (
        (item.feature, "", None, None)
        if found is None
        else (item.feature, safe_text(found.path), found.cell, found.line)
    )
