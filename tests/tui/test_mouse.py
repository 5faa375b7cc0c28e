"""The mouse does what keys do: click, double click, heading, and the keys of the footer."""

from typing import cast

from textual.pilot import Pilot

from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.screens.corpus import CorpusScreen
from mlx_tui.tui.screens.repository import RepositoryScreen
from mlx_tui.tui.screens.statistics import StatisticsScreen
from mlx_tui.tui.widgets.bars import KeyHints
from mlx_tui.tui.widgets.filtered_table import FilteredTable

from .support import screen_text, until, until_shown


async def click_hint(pilot: Pilot[None], name: str) -> None:
    hints = pilot.app.screen.query_one(KeyHints)
    start = next(start for start, _, action in hints._places if action.name == name)
    await pilot.click(KeyHints, offset=(start + 1, 0))


async def test_a_heading_explains_its_column_beside_the_pointer(app: MlxTuiApp) -> None:
    async with app.run_test(size=(80, 24), tooltips=True) as pilot:
        await until_shown(pilot, "6/6")
        heading = screen_text(app).splitlines()[1]
        await pilot.hover(FilteredTable, offset=(heading.index("rdy") + 1, 0))
        await until_shown(pilot, "how many of the six")
        await pilot.hover(FilteredTable, offset=(heading.index("rdy") + 1, 3))
        await until(pilot, lambda: "how many of the six" not in screen_text(app))


async def test_rows_headings_and_hints_are_clicked(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        await until_shown(pilot, "6/6")
        screen = cast(CorpusScreen, app.screen)
        table = screen.table
        await pilot.click(FilteredTable, offset=(3, 4))
        await until(pilot, lambda: table.cursor == 3)
        await pilot.click(FilteredTable, offset=(3, 0))
        await until(pilot, lambda: [sort.column for sort in table.model.sorts] == ["repo"])
        await click_hint(pilot, "statistics")
        await until(pilot, lambda: isinstance(app.screen, StatisticsScreen))
        await until_shown(pilot, "├")
        await click_hint(pilot, "back")
        await until(pilot, lambda: app.screen is screen)
        await pilot.click(FilteredTable, offset=(3, 2), times=2)
        await until(pilot, lambda: isinstance(app.screen, RepositoryScreen))
