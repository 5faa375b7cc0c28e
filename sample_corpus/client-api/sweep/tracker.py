"""A thin layer over MLflow's client, so that the sweep reads as an experiment."""

import subprocess
import time

from mlflow.entities import Metric, Param, RunStatus
from mlflow.tracking import MlflowClient
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID


class Tracker:
    def __init__(self, experiment: str) -> None:
        self.client = MlflowClient()
        found = self.client.get_experiment_by_name(experiment)
        self.experiment_id = found.experiment_id if found else self.client.create_experiment(experiment)

    def start(self, name: str, parent: str | None = None) -> str:
        """Starts a run, below a parent where one is given, and returns its id."""
        tags = {MLFLOW_PARENT_RUN_ID: parent} if parent else {}
        run = self.client.create_run(self.experiment_id, run_name=name, tags=tags)
        self.client.set_tag(run.info.run_id, "git_commit", current_commit())
        return run.info.run_id

    def record(self, run_id: str, params: dict[str, float], metrics: dict[str, float]) -> None:
        now = int(time.time() * 1000)
        self.client.log_batch(
            run_id,
            metrics=[Metric(key, value, now, 0) for key, value in metrics.items()],
            params=[Param(key, str(value)) for key, value in params.items()],
        )

    def finish(self, run_id: str) -> None:
        self.client.set_terminated(run_id, RunStatus.to_string(RunStatus.FINISHED))


def current_commit() -> str:
    try:
        return subprocess.check_output(["git", "rev-parse", "HEAD"], text=True).strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
