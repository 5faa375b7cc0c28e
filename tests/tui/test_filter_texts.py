"""What a filter says of itself: whole in every size, with the keys in force, and gone once it is left."""

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from mlx_tui.study import Study
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.presentation.forms import that_fits
from mlx_tui.tui.screens.repository import RepositoryScreen
from mlx_tui.tui.widgets.filter_texts import HOW_TO_TYPE, how_it_was_read, nothing_fits, where_it_looks
from mlx_tui.tui.widgets.table_column import Cell, Column
from mlx_tui.tui.widgets.table_model import TableModel

from .support import screen_text, until, until_shown
from .test_repository_screen import open_repository

SIZES = [(80, 24), (40, 12), (300, 80)]


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=20), st.integers(24, 90))
def test_where_a_filter_looks_fits_the_room(names: list[str], room: int) -> None:
    told = where_it_looks(names, room, "f1")
    assert cell_len(told) <= room
    assert told.startswith("words")


def test_names_are_left_out_from_the_end_and_a_key_lists_them_all() -> None:
    names = ["repo", "outcome", "state", "commit"]
    assert where_it_looks(names, 80, "f1") == "words are looked for in repo, outcome, state, commit"
    assert where_it_looks(names, 50, "f1") == "words are looked for in repo … (f1 lists all)"
    assert where_it_looks(names, 50) == "words are looked for in repo, outcome, state …"
    assert where_it_looks(names, 32, "f1") == "words: 4 columns (f1 lists all)"


def test_how_a_filter_is_typed_has_a_form_for_every_room() -> None:
    assert [that_fits(HOW_TO_TYPE, room) for room in (80, 31, 20, 3)] == [
        "words, column:text, column>3, !not",
        "words, column:text, column>3",
        "words, column:text",
        "words",
    ]


def table_of(*rows: str) -> TableModel[str]:
    columns = (
        Column[str]("name", "name", 9, Cell, lambda row: row, searchable=True),
        Column[str]("length", "len", 4, lambda row: Cell(str(len(row))), len),
        Column[str]("letters", "letters", 4, lambda row: Cell(row[:1]), lambda row: row[:1]),
    )
    model = TableModel(columns, str)
    model.set_rows(rows)
    return model


def lines_for(query: str, *rows: str) -> list[str]:
    model = table_of(*rows)
    model.set_filter(query)
    return [text for text, _ in nothing_fits(model, "esc", 76, columns="C") if text]


def test_nothing_is_said_while_rows_are_shown_or_there_are_none() -> None:
    assert lines_for("", "a", "b") == lines_for("a", "a", "b") == lines_for("zzz") == []


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("zzz", ["“zzz” in name"]),
        ("!a !b", ["!a: no “a” in name – 1 left", "!b: no “b” in name – none left"]),
        ("length", ["“length” in name", "length is a column: length>=3 compares its numbers"]),
        ("letters", ["“letters” in name", "letters is a column: letters:text looks in it"]),
        ("length >= 9", ["length>=9: length is at least 9", "length goes from 1 to 2"]),
        (
            "length>=five",
            ["length>=five: length is at least “five”", "“five” is not a number: type one, as length>=2"],
        ),
        (
            "letters<3",
            ["letters<3: letters is less than 3", "letters holds no numbers: letters:text looks for a text in it"],
        ),
        ("letters:q", ["letters:q: letters contains “q”", "letters holds “a” and “b”"]),
        (
            "!letters:a letters=a",
            [
                "!letters:a: letters does not contain “a” – 1 left",
                "letters=a: letters is “a” – none left",
                "letters holds “a” and “b”",
            ],
        ),
        (">=", ["“>=” in name", "a column's name belongs in front of >=, as in length>=3"]),
    ],
)
def test_what_no_row_fits_is_explained_term_by_term(query: str, told: list[str]) -> None:
    ending = "esc clears the filter and shows all 2 rows again."
    assert lines_for(query, "a", "bb") == ["No row fits the filter.", *told, ending]


