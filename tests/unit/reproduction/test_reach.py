"""Which code a plan runs at most."""

from pathlib import Path

import pytest
from clones import TRAINS, write

from mlx_tui.json_file import write_json
from mlx_tui.reproduction.attempt_files import AttemptFiles
from mlx_tui.reproduction.collecting import collect
from mlx_tui.reproduction.model import (
    Candidate,
    CommandSource,
    EnvironmentSpec,
    Isolation,
    Plan,
    Step,
    StepKind,
    Variable,
)
from mlx_tui.reproduction.reach import reached_paths


def plan(clone: Path, *steps: str | Step, variables: tuple[Variable, ...] = ()) -> Plan:
    made = tuple(step if isinstance(step, Step) else Step(StepKind.COMMAND, step) for step in steps)
    return Plan(
        repo="a/b",
        commit="c" * 40,
        clone=str(clone),
        candidate=Candidate(made, CommandSource.USER),
        environment=EnvironmentSpec("none", "", "", "", "", ()),
        deviations=(),
        needs=(),
        isolation=Isolation.NONE,
        network=False,
        timeout=60,
        variables=variables,
    )


def notebook(*cells: str) -> str:
    sources = ", ".join(
        f'{{"cell_type": "code", "source": {text!r}, "outputs": []}}'.replace("'", '"') for text in cells
    )
    return f'{{"cells": [{sources}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5}}'


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """A repository with two experiments that share a module."""
    write(tmp_path, "train_a.py", "import shared\n" + TRAINS)
    write(tmp_path, "train_b.py", "import shared\n" + TRAINS)
    write(tmp_path, "shared.py", "import numpy\n")
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [
        "python train_a.py --alpha 0.5",
        "PYTHONHASHSEED=0 python3 ./train_a.py > out.txt",
        "python -m train_a",
        "mkdir out && python train_a.py",
    ],
)
def test_what_is_run_and_what_it_imports_is_reached_and_nothing_else(two: Path, command: str) -> None:
    assert reached_paths(plan(two, command)) == ("shared.py", "train_a.py")


def test_every_step_counts(two: Path) -> None:
    assert reached_paths(plan(two, "python train_a.py", "python train_b.py")) == (
        "shared.py",
        "train_a.py",
        "train_b.py",
    )
    assert reached_paths(plan(two, "python train_a.py", "make train")) is None


@pytest.mark.parametrize(
    "command",
    [
        "make train",
        "sh run.sh",
        "dvc repro",
        "mlflow run .",
        "kedro run",
        "cd sub && python train_a.py",
        "python train_a.py | tee log",
        "python train_a.py || other",
        "python train_a.py & other",
        "python $(pick)",
        "python -c 'import train_b'",
        "python gone.py",
        "pytest",
        "for i in 1 2; do python train_a.py; done",
        "",
    ],
)
def test_of_a_step_that_is_no_plain_run_nothing_is_told(two: Path, command: str) -> None:
    write(two, "run.sh", "python train_a.py\n")
    assert reached_paths(plan(two, command)) is None


@pytest.mark.parametrize(
    "text",
    [
        "import subprocess\n",
        "import importlib\n",
        "from runpy import run_path\n",
        "import os\nos.system(name)\n",
        "import os\nos.execv(name, [])\n",
        "exec(open(name).read())\n",
        "__import__(name)\n",
        "import mlflow\nmlflow.run('.')\n",
        "import mlflow\nmlflow.projects.run('.')\n",
        "import hydra\n",
        "import joblib\njoblib.load(name)\n",
        "import mlflow\nmlflow.pyfunc.load_model(uri)\n",
        "print 'of Python 2'\n",
    ],
)
def test_of_code_that_starts_or_loads_other_code_nothing_is_told(two: Path, text: str) -> None:
    write(two, "shared.py", text)
    assert reached_paths(plan(two, "python train_a.py")) is None


def test_a_file_that_is_named_may_be_run(two: Path) -> None:
    write(two, "shared.py", "python_model = 'train_b.py'\n")
    assert reached_paths(plan(two, "python train_a.py")) == ("shared.py", "train_a.py", "train_b.py")
    write(two, "shared.py", "")
    assert reached_paths(plan(two, "python train_a.py --script=train_b.py")) == (
        "shared.py",
        "train_a.py",
        "train_b.py",
    )


def test_packages_are_run_by_their_init_and_modules_count_wherever_they_may_be(tmp_path: Path) -> None:
    write(tmp_path, "lab/__init__.py", "from . import hidden\n")
    write(tmp_path, "lab/hidden.py", "")
    write(tmp_path, "lab/train.py", "import elsewhere\n")
    write(tmp_path, "libraries/elsewhere.py", "")
    write(tmp_path, "utils.py", "")
    write(tmp_path, "other/utils.py", "")
    run = "python -m lab.train"
    reached = {"lab/__init__.py", "lab/hidden.py", "lab/train.py", "libraries/elsewhere.py"}
    assert set(reached_paths(plan(tmp_path, run)) or ()) == reached
    write(tmp_path, "lab/train.py", "import utils\n")
    assert "other/utils.py" not in (reached_paths(plan(tmp_path, run)) or ())
    moved = (Variable("PYTHONPATH", "other"),)
    assert {"utils.py", "other/utils.py"} <= set(reached_paths(plan(tmp_path, run, variables=moved)) or ())
    write(tmp_path, "lab/train.py", "import sys\nsys.path.insert(0, 'other')\nimport utils\n")
    assert {"utils.py", "other/utils.py"} <= set(reached_paths(plan(tmp_path, run)) or ())


def test_magics_of_a_notebook_may_run_anything(two: Path) -> None:
    step = Step(StepKind.NOTEBOOK, "a.ipynb")
    write(two, "a.ipynb", notebook("%matplotlib inline", "!pip install -q mlflow", "import shared"))
    assert reached_paths(plan(two, step)) == ("a.ipynb", "shared.py")
    for magic in ("!python train_b.py", "%run train_b", "%%bash", "!pip list; python train_b.py"):
        write(two, "a.ipynb", notebook("import shared", magic))
        assert reached_paths(plan(two, step)) is None


def test_it_is_kept_with_what_was_captured(two: Path, tmp_path: Path) -> None:
    files = AttemptFiles(tmp_path / "attempt")
    files.store.mkdir(parents=True)
    write_json(files.plan, plan(two, "python train_a.py"))
    collected = collect(files, plan(two, "python train_a.py"), (), (), "")
    assert collected.captured.reached == ("shared.py", "train_a.py")


def test_a_word_without_an_end_costs_no_quadratic_time(tmp_path: Path) -> None:
    word = "x" * 1_900_000  # with a search that begins anew at each letter, an hour
    write(tmp_path, "train.py", f"DATA = '{word}'  # beside helper-1.py\n{TRAINS}")
    write(tmp_path, "helper-1.py", TRAINS)
    write(tmp_path, "other.py", TRAINS)
    assert reached_paths(plan(tmp_path, "python train.py")) == ("helper-1.py", "train.py")
