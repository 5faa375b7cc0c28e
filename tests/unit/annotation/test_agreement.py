"""Cohen's kappa."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.annotation.agreement import ALL_FEATURES, agreement, cohens_kappa, kappa_interval
from mlx_tui.annotation.model import Verdict

pairs = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1)


def test_the_textbook_table() -> None:
    """50 grants: both yes 20, first only 5, second only 10, neither 15; p_o = 0.7, p_e = 0.5, kappa = 0.4."""
    table = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert cohens_kappa(table) == pytest.approx(0.4)


def test_three_categories_by_hand() -> None:
    """p_o = 140 / 200; p_e = (120 * 100 + 60 * 60 + 20 * 40) / 200² = 0.41."""
    counts = {("1", "1"): 88, ("1", "2"): 14, ("1", "3"): 18, ("2", "1"): 10, ("2", "2"): 40, ("2", "3"): 10}
    counts |= {("3", "1"): 2, ("3", "2"): 6, ("3", "3"): 12}
    table = [pair for pair, count in counts.items() for _ in range(count)]
    assert len(table) == 200
    assert cohens_kappa(table) == pytest.approx((0.70 - 0.41) / (1 - 0.41))


@given(pairs)
def test_it_is_symmetric_and_within_its_bounds(table: list[tuple[str, str]]) -> None:
    kappa = cohens_kappa(table)
    assert kappa == cohens_kappa([(second, first) for first, second in table])
    assert kappa is None or -1 <= kappa <= 1


@given(pairs)
def test_it_is_one_for_full_agreement_where_it_is_defined(table: list[tuple[str, str]]) -> None:
    firsts = [first for first, _ in table]
    assert cohens_kappa([(first, first) for first in firsts]) == (1.0 if len(set(firsts)) > 1 else None)


def test_pairs_of_annotators_on_each_feature(make) -> None:
    said = {
        "alice": [Verdict.CONFIRMED, Verdict.REJECTED, Verdict.UNSURE, Verdict.MISSED],
        "bob": [Verdict.CONFIRMED, Verdict.CONFIRMED, Verdict.UNSURE, Verdict.CONFIRMED],
        "carol": [Verdict.REJECTED, Verdict.NOTE],
    }
    judgements = [
        make.judgement("metrics.logged", verdict, line, by)
        for by, verdicts in said.items()
        for line, verdict in enumerate(verdicts, 1)
    ]
    judgements += [make.judgement("usage.mlflow", Verdict.CONFIRMED, 1), make.judgement("", Verdict.EXCLUDED)]
    found = {row.annotators: row for row in agreement(judgements)}
    assert {row.feature for row in found.values()} == {"metrics.logged"}
    assert list(found) == [("alice", "bob"), ("alice", "carol"), ("bob", "carol")]
    pair = found["alice", "bob"]
    assert (pair.n, pair.raw) == (4, 0.75)
    assert pair.kappa == pytest.approx((0.75 - 7 / 16) / (1 - 7 / 16))
    assert (found["alice", "carol"].n, found["alice", "carol"].raw, found["alice", "carol"].kappa) == (1, 0.0, 0.0)


@pytest.mark.parametrize(
    ("table", "low", "high"),
    [
        # As statsmodels 0.14 (stats.inter_rater.cohens_kappa) gives them.
        ({"yy": 20, "yn": 5, "ny": 10, "nn": 15}, 0.151092290476661, 0.6489077095233389),
        (
            {"11": 88, "12": 14, "13": 18, "21": 10, "22": 40, "23": 10, "31": 2, "32": 6, "33": 12},
            0.3915637020535469,
            0.59148714540408,
        ),
        ({"11": 3, "12": 1, "22": 4}, 0.30620974204792906, 1.0),
    ],
)
def test_the_interval_of_kappa(table: dict[str, int], low: float, high: float) -> None:
    pairs = [(cell[0], cell[1]) for cell, count in table.items() for _ in range(count)]
    assert kappa_interval(pairs) == pytest.approx((low, high))


@given(pairs)
def test_the_interval_holds_kappa(table: list[tuple[str, str]]) -> None:
    kappa, interval = cohens_kappa(table), kappa_interval(table)
    assert interval is None or (kappa is not None and -1 <= interval[0] <= kappa <= interval[1] <= 1)


def test_full_agreement_has_no_interval() -> None:
    assert kappa_interval([("a", "a"), ("b", "b")] * 5) is None


def test_a_pair_on_all_features_together(make) -> None:
    judgements = [
        make.judgement(feature, verdict, line, by)
        for feature in ("metrics.logged", "usage.mlflow")
        for by, verdicts in (("alice", "cr"), ("bob", "cc"))
        for line, verdict in enumerate(map({"c": Verdict.CONFIRMED, "r": Verdict.REJECTED}.get, verdicts), 1)
    ]
    rows = agreement(judgements)
    assert [(row.feature, row.n) for row in rows] == [("metrics.logged", 2), ("usage.mlflow", 2), (ALL_FEATURES, 4)]
    assert (rows[-1].raw, rows[-1].kappa) == (0.5, 0.0)
