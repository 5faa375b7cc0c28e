"""Charts: pure functions from numbers to cells."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from mlx_tui.annotation.claims import Claim, ClaimState
from mlx_tui.reproduction.repeats import RepeatedMetric
from mlx_tui.statistics.prevalence import Proportion
from mlx_tui.tui.presentation.charts import (
    ASCII,
    UNICODE,
    Block,
    ChartLine,
    Signs,
    bar_line,
    interval_line,
    scale_line,
    side_by_side,
    strip_line,
)
from mlx_tui.tui.presentation.claim_lines import claim_lines
from mlx_tui.tui.presentation.repeats_chart import repeats_lines

from .support import HOSTILE, obeyed

numbers = st.floats(allow_nan=False, allow_infinity=False)
widths = st.integers(5, 120)
signs = st.sampled_from([UNICODE, ASCII])


def text(line: ChartLine) -> str:
    return "".join(part for part, _ in line)


@given(st.integers(0, 50), st.integers(0, 50), widths, signs)
def test_an_interval_encloses_its_point_on_a_line_of_that_width(
    count: int, rest: int, width: int, signs: Signs
) -> None:
    share = Proportion(count, count + rest)
    drawn = text(interval_line(share, width, signs))
    assert len(drawn) == width
    if share.value is None:
        assert signs.point not in drawn
        return
    at = drawn.index(signs.point)
    assert at == round(share.value * (width - 1))
    low, high = (round(bound * (width - 1)) for bound in share.interval)
    assert low <= at <= high
    assert at == low or drawn[low] in (signs.left, signs.line)
    assert at == high or drawn[high] in (signs.right, signs.line)


@given(st.integers(0, 50), st.integers(0, 50), st.integers(2, 80), signs)
def test_a_bar_is_full_only_at_all_and_empty_only_at_none(count: int, rest: int, width: int, signs: Signs) -> None:
    drawn = text(bar_line(Proportion(count, count + rest), width, signs))
    assert len(drawn) == width
    assert (drawn == signs.full * width) is (rest == 0 < count)
    assert (drawn == signs.empty * width) is (count == 0)


@given(st.lists(numbers, max_size=30), st.none() | numbers, st.integers(3, 100), signs)
def test_a_strip_shows_every_value(values: list[float], reference: float | None, width: int, signs: Signs) -> None:
    drawn = text(strip_line(values, reference, width, signs))
    assert len(drawn) == width
    marks = [sign for sign in drawn if sign not in (signs.line, " ")]
    assert bool(marks) is bool(values or reference is not None)
    assert (signs.reference in drawn or signs.both in drawn) is (reference is not None)


def test_strips_as_they_look() -> None:
    assert text(strip_line([1, 2, 2, 3], 5, 9)) == "●─2─●───◆"
    assert text(strip_line([1, 2, 3], 2, 9, ASCII)) == "o---@---o"
    assert text(strip_line([4, 4, 4], 4, 9)) == "────◈────"
    assert text(strip_line([4] * 12, None, 5)) == "──+──"


def test_intervals_as_they_look() -> None:
    assert text(interval_line(Proportion(5, 10), 21)) == "·    ├────●────┤    ·"
    assert text(interval_line(Proportion(5, 10), 21, ASCII)) == ".    [----o----]    ."
    assert text(interval_line(Proportion(0, 0), 9)) == "· · · · ·"
    assert text(scale_line(41)) == "0        25        50        75     100 %"


@pytest.mark.parametrize("width", [30, 80, 160])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_metric_of_any_name_takes_its_width_and_nothing_is_obeyed(width: int, name: str) -> None:
    metrics = [RepeatedMetric(name, 0.5, (0.5, 0.6)), RepeatedMetric(name, None, (1e300, -1e300))]
    for line in repeats_lines(metrics, width):
        assert cell_len(text(line)) <= width + 9 and obeyed(text(line)) == []


def test_what_is_said_of_repeats() -> None:
    def said(*values: float, reference: float | None = None) -> str:
        return text(repeats_lines([RepeatedMetric("rmse", reference, values)], 160)[1])

    assert "0.5 · 3 repeats, identical = reference" in said(0.5, 0.5, 0.5, reference=0.5)
    assert "0.5 … 0.7 · 2 repeats, vary · ref 0.6" in said(0.5, 0.7, reference=0.6)
    assert "0.5 · once" in said(0.5)
    lines = [text(line) for line in repeats_lines([], 20, why_none="none was logged before it failed")]
    assert lines == ["none was logged", "before it failed"]


@pytest.mark.parametrize("width", [30, 59, 99, 100, 119, 160])
def test_what_is_said_of_repeats_is_never_cut(width: int) -> None:
    metrics = [RepeatedMetric("val_auc", 0.999441, (0.999441, 0.989773, 0.988555)), RepeatedMetric("x", None, (1.0,))]
    lines = [text(line) for line in repeats_lines(metrics, width)]
    assert "".join(lines).count("…") == 2  # in the legend and between the least and the greatest
    said = " ".join(" ".join(lines).split())
    assert said.index("val_auc") < said.index("3 repeats, vary") < said.index("ref 0.999441") < said.index("once")
    assert all(cell_len(line) <= width for line in lines)


@pytest.mark.parametrize("width", [20, 80, 160])
@pytest.mark.parametrize("name", HOSTILE)
def test_claims_of_any_name_take_their_width_and_nothing_is_obeyed(width: int, name: str) -> None:
    claims = (
        Claim("metrics", ClaimState.PARTLY, (), (name, "loss"), (name,)),
        Claim("models", ClaimState.UNMET, (), (), ()),
    )
    for line in claim_lines(claims, width):
        assert cell_len(text(line)) <= max(width, 15) and obeyed(text(line)) == []


def test_what_is_said_of_claims() -> None:
    claims = (
        Claim("metrics", ClaimState.PARTLY, (), ("accuracy", "loss"), ("accuracy",)),
        Claim("models", ClaimState.UNMET, (), (), ()),
        Claim("tags", ClaimState.NOT_RUN, ("other.py:3",), ("team",), ()),
    )
    said = [text(line).rstrip() for line in claim_lines(claims, 100)]
    assert said[2:] == [
        "~ metrics      partly; logged accuracy; not logged: loss",
        "✗ models       unmet; logged nothing",
        "· tags         not run by this plan",
    ]
    assert claim_lines(None, 80) == []


@given(st.lists(st.integers(0, 30), max_size=12), st.integers(1, 4))
def test_blocks_side_by_side_lose_no_line(heights: list[int], columns: int) -> None:
    blocks = [
        Block(f"b{number}", tuple(((f"{number}.{row} ", ""),) for row in range(height)))
        for number, height in enumerate(heights)
    ]
    laid = side_by_side(blocks, columns, 20)
    words = " ".join(map(text, laid)).split()
    expected = [f"b{n}" for n in range(len(heights))] + [
        f"{n}.{row}" for n, h in enumerate(heights) for row in range(h)
    ]
    assert sorted(words) == sorted(expected)
    assert all(len(text(line)) <= columns * 22 for line in laid)
    tallest = math.ceil(sum(h + 2 for h in heights) / columns) + max(heights, default=0) + 2
    assert len(laid) <= tallest
