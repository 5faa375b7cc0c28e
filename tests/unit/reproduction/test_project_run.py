"""An MLproject's entry point that asks for `MLFLOW_RUN_ID` gets a run, as `mlflow run` makes one."""

from dataclasses import replace
from pathlib import Path

import pytest
from attempt_support import ISOLATIONS, commit_repository, log_of, make_plan, run

from mlx_tui.json_file import read_json
from mlx_tui.reproduction.attempt_files import AttemptFiles
from mlx_tui.reproduction.model import CapturedRuns, Isolation, Need, NeedKind, Outcome, Step, StepKind
from mlx_tui.reproduction.step_run import asks_for_run

LOGS = """
import os
from mlflow.tracking import MlflowClient
MlflowClient().log_metric(os.environ["MLFLOW_RUN_ID"], "m", 2.5)
"""
STEP = Step(StepKind.COMMAND, "python train.py", of_project=True)


def test_a_run_is_made_only_where_it_is_asked_for(tmp_path: Path) -> None:
    plan = make_plan(tmp_path, "0" * 40, STEP)
    assert not asks_for_run(plan, STEP)
    assert asks_for_run(plan, replace(STEP, text="python train.py --run $MLFLOW_RUN_ID"))
    need = Need(NeedKind.CREDENTIAL, "MLFLOW_RUN_ID", "train.py:3", True)
    assert asks_for_run(replace(plan, needs=(need,)), STEP)


def test_without_mlflow_the_command_runs_and_says_itself_what_it_misses(tmp_path: Path) -> None:
    step = replace(STEP, text='echo "run: $MLFLOW_RUN_ID."; exit 3')
    commit = commit_repository(tmp_path / "clone", {"train.py": ""})
    attempt = run(tmp_path, make_plan(tmp_path / "clone", commit, step))
    assert attempt.state.exit_status == 3
    assert "run: ." in log_of(attempt)
    assert "no run could be made for MLFLOW_RUN_ID" in log_of(attempt)


@pytest.mark.attempt
@pytest.mark.parametrize("isolation", ISOLATIONS)
@pytest.mark.parametrize("version", ["mlflow==1.30.1", "mlflow-skinny>=3"])
def test_metrics_land_in_the_run_that_was_made(tmp_path: Path, version: str, isolation: Isolation) -> None:
    commit = commit_repository(tmp_path / "clone", {"train.py": LOGS})
    step = replace(STEP, text="python train.py --run $MLFLOW_RUN_ID")
    requirements = (version, "setuptools<81", *(("sqlalchemy<2",) if "1.30" in version else ()))
    plan = make_plan(tmp_path / "clone", commit, step, isolation=isolation, requirements=requirements)
    attempt = run(tmp_path, plan, seconds=300)
    assert attempt.state.outcome is Outcome.EXECUTED, log_of(attempt)
    (captured,) = read_json(AttemptFiles(Path(attempt.folder)).runs, CapturedRuns).runs
    assert (captured.status, captured.metrics[0].name, captured.metrics[0].points[-1].value) == ("FINISHED", "m", 2.5)
