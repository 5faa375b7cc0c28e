"""Reading files beside their findings, and taking a place elsewhere."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from textual.widgets import Input

from mlx_tui.annotation.model import JudgementKey
from mlx_tui.study.places import Place
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.screens.about import About
from mlx_tui.tui.screens.file_picker import FilePicker
from mlx_tui.tui.widgets.filtered_table import FilteredTable

from .support import obeyed, screen_text, until, until_shown
from .test_repository_screen import current, open_repository


def saved(app: MlxTuiApp) -> list[JudgementKey]:
    return [judgement.key for judgement in app.study.annotations.journal.judgements()]


async def test_the_code_has_the_room_that_details_and_findings_do_not_need(app: MlxTuiApp) -> None:
    async with app.run_test(size=(160, 45)) as pilot:
        screen = await open_repository(pilot, "client-api")
        details, code = screen.query_one("#details"), screen.code
        await until(pilot, lambda: 0 < details.region.right <= code.region.x and not details.max_scroll_y)
        assert code.region.width >= 110 and code.region.height >= 40 and screen.table.region.width >= 35
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: details.region.y >= code.region.bottom and details.max_scroll_y)
        assert code.region.width == 80 and details.region.height == 5
        await pilot.press("i")
        await until(pilot, lambda: details.display and not details.max_scroll_y)
        await pilot.press("i")
        await until(pilot, lambda: not details.display)
        await pilot.press("i")
        await until(pilot, lambda: details.display and details.region.height == 5)


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (160, 45)])
async def test_the_code_takes_the_whole_screen_and_gives_it_back(app: MlxTuiApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        screen = await open_repository(pilot, "sklearn-mlproject")
        await pilot.press("f")
        await until(pilot, lambda: screen.code.region.width >= size[0] - 1 and screen.focused is screen.code)
        assert screen.code.region.height >= size[1] - 4
        await pilot.press("G")
        await until(pilot, lambda: screen.code.current is screen.code.document.lines[-1])
        await pilot.press("escape")
        await until(pilot, lambda: screen.query_one(FilteredTable).display and screen.focused is screen.table)
        assert not screen.has_class("-full") and app.screen is screen


async def test_a_notebook_shows_its_cells_and_where_their_outputs_are(app: MlxTuiApp) -> None:
    async with app.run_test(size=(160, 45)) as pilot:
        screen = await open_repository(pilot, "autolog-notebook")
        await until_shown(pilot, "cell 1 · code · python")
        text = screen_text(app)
        assert "cell 0 · markdown" in text and "⤷ output: 1 line of text" in text
        assert "train (1347" not in text
        row = current(screen)
        await pilot.press("x")
        await until_shown(pilot, "train (1347, 64) test (450, 64)")
        line = screen.code.current
        assert row.finding is not None and line is not None
        assert (line.cell, line.number) == (row.finding.cell, row.finding.line)
        await pilot.press("x")
        await until(pilot, lambda: "train (1347" not in screen_text(app))


async def test_any_file_is_opened_by_parts_of_its_name(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_repository(pilot, "sklearn-mlproject")
        followed = screen.code.document.path
        await pilot.press("b")
        await until(pilot, lambda: isinstance(app.screen, FilePicker) and isinstance(app.focused, Input))
        await pilot.press(*"wine mod", "enter")
        await until(pilot, lambda: app.screen is screen and screen.code.document.path == "wine/model.py")
        await until_shown(pilot, "wine/model.py · ")
        assert screen.focused is screen.code
        await pilot.press("j")
        assert screen.place_under_cursor() == "wine/model.py:2"
        screen.reload()
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert screen.code.document.path == "wine/model.py"
        await pilot.press("tab", "n")
        await until(pilot, lambda: screen.code.document.path != "wine/model.py")
        assert followed


async def test_what_is_not_shown_is_not_judged(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_repository(pilot, "sklearn-mlproject")
        before = current(screen).key
        screen._browse("README.md")
        await until(pilot, lambda: screen.code.document.path == "README.md")
        await pilot.press("c")
        assert screen.why_not("confirm") == "no finding is shown; n goes to the next, m adds one here"
        await pilot.press("escape")
        await until(pilot, lambda: screen.code.document.path == current(screen).finding.path)
        assert current(screen).key == before and not saved(app)
        await pilot.press("c")
        await until(pilot, lambda: saved(app))


async def test_a_finding_that_one_comes_to_by_its_place_is_under_the_cursor(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_repository(pilot, "sklearn-mlproject")
        other = [row for row in screen.rows if row.finding is not None][-1]
        screen.look_at(Place(other.finding.path, other.finding.cell, other.finding.line))
        await until(pilot, lambda: screen.code.document.path == other.finding.path)
        await pilot.press("c")
        await until(pilot, lambda: saved(app))
        assert [(each.path, each.line) for each in saved(app)] == [(other.finding.path, other.finding.line)]


async def test_a_place_and_code_are_copied_and_the_screen_says_how(
    app: MlxTuiApp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "xclip"
    program.write_text(f"#!/bin/sh\ncat > {tmp_path}/got\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_repository(pilot, "sklearn-mlproject")
        finding = current(screen).finding
        assert finding is not None
        await pilot.press("y")
        await until_shown(pilot, f"copied {finding.place} with xclip")
        assert (tmp_path / "got").read_text() == finding.place
        await pilot.press("n", "n", "n")
        await until(pilot, lambda: screen.code.document.path == "train.py")
        await pilot.press("tab", "J", "J", "Y")
        await until_shown(pilot, "copied the code of 3 lines from train.py:8 with xclip")
        lines = app.study.files.lines("sklearn-mlproject", "train.py", None)
        assert (tmp_path / "got").read_text() == "\n".join(lines[7:10])


async def test_without_a_desktop_the_terminal_copies(app: MlxTuiApp, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "TMUX", "WSL_DISTRO_NAME"):
        monkeypatch.delenv(name, raising=False)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_repository(pilot, "sklearn-mlproject")
        finding = current(screen).finding
        await pilot.press("y")
        await until_shown(pilot, "through the terminal")
        assert finding is not None and app.clipboard == finding.place


async def test_the_page_of_the_file_is_opened_or_its_address_shown(
    app: MlxTuiApp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "TMUX", "WSL_DISTRO_NAME", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    clone = app.study.corpus.clone("lookalike")
    url = "https://me:secret@gitlab.com/group/lookalike.git"
    subprocess.run(["git", "-C", clone.url, "remote", "add", "origin", url], check=True)  # noqa: ASYNC221
    async with app.run_test(size=(160, 45)) as pilot:
        screen = await open_repository(pilot, "lookalike")
        place = screen.place_under_cursor()
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, About))
        path, _, line = place.rpartition(":")
        address = f"https://gitlab.com/group/lookalike/-/blob/{clone.commit}/{path}#L{line}"
        await until(pilot, lambda: app.clipboard.startswith("https://gitlab.com/group/lookalike/-/blob/"))
        assert app.clipboard.partition("?")[0].partition("#")[0] == address.partition("#")[0]
        assert "secret" not in screen_text(app)
        await pilot.press("escape")
        browser = tmp_path / "browser"
        browser.write_text(
            f'#!/bin/sh\necho "$1" > {tmp_path}/opened.new\nmv {tmp_path}/opened.new {tmp_path}/opened\n'
        )
        browser.chmod(0o755)
        monkeypatch.setenv("BROWSER", f"{browser} %s")
        await pilot.press("w")
        await until(pilot, lambda: (tmp_path / "opened").read_text().strip() == app.clipboard)
        await until_shown(pilot, "opened https://gitlab.com/")


async def test_without_an_editor_the_screen_says_what_to_do(app: MlxTuiApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await open_repository(pilot, "client-api")
        await pilot.press("o")
        await until_shown(pilot, "no editor is set: set VISUAL or EDITOR")


async def test_an_editor_with_its_own_window_leaves_the_screen_alone(
    app: MlxTuiApp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "code"
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/seen.new\nmv {tmp_path}/seen.new {tmp_path}/seen\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("VISUAL", "code")
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_repository(pilot, "sklearn-mlproject")
        await pilot.press("o")
        await until_shown(pilot, "opened in code")
        await until(pilot, lambda: (tmp_path / "seen").exists())
        finding = current(screen).finding
        assert finding is not None
        assert (tmp_path / "seen").read_text().startswith("--wait --goto /")
        assert (tmp_path / "seen").read_text().strip().endswith(f"{Path(finding.path).name}:{finding.line}")


async def test_outputs_of_a_hostile_notebook_are_printed_never_obeyed(app: MlxTuiApp) -> None:
    root = app.study.corpus.clone("hostile").path
    assert root is not None
    stream = {"output_type": "stream", "text": "\x1b]0;title\x07\x1b[2J [/red] \u202e\n\x9b31m" + "x" * 5_000}
    content = {"cells": [{"cell_type": "code", "source": "1", "outputs": [stream]}], "metadata": {}, "nbformat": 4}
    (root / "out.ipynb").write_text(json.dumps(content))
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await open_repository(pilot, "hostile")
        screen._outputs = True
        screen._browse("out.ipynb")
        await until_shown(pilot, "⤷ output: 2 lines of text")
        assert obeyed(screen_text(app)) == []
