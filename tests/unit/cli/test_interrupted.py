"""Ctrl-C while the program is loaded, at any module: status 130, and no traceback of Python's."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mlx_tui.__main__ import main

INTERRUPTS = """
import os, signal, sys

class Interrupts:
    def find_spec(self, name, path=None, target=None):
        if name == os.environ["INTERRUPTED_AT"]:
            try:
                signal.raise_signal(signal.SIGINT)
            except KeyboardInterrupt:
                pass  # as a library does that tries whether another one is there
            print("goes on")

sys.meta_path.insert(0, Interrupts())
"""


@pytest.mark.parametrize(
    ("arguments", "module"),
    [
        (("--help",), "mlx_tui.cli.app"),
        (("--help",), "typer.core"),
        (("status",), "mlx_tui.study.study"),
        (("status",), "mlx_tui.detection.source"),
        (("open",), "textual.app"),
        (("open",), "mlx_tui.tui.app"),
    ],
)
def test_ctrl_c_while_the_program_is_loaded(
    demo_folder: Path, tmp_path: Path, arguments: tuple[str, ...], module: str
) -> None:
    (tmp_path / "sitecustomize.py").write_text(INTERRUPTS)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "INTERRUPTED_AT": module}
    program = Path(sys.executable).parent / "mlx-tui"
    done = subprocess.run(
        [program, *arguments],
        cwd=demo_folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        # Tests that a shell put into the background ignore the signal, and so would what they start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_what_runs_already_ends_as_python_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Locks are given back and temporary files removed on the way out."""
    before, cleaned = signal.signal(signal.SIGINT, signal.default_int_handler), []

    def run() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            cleaned.append("yes")

    monkeypatch.setattr("mlx_tui.cli.app.run", run)
    try:
        with pytest.raises(SystemExit) as ended:
            main()
    finally:
        signal.signal(signal.SIGINT, before)
    assert (ended.value.code, cleaned) == (130, ["yes"])


def test_work_that_a_shell_put_into_the_background_ignores_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before, went_on = signal.signal(signal.SIGINT, signal.SIG_IGN), []

    def run() -> None:
        signal.raise_signal(signal.SIGINT)
        went_on.append("yes")

    monkeypatch.setattr("mlx_tui.cli.app.run", run)
    try:
        main()
    finally:
        signal.signal(signal.SIGINT, before)
    assert went_on
