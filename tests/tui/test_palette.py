"""The command palette: every action that applies, every repository, every theme."""

from textual.command import CommandPalette

from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.screens.attempts import AttemptsScreen
from mlx_tui.tui.screens.corpus import CorpusScreen
from mlx_tui.tui.screens.repository import RepositoryScreen
from mlx_tui.tui.screens.statistics import StatisticsScreen

from .support import screen_text, until, until_shown


async def test_an_action_by_its_name(app: MlxTuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette))
        await pilot.press(*"prevalences")
        await until_shown(pilot, "stats  (t)")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, StatisticsScreen))


async def test_what_cannot_be_done_says_why_in_the_palette(app: MlxTuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette))
        await pilot.press(*"stop")
        await until_shown(pilot, "Not now: nothing is being fetched")


async def test_going_to_a_repository_from_anywhere(app: MlxTuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("/", *"noisy", "enter", "a")
        await until(pilot, lambda: isinstance(app.screen, AttemptsScreen))
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette))
        assert "go to" not in screen_text(app)
        await pilot.press(*"r-project")
        await until_shown(pilot, "go to r-project")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RepositoryScreen) and app.screen.repo == "r-project")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, CorpusScreen))
        assert app.screen.table.current.result.repo == "r-project"  # type: ignore[attr-defined]


async def test_a_theme_by_its_name(app: MlxTuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette))
        await pilot.press(*"theme drac")
        await until_shown(pilot, "theme dracula")
        await pilot.press("enter")
        await until(pilot, lambda: app.theme == "dracula")
        assert app.preferences.remembered.theme == "dracula"