def test_an_unknown_column_is_named_with_those_that_are_called_much_alike() -> None:
    assert lines_for("colour:red", "a")[1:] == [
        "no column is called colour",
        "“colour:red” looked for as text, in name",
        "esc clears the filter and shows the row again; then C lists the columns.",
    ]
    assert lines_for("lenght>3", "a")[1] == "no column is called lenght; did you mean length?"
    assert lines_for("le>3", "a")[1] == "le may be length or letters: type more of the name"


@given(st.text(max_size=30), st.integers(24, 90), st.integers(1, 12))
def test_why_nothing_fits_fits_the_room_and_names_the_key_in_the_end(query: str, room: int, height: int) -> None:
    model = table_of("a", "bb")
    model.set_filter(query)
    lines = nothing_fits(model, "esc", room, height)
    assert all(len(text) <= room for text, _ in lines)
    if lines:
        assert any("esc" in text for text, _ in lines)


def test_while_a_filter_is_typed_its_reading_is_told() -> None:
    model = table_of("a", "bb")
    assert how_it_was_read(model, 80) == ""
    model.set_filter("length >= 2 b")
    assert how_it_was_read(model, 80) == "1 of 2: length is at least 2 · “b”"
    assert how_it_was_read(model, 20) == "1 of 2: “b”"
    model.set_filter("length>=x")
    assert how_it_was_read(model, 80) == "0 of 2: “x” is not a number: type one, as length>=2"


@pytest.mark.parametrize("size", SIZES)
async def test_nothing_that_a_filter_says_is_cut(app: MlxTuiApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await until_shown(pilot, "6/6")
        await pilot.press("slash")
        await until_shown(pilot, "words")
        line, status = (part.strip() for part in screen_text(app).splitlines()[-3:-1])
        assert line in HOW_TO_TYPE and not status.endswith("…")
        await pilot.press("escape", "enter")
        await until_shown(pilot, "features and findings")
        await until_shown(pilot, "MLproject:1")
        await pilot.press("slash")
        await until_shown(pilot, "words")
        shown = screen_text(app)
        assert any(f" {text} " in shown for text in HOW_TO_TYPE[:2]), shown
        assert not shown.splitlines()[-2].rstrip().endswith("…")
        await pilot.press(*"colour:red")
        screen = cast(RepositoryScreen, app.screen)
        await until(pilot, lambda: not screen.shown())
        await pilot.pause()
        left = screen.table.region
        lines = screen_text(app).splitlines()[left.y + 1 : left.bottom]
        told = " ".join(" ".join(line[: left.right].strip() for line in lines).split())
        assert told.startswith("No row fits the filter.")
        # Where the findings have three lines, the status line alone says why.
        why = told if left.height > 5 else " ".join(screen_text(app).split())
        assert "no column is called colour" in why
        assert "esc clears the filter and shows all" in told


async def test_where_a_filter_looks_is_no_longer_said_once_it_is_left(app: MlxTuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "Owner and name of the repository: sklearn-mlproject")
        for keys in (("escape",), ("enter",), ("s", "k", "enter")):
            await pilot.press("slash")
            await until_shown(pilot, "words")
            await pilot.press(*keys)
            await until_shown(pilot, "Owner and name of the repository: sklearn-mlproject")
            assert "words are looked" not in screen_text(app)


async def test_texts_name_the_keys_in_force(app: MlxTuiApp) -> None:
    keys = {"app.back": "f9", "line.clear": "f8", "table.columns": "f7", "table.mark": "f6", "corpus.plan": "f5"}
    lines = (f'"{action}" = "{key}"' for action, key in keys.items())
    (app.study.path / "mlx-tui.toml").write_text("\n".join(["[keys]", *lines]))
    app = MlxTuiApp(Study(app.study.path))
    async with app.run_test(size=(120, 30)) as pilot:
        await until_shown(pilot, "6/6")
        await pilot.press("slash", *"zzz")
        await until_shown(pilot, "f8 clears the filter and shows all 14 rows again.")
        await pilot.press("enter")
        await until_shown(pilot, "f9 clears the filter and shows all 14 rows again.")
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
