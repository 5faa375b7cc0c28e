"""Shares and their intervals."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.annotation.effective import Presence
from mlx_tui.statistics.prevalence import Proportion, prevalence, wilson_interval


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [
        # Newcombe, R. G. (1998), Statistics in Medicine 17, 857-872, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_published_intervals(count: int, n: int, low: float, high: float) -> None:
    assert wilson_interval(count, n) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_bounds_solve_wilsons_equation(pair: tuple[int, int]) -> None:
    """Wilson's bounds are the two p with |share - p| = z * sqrt(p * (1 - p) / n)."""
    count, n = pair
    z = 1.959963984540054
    for bound in wilson_interval(count, n):
        distance = abs(count / n - bound)
        assert distance == pytest.approx(z * sqrt(bound * (1 - bound) / n), abs=1e-9)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_mirrors(pair: tuple[int, int]) -> None:
    count, n = pair
    low, high = wilson_interval(count, n)
    assert 0 <= low <= count / n <= high <= 1
    mirrored = wilson_interval(n - count, n)
    assert (1 - high, 1 - low) == (pytest.approx(mirrored[0]), pytest.approx(mirrored[1]))


def test_of_nothing_everything_is_possible() -> None:
    assert Proportion(0, 0).value is None
    assert Proportion(0, 0).interval == (0.0, 1.0)


@pytest.mark.parametrize(("count", "n", "confidence"), [(-1, 3, 0.95), (4, 3, 0.95), (1, 3, 1.0), (1, 3, 0.0)])
def test_nonsense_is_refused(count: int, n: int, confidence: float) -> None:
    with pytest.raises(ValueError):
        wilson_interval(count, n, confidence)


def test_unknown_is_left_out_of_n() -> None:
    found = prevalence([Presence.PRESENT, Presence.UNKNOWN, Presence.ABSENT, Presence.ABSENT])
    assert (found.present, found.unknown) == (Proportion(1, 3), 1)
