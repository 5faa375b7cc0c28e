"""The interface's thread waits for nothing: no disk, no lock, no other program."""

import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest
from filelock import FileLock

from mlx_tui.preferences import Preferences
from mlx_tui.study import Study
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.keeping import Keeper
from mlx_tui.tui.screens.attempts import AttemptsScreen
from mlx_tui.tui.screens.corpus import CorpusScreen
from mlx_tui.tui.screens.modals import NoteEditor
from mlx_tui.tui.theme import LIGHT
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.table_state import TableState
from mlx_tui.view_state import read_state

from .attempt_making import make_attempt
from .support import screen_text, until, until_shown

SLOW = {"os.mkdir", "os.rename", "os.remove", "os.scandir", "os.listdir", "subprocess.Popen", "fcntl.flock", "os.fork"}
READ = ("view_state.py", "log_index.py")
"""What one table or one piece of a log is read by: small, and nothing is waited for."""

WALK = (
    *["j", "k", "l", "v", "v", "s", "S", "space", "T", "T", "T"],
    *("e", "h", "f2", "i", "f2", "i", "z", "Z", "z", "z", "C", "escape", "/", "s", "k", "enter", "escape", "home"),
    *("enter", "n", "n", "c", "r", "u", "e", "x", "f2", "m", "escape", "b", "escape", "v", "escape", "x", "f", "y"),
    *("Y", "w", "i", "z", "Z", "tab", "j", "J", "Y", "p", "e", "escape", "o", "tab", "enter", "m", "w", "X", "a"),
    *("escape", "escape", "escape", "a", "j", "tab", "tab", "v", "j", "enter", "tab", "e", "i", "escape", "p"),
    *("escape", "escape", "escape", "t", "tab", "tab", "j", "escape", "F", "l", "o", "g", "_", "enter", "j", "enter"),
    *("escape", "n", "escape", "escape", "ctrl+p", "s", "escape", "B", "B", "E", "O", "escape", "W", "escape"),
    *("question_mark", "/", "s", "enter", "escape", "escape", "ctrl+r", "full_stop", "escape"),
)
"""Every screen, and most of what a key does there."""
VISITED = {
    *("CorpusScreen", "RepositoryScreen", "PlanScreen", "AttemptsScreen", "AttemptScreen", "AttemptDetails"),
    *("StatisticsScreen", "SearchScreen", "HelpScreen", "ColumnsScreen", "Palette", "NoteEditor", "MissedPrompt"),
    *("FilePicker", "About", "Form", "TextPrompt"),
}


class Watch:
    """Notes what Python says of files, folders, locks and processes in the thread that it is made in."""

    def __init__(self) -> None:
        self.thread, self.on, self.seen = threading.get_ident(), False, set[str]()

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.on and threading.get_ident() == self.thread and (event in SLOW or event == "open"):
            files = [frame.f_code.co_filename for frame in frames(sys._getframe(1))]
            own = [name for name in files if "/mlx_tui/" in name]
            loads = any("importlib" in name for name in files)
            if own and not loads and not (event == "open" and any(name.endswith(READ) for name in own)):
                self.seen.add(f"{event} {arguments[0] if arguments else ''} {own[:4]}")


