"""Every table of a study is found again as it was left: columns, order, filter and position."""

from mlx_tui.reproduction.model import Outcome, Phase
from mlx_tui.study import Study
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.screens.remembering import RememberingScreen
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.table import VirtualTable
from mlx_tui.tui.widgets.table_model import Sort
from mlx_tui.tui.widgets.table_state import TableState

from .attempt_making import make_attempt
from .support import until, until_shown


def table_of(app: MlxTuiApp) -> VirtualTable:
    assert isinstance(app.screen, RememberingScreen)
    return app.screen.query_one(FilteredTable).table


async def test_the_attempts(app: MlxTuiApp) -> None:
    repos = ("client-api", "noisy-mlp", "chatty", "client-api")
    for repo in repos:
        make_attempt(app.study, repo, phase=Phase.FINISHED, outcome=Outcome.FAILED)
    make_attempt(app.study, "hostile", phase=Phase.FINISHED, outcome=Outcome.EXECUTED)
    state = TableState()
    async with app.run_test(size=(120, 30)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("a")
        await until_shown(pilot, "5 attempts")
        assert table_of(app).model.sorts == (Sort("begun", True),)
        await pilot.press("s", "l", "l", "minus", "greater_than_sign", "slash", *"outcome:failed", "enter", "j", "j")
        await until(pilot, lambda: table_of(app).cursor >= 2 and len(table_of(app).model.view) == 4)
        state = table_of(app).state
        assert state.layout.hidden == {"time"} and state.sorts == (Sort("repo", False),) and state.row
    again = MlxTuiApp(Study(app.study.path))
    async with again.run_test(size=(120, 30)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("a")
        await until(pilot, lambda: table_of(again).state == state)
        assert again.screen.query_one(FilteredTable).line.value == "outcome:failed"
        await pilot.press("escape")
        await until(pilot, lambda: len(table_of(again).model.view) == 5)
        await pilot.press("escape", "enter")
        await until_shown(pilot, "left to judge")
        await pilot.press("a")  # of one repository: others' filter would hide it
        await until_shown(pilot, "Nothing was run yet.")


async def test_each_table_of_the_statistics(app: MlxTuiApp) -> None:
    left: list[TableState] = []
    async with app.run_test(size=(120, 30)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("t")
        await until_shown(pilot, "├")
        for title, keys in (("Dimensions", ("l", "s", "j", "j")), ("Features", ("slash", *"logged", "enter", "j"))):
            await pilot.press("tab")
            await until_shown(pilot, f"Statistics › {title}")
            await pilot.press(*keys)
            await until(pilot, lambda: table_of(app).cursor > 0)
            left.append(table_of(app).state)
        assert [state.query for state in left] == ["", "logged"] and left[0].sorts and not left[1].sorts
        await pilot.press("tab", "tab", "tab")  # round to the dimensions again
        await until_shown(pilot, "Statistics › Dimensions")
        assert table_of(app).state == left[0]
    again = MlxTuiApp(Study(app.study.path))
    async with again.run_test(size=(120, 30)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("t")
        await until_shown(pilot, "├")
        for state in left:
            await pilot.press("tab")
            await until(pilot, lambda state=state: table_of(again).state == state)
            assert again.screen.query_one(FilteredTable).line.value == state.query
        await pilot.press("tab")
        await until_shown(pilot, "baseline: substring test")
        assert table_of(again).cursor == 0 and not table_of(again).model.query
