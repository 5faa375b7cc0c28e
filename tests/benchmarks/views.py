"""Measures the code view on a 6,000-line file and the log view on a log of a million coloured lines.

Run by hand: python tests/benchmarks/views.py
"""

import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from textual.app import App, ComposeResult
from textual.widget import Widget

from mlx_tui.tui.presentation.document import read_document
from mlx_tui.tui.theme import ThemedApp
from mlx_tui.tui.widgets.code_view import CodeView, warm_up
from mlx_tui.tui.widgets.log_view import LogView

FUNCTION = '''
def train_{0}(data, alpha=0.5):
    """Trains model {0}."""
    with mlflow.start_run(run_name="run-{0}") as run:
        mlflow.log_param("alpha", alpha)
        model = fit(data, alpha)  # the slow part
        for step, loss in enumerate(model.losses):
            mlflow.log_metric("loss", loss, step=step)
    return {{"model": model, "run": run.info.run_id}}

'''


class OneWidget(ThemedApp):
    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget

    def compose(self) -> ComposeResult:
        yield self.widget


def paint(app: App[Any]) -> None:
    app.screen._compositor.render_strips()


def report(label: str, started: float) -> None:
    print(f"{label:<64} {(time.perf_counter() - started) * 1000:10.1f} ms")


async def code() -> None:
    source = "".join(FUNCTION.format(number) for number in range(600)).encode()
    view = CodeView()
    app = OneWidget(view)
    async with app.run_test(size=(120, 50)):
        started = time.perf_counter()
        document = read_document("train.py", source)
        warm_up(document)
        report(f"read a document of {len(document.lines):,} lines (in a worker)", started)
        started = time.perf_counter()
        view.show(document, {}, 3_333)
        paint(app)
        report("show it in the middle, highlighted, and paint", started)
        again = read_document("again.py", source)
        warm_up(again)
        started = time.perf_counter()
        view.show(again, {}, 5_000)
        paint(app)
        report("show another such file", started)
        started = time.perf_counter()
        view.action_page_down()
        paint(app)
        report("page down and paint", started)
        started = time.perf_counter()
        view.action_first()
        paint(app)
        report("to the first line and paint", started)


def write_log(path: Path, lines: int, pause: float = 0.0) -> None:
    line = b"\x1b[32mepoch %07d\x1b[0m loss=0.%06d [===>   ] /some/path/to/a/file.py\n"
    with path.open("ab") as log:
        for start in range(0, lines, 10_000):
            log.write(b"".join(line % (number, number % 999_983) for number in range(start, start + 10_000)))
            time.sleep(pause)


async def log(folder: Path) -> None:
    path = folder / "log"
    write_log(path, 1_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    view = LogView(path)
    app = OneWidget(view)
    async with app.run_test(size=(120, 50)) as _:
        started = time.perf_counter()
        while view.lines < 1_000_000:
            view.poll()
        paint(app)
        report("open a log of 1,000,000 lines and paint its end", started)
        print(
            f"{'memory that took':<64} {(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024:10.1f} MB"
        )
        started = time.perf_counter()
        view.action_first()
        paint(app)
        report("to the first line and paint", started)
        started = time.perf_counter()
        view.action_page_down()
        paint(app)
        report("page down and paint", started)
        view.action_last()
        writer = subprocess.Popen([sys.executable, __file__, str(path)])  # noqa: ASYNC220
        lags = []
        while writer.poll() is None:
            started = time.perf_counter()
            await asyncio.sleep(0.005)  # a key press is handled when the loop comes round
            lags.append(time.perf_counter() - started - 0.005)
        lags.sort()
        label = f"wait for the loop while {view.lines - 1_000_000:,} lines were followed, p95"
        print(f"{label:<64} {lags[int(len(lags) * 0.95)] * 1000:10.1f} ms")
        assert view.following


if __name__ == "__main__" and len(sys.argv) > 1:
    write_log(Path(sys.argv[1]), 400_000, 0.04)
elif __name__ == "__main__":
    asyncio.run(code())
    with tempfile.TemporaryDirectory() as scratch:
        asyncio.run(log(Path(scratch)))
