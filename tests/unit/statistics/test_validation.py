"""Prevalence corrected for the detector's errors."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.annotation.results import RepositoryResult
from mlx_tui.detection.codebook import Codebook
from mlx_tui.statistics.prevalence import Proportion, wilson_interval
from mlx_tui.statistics.summary import summarize
from mlx_tui.statistics.validation import Validation, corrected_prevalence


@st.composite
def validations(draw: st.DrawFn) -> Validation:
    yes, no = draw(st.integers(0, 40)), draw(st.integers(0, 40))
    on_yes, on_no = draw(st.integers(0, yes)), draw(st.integers(0, no))
    return Validation(
        Proportion(yes, yes + no),
        Proportion(draw(st.integers(0, on_yes)), on_yes),
        Proportion(draw(st.integers(0, on_no)), on_no),
    )


def test_by_hand() -> None:
    """Yes in 40 of 100; 18 of 20 decided ones right; of the 60 others 3 of 30 wrong: 0.4 * 0.9 + 0.6 * 0.1 = 0.42."""
    found = corrected_prevalence(Validation(Proportion(40, 100), Proportion(18, 20), Proportion(3, 30)))
    assert found is not None
    assert found.value == pytest.approx(0.42)
    assert found.sensitivity == pytest.approx(0.36 / 0.42)
    assert found.specificity == pytest.approx(0.54 / 0.58)
    # Rogan and Gladen: (observed + specificity - 1) / (sensitivity + specificity - 1).
    assert pytest.approx(found.value) == (0.4 + 0.54 / 0.58 - 1) / (0.36 / 0.42 + 0.54 / 0.58 - 1)


@pytest.mark.parametrize("present", [0, 1, 10, 29, 30])
def test_where_people_decided_on_all_it_is_their_share_and_nearly_wilson_s_interval(present: int) -> None:
    yes = Proportion(present, 30)
    found = corrected_prevalence(Validation(yes, Proportion(present, present), Proportion(0, 30 - present)))
    assert found is not None
    assert found.value == pytest.approx(present / 30)
    assert found.interval == pytest.approx(wilson_interval(present, 30), abs=0.06)


@pytest.mark.parametrize(
    "validation",
    [
        Validation(Proportion(0, 0), Proportion(0, 0), Proportion(0, 0)),
        Validation(Proportion(5, 9), Proportion(2, 3), Proportion(0, 0)),
        Validation(Proportion(5, 9), Proportion(0, 0), Proportion(1, 2)),
    ],
)
def test_without_decisions_on_both_answers_there_is_none(validation: Validation) -> None:
    assert corrected_prevalence(validation) is None


@given(validations())
def test_the_interval_holds_the_estimate(validation: Validation) -> None:
    found = corrected_prevalence(validation)
    if found is not None:
        assert 0 <= found.interval[0] <= found.value <= found.interval[1] <= 1
        assert found.interval[0] < found.interval[1]


@pytest.mark.parametrize("prevalence", [0.1, 0.3, 0.5, 0.9])
def test_the_interval_holds_the_truth_in_about_95_of_100_samples(prevalence: float) -> None:
    """100 repositories, sensitivity 0.85, specificity 0.95, people decide on every second one; seeded."""
    draws, holds, samples = random.Random(7), 0, 400
    for _ in range(samples):
        cells = {(yes, true): 0 for yes in (False, True) for true in (False, True)}
        answered = 0
        for _ in range(100):
            true = draws.random() < prevalence
            yes = draws.random() < (0.85 if true else 0.05)
            answered += yes
            cells[yes, true] += draws.random() < 0.5
        found = corrected_prevalence(
            Validation(
                Proportion(answered, 100),
                Proportion(cells[True, True], cells[True, True] + cells[True, False]),
                Proportion(cells[False, True], cells[False, True] + cells[False, False]),
            )
        )
        holds += found is not None and found.interval[0] <= prevalence <= found.interval[1]
    assert 0.92 <= holds / samples <= 0.99


def test_the_answers_and_decisions_of_a_corpus(results: tuple[RepositoryResult, ...], codebook: Codebook) -> None:
    features = {found.feature: found.validation for found in summarize(results, codebook).features}
    # o/one was confirmed, o/two's metrics were rejected; o/six is excluded, o/five has no clone.
    assert features["parameters.logged"] == Validation(Proportion(2, 4), Proportion(1, 1), Proportion(0, 0))
    assert features["metrics.logged"] == Validation(Proportion(2, 4), Proportion(0, 1), Proportion(0, 0))
