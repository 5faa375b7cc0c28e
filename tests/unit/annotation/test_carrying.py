"""A judgement follows its line to another commit; what doesn't fit there is told as outdated."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.annotation.carrying import judgements_at
from mlx_tui.annotation.excerpts import excerpt_hash
from mlx_tui.annotation.model import Judgement, JudgementKey, Verdict
from mlx_tui.detection.model import Finding, Tier

OLD, NEW, OLDEST = "a" * 40, "b" * 40, "c" * 40
FEATURE = "metrics.logged"
WHEN = datetime(2026, 1, 1, tzinfo=UTC)
CALL = 'mlflow.log_metric("loss", x)'


def found(line: int, excerpt: str = CALL, path: str = "train.py", cell: int | None = None) -> Finding:
    return Finding(FEATURE, path, cell, line, Tier.DIRECT, excerpt=excerpt)


def said(
    verdict: Verdict,
    finding: Finding | None = None,
    *,
    commit: str = OLD,
    by: str = "ann",
    hours: int = 0,
    note: str = "",
) -> Judgement:
    place = (finding.path, finding.cell, finding.line) if finding else ("", None, None)
    key = JudgementKey("o/n", commit, FEATURE, *place, by)
    return Judgement(key, verdict, note, excerpt_hash(finding), WHEN + timedelta(hours=hours))


def on_repository(verdict: Verdict, commit: str = OLD) -> Judgement:
    return replace(said(verdict, commit=commit), key=JudgementKey("o/n", commit, "", "", None, None, "ann"))


def places(judgements: tuple[Judgement, ...]) -> dict[str, str]:
    return {judgement.key.place: judgement.verdict.value for judgement in judgements}


def test_without_another_commit_everything_holds_as_it_is():
    given = (said(Verdict.CONFIRMED, found(3), commit=NEW), said(Verdict.UNSURE, commit=NEW))
    assert judgements_at(NEW, given, [found(3)]).judgements == given


def test_a_verdict_follows_its_line_and_keeps_who_said_it_and_when():
    before = said(Verdict.REJECTED, found(3), note="no call")
    holding = judgements_at(NEW, [before], [found(9, f"    {CALL}")])
    (carried,) = holding.judgements
    assert carried.key == replace(before.key, commit=NEW, line=9)
    assert (carried.verdict, carried.note, carried.annotated_at) == (before.verdict, before.note, before.annotated_at)
    assert carried.given_at == OLD
    assert holding.outdated == ()


@pytest.mark.parametrize(
    "now",
    [
        pytest.param([found(3, "mlflow.log_metric(name, x)")], id="the line changed"),
        pytest.param([], id="nothing is found any more"),
        pytest.param([found(3, path="other.py")], id="another file"),
        pytest.param([replace(found(3), feature="parameters.logged")], id="another feature"),
    ],
)
def test_a_verdict_whose_line_is_another_is_outdated(now):
    before = said(Verdict.CONFIRMED, found(3))
    holding = judgements_at(NEW, [before], now)
    assert holding.judgements == ()
    assert holding.outdated == (before,)


def test_a_verdict_on_a_feature_as_a_whole_is_outdated_until_it_is_given_anew():
    before = said(Verdict.REJECTED)
    assert judgements_at(NEW, [before], []).outdated == (before,)
    anew = said(Verdict.CONFIRMED, commit=NEW, hours=1)
    holding = judgements_at(NEW, [before, anew], [])
    assert holding.judgements == (anew,)
    assert holding.outdated == ()


def test_judging_the_feature_in_the_same_file_anew_settles_what_was_outdated_there():
    before = [said(Verdict.CONFIRMED, found(3)), said(Verdict.CONFIRMED, found(3, path="other.py"))]
    changed = found(3, "mlflow.log_metric(name, x)")
    anew = said(Verdict.CONFIRMED, changed, commit=NEW)
    assert judgements_at(NEW, [*before, anew], [changed]).outdated == (before[1],)
    others = replace(anew, key=replace(anew.key, annotator="bob"))
    assert judgements_at(NEW, [*before, others], [changed]).outdated == tuple(before)


def test_a_decision_on_the_repository_holds_until_there_is_a_newer_one():
    excluded = on_repository(Verdict.EXCLUDED)
    assert [j.verdict for j in judgements_at(NEW, [excluded], None).judgements] == [Verdict.EXCLUDED]
    included = on_repository(Verdict.INCLUDED, NEW)
    assert judgements_at(NEW, [excluded, included], None).judgements == (included,)


def test_what_was_judged_at_this_commit_wins_over_what_is_carried():
    here = said(Verdict.REJECTED, found(9), commit=NEW)
    assert judgements_at(NEW, [said(Verdict.CONFIRMED, found(3), hours=5), here], [found(9)]).judgements == (here,)


def test_of_several_commits_the_one_judged_last_counts():
    first = said(Verdict.CONFIRMED, found(3), commit=OLDEST)
    second = said(Verdict.REJECTED, found(5), hours=1)
    holding = judgements_at(NEW, [second, first], [found(7)])
    assert places(holding.judgements) == {"train.py:7": "rejected"}
    assert holding.outdated == ()


def test_what_the_program_missed_and_finds_now_is_confirmed():
    holding = judgements_at(NEW, [said(Verdict.MISSED, found(3))], [found(4)])
    assert places(holding.judgements) == {"train.py:4": "confirmed"}


def test_equal_lines_keep_their_order():
    before = [said(Verdict.CONFIRMED, found(3)), said(Verdict.REJECTED, found(8))]
    holding = judgements_at(NEW, before, [found(13), found(18)])
    assert places(holding.judgements) == {"train.py:13": "confirmed", "train.py:18": "rejected"}


def test_equal_lines_of_which_one_went_are_not_guessed_at():
    before = [said(Verdict.CONFIRMED, found(3)), said(Verdict.REJECTED, found(8))]
    holding = judgements_at(NEW, before, [found(13)])
    assert holding.judgements == ()
    assert set(holding.outdated) == set(before)
    assert places(judgements_at(NEW, before, [found(8)]).judgements) == {"train.py:8": "rejected"}


def test_a_cell_that_moved_takes_its_verdicts_along():
    before = said(Verdict.CONFIRMED, found(2, path="n.ipynb", cell=1))
    holding = judgements_at(NEW, [before], [found(2, path="n.ipynb", cell=4)])
    assert places(holding.judgements) == {"n.ipynb#4:2": "confirmed"}


def test_an_unscanned_commit_says_nothing_of_places():
    holding = judgements_at(NEW, [said(Verdict.CONFIRMED, found(3)), said(Verdict.UNSURE)], None)
    assert holding.judgements == holding.outdated == ()


_FINDINGS = st.builds(found, st.integers(1, 6), st.sampled_from([CALL, "b()", ""]), st.sampled_from(["a.py", "b.py"]))
_SAID = st.builds(
    said,
    st.sampled_from([Verdict.CONFIRMED, Verdict.REJECTED, Verdict.MISSED, Verdict.NOTE]),
    st.none() | _FINDINGS,
    commit=st.sampled_from([OLD, NEW, OLDEST]),
    by=st.sampled_from(["ann", "bob"]),
    hours=st.integers(0, 3),
)


@given(
    st.lists(_SAID, unique_by=lambda judgement: judgement.key),
    st.lists(_FINDINGS, unique_by=lambda f: (f.path, f.line)),
)
def test_whatever_was_said(judgements, findings):
    holding = judgements_at(NEW, judgements, findings)
    keys = [judgement.key for judgement in holding.judgements]
    assert len(keys) == len(set(keys))
    assert {key.commit for key in keys} <= {NEW}
    assert set(holding.outdated) <= {judgement for judgement in judgements if judgement.key.commit != NEW}
    assert {judgement for judgement in judgements if judgement.key.commit == NEW} <= set(holding.judgements)
    places = {(finding.path, finding.line) for finding in findings}
    for judgement in holding.judgements:
        assert not judgement.given_at or not judgement.key.path or (judgement.key.path, judgement.key.line) in places
    # Nothing is lost without a word: it holds, is outdated, or its annotator said something newer.
    for judgement in judgements:
        told = {(j.key.annotator, j.key.path) for j in (*holding.judgements, *holding.outdated)}
        assert (judgement.key.annotator, judgement.key.path) in told or (judgement.key.annotator, "") in told
