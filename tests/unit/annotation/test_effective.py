"""Presence after judgements: the rule, case by case."""

import pytest

from mlx_tui.annotation.effective import FeatureResult, Presence, decide, effective_features
from mlx_tui.annotation.model import Verdict
from mlx_tui.detection.model import Feature, Tier

LOGGED = Feature("metrics.logged", "Metrics logged", "metrics", "")
UNDETECTED = Feature("execution.seeded", "Seeded", "execution", "", detected=False)
C, R, U, M, N = Verdict.CONFIRMED, Verdict.REJECTED, Verdict.UNSURE, Verdict.MISSED, Verdict.NOTE


def one(feature: Feature, findings, judgements) -> FeatureResult:
    (result,) = effective_features([feature], findings, judgements)
    return result


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([], None),
        ([C], True),
        ([M], True),
        ([R], False),
        ([U], None),
        ([N], None),
        ([C, R], None),
        ([C, R, R], False),
        ([C, U, N], True),
        ([Verdict.EXCLUDED], False),
    ],
)
def test_the_majority_decides(verdicts: list[Verdict], expected: bool | None) -> None:
    assert decide(verdicts) is expected


@pytest.mark.parametrize(
    ("on_first", "on_second", "whole", "presence"),
    [
        ([], [], [], Presence.PRESENT),
        ([C], [], [], Presence.PRESENT),
        ([R], [], [], Presence.PRESENT),
        ([R], [R], [], Presence.ABSENT),
        ([R], [U], [], Presence.PRESENT),
        ([R], [C, R], [], Presence.PRESENT),
        ([R], [C, R, R], [], Presence.ABSENT),
        ([R], [R], [C], Presence.PRESENT),
        ([C], [C], [R], Presence.ABSENT),
        ([C], [C], [U], Presence.UNKNOWN),
        ([R], [R], [C, R], Presence.ABSENT),
        ([C], [C], [C, R], Presence.PRESENT),
        ([R], [R], [N], Presence.ABSENT),
    ],
)
def test_two_findings(make, on_first, on_second, whole, presence: Presence) -> None:
    annotators = ("alice", "bob", "carol")
    judgements = [
        make.judgement(LOGGED.id, verdict, line, by)
        for line, verdicts in ((1, on_first), (2, on_second), (None, whole))
        for by, verdict in zip(annotators, verdicts, strict=False)
    ]
    result = one(LOGGED, [make.finding(LOGGED.id, 1), make.finding(LOGGED.id, 2)], judgements)
    assert result.presence is presence
    assert result.count == 2


def test_nothing_found_is_absent_unless_somebody_found_it(make) -> None:
    assert one(LOGGED, [], []).presence is Presence.ABSENT
    missed = one(LOGGED, [], [make.judgement(LOGGED.id, M, 7)])
    assert (missed.presence, missed.missed, missed.count) == (Presence.PRESENT, 1, 0)
    refuted = one(LOGGED, [], [make.judgement(LOGGED.id, M, 7), make.judgement(LOGGED.id, R, 7, "bob")])
    assert (refuted.presence, refuted.disputed) == (Presence.ABSENT, 1)


def test_what_is_not_detected_is_unknown_unless_judged(make) -> None:
    assert one(UNDETECTED, [], []).presence is Presence.UNKNOWN
    assert one(UNDETECTED, [], []).count is None
    assert one(UNDETECTED, [], [make.judgement(UNDETECTED.id, M, 3)]).presence is Presence.PRESENT
    assert one(UNDETECTED, [], [make.judgement(UNDETECTED.id, R)]).presence is Presence.ABSENT
    assert one(UNDETECTED, [], [make.judgement(UNDETECTED.id, U)]).presence is Presence.UNKNOWN


def test_what_is_not_scanned_is_unknown(make) -> None:
    assert one(LOGGED, None, []) == FeatureResult(LOGGED.id, None, 0, 0, 0, 0, 0, Presence.UNKNOWN)
    assert one(LOGGED, None, [make.judgement(LOGGED.id, C)]).presence is Presence.PRESENT


def test_wrappers_never_count(make) -> None:
    wrapper = make.finding(LOGGED.id, 1, tier=Tier.WRAPPER)
    assert one(LOGGED, [wrapper], []) == FeatureResult(LOGGED.id, 0, 0, 0, 0, 0, 0, Presence.ABSENT)
    assert one(LOGGED, [wrapper], [make.judgement(LOGGED.id, C, 1)]).presence is Presence.ABSENT


def test_counts(make) -> None:
    findings = [make.finding(LOGGED.id, line) for line in (1, 2, 3, 4)]
    judgements = [
        make.judgement(LOGGED.id, C, 1),
        make.judgement(LOGGED.id, R, 2),
        make.judgement(LOGGED.id, U, 3),
        make.judgement(LOGGED.id, N, 4),
    ]
    result = one(LOGGED, findings, judgements)
    assert (result.count, result.judged, result.confirmed, result.rejected) == (4, 3, 1, 1)


def test_a_judgement_meets_its_finding_through_the_safe_path(make) -> None:
    finding = make.finding(LOGGED.id, 1, path="a\x1b[31m\n.py")
    judgement = make.judgement(LOGGED.id, R, 1, path="a␛[31m␊.py")
    assert one(LOGGED, [finding], [judgement]).presence is Presence.ABSENT


def test_cells_are_places_of_their_own(make) -> None:
    findings = [make.finding(LOGGED.id, 1, cell=0), make.finding(LOGGED.id, 1, cell=1)]
    result = one(LOGGED, findings, [make.judgement(LOGGED.id, R, 1, cell=0)])
    assert (result.presence, result.rejected) == (Presence.PRESENT, 1)


def test_evidence_that_people_confirmed_counts_where_the_program_finds_nothing_now(make) -> None:
    """A later version, or another codebook, finds less; what somebody saw is still there."""
    result = one(LOGGED, [], [make.judgement(LOGGED.id, C, 7)])
    assert (result.presence, result.missed, result.count) == (Presence.PRESENT, 1, 0)


@pytest.mark.parametrize(
    ("on_first", "on_second", "elsewhere", "whole", "decided"),
    [
        ([], [], [], [], None),
        ([R], [], [], [], None),
        ([R], [R], [], [], False),
        ([R], [C], [], [], True),
        ([R], [R], [M], [], True),
        ([R], [U], [], [], None),
        ([C], [C], [], [R], False),
        ([], [], [], [C], True),
        ([C, R], [], [], [U], None),
    ],
)
def test_what_people_alone_decided(make, on_first, on_second, elsewhere, whole, decided) -> None:
    judgements = [
        make.judgement(LOGGED.id, verdict, line, by)
        for line, verdicts in ((1, on_first), (2, on_second), (9, elsewhere), (None, whole))
        for by, verdict in zip(("alice", "bob"), verdicts, strict=False)
    ]
    findings = [make.finding(LOGGED.id, 1), make.finding(LOGGED.id, 2)]
    assert one(LOGGED, findings, judgements).decided is decided


def test_absence_is_decided_on_the_feature_as_a_whole(make) -> None:
    assert one(LOGGED, [], []).decided is None
    assert one(LOGGED, [], [make.judgement(LOGGED.id, R)]).decided is False
