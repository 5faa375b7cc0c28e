"""What a new user does, in a real pseudo-terminal, from the first screen to the CSVs."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.e2e.terminal import Terminal

PROGRAM = Path(sys.executable).parent / "mlx-tui"
SAMPLES = 14


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.attempt
@pytest.mark.parametrize(("rows_", "columns"), [(24, 80), (50, 200)], ids=["80x24", "200x50"])
def test_from_the_table_to_the_csvs(tmp_path: Path, rows_: int, columns: int) -> None:
    folder = tmp_path / "study"
    with Terminal(["demo", "--study", str(folder)], rows=rows_, columns=columns) as terminal:
        browse(terminal)
        judge(terminal)
        leave_while_it_runs(terminal)
    with Terminal([str(folder)], rows=rows_, columns=columns) as terminal:
        come_back(terminal)
        see_statistics(terminal)
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    check_csvs(folder)
    report(folder)


def browse(terminal: Terminal) -> None:
    terminal.wait_for("sklearn-mlproject")
    terminal.wait_for("hostile")
    terminal.wait_for(lambda text: "6/6" in text)
    terminal.press("s")  # sorts by the first column
    terminal.wait_for(
        lambda text: text.index("autolog-notebook") < text.index("chatty") < text.index("sklearn-mlproject")
    )
    terminal.press("/")
    terminal.type("sklearn")
    terminal.wait_for(lambda text: "noisy-mlp" not in text and "sklearn-mlproject" in text)
    terminal.press("enter", "enter")
    terminal.wait_for("left to judge")
    terminal.wait_for("usage.mlflow")
    terminal.press("n")
    terminal.wait_for(lambda text: "▶" in text)


def judge(terminal: Terminal) -> None:
    terminal.press("c")
    terminal.wait_for("saved: confirmed")
    terminal.press("r")
    terminal.wait_for("saved: rejected")
    terminal.press("u")
    terminal.wait_for("saved: unsure")
    terminal.press("e")
    terminal.wait_for("Note")
    terminal.type("=not a formula, a note")
    terminal.press("\x1bOQ")  # F2
    terminal.wait_for(lambda text: "saved" in text and "│ Note" not in text)
    terminal.press("m")
    terminal.wait_for("Add evidence that the program missed")
    terminal.type("usage.mlflow")
    terminal.wait_for("usage.mlflow ")
    terminal.press("enter")
    terminal.wait_for("not saved: missed")  # the form starts at the line that the code's cursor is on
    terminal.press("m")
    terminal.wait_for("Add evidence that the program missed")
    terminal.type("usage.mlflow")
    terminal.wait_for("usage.mlflow ")
    terminal.press("tab")  # from the feature to the place, which typing replaces
    terminal.type("train.py:1")
    terminal.wait_for("train.py:1 ")
    terminal.press("enter")
    terminal.wait_for(lambda text: " saved: missed" in text)


def leave_while_it_runs(terminal: Terminal) -> None:
    terminal.press("p")
    terminal.wait_for("read from MLproject:11")
    terminal.press("r")
    terminal.wait_for("running", timeout=120)
    terminal.press("q")
    terminal.wait_for_end()


def come_back(terminal: Terminal) -> None:
    terminal.wait_for("sklearn-mlproject")
    terminal.press("a")
    terminal.wait_for("sklearn-mlproject")
    terminal.press("enter")
    terminal.wait_for("reproduced", timeout=120)
    if "f1_macro" not in terminal.text:
        terminal.press("tab")  # a small terminal shows the log or the metrics
    terminal.wait_for("f1_macro")
    while "› Corpus" not in terminal.text:  # each one step back
        terminal.press("escape")
        terminal.read(0.2)


def see_statistics(terminal: Terminal) -> None:
    terminal.press("t")
    terminal.wait_for("code version")
    terminal.wait_for("%")


def check_csvs(folder: Path) -> None:
    annotations = rows(folder / "annotations.csv")
    assert sorted(row["verdict"] for row in annotations if row["verdict"] != "note") == [
        "confirmed", "missed", "rejected", "unsure",
    ]  # fmt: skip
    assert any("not a formula" in row["note"] for row in annotations)
    assert not any(cell.startswith("=") for row in annotations for cell in row.values())
    results = pd.read_csv(folder / "results.csv").set_index("repo")
    assert len(results) == SAMPLES
    reproduced = results.loc["sklearn-mlproject"]
    assert reproduced["outcome"] == "reproduced"
    assert reproduced["judged"] >= 3
    assert reproduced["seconds"] > 0
    assert reproduced["readiness"] == 6
    findings = pd.read_csv(folder / "findings.csv")
    assert set(findings["repo"]) <= set(results.index)
    judged = findings[findings["repo"].eq("sklearn-mlproject") & findings["verdict"].notna()]
    assert {"confirmed", "rejected", "unsure"} <= set(judged["verdict"])


def report(folder: Path) -> None:
    for name in ("report.md", "report.html"):
        subprocess.run([PROGRAM, "report", "--study", folder, "-o", folder / name], check=True, env=os.environ)
        assert "Wilson" in (folder / name).read_text()