def frames(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


@pytest.fixture
def watch() -> Iterator[Watch]:
    made = Watch()
    sys.addaudithook(made)  # there is no way to take it away again
    yield made
    made.on = False


async def test_no_key_touches_the_disk_or_starts_a_program_in_the_interfaces_thread(
    demo_study: Study, watch: Watch
) -> None:
    for _ in range(2):
        make_attempt(demo_study, "client-api", b"a line\n" * 50)
    app = MlxTuiApp(demo_study)
    async with app.run_test(size=(160, 45)) as pilot:
        await until_shown(pilot, "6/6")
        watch.on = True
        visited = set()
        for key in WALK:
            await pilot.press(key)
            await app.workers.wait_for_complete()
            await pilot.pause()
            visited.add(type(app.screen).__name__)
        watch.on = False
    assert watch.seen == set()
    assert visited >= VISITED, VISITED - visited


@pytest.fixture
def busy_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A disk on which no file becomes durable before the event is set."""
    idle, sync = threading.Event(), os.fsync

    def fsync(handle: int) -> None:
        idle.wait()
        sync(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    yield idle
    idle.set()


async def test_while_the_disk_is_busy_themes_hints_tables_and_notes_answer(
    demo_study: Study, busy_disk: threading.Event
) -> None:
    preferences = Preferences()
    preferences.path.unlink()
    busy_disk.set()
    make_attempt(demo_study, "client-api")
    make_attempt(demo_study, "chatty")
    busy_disk.clear()
    app = MlxTuiApp(demo_study)
    async with app.run_test(size=(120, 30), notifications=True) as pilot:
        try:
            await until_shown(pilot, "6/6")
            await pilot.press("escape", "T")  # the first hint goes
            await until(pilot, lambda: app.theme == LIGHT and "theme " in screen_text(app))
            await pilot.press("i")
            await until(pilot, lambda: isinstance(app.screen, NoteEditor))
            await pilot.press("f2")  # being saved from here on
            await pilot.press("j", "e")
            await until(pilot, lambda: isinstance(app.screen, NoteEditor))
            await pilot.press("escape", "a")
            await until_shown(pilot, "2 attempts")
            await pilot.press("s", "j", "escape")  # left before its table was kept
            await until(pilot, lambda: isinstance(app.screen, CorpusScreen))
            await pilot.press("a")
            await until(pilot, lambda: isinstance(app.screen, AttemptsScreen))
            await until(pilot, lambda: app.screen.query_one(FilteredTable).table.model.sorts)
            left = app.screen.query_one(FilteredTable).table.state
            assert [sort.column for sort in left.sorts] == ["repo"]  # as it was left, from memory
            await pilot.press("q")
            await until_shown(pilot, "Saving what you judged")
            assert app.is_running
            busy_disk.set()
            await until(pilot, lambda: not app.is_running)
        finally:
            busy_disk.set()  # else a failure would wait for the disk at the end
    assert "excluded" in (demo_study.path / "annotations.csv").read_text()
    kept = Preferences().remembered
    assert (kept.theme, kept.hints_read) == (LIGHT, ("corpus",))
    assert read_state(demo_study.path, "attempts-table", TableState) == left


def test_the_newest_is_kept_and_read_from_memory(tmp_path: Path, busy_disk: threading.Event) -> None:
    keeper = Keeper(tmp_path)
    for query in ("a", "ab", "abc"):
        keeper.keep("table", TableState(query=query))
        assert keeper.kept("table", TableState) == TableState(query=query)
    assert keeper.kept("other", TableState) is None
    busy_disk.set()
    keeper.close()
    assert read_state(tmp_path, "table", TableState) == TableState(query="abc")
    assert Keeper(tmp_path).kept("table", TableState) == TableState(query="abc")
    keeper.keep("table", TableState(query="late"))  # after the end: nothing is raised


async def test_an_undo_that_is_under_way_when_the_program_ends_is_done_and_it_ends(demo_study: Study) -> None:
    app = MlxTuiApp(demo_study)
    lock = FileLock(demo_study.path / ".annotations.csv.lock", thread_local=False)

    def let_go() -> None:
        while not app.judging._shutdown:
            time.sleep(0.01)
        lock.release()

    async with app.run_test(size=(100, 30)) as pilot:
        await until_shown(pilot, "6/6")
        await pilot.press("enter")
        await until_shown(pilot, "left to judge")
        await pilot.press("c")
        await until_shown(pilot, "saved: confirmed")
        lock.acquire()  # as another program that writes does
        await pilot.press("z")
        app.exit()
        threading.Thread(target=let_go).start()
    assert "confirmed" not in (demo_study.path / "annotations.csv").read_text()
