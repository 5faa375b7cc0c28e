"""Ctrl-C while files are written: it is told, the exit status says so, and the old files stay whole."""

import os
import signal
from collections.abc import Iterator

import pytest

from mlx_tui.cli import app
from mlx_tui.cli.output import StepLine


@pytest.fixture(autouse=True)
def _handler() -> Iterator[None]:
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("export",), "findings.csv"),
        (("report", "-o", "{}/report.html"), "report.html"),
        (("package", "-o", "{}/study.zip"), "study.zip"),
    ],
)
@pytest.mark.parametrize("step", ["scanning", "reading"])
def test_ctrl_c_leaves_the_files_as_they_were(demo_folder, monkeypatch, capsys, arguments, name, step):
    told = []

    def show(self: StepLine, done: int, total: int, text: str) -> None:
        told.append(text)
        if text.startswith(step):
            os.kill(os.getpid(), signal.SIGINT)
            signal.signal(signal.SIGINT, signal.SIG_IGN)

    monkeypatch.setattr(StepLine, "show", show)
    if name == "study.zip":
        step = "reading"  # it scans nothing
    (demo_folder / name).write_bytes(b"old")
    with pytest.raises(SystemExit) as ended:
        app.run([*(argument.format(demo_folder) for argument in arguments), "--study", str(demo_folder)])
    assert ended.value.code == 1
    assert (demo_folder / name).read_bytes() == b"old" or arguments == ("package",)
    assert "stopped: what was there before stays as it was" in capsys.readouterr().err
    assert told[-1].startswith(step), "nothing goes on after it"
    assert not list(demo_folder.glob(".*.tmp"))
