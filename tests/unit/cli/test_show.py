"""`mlx-tui show`, and the address that `mlx-tui explain` prints."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.unit.cli.test_commands import PROGRAM, mlx
from tests.unit.detection.test_scanner import commit


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("show")
    commit(folder / "clone", {"a.py": b"import mlflow\n\tmlflow.log_param('\x1b[2J', 1)\nx = 3\n"})
    url = "https://me:secret@github.com/owner/name.git"
    subprocess.run(["git", "-C", folder / "clone", "remote", "add", "origin", url], check=True)
    assert mlx("init", folder / "study").returncode == 0
    for arguments in (("add", folder / "clone"), ("fetch",), ("scan",)):
        done = mlx(*arguments, "--study", folder / "study")
        assert done.returncode == 0, done.stderr
    return folder / "study"


def test_shows_the_lines_around_a_place(study: Path) -> None:
    done = mlx("show", "name", "a.py:2", "--around", 1, "--study", study)
    assert done.stdout.splitlines() == [
        "1  │ import mlflow",
        "2 ▶│     mlflow.log_param('␛[2J', 1)",
        "3  │ x = 3",
    ]
    assert mlx("show", "name", "a.py:9", "--study", study).returncode == 2


def test_prints_the_page_of_the_file_at_its_commit_without_the_password(study: Path) -> None:
    done = mlx("show", "owner/name", "a.py:2", "--web", "--study", study)
    address = done.stdout.strip()
    assert address.startswith("https://github.com/owner/name/blob/") and address.endswith("/a.py#L2")
    explained = mlx("explain", "name", "usage.mlflow", "--study", study).stdout
    assert address.replace("#L2", "#L1") in explained.splitlines() and "secret" not in explained


def test_opens_the_editor_at_the_line(study: Path, tmp_path: Path) -> None:
    program = tmp_path / "nano"
    program.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/line\ncat "$2" > {tmp_path}/text\n')
    program.chmod(0o755)
    command = [PROGRAM, "show", "name", "a.py:2", "--edit", "--study", study]
    environment = {"EDITOR": "nano", "PATH": f"{tmp_path}:/usr/bin:/bin"}
    done = subprocess.run(command, env={**os.environ, **environment, "VISUAL": ""}, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "line").read_text() == "+2\n"
    assert (tmp_path / "text").read_text().endswith("x = 3\n")


def test_without_an_editor_it_says_what_to_do(study: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in {"VISUAL", "EDITOR"}}
    command = [PROGRAM, "show", "name", "a.py:2", "--edit", "--study", study]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "set VISUAL or EDITOR" in done.stderr
