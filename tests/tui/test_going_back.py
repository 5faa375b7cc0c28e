"""Escape goes one step back to where one came from, on every screen, and first closes what is open on it."""

import pytest
from textual.screen import Screen

from mlx_tui.reproduction.model import Attempt, Outcome, Phase
from mlx_tui.study import Study
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.screens.attempt import AttemptScreen
from mlx_tui.tui.screens.plan import PlanScreen

from .attempt_making import make_attempt
from .support import screen_text, until, until_shown

WAYS = {
    "statistics": ("t",),
    "statistics' tables": ("t", "tab"),
    "attempt and its plan": ("a", "enter", "p"),
    "attempt and its details": ("a", "enter", "i"),
    "attempts of a repository": ("enter", "a", "enter"),
    "plan of a repository": ("enter", "p"),
    "help in an attempt": ("a", "enter", "question_mark"),
    "columns": ("C",),
}


@pytest.fixture
def study(demo_study: Study) -> Study:
    make_attempt(demo_study, "sklearn-mlproject", b"a line\n", phase=Phase.FINISHED, outcome=Outcome.EXECUTED)
    return demo_study


@pytest.mark.parametrize("way", WAYS)
async def test_as_many_steps_back_as_forward(study: Study, way: str) -> None:
    app = MlxTuiApp(study)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "6/6")
        await until_shown(pilot, "enter open")
        stack: list[Screen[object]] = [app.screen]
        for key in WAYS[way]:
            await pilot.press(key)
            if key != "tab":
                await until(pilot, lambda: app.screen is not stack[-1])
                await until(pilot, lambda: app.screen.focused is not None)
                stack.append(app.screen)
                await until(pilot, lambda: len(screen_text(app).splitlines()) == 24)
                if key in "a" and "enter" in WAYS[way]:
                    await until_shown(pilot, "executed")
        for before in reversed(stack[:-1]):
            await pilot.press("escape")
            await until(pilot, lambda before=before: app.screen is before)


async def test_from_a_started_attempt_back_to_its_plan(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(plan: object, repeat: int) -> list[Attempt]:
        return [make_attempt(study, "sklearn-mlproject", b"", phase=Phase.FINISHED, outcome=Outcome.EXECUTED)]

    monkeypatch.setattr(study.attempts, "start", start)  # a real one is run by the journey's test
    app = MlxTuiApp(study)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "6/6")
        await until_shown(pilot, "enter open")
        corpus = app.screen
        await pilot.press("p")
        await until_shown(pilot, "r runs this plan")
        plan = app.screen
        assert isinstance(plan, PlanScreen)
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, AttemptScreen))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is plan)
        await until_shown(pilot, "r runs this plan")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is corpus)


async def test_what_is_open_on_a_screen_is_closed_first(study: Study) -> None:
    app = MlxTuiApp(study)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "6/6")
        await pilot.press("a")
        await until_shown(pilot, "executed")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, AttemptScreen))
        attempt = app.screen
        assert isinstance(attempt, AttemptScreen)
        await pilot.press("tab", "escape")
        await until(pilot, lambda: app.focused is attempt.log_view)
        await pilot.press("slash", *"line", "enter")
        await until(pilot, lambda: attempt.log_view.query_text == "line")
        await pilot.press("escape")
        await until(pilot, lambda: attempt.log_view.query_text == "")
        assert app.screen is attempt
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not attempt)
