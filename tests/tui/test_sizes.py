"""Every screen through every size, and back: nothing lies outside, the way on is always told."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widgets import Static

from mlx_tui.json_file import write_json
from mlx_tui.reproduction.model import Outcome, Phase
from mlx_tui.study import Study
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.screens.base import StudyScreen
from mlx_tui.tui.screens.file_picker import FilePicker
from mlx_tui.tui.screens.missed import MissedFinding, MissedPrompt
from mlx_tui.tui.screens.modals import Confirm, NoteEditor, Question, TextPrompt
from mlx_tui.tui.screens.search import DETAIL
from mlx_tui.tui.widgets.bars import EmptyState, KeyHints
from mlx_tui.tui.widgets.filter_line import FilterLine

from .attempt_making import make_attempt, run_with
from .support import WidgetApp, screen_text, until, until_shown

SIZES = ((80, 24), (40, 12), (160, 45), (40, 12), (300, 80), (80, 24))
Way = Callable[[Pilot[None]], Awaitable[None]]


def keys(*pressed: str, then: str) -> Way:
    async def go(pilot: Pilot[None]) -> None:
        for key in pressed:
            await pilot.press(key)
            await pilot.pause()
        await until_shown(pilot, then)

    return go


async def open_attempt(pilot: Pilot[None]) -> None:
    await keys("a", then="executed")(pilot)
    await keys("enter", then="› attempt")(pilot)


async def open_hits(pilot: Pilot[None]) -> None:
    await keys("F", then="enter accept")(pilot)
    await keys(*"log_param(", "enter", then="hits in ")(pilot)


WAYS: dict[str, Way] = {
    "corpus": keys(then="6/6"),
    "features": keys("v", then="6/6"),
    "filter": keys("/", "s", "k", then="sklearn"),
    "repository": keys("enter", then="left to judge"),
    "plan": keys("p", then="What is run"),
    "attempts": keys("a", then="client-api"),
    "repeats": keys("a", "tab", then="rmse"),
    "attempt": open_attempt,
    "hits": open_hits,
    "overview": keys("t", then="├"),
    "dimensions": keys("t", "tab", then="code version"),
    "outcomes": keys("t", "tab", "tab", "tab", then="baseline"),
    "help": keys("question_mark", then="actions"),
}


@pytest.fixture
def study(demo_study: Study) -> Study:
    for number, value in enumerate((0.5, 0.6), 1):
        attempt = make_attempt(
            demo_study,
            "client-api",
            b"a line of the log\n" * 200,
            phase=Phase.FINISHED,
            outcome=Outcome.EXECUTED,
            repeat=number,
        )
        write_json(Path(attempt.folder) / "runs.json", run_with(rmse=value))
    return demo_study


@pytest.mark.parametrize("name", WAYS)
async def test_a_screen_through_all_sizes(study: Study, name: str) -> None:
    app = MlxTuiApp(study)
    async with app.run_test(size=SIZES[0]) as pilot:
        await until_shown(pilot, "6/6")
        await WAYS[name](pilot)
        screen = app.screen
        for width, height in SIZES[1:]:
            await pilot.resize_terminal(width, height)
            await until(pilot, lambda size=(width, height): tuple(app.screen.size) == size and settled(app))
            assert app.screen is screen
            check(app, width, height)


async def test_an_empty_study_through_all_sizes(tmp_path: Path) -> None:
    app = MlxTuiApp(Study.create(tmp_path / "s"))
    async with app.run_test(size=SIZES[0]) as pilot:
        await until_shown(pilot, "no repositories yet")
        for width, height in SIZES[1:]:
            await pilot.resize_terminal(width, height)
            await until(pilot, lambda size=(width, height): tuple(app.screen.size) == size and settled(app))
            check(app, width, height)
            assert "adds some" in " ".join(screen_text(app).split())


def settled(app: MlxTuiApp) -> bool:
    lines = screen_text(app).splitlines()
    return len(lines) == app.size.height and app.screen.query_one(KeyHints).region.bottom == app.size.height


def check(app: MlxTuiApp, width: int, height: int) -> None:
    text = screen_text(app)
    lines = text.splitlines()
    whole = Region(0, 0, width, height)
    screen = app.screen
    assert isinstance(screen, StudyScreen)
    # The way on: where one is above, help and the way out below, whole.
    assert lines[0].startswith(" mlx-tui › "), text
    typing = isinstance(screen.focused, FilterLine)
    assert lines[-1].rstrip().endswith("esc clear" if typing else "? help  q quit"), text
    hints = screen.query_one(KeyHints)
    assert all(stop - 2 <= width for _, stop, _ in hints._places), text  # two spaces follow a hint
    # What has the keys is seen, and has room for something.
    focused = screen.focused
    empty = any(state.display for state in screen.query(EmptyState))
    assert empty or (focused is not None and focused.is_on_screen), text
    assert focused is None or (focused.region.height >= 1 and focused.region.width >= min(30, width - 2)), (
        focused,
        focused.region,
        text,
    )
    # Nothing lies outside, and no bar covers another part.
    shown = [widget for widget in screen.query("StudyScreen > *") if widget.display and widget.region.area]
    for widget in shown:
        assert whole.contains_region(widget.region), (widget, widget.region, text)
    docked = [widget.region for widget in shown]
    assert sum(region.area for region in docked) <= whole.area, text
    # Text that can't be scrolled is seen to its end.
    for state in screen.query(EmptyState):
        if state.display:
            assert state.get_content_height(state.size, state.size, state.content_size.width) <= state.size.height, text
    assert isinstance(screen.query_one("#status"), Static)


LONG = (
    "Each by its plan, one at once. Code of strangers runs, isolated as the plan says, and what ended isn't run again."
)
DIALOGS: dict[str, Callable[[], Question[Any]]] = {
    "confirm": lambda: Confirm("Run the experiments of all repositories that are fetched and included?", LONG),
    "prompt": lambda: TextPrompt("Search the files of the corpus", DETAIL),
    "note": lambda: NoteEditor("Why is sklearn-mlproject left out of the statistics?", ""),
    "missed": lambda: MissedPrompt(["usage.mlflow"], MissedFinding("usage.mlflow", "train.py:1", "")),
    "files": lambda: FilePicker([f"package/module_{number}.py" for number in range(40)]),
}


@pytest.mark.parametrize("size", [(40, 12), (80, 24)])
@pytest.mark.parametrize("name", DIALOGS)
async def test_a_dialog_says_how_it_ends_in_every_size(name: str, size: tuple[int, int]) -> None:
    app = WidgetApp(Static("below"))
    async with app.run_test(size=size) as pilot:
        await app.push_screen(DIALOGS[name]())
        await pilot.pause()
        keys, box = app.screen.query_one("Static.keys").region, app.screen.query_one("Vertical").region
        text = screen_text(app)
        assert keys.area and box.contains_region(keys) and Region(0, 0, *size).contains_region(box), text
        assert "esc" in text
        focused = app.focused
        if focused is not None:
            assert focused.region.area and not focused.region.overlaps(keys), text


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (160, 45)])
async def test_what_is_told_for_a_moment_covers_neither_status_nor_keys(study: Study, size: tuple[int, int]) -> None:
    app = MlxTuiApp(study)
    async with app.run_test(size=size, notifications=True) as pilot:
        await until_shown(pilot, "enter open")
        assert isinstance(app.screen, StudyScreen)
        app.screen.inform("You stopped at package/module.py:10 in somebody/a-repository. . goes on from there.")
        await until(pilot, lambda: any(toast.region.area for toast in app.screen.query("Toast")))
        (toast,) = app.screen.query("Toast")
        status = app.screen.query_one("#status")
        assert toast.region.bottom <= status.region.y, screen_text(app)
        assert toast.region.height <= 6
