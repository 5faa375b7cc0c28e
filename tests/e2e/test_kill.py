"""The program is killed; nothing that a person did, and nothing that runs, is lost."""

import csv
import time
from pathlib import Path

import psutil
import pytest

from mlx_tui.reproduction.model import Outcome, Phase
from mlx_tui.study import Study
from tests.e2e.terminal import Terminal


def processes_in(folder: Path) -> list[psutil.Process]:
    """The processes whose command line names a folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if str(folder) in " ".join(process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue
    return found


def open_repository(terminal: Terminal, name: str) -> None:
    terminal.wait_for(name)
    terminal.press("/")
    terminal.type(name)
    terminal.wait_for(lambda text: "sklearn-mlproject " not in text)
    terminal.press("enter", "enter")
    terminal.wait_for("left to judge")


def test_a_judgement_survives_a_kill_right_after_it_was_saved(demo_folder: Path) -> None:
    with Terminal([str(demo_folder)]) as terminal:
        open_repository(terminal, "missing-data")
        terminal.press("c")
        terminal.wait_for("saved: confirmed")
        terminal.kill()
    with (demo_folder / "annotations.csv").open(newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["repo"], row["verdict"], row["annotator"]) == ("missing-data", "confirmed", "tester")
    with Terminal([str(demo_folder)]) as terminal:
        open_repository(terminal, "missing-data")
        assert "✓ " in terminal.text


@pytest.mark.attempt
def test_an_attempt_goes_on_after_a_kill_and_is_followed_and_cancelled(demo_folder: Path) -> None:
    with Terminal([str(demo_folder)]) as terminal:
        open_repository(terminal, "chatty")
        terminal.press("p")
        terminal.wait_for("train.py")
        terminal.wait_for("nothing runs yet")
        terminal.press("r")
        terminal.wait_for("threshold=", timeout=120)
        terminal.kill()
    study = Study(demo_folder)
    (attempt,) = study.attempts.list()
    assert attempt.state.phase is Phase.RUNNING
    with Terminal([str(demo_folder)]) as terminal:
        terminal.wait_for("chatty")
        terminal.press("a")
        terminal.wait_for("running")
        terminal.press("enter")
        terminal.wait_for("· following")
        terminal.press("g")
        terminal.wait_for("=== preparing")  # the log's beginning, while the end moves on
        terminal.press("x")
        terminal.wait_for("y")
        terminal.press("y")
        terminal.wait_for("cancelled", timeout=60)
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    assert study.attempts.read(attempt).state.outcome is Outcome.CANCELLED
    end = time.monotonic() + 10
    while left := processes_in(demo_folder):
        assert time.monotonic() < end, left
        time.sleep(0.1)
