"""Writing CSVs, a report or a package from the interface: told step by step, stopped by a key, files whole."""

import threading
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from mlx_tui.annotation.results import RepositoryResult
from mlx_tui.study.results import Results
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.long_job import LongJob
from mlx_tui.tui.screens.attempts import AttemptsScreen
from mlx_tui.tui.screens.corpus import CorpusScreen
from mlx_tui.tui.screens.modals import Confirm, TextPrompt

from .support import screen_text, until, until_shown

FILES = ("results.csv", "findings.csv")


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """While it is set, whoever writes waits after the first repository; reading for the table doesn't."""
    holding, go_on = threading.Event(), threading.Event()
    parts = Results.parts

    def slow(self: Results, size: int) -> Iterator[tuple[RepositoryResult, ...]]:
        for part in parts(self, 1 if holding.is_set() else size):
            yield part
            if holding.is_set():
                go_on.wait(60)

    monkeypatch.setattr(Results, "parts", slow)
    holding.go_on = go_on  # type: ignore[attr-defined]
    yield holding
    go_on.set()


async def ready(pilot: Any) -> None:
    await until_shown(pilot, "14 repositories")
    await pilot.app.workers.wait_for_complete()


async def test_export_is_told_and_stopped_and_the_files_stay(app: MlxTuiApp, held: Any) -> None:
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot)
        before = {name: (app.study.path / name).read_bytes() for name in FILES}
        (app.study.path / "results.csv").write_bytes(b"old")
        held.set()
        await pilot.press("E")
        await until_shown(pilot, "reading the repositories 1/")
        assert "^x stops" in screen_text(app)
        await pilot.press("E")
        await until(pilot, lambda: app.written is not None)
        await pilot.press("a")  # what is being written is told on whatever screen is open
        await until(pilot, lambda: isinstance(app.screen, AttemptsScreen))
        await pilot.press("ctrl+x")
        await until_shown(pilot, "stopping: writing the CSVs")
        held.clear()
        held.go_on.set()
        await until_shown(pilot, "stopped: results.csv and")
        assert (app.study.path / "results.csv").read_bytes() == b"old"
        assert (app.study.path / "findings.csv").read_bytes() == before["findings.csv"]
        await pilot.press("E")
        await until_shown(pilot, "written: results.csv and")
        assert (app.study.path / "findings.csv").read_bytes() == before["findings.csv"]
        assert (app.study.path / "results.csv").read_text().startswith("repo,url,")


async def test_x_on_the_corpus_stops_writing_too_and_leaving_asks(app: MlxTuiApp, held: Any) -> None:
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot)
        (app.study.path / "report.html").write_bytes(b"old")
        held.set()
        await pilot.press("O")
        await until(pilot, lambda: isinstance(app.screen, TextPrompt))
        await pilot.press("enter")
        await until_shown(pilot, "report.html: reading the repositories 1/")
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        assert "Stop writing" in screen_text(app)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, CorpusScreen))
        await pilot.press("x")
        held.clear()
        held.go_on.set()
        await until_shown(pilot, "stopped: ")
        assert (app.study.path / "report.html").read_bytes() == b"old"


@pytest.mark.parametrize("by_key", [True, False])
async def test_the_study_is_packed_by_a_key_or_from_the_palette(app: MlxTuiApp, by_key: bool) -> None:
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot)
        if by_key:
            await pilot.press("W")
        else:
            await pilot.press("ctrl+p", *"package")
            await until_shown(pilot, "Packs the study")
            await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, TextPrompt))
        await pilot.press("enter")
        await until_shown(pilot, "written: ")
        await until_shown(pilot, "folders of this")
        with zipfile.ZipFile(app.study.path / "study.zip") as archive:
            assert any(name.endswith("/report.html") for name in archive.namelist())


def test_the_rest_is_estimated_from_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("mlx_tui.tui.long_job.time.monotonic", lambda: now[0])
    job = LongJob("writing", began=100.0)
    assert job.is_due() and not job.is_due()
    now[0] = 110.0
    assert job.is_due()
    assert job.estimate(0, 10) == "" == job.estimate(10, 10)
    assert job.estimate(2, 10) == " · about 40 s left"
