"""Attempts that fail, are repaired and run again: real environments and real supervisors."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from attempt_support import ISOLATIONS, again, assert_nothing_left, command, commit_repository, log_of, make_plan, run

from mlx_tui.annotation.results import reproduction_of
from mlx_tui.json_file import read_json
from mlx_tui.reproduction.attempt_files import AttemptFiles, PhaseEvent
from mlx_tui.reproduction.attempts import create_attempt
from mlx_tui.reproduction.model import Attempt, CapturedRuns, Cause, Ending, Outcome, Plan
from mlx_tui.reproduction.outcome import Verdict

STRONGEST = ISOLATIONS[-1]

# In a process of its own: what runs an attempt ends all of its own children.
OUT_OF_TIME = """
import sys
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from mlx_tui.json_file import read_json
from mlx_tui.reproduction import attempt_run
from mlx_tui.reproduction.attempt_files import AttemptFiles, StateKeeper
from mlx_tui.reproduction.attempt_log import AttemptLog
from mlx_tui.reproduction.attempts import read_attempt
from mlx_tui.reproduction.model import Plan

attempt_run.ENVIRONMENT_SECONDS = 1e-6
files = AttemptFiles(Path(sys.argv[1]))
state = read_attempt(files.folder).state
with closing(AttemptLog(files.log)) as log:
    run = attempt_run.AttemptRun(files, read_json(files.plan, Plan), StateKeeper(files, state), log, lambda: None)
    print(msgspec.json.encode(run.run()).decode())
