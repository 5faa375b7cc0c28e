"""Runs a command within a run of MLflow's, as `mlflow run` does: `MLFLOW_RUN_ID` names it.

Runs inside the experiment's own Python, 3.6 to the newest, with any MLflow since 1.2. Where the run can't be made, the
command runs without it and says itself what it misses.

Usage: python project_run.py NAME COMMAND ARGUMENT…; the name may be empty.
"""

# Old interpreters run this, so that it is neither annotated nor modern.
# mypy: ignore-errors
# ruff: noqa: UP031

import os
import subprocess
import sys

EXPERIMENT = "0"


def make_run(name):
    """Makes a run in the default experiment; None where MLflow isn't there, or can't."""
    try:
        from mlflow.tracking import MlflowClient

        client = MlflowClient()
        tags = {"mlflow.runName": name} if name else {}
        return client, client.create_run(EXPERIMENT, tags=tags).info.run_id
    except Exception as error:
        sys.stderr.write("mlx-tui: no run could be made for MLFLOW_RUN_ID: %s\n" % (error,))
        return None


def main(name, command):
    """Runs the command and ends the run as the command ended; returns its exit status."""
    made = make_run(name)
    if made is not None:
        os.environ.update(MLFLOW_RUN_ID=made[1], MLFLOW_EXPERIMENT_ID=EXPERIMENT)
    status = subprocess.call(command)
    if made is not None:
        made[0].set_terminated(made[1], "FINISHED" if status == 0 else "FAILED")
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
