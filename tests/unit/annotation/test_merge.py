"""Merging judgements: idempotent, commutative, and nothing lost unreported."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.annotation.merge import Change, merge, reconcile
from mlx_tui.annotation.model import Judgement, JudgementKey, Verdict

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
times = st.integers(0, 5).map(lambda seconds: START + timedelta(seconds=seconds))
keys = st.builds(
    lambda repo, line, by: JudgementKey(repo, "c", "f", "a.py", None, line, by),
    st.sampled_from(["o/n", "o/m"]),
    st.integers(1, 2),
    st.sampled_from(["alice", "bob"]),
)
judgements = st.builds(
    Judgement, keys, st.sampled_from(list(Verdict)[:4]), st.sampled_from(["", "x"]), st.just(""), times
)
collections = st.lists(judgements, max_size=12)
removals = st.dictionaries(keys, times, max_size=3)


def said(judgement: Judgement) -> tuple[JudgementKey, Verdict, str]:
    return judgement.key, judgement.verdict, judgement.note


@given(collections, collections, removals)
def test_the_order_of_files_does_not_matter(first, second, gone) -> None:
    assert merge(first, second, removals=gone)[0] == merge(second, first, removals=gone)[0]


@given(collections, collections, collections)
def test_grouping_does_not_matter(first, second, third) -> None:
    stepwise = merge(merge(first, second)[0].values(), third)[0]
    assert stepwise == merge(first, merge(second, third)[0].values())[0] == merge(first, second, third)[0]


@given(collections, collections)
def test_merging_again_changes_nothing(first, second) -> None:
    merged, _ = merge(first, second)
    again, conflicts = merge(merged.values(), merged.values())
    assert (again, conflicts) == (merged, [])
    assert merge(merged.values(), second)[0] == merged


@given(collections, collections)
def test_every_statement_is_kept_or_reported_with_what_replaced_it(first, second) -> None:
    merged, conflicts = merge(first, second)
    kept = {said(judgement) for judgement in merged.values()}
    reported = {said(conflict.dropped) for conflict in conflicts}
    assert {said(judgement) for judgement in [*first, *second]} <= kept | reported
    for conflict in conflicts:
        assert conflict.kept == merged[conflict.dropped.key]
        assert conflict.kept.annotated_at >= conflict.dropped.annotated_at


@given(collections, removals)
def test_what_was_removed_stays_away_and_newer_work_stays(judged, gone) -> None:
    merged, _ = merge(judged, removals=gone)
    assert all(judgement.annotated_at > gone.get(key, START - timedelta(1)) for key, judgement in merged.items())
    newer = {
        judgement.key
        for judgement in judged
        if judgement.key not in gone or judgement.annotated_at > gone[judgement.key]
    }
    assert set(merged) == newer


@given(collections, collections, removals)
def test_memory_and_file_together_are_what_merging_says(mine, theirs, gone) -> None:
    """Who holds what doesn't matter, but for edits in place: of two versions of one second the file's counts."""
    memory, found = merge(mine)[0], merge(theirs)[0]
    together = reconcile(memory, found, gone, {})
    merged, _ = merge(mine, theirs, removals=gone)
    assert set(together.rows) == set(merged)
    for key, kept in together.rows.items():
        assert kept.annotated_at == merged[key].annotated_at or kept == found[key]


@given(collections, collections, removals)
def test_memory_loses_nothing_silently(mine, theirs, gone) -> None:
    memory, found = merge(mine)[0], merge(theirs)[0]
    pending = {
        key: Change(key, None, judgement) for key, judgement in memory.items() if judgement.verdict is Verdict.UNSURE
    }
    together = reconcile(memory, found, gone, pending)
    told = {change.before for change in together.updated} | {conflict.dropped for conflict in together.conflicts}
    for key, judgement in memory.items():
        kept = together.rows.get(key)
        removed = key in gone and judgement.annotated_at <= gone[key]
        assert (kept and said(kept) == said(judgement)) or judgement in told or removed


def test_a_change_of_a_note_alone_is_told_apart_from_one_of_the_verdict() -> None:
    key = JudgementKey("o/n", "c", "f", "a.py", None, 1, "alice")

    def judged(verdict: Verdict, note: str = "") -> Judgement:
        return Judgement(key, verdict, note, "", START)

    confirmed = judged(Verdict.CONFIRMED)
    explained = judged(Verdict.CONFIRMED, "why")
    noted = judged(Verdict.NOTE, "why")
    of_note = [(confirmed, explained), (explained, confirmed), (None, noted), (noted, None)]
    of_more = [(None, confirmed), (explained, None), (noted, explained), (confirmed, judged(Verdict.REJECTED))]
    assert all(Change(key, before, after).is_of_note for before, after in of_note)
    assert not any(Change(key, before, after).is_of_note for before, after in of_more)
    assert not Change(key, confirmed, confirmed).is_of_note  # said again
