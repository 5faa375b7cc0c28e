"""Driver scripts that mean something only as a whole are run whole."""

from pathlib import Path

import pytest

from mlx_tui.reproduction.candidate_code import started_files
from mlx_tui.reproduction.candidates import Discovery
from mlx_tui.reproduction.entry_points.shell_scripts import runs_whole
from mlx_tui.reproduction.model import Step, StepKind
from tests.unit.reproduction.clones import TRAINS, write

LOOP = """
#!/usr/bin/env bash
SEEDS="0 42"
for seed in $SEEDS
do
    python train.py --seed $seed
done
"""


def test_a_script_with_a_loop_is_one_step_and_its_code_is_known(tmp_path: Path) -> None:
    write(tmp_path, "run/experiment.sh", LOOP)
    write(tmp_path, "train.py", TRAINS)
    found = Discovery(tmp_path)
    candidate = found.complete[0]
    assert candidate.steps == (Step(StepKind.COMMAND, "bash run/experiment.sh", "."),)
    assert [file.path for file in started_files(candidate, found.index)] == ["train.py"]


def test_a_script_of_plain_commands_is_taken_apart(tmp_path: Path) -> None:
    write(tmp_path, "run.sh", "python prepare.py\npython train.py --n 3\n")
    write(tmp_path, "prepare.py", "print()\n")
    write(tmp_path, "train.py", TRAINS)
    texts = [step.text for step in Discovery(tmp_path).complete[0].steps]
    assert texts == ["python prepare.py", "python train.py --n 3"]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("python train.py\n", False),
        ("N=3\npython train.py --n $N\n", True),
        ("N=3\npython train.py\n", False),
        ("python train.py --n $1\n", False),
        ("run() {\n  python train.py\n}\nrun\n", True),
        ("# for later\npython train.py\n", False),
        ("pip install -r requirements.txt\nfor i in 1 2; do python train.py $i; done\n", False),
        ("for i in 1 2; do\n mlflow ui\n done\n", False),
        ("for i in 1 2; do\n python train.py $i &\n done\n", False),
    ],
)
def test_what_is_run_whole(text: str, whole: bool) -> None:
    assert runs_whole(text) is whole


def test_scripts_and_tasks_that_call_themselves_and_each_other_are_followed_once_each(tmp_path: Path) -> None:
    calls = "bash run.sh\nbash other.sh\nmake all\n" * 100
    write(tmp_path, "run.sh", f"python prepare.py\n{calls}")
    write(tmp_path, "other.sh", f"{calls}python train.py\n")
    write(tmp_path, "Makefile", "all:\n" + "\tbash run.sh\n\t$(MAKE) all\n" * 100)
    write(tmp_path, "prepare.py", "print()\n")
    write(tmp_path, "train.py", TRAINS)
    steps = [step.text for step in Discovery(tmp_path).complete[0].steps]
    assert steps == ["python prepare.py", "python train.py"]