"""


def repairable(tmp_path: Path, files: dict[str, str | bytes], *requirements: str, workdir: str = ".") -> Plan:
    commit = commit_repository(tmp_path / "clone", files)
    step = command("python train.py", workdir)
    return replace(
        make_plan(tmp_path / "clone", commit, step, isolation=STRONGEST, requirements=requirements), repair=True
    )


def names(attempt: Attempt) -> list[str]:
    return [repair.name for repair in attempt.state.repairs]


def test_a_file_is_found_from_another_folder_in_a_fresh_copy(tmp_path: Path) -> None:
    code = "print(open('mark.txt', 'a').write('x'), open('mark.txt').read()); print(open('data/x.csv').read())"
    plan = repairable(tmp_path, {"src/train.py": code, "data/x.csv": "found"}, workdir="src")
    attempt = run(tmp_path, plan)
    assert (attempt.state.outcome, attempt.state.cause) == (Outcome.EXECUTED, None)
    assert names(attempt) == ["working directory ."]
    assert attempt.state.as_planned == Ending(Outcome.FAILED, Cause.MISSING_DATA)
    assert attempt.plan.repairs == attempt.state.repairs
    work = AttemptFiles(Path(attempt.folder)).work
    assert (work / "mark.txt").read_text() == "x"
    assert not (work / "src" / "mark.txt").exists()  # what the first run wrote is gone
    log = log_of(attempt)
    assert "=== repair 1 of at most 6: working directory .: " in log
    assert log.count("resolved to") <= 1  # the environment is the same one
    lines = AttemptFiles(Path(attempt.folder)).events.read_bytes().splitlines()
    details = [msgspec.json.decode(line, type=PhaseEvent).detail for line in lines]
    assert "repair: working directory ." in details
    assert reproduction_of([attempt]).repairs == ("working directory .",)
    assert_nothing_left(attempt)


def test_the_script_that_makes_a_missing_file_is_run_first(tmp_path: Path) -> None:
    makes = (
        "import os\nos.makedirs('data/clean', exist_ok=True)\n"
        "if __name__ == '__main__':\n    open('data/clean/x.csv', 'w').write('made')\n"
    )
    train = "print(open('data/clean/x.csv').read(), 'and read')"
    attempt = run(tmp_path, repairable(tmp_path, {"train.py": train, "prepare.py": makes}))
    assert (attempt.state.outcome, names(attempt)) == (Outcome.EXECUTED, ["stage order: prepare.py first"])
    assert [step.text for step in attempt.plan.candidate.steps] == ["python prepare.py", "python train.py"]
    assert "made and read" in log_of(attempt)


def test_repairs_are_made_only_where_they_are_asked_for(tmp_path: Path) -> None:
    plan = repairable(tmp_path, {"src/train.py": "open('data/x.csv')", "data/x.csv": "x"}, workdir="src")
    attempt = run(tmp_path, replace(plan, repair=False))
    assert (attempt.state.outcome, attempt.state.cause) == (Outcome.FAILED, Cause.MISSING_DATA)
    assert attempt.state.repairs == ()


def test_what_no_repair_answers_fails_as_it_is_after_those_that_did(tmp_path: Path) -> None:
    code = "import helpers; raise ValueError('still wrong')"
    attempt = run(tmp_path, repairable(tmp_path, {"train.py": code, "lib/helpers.py": ""}))
    assert (attempt.state.outcome, attempt.state.cause) == (Outcome.FAILED, Cause.CODE)
    assert "still wrong" in attempt.state.reason
    assert names(attempt) == ["PYTHONPATH lib"]


def test_no_variable_of_a_dockerfile_acts_outside_the_isolation(tmp_path: Path) -> None:
    docker = "FROM x\nENV MODEL_DIR=models\nENV LD_PRELOAD=/nowhere.so\n"
    code = "import os; print('dir', os.environ['MODEL_DIR'], os.environ.get('LD_PRELOAD'))"
    attempt = run(tmp_path, repairable(tmp_path, {"train.py": code, "Dockerfile": docker}))
    assert attempt.state.outcome is Outcome.EXECUTED
    assert names(attempt) == ["ENV of the Dockerfile"]
    assert "dir models None" in log_of(attempt)


def test_what_a_run_left_in_its_home_is_gone_before_the_next(tmp_path: Path) -> None:
    code = (
        "import os, pathlib; mark = pathlib.Path.home() / 'mark'; print('marked', mark.exists()); mark.touch();"
        "print(os.environ['MODEL_DIR'])"
    )
    files: dict[str, str | bytes] = {"train.py": code, "Dockerfile": "FROM x\nENV MODEL_DIR models\n"}
    attempt = run(tmp_path, repairable(tmp_path, files))
    assert attempt.state.outcome is Outcome.EXECUTED
    assert log_of(attempt).count("marked False") == 2


@pytest.mark.attempt
def test_an_older_setuptools_brings_pkg_resources_back(tmp_path: Path) -> None:
    code = "import pkg_resources; print('version', pkg_resources.get_distribution('setuptools').version)"
    attempt = run(tmp_path, repairable(tmp_path, {"train.py": code}, "setuptools"))
    assert attempt.state.outcome is Outcome.EXECUTED
    assert names(attempt) == ["setuptools<81"]
    assert "version 80." in log_of(attempt)


@pytest.mark.attempt
def test_a_missing_module_is_added_as_of_the_date(tmp_path: Path) -> None:
    plan = repairable(tmp_path, {"train.py": "import yaml; print('yaml', yaml.__version__)"}, "six")
    plan = replace(plan, environment=replace(plan.environment, as_of="2023-09-01T00:00:00Z"))
    attempt = run(tmp_path, plan)
    assert attempt.state.outcome is Outcome.EXECUTED
    assert names(attempt) == ["pyyaml added"]
    assert "yaml 6.0.1" in log_of(attempt)


@pytest.mark.attempt
def test_a_repair_whose_environment_cant_be_built_is_withdrawn(tmp_path: Path) -> None:
    code = "import no_such_package_of_anybody_xyz"
    attempt = run(tmp_path, repairable(tmp_path, {"train.py": code}, "six"))
    assert (attempt.state.outcome, attempt.state.cause) == (Outcome.FAILED, Cause.MISSING_MODULE)
    assert names(attempt) == []
    assert "repair withdrawn" in log_of(attempt)
    assert attempt.plan.environment.requirements == ("six",)
    assert_nothing_left(attempt)


@pytest.mark.attempt
def test_mlflow_is_bounded_where_its_interface_went(tmp_path: Path) -> None:
    code = (
        "import mlflow\nwith mlflow.start_run() as run:\n    mlflow.log_metric('m', 1)\n    print(run.info.run_uuid)\n"
    )
    attempt = run(tmp_path, repairable(tmp_path, {"train.py": code}, "mlflow-skinny"), seconds=120)
    assert attempt.state.outcome is Outcome.EXECUTED
    assert names(attempt) == ["mlflow-skinny<3"]
    captured = read_json(AttemptFiles(Path(attempt.folder)).runs, CapturedRuns)
    assert captured.mlflow_version.startswith("2.")
    assert len(captured.runs) == 1  # that of the first run, which failed, is gone


def test_no_further_environment_is_built_once_the_time_for_them_is_used_up(tmp_path: Path) -> None:
    plan = repairable(tmp_path, {"src/train.py": "open('data/x.csv')", "data/x.csv": "x"}, workdir="src")
    attempt = create_attempt(tmp_path / "attempts", plan)
    done = subprocess.run(
        [sys.executable, "-c", OUT_OF_TIME, attempt.folder], capture_output=True, text=True, check=True, timeout=120
    )
    verdict = msgspec.json.decode(done.stdout, type=Verdict)
    assert (verdict.outcome, verdict.cause) == (Outcome.FAILED, Cause.ENVIRONMENT)
    assert "longer than an attempt has" in verdict.reason
    assert "no repair is tried any more" in log_of(attempt)
    assert again(attempt).state.repairs == ()
