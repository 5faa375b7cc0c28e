"""A study in which everything that comes from elsewhere tries to break the screen or to reach the terminal."""

import csv
import json
import os
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mlx_tui.annotation.model import Verdict
from mlx_tui.json_file import write_json
from mlx_tui.reproduction.attempts import create_attempt
from mlx_tui.reproduction.model import (
    CapturedMetric,
    CapturedRun,
    CapturedRuns,
    Cause,
    KeyValue,
    MetricPoint,
    Outcome,
    Phase,
)
from mlx_tui.study import Study

MARKUP = "d[0][/foo] [red]x[/red] [@click=app.quit()]y[/]"
ESCAPES = "\x1b]0;PWN\x07\x1b[2J\x1b[133;7mz\x1bP+q\x1b\\\x1bc\x9b31m\x1b]52;c;UFdO\x07\x1b[?1049l\x08\x7f"
BIDI = "\u202etxt.exe\u202c\u2066x\u2069\u200f"
WIDE = "你好，世界 한국어 e\u0301\u0323 👩\u200d🔬 👩\U0001f3fd \U0001f1e9\U0001f1ea ⚠\ufe0f ﷽"
LINES = "two\nlines\r\nand\ttabs\u2028end"
LONG = "long" * 400
ALL = f"{MARKUP} {ESCAPES} {BIDI} {WIDE} {LINES}"
PAYLOADS = (
    b"\x1b]0;PWN",
    b"\x1b[2J",
    b"\x1b[133;7m",
    b"\x1bP+q",
    b"\x1bc",
    b"\xc2\x9b",
    b"\x1b]52;c;UFdO",
    "\u202e".encode(),
    "\u2066".encode(),
    "\u200d".encode(),
    "\u2028".encode(),
    b"\x07",
    b"\x08",
)
"""Bytes that no screen of the program writes by itself: one that is seen came out of the data."""
NAME = "evil\x1b[2J\x1b]0;PWN\x07[/foo]\u202e你好\u200d👩\nx"
REPO = "hostile-repo"


def code() -> str:
    """A program that logs to MLflow, with something hostile in each line."""
    return "\n".join(
        [
            "import mlflow",
            f"text = '{MARKUP}'",
            *(f"mlflow.log_param('p{number}', 1)  # {part}" for number, part in enumerate((ESCAPES, BIDI, WIDE, LONG))),
            f'"""{ALL}"""',
            f"mlflow.set_tracking_uri('http://[red]{WIDE}/{ESCAPES}')",
            "",
        ]
    )


def notebook() -> str:
    """A notebook whose kernel, cells and outputs are hostile."""
    stream = {"output_type": "stream", "text": ALL * 3}
    error = {"output_type": "error", "ename": MARKUP, "evalue": ESCAPES, "traceback": [ALL]}
    image = {"output_type": "display_data", "data": {f"image/{ALL}": "QUJD", "text/plain": ALL}}
    cells = [
        {"cell_type": f"markdown{ALL}", "source": ALL},
        {"cell_type": "code", "source": f"import mlflow\nmlflow.autolog()  # {ALL}", "outputs": [stream, error, image]},
    ]
    return json.dumps({"cells": cells, "metadata": {"kernelspec": {"language": ALL, "name": ALL}}, "nbformat": 4})


def make_clone(root: Path) -> Path:
    """A git work tree whose names and contents are hostile."""
    folder = root / REPO
    folder.mkdir(parents=True)
    project = {
        "name": ALL,
        "entry_points": {
            "main": {"parameters": {ALL: {"type": "float", "default": ALL}}, "command": f"python train.py {ALL}"},
            ALL: {"command": ALL},
        },
    }
    files = {
        f"{NAME}.py": code(),
        f"{NAME}.ipynb": notebook(),
        "train.py": code(),
        "MLproject": json.dumps(project),
        "README.md": f"# {ALL}\n\n```sh\npython train.py --x '{MARKUP}' {WIDE}\nmlflow run . {ESCAPES}\n```\n",
        "requirements.txt": f"mlflow==1.30.0\n{ALL}\n",
        "conda.yaml": f"name: {MARKUP}\n\x1b[2J",
        "broken.yaml": f"mlflow: [{ESCAPES}\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null"}
    commit = ("-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", ALL.replace("\x00", ""))
    for arguments in (("init", "-q"), ("add", "-A", "-f"), commit):
        subprocess.run(["git", "-C", folder, *arguments], check=True, env=environment)
    return folder


def make_study(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study on that repository, scanned, judged by somebody with a hostile name, with an attempt."""
    folder = root / "study"
    folder.mkdir()
    clone = make_clone(root / "clones")
    with (folder / "corpus.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["url", f"{MARKUP}{ESCAPES}", WIDE, f"{BIDI}{LONG}"])
        writer.writerow([str(clone), ALL, WIDE * 3, LONG])
    study = Study(folder)
    study.corpus.fetch()
    study.scan(jobs=1)
    annotator = os.environ["MLX_TUI_ANNOTATOR"]
    monkeypatch.setenv("MLX_TUI_ANNOTATOR", ALL)
    other = Study(folder)
    scan = other.scan_of(REPO)
    assert scan is not None and len(scan.findings) > 8
    for finding in scan.findings[:6]:
        other.judge(REPO, finding.feature, Verdict.REJECTED, finding=finding, note=ALL * 2)
    other.judge(REPO, "", Verdict.NOTE, note=ALL)
    monkeypatch.setenv("MLX_TUI_ANNOTATOR", annotator)
    make_attempt(study)
    study.export()
    return folder


def make_attempt(study: Study) -> None:
    """A finished attempt whose log, reason and captured runs are hostile."""
    attempt = create_attempt(study.attempts.root, study.attempts.plan(study.corpus.clone(REPO)))
    folder = Path(attempt.folder)
    (folder / "log").write_bytes((f"{ALL}\n{LONG}\r{ESCAPES}\n" * 30).encode("utf-8", "surrogatepass"))
    metric = CapturedMetric(ALL, (MetricPoint(0, 0, 0.5),))
    pairs = (KeyValue(ALL, ALL),)
    run = CapturedRun("0" * 32, ALL, ALL, ALL, "", pairs, (metric,), pairs, (NAME,))
    write_json(folder / "runs.json", CapturedRuns(ALL, (ALL,), (run,), (ALL,)))
    now = datetime.now(UTC)
    state = replace(
        attempt.state,
        phase=Phase.FINISHED,
        outcome=Outcome.FAILED,
        cause=Cause.MISSING_MODULE,
        reason=ALL,
        evidence_line=3,
        started_at=now,
        ended_at=now,
        runs=1,
        metrics=1,
    )
    write_json(folder / "state.json", state)
