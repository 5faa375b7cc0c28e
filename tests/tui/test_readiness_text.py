"""Readiness says of what it is, on the corpus' line and in a repository."""

from mlx_tui.detection.derived import CONDITIONS, readiness
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.presentation.readiness_text import readiness_lines, readiness_text

from .support import screen_text, until_shown

ALL = {features[0] for _, features in CONDITIONS}


def test_one_line_tells_what_is_met_and_what_is_missing() -> None:
    assert readiness_text(readiness(ALL)) == (
        "readiness 6 of 6: start, interpreter, dependencies, pinned, parameters, seed"
    )
    assert readiness_text(readiness({"execution.pipeline", "execution.seeded"})) == (
        "readiness 2 of 6: start, seed; missing: interpreter, dependencies, pinned, parameters"
    )
    assert readiness_text(readiness(())).startswith("readiness 0 of 6; missing: start, interpreter")


def test_each_condition_names_what_meets_it_or_would() -> None:
    lines = [text for text, _ in readiness_lines(readiness({"dependencies.locked"}))]
    assert lines[0].endswith("1 of 6")
    assert "✓ dependencies pinned or locked: dependencies.locked" in lines
    assert "✗ an interpreter: none of environment.interpreter, environment.container" in lines


async def test_it_is_told_where_one_looks_at_a_repository(app: MlxTuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "6/6")
        await pilot.press("right")
        await until_shown(pilot, "readiness 6 of 6: start, interpreter, dependencies, pinned, parameters, seed")
        await pilot.press("enter")
        await until_shown(pilot, "· readiness 6 of 6, v tells of what")
        await pilot.press("v")
        await until_shown(pilot, "Readiness for a second execution: 6 of 6")
        assert "✓ a seed: execution.seeded" in screen_text(app)
