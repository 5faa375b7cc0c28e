from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.statistics.prevalence import Proportion
from mlx_tui.study import Study
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.presentation.plan_text import duration, short_duration
from mlx_tui.tui.presentation.statistics_table import bar, interval, percent

from .support import screen_text, until, until_shown


async def test_dimensions_features_and_outcomes(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 60)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("t")
        await until_shown(pilot, "Statistics › Overview")
        await until_shown(pilot, "├")
        await pilot.press("tab")
        await until_shown(pilot, "Statistics › Dimensions")
        await until_shown(pilot, "code version")
        expected = next(
            each for each in app.study.statistics().dimensions if each.dimension == "usage"
        ).prevalence.present
        line = next(line for line in screen_text(app).splitlines() if line.startswith("usage"))
        assert f"{expected.count}/{expected.n}" in line and percent(expected) in line and "█" in line
        await pilot.press("tab")
        await until_shown(pilot, "parameters.autologged")
        await pilot.press("tab")
        await until_shown(pilot, "baseline: substring test")
        assert "executed as is" in screen_text(app)
        await until_shown(pilot, "░ upper bound")  # what is said of the row
        await pilot.press("tab")
        await until_shown(pilot, "Statistics › Overview")
        await until(pilot, lambda: "upper bound" not in screen_text(app))
        await pilot.press("escape")
        await until_shown(pilot, "Corpus")


@pytest.mark.parametrize(("count", "n"), [(0, 0), (0, 5), (5, 5), (1, 3), (50, 100), (1, 10_000)])
def test_bars_fit_and_tell_share_and_interval(count: int, n: int) -> None:
    share = Proportion(count, n)
    drawn = bar(share, 40)
    assert len(drawn) <= 40
    if n:
        low, high = share.interval
        assert drawn.count("█") == round(low * 40)
        assert len(drawn) == round(high * 40)
        assert interval(share) == f"{low * 100:.0f}–{high * 100:.0f}"
    else:
        assert drawn == percent(share) == interval(share) == ""


def test_durations() -> None:
    assert [duration(s) for s in (0, 5, 48.26, 60, 185, 3720)] == [
        "0 s",
        "5 s",
        "48.3 s",
        "1 min",
        "3 min 05 s",
        "1 h 02 min",
    ]


@given(st.floats(0, 8e7))
def test_a_duration_in_a_column_has_8_cells_at_most(seconds: float) -> None:
    assert len(short_duration(round(seconds, 1))) <= 8


async def test_the_charts_tell_what_the_statistics_say_at_every_size(app: MlxTuiApp) -> None:
    statistics = app.study.statistics()
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("t")
        await until_shown(pilot, "├")
        assert "/ filter" not in screen_text(app)
        seen = screen_text(app)
        for _ in range(12):
            await pilot.press("pagedown")
            await pilot.pause()
            seen += screen_text(app)
        share = statistics.reproduction.as_is
        assert "nothing was run yet" in seen and share.n == 0
        for feature in statistics.features:
            line = next(line for line in seen.splitlines() if line.strip().startswith(feature.feature))
            present = feature.prevalence.present
            assert f"{present.count}/{present.n}" in line
            low, high = present.interval
            assert low == high or "├" in line or "┤" in line
        assert "findings judged" in seen and f"0/{statistics.findings}" in seen
        await pilot.resize_terminal(300, 80)
        await until(pilot, lambda: "Features: beyond" in screen_text(app) and "Judging" in screen_text(app))
        heading = next(line for line in screen_text(app).splitlines() if "How many repositories have it" in line)
        assert heading.count("Features:") == 1  # two columns suffice, so that each has much room
        await pilot.resize_terminal(40, 12)
        await until_shown(pilot, "0    100 %")


async def test_an_empty_study_says_what_to_do_first(tmp_path: Path) -> None:
    app = MlxTuiApp(Study.create(tmp_path / "study"))
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "no repositories yet")
        await pilot.press("t")
        await until_shown(pilot, "No repository is scanned yet")
        await pilot.press("tab", "tab")
        assert "No repository is scanned yet" in screen_text(app)


async def test_a_broken_corpus_is_told_where_the_charts_would_be(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 24)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        (app.study.path / "corpus.csv").write_text("nonsense\n1\n")
        await pilot.press("t")
        await until_shown(pilot, "The statistics can't be computed.")
        assert "corpus.csv" in screen_text(app)
