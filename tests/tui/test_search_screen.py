"""Looking for a text in the corpus' files from the interface."""

import csv
from typing import Any

import pytest

from mlx_tui.detection.search import Query
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.presentation.hits import parse_query
from mlx_tui.tui.screens.corpus import CorpusScreen
from mlx_tui.tui.screens.modals import TextPrompt
from mlx_tui.tui.screens.repository import RepositoryScreen
from mlx_tui.tui.screens.search import SearchScreen

from .support import screen_text, until, until_shown


async def search(pilot: Any, *keys: str) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, TextPrompt))
    await pilot.press(*keys, "enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, SearchScreen))


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_hits_are_listed_filtered_and_opened_at_their_line(app: MlxTuiApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await until_shown(pilot, "14 repositories")
        await pilot.press("F")
        await search(pilot, *"log_param(")
        await until_shown(pilot, "hits in ")
        await pilot.press("slash", *"noisy", "enter")
        await until(pilot, lambda: len(app.screen.query_one("VirtualTable").model.view) == 3)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RepositoryScreen))
        screen: Any = app.screen
        await until(pilot, lambda: screen.rows and screen.code.current.number == 22)
        assert screen.place().text == "train.py:22" and screen.focused is screen.code
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, SearchScreen))
        assert "hidden" in screen_text(app), "the hits and the filter are as they were left"


async def test_an_expression_in_a_repository_that_is_not_scanned(app: MlxTuiApp, monkeypatch: Any) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        await until_shown(pilot, "14 repositories")
        monkeypatch.setattr(type(app.study.scans), "of", lambda self, clone: None)
        await pilot.press("F")
        await search(pilot, *r"/log_(metric)\(.*loss/")
        await until_shown(pilot, "hit")
        await until(pilot, lambda: app.screen.query_one("VirtualTable").model.rows)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RepositoryScreen))
        screen: Any = app.screen
        await until(pilot, lambda: "loss" in screen.code.document.lines[screen.code.cursor].text)


async def test_nothing_found_wrong_expressions_and_writing(app: MlxTuiApp) -> None:
    async with app.run_test(size=(100, 24)) as pilot:
        await until_shown(pilot, "14 repositories")
        await pilot.press("F")
        await until(pilot, lambda: isinstance(app.screen, TextPrompt))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, CorpusScreen))
        await pilot.press("F")
        await search(pilot, *"/(/")
        await until_shown(pilot, "is no regular expression")
        await pilot.press("n")
        await search(pilot, *(["backspace"] * 3), *"nowhere to be found")
        await until_shown(pilot, "Nothing found in ")
        await pilot.press("n")
        await search(pilot, *(["backspace"] * 30), *"log_metric")
        await until_shown(pilot, "hits in ")
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, TextPrompt))
        await pilot.press("enter")
        await until_shown(pilot, "written: ")
        with (app.study.path / "hits.csv").open(newline="", encoding="utf-8") as stream:
            assert {row["repo"] for row in csv.DictReader(stream)} >= {"noisy-mlp"}


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("log_param", Query("log_param", ignore_case=True)),
        ("MLflow", Query("MLflow")),
        (r"/\W+log/", Query(r"\W+log", regex=True, ignore_case=True)),
        ("/Log/", Query("Log", regex=True)),
        ("//", Query("//", ignore_case=True)),
        ("/", Query("/", ignore_case=True)),
        ("a/b", Query("a/b", ignore_case=True)),
    ],
)
def test_how_a_query_is_typed(typed: str, query: Query) -> None:
    assert parse_query(typed) == query
