"""What a filter says of itself: whole in every size, with the keys in force, and gone once it is left."""

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from mlx_tui.study import Study
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.screens.repository import RepositoryScreen
from mlx_tui.tui.widgets.filter_texts import HOW_TO_TYPE, nothing_fits, that_fits, where_it_looks
from mlx_tui.tui.widgets.table_column import Cell, Column
from mlx_tui.tui.widgets.table_model import TableModel

from .support import screen_text, until, until_shown
from .test_repository_screen import open_repository

SIZES = [(80, 24), (40, 12), (300, 80)]


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=20), st.integers(24, 90))
def test_where_a_filter_looks_fits_the_room_and_counts_what_it_leaves_out(names: list[str], room: int) -> None:
    told = where_it_looks(names, room)
    assert cell_len(told) <= room
    assert told.startswith("words search ")


def test_names_are_left_out_from_the_end() -> None:
    names = ["repo", "outcome", "state", "commit"]
    assert where_it_looks(names, 80) == "words search repo, outcome, state, commit"
    assert where_it_looks(names, 40) == "words search repo, outcome and 2 more"
    assert where_it_looks(names, 26) == "words search 4 columns"


def test_how_a_filter_is_typed_has_a_form_for_every_room() -> None:
    assert [that_fits(HOW_TO_TYPE, room) for room in (80, 31, 20, 3)] == [
        "words, column:text, column>3, !not",
        "words, column:text, column>3",
        "words, column:text",
        "words",
    ]


def table_of(*rows: str) -> TableModel[str]:
    model = TableModel([Column[str]("name", "name", 9, Cell, lambda row: row, searchable=True)], str)
    model.set_rows(rows)
    return model


def test_that_nothing_fits_is_said_in_lines_that_fit() -> None:
    model = table_of("a", "b")
    assert nothing_fits(model, "esc", 30) == []
    model.set_filter("zzz")
    assert nothing_fits(model, "esc", 60) == ["no row fits the filter · esc clears it"]
    model.set_filter("colour:red size>3")
    lines = nothing_fits(model, "^g", 30)
    assert " ".join(lines) == "no row fits the filter: no one column is called colour, size · ^g clears it"
    assert max(map(len, lines)) <= 30
    assert nothing_fits(table_of(), "esc", 30) == []


@pytest.mark.parametrize("size", SIZES)
async def test_nothing_that_a_filter_says_is_cut(app: MlxTuiApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await until_shown(pilot, "6/6")
        await pilot.press("slash")
        await until_shown(pilot, "words search")
        line, status = (part.strip() for part in screen_text(app).splitlines()[-3:-1])
        assert line in HOW_TO_TYPE and "…" not in status
        await pilot.press("escape", "enter")
        await until_shown(pilot, "features and findings")
        await until_shown(pilot, "MLproject:1")
        await pilot.press("slash")
        await until_shown(pilot, "words search")
        shown = screen_text(app)
        assert any(f" {text} " in shown for text in HOW_TO_TYPE[:2]), shown
        assert "…" not in shown.splitlines()[-2]
        await pilot.press(*"colour:red")
        screen = cast(RepositoryScreen, app.screen)
        await until(pilot, lambda: not screen.shown())
        await pilot.pause()
        left = screen.table.region
        lines = screen_text(app).splitlines()[left.y + 1 : left.y + 5]
        told = " ".join(line[: left.right].strip() for line in lines).split()
        assert " ".join(told) == "no row fits the filter: no one column is called colour · esc clears it"


async def test_where_a_filter_looks_is_no_longer_said_once_it_is_left(app: MlxTuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "Owner and name of the repository: sklearn-mlproject")
        for keys in (("escape",), ("enter",), ("s", "k", "enter")):
            await pilot.press("slash")
            await until_shown(pilot, "words search")
            await pilot.press(*keys)
            await until_shown(pilot, "Owner and name of the repository: sklearn-mlproject")
            assert "words search" not in screen_text(app)


async def test_texts_name_the_keys_in_force(app: MlxTuiApp) -> None:
    keys = {"app.back": "f9", "line.clear": "f8", "table.columns": "f7", "table.mark": "f6", "corpus.plan": "f5"}
    lines = (f'"{action}" = "{key}"' for action, key in keys.items())
    (app.study.path / "mlx-tui.toml").write_text("\n".join(["[keys]", *lines]))
    app = MlxTuiApp(Study(app.study.path))
    async with app.run_test(size=(120, 30)) as pilot:
        await until_shown(pilot, "6/6")
        await pilot.press("slash", *"zzz")
        await until_shown(pilot, "no row fits the filter · f8 clears it")
        await pilot.press("enter")
        await until_shown(pilot, "no row fits the filter · f9 clears it")
        await pilot.press("f9", "l", "l", "minus")
        await until_shown(pilot, "f7 shows all columns to choose from")
        await pilot.press("f7")
        await until_shown(pilot, "Columns  ")
        await pilot.press("slash", *"state:hidden", "enter", "P")
        await until_shown(pilot, " is hidden: f6 shows it")
        await pilot.press("f9", "f9", "r")
        await until_shown(pilot, "f5 shows it")


async def test_escape_clears_a_filter_before_it_leaves_any_screen(app: MlxTuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "6/6")
        await pilot.press("question_mark", "slash", *"blind", "enter")
        await until_shown(pilot, "B ")
        screen = app.screen
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is screen
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not screen)


async def test_without_a_finding_no_file_is_shown_until_one_fits_again(app: MlxTuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_repository(pilot, "client-api")
        await pilot.press("g", "n")
        await until(pilot, lambda: screen.place() is not None)
        before = screen.place()
        await pilot.press("slash", *"qqqq", "enter")
        await until_shown(pilot, "no file")
        text = screen_text(app)
        assert text.count("No finding fits the filter.") == 2  # in place of the code, and of the explanation
        assert screen.place() is None and screen.why_not("editor") == "no file is shown"
        await pilot.press("escape")
        await until(pilot, lambda: screen.place() == before)
        assert "No finding fits" not in screen_text(app)


async def test_what_was_under_the_cursor_is_no_longer_explained_where_nothing_is(app: MlxTuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "Owner and name of the repository: sklearn-mlproject")
        await pilot.press("slash", *"zzz", "enter")
        await until(pilot, lambda: screen_text(app).splitlines()[-2].strip() == "")
        await pilot.press("escape")
        await until_shown(pilot, "Owner and name of the repository: sklearn-mlproject")
