"""The first time a screen is seen, one line says what to do; once dismissed, never again."""

import pytest

from mlx_tui.config import KeyChoice
from mlx_tui.preferences import Preferences
from mlx_tui.study import Study
from mlx_tui.tui.actions.keymap import DEFAULT, read_key_map
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.presentation.first_hints import FIRST_HINTS, first_hint
from mlx_tui.tui.screens.corpus import CorpusScreen
from mlx_tui.tui.widgets.bars import FirstHint

from .support import screen_text, until, until_shown


@pytest.fixture(autouse=True)
def _first_time(_own_preferences: None) -> None:
    Preferences().path.unlink()


@pytest.mark.parametrize("scope", FIRST_HINTS)
def test_a_hint_names_the_keys_in_force(scope: str) -> None:
    assert "{" not in first_hint(scope, DEFAULT)
    keys = read_key_map([KeyChoice("app.back", ("f9",), "here")])
    assert "f9 closes this" in first_hint(scope, keys)


async def test_the_hint_is_dismissed_for_ever_and_does_not_stand_in_the_way(app: MlxTuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "New here?")
        await until_shown(pilot, "6/6")
        assert "esc closes this." in " ".join(screen_text(app).split())
        await pilot.press("enter")
        await until_shown(pilot, "Judge the marked line")
        await pilot.press("escape")  # closes what says that escape closes it, and nothing else
        await until(pilot, lambda: "Judge the marked line" not in screen_text(app))
        assert not isinstance(app.screen, CorpusScreen)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, CorpusScreen))
        await until_shown(pilot, "New here?")
        await pilot.press("escape")
        await until(pilot, lambda: "New here?" not in screen_text(app))
    again = MlxTuiApp(Study(app.study.path))
    async with again.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "6/6")
        await pilot.press("enter")
        await until_shown(pilot, "left to judge")
        assert not again.screen.query(FirstHint)
        await pilot.press("p")
        await until_shown(pilot, "r runs this plan in a place of its own")
        await pilot.click(FirstHint)
        await until(pilot, lambda: not again.screen.query(FirstHint))
