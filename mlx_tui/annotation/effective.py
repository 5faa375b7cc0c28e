"""Presence of features after judgements.

The rule: every annotator has one vote at a place (a judgement's key holds the annotator; its newest version counts).
`confirmed` and `missed` say that the evidence is real, `rejected` that it isn't; `unsure` and `note` decide nothing.
The majority decides. Where votes are even, nobody has decided: the program's own answer stands, and the place is
counted as disputed, to be settled by the annotators. The newest vote doesn't win over other people's: when somebody
judged says nothing of who is right. Votes on the feature as a whole win over votes on its findings; `unsure` alone on
the feature as a whole makes its presence unknown. Evidence that people hold to be real counts also where the program,
of another version or codebook, finds nothing; calls of tier `wrapper` never do.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from mlx_tui.annotation.model import Judgement, Verdict
from mlx_tui.detection.derived import Readiness, readiness
from mlx_tui.detection.findings import count_features
from mlx_tui.detection.model import Feature, Finding, Tier
from mlx_tui.safe_text import safe_text

_YES = {Verdict.CONFIRMED, Verdict.MISSED, Verdict.INCLUDED}
_NO = {Verdict.REJECTED, Verdict.EXCLUDED}
_ON_FINDINGS = {Verdict.CONFIRMED, Verdict.REJECTED, Verdict.UNSURE}

_Place = tuple[str, int | None, int | None]
_Votes = Mapping[_Place, Sequence[Verdict]]
_WHOLE: _Place = ("", None, None)


class Presence(StrEnum):
    """Whether a repository has a feature, as far as is known."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class FeatureResult:
    """A feature in one repository.

    Attributes:
        feature: The feature's id.
        count: How many findings, those of tier `wrapper` left out; None where nothing looked for it.
        judged: Findings on which somebody gave a verdict.
        confirmed: Findings that the annotators hold to be real.
        rejected: Findings that they hold to be false positives.
        missed: Places with evidence, as people say, where the program found none.
        disputed: Places (the feature as a whole is one) on which the annotators are evenly split.
        presence: After judgements.
        decided: Whether it is present as people alone decided, of the feature as a whole, by evidence that they hold to
            be real, or by rejecting every finding; None where they didn't.
    """

    feature: str
    count: int | None
    judged: int
    confirmed: int
    rejected: int
    missed: int
    disputed: int
    presence: Presence
    decided: bool | None = None


def decide(verdicts: Iterable[Verdict]) -> bool | None:
    """The majority of the annotators' verdicts on one thing; None where it is even or nobody decided."""
    balance = 0
    for verdict in verdicts:
        balance += (verdict in _YES) - (verdict in _NO)
    return None if balance == 0 else balance > 0


def effective_features(
    features: Iterable[Feature], findings: Sequence[Finding] | None, judgements: Iterable[Judgement]
) -> tuple[FeatureResult, ...]:
    """Every feature of a codebook in one repository.

    Args:
        features: In the codebook's order.
        findings: Of the repository at its commit; None where it wasn't scanned.
        judgements: Of the same repository and commit.
    """
    votes: dict[str, dict[_Place, list[Verdict]]] = {}
    for judgement in judgements:
        key = judgement.key
        at = votes.setdefault(key.feature, defaultdict(list))
        at[key.path, key.cell, key.line].append(judgement.verdict)
    scanned = findings is not None
    counts = count_features(findings or ())
    places: dict[str, list[_Place]] = {feature: [] for feature in votes}
    for finding in findings or () if votes else ():  # most repositories aren't judged: their findings stay packed
        if finding.feature in votes:
            place = (safe_text(finding.path), finding.cell, finding.line)
            if finding.tier is not Tier.WRAPPER:
                places[finding.feature].append(place)
            else:
                votes[finding.feature].pop(place, None)  # whatever is said of it, it isn't evidence
    return tuple(
        _judged(feature, places[feature.id], votes[feature.id], looked_for=scanned and feature.detected)
        if feature.id in votes
        else _unjudged(feature.id, counts.get(feature.id, 0), looked_for=scanned and feature.detected)
        for feature in features
    )


@cache
def _unjudged(feature: str, count: int, *, looked_for: bool) -> FeatureResult:
    """Most features of most repositories; shared, so that 10,000 repositories cost little."""
    return _result(feature, count, looked_for=looked_for, evidence=count > 0)


def _judged(feature: Feature, places: Sequence[_Place], votes: _Votes, *, looked_for: bool) -> FeatureResult:
    decisions = [decide(votes.get(place, ())) for place in places]
    found = {*places, _WHOLE}
    missed = sum(place not in found and decide(verdicts) is True for place, verdicts in votes.items())
    confirmed, rejected = decisions.count(True), decisions.count(False)
    result = _result(feature.id, len(places), looked_for=looked_for, evidence=len(places) - rejected + missed > 0)
    on_whole = votes.get(_WHOLE, ())
    whole, decided = _presence_as_a_whole(on_whole), decide(on_whole)
    if decided is None and confirmed + missed:
        decided = True
    elif decided is None and places and rejected == len(places):
        decided = False
    return FeatureResult(
        feature=feature.id,
        count=result.count,
        judged=sum(not _ON_FINDINGS.isdisjoint(votes.get(place, ())) for place in places),
        confirmed=confirmed,
        rejected=rejected,
        missed=missed,
        disputed=sum(_disputed(verdicts) for verdicts in votes.values()),
        presence=result.presence if whole is None else whole,
        decided=decided,
    )


def _result(feature: str, count: int, *, looked_for: bool, evidence: bool) -> FeatureResult:
    without = Presence.ABSENT if looked_for else Presence.UNKNOWN
    presence = Presence.PRESENT if evidence else without
    return FeatureResult(feature, count if looked_for or count else None, 0, 0, 0, 0, 0, presence)


def _presence_as_a_whole(verdicts: Sequence[Verdict]) -> Presence | None:
    decision = decide(verdicts)
    if decision is not None:
        return Presence.PRESENT if decision else Presence.ABSENT
    return Presence.UNKNOWN if Verdict.UNSURE in verdicts and not _disputed(verdicts) else None


def _disputed(verdicts: Sequence[Verdict]) -> bool:
    return decide(verdicts) is None and any(verdict in _YES for verdict in verdicts)


def effective_readiness(
    features: Iterable[Feature], findings: Sequence[Finding] | None, judgements: Iterable[Judgement]
) -> Readiness:
    """Readiness on what is present after judgements; arguments as for `effective_features`."""
    results = effective_features(features, findings, judgements)
    return readiness({result.feature for result in results if result.presence is Presence.PRESENT})
