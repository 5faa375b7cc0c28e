"""Stores that MLflow itself wrote, of several years' versions and of both kinds, are read in full."""

import os
import subprocess
from pathlib import Path

import pytest
from uv import find_uv_bin

from mlx_tui.reproduction import redirect
from mlx_tui.reproduction.captured import read_store
from mlx_tui.reproduction.interpreters import find_interpreters
from mlx_tui.reproduction.model import CapturedDataset, KeyValue, ModelVersion

RECORD = """
import sys
import mlflow, mlflow.pyfunc
from mlflow.tracking import MlflowClient

uri, artifacts = sys.argv[1:]
version = tuple(int(part) for part in mlflow.__version__.split(".")[:2])
mlflow.set_tracking_uri(uri)
client = MlflowClient()
experiment = client.create_experiment("wine", artifact_location=artifacts)


class Echo(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input):
        return model_input


with mlflow.start_run(experiment_id=experiment, run_name="outer"):
    mlflow.log_param("alpha", 0.5)
    mlflow.set_tag("task", "regression")
    for step in range(3):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    with open("note.txt", "w") as file:
        file.write("x")
    mlflow.log_artifact("note.txt", "notes")
    with mlflow.start_run(experiment_id=experiment, run_name="inner", nested=True):
        mlflow.log_metric("limit", float("inf"))
    if version >= (2, 4):
        import pandas
        points = mlflow.data.from_pandas(pandas.DataFrame({"x": [1, 2]}), source="data/x.csv", name="points")
        mlflow.log_input(points, context="training")
    registry = version >= (2, 0) or (version >= (1, 8) and uri.startswith("sqlite"))
    named = {"registered_model_name": "echo"} if registry else {}
    where = {"name": "model"} if version >= (3, 0) else {"artifact_path": "model"}
    mlflow.pyfunc.log_model(python_model=Echo(), **where, **named)
    if registry and version >= (2, 3):
        client.set_registered_model_alias("echo", "champion", "1")
    elif registry:
        client.transition_model_version_stage("echo", 1, "Staging")
"""


@pytest.fixture(scope="module", params=["1.2.0", "1.8.0", "1.30.0", "2.8.1", "2.22.0", "3.17.2"])
def mlflow(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[tuple[int, ...], Path]:
    """A version of MLflow, and the interpreter of an environment of its time."""
    python, as_of = {
        "1.2.0": ("3.7", "2019-09-10"),
        "1.8.0": ("3.8", "2020-06-01"),
        "1.30.0": ("3.10", "2022-12-01"),
        "2.8.1": ("3.11", "2023-12-01"),
        "2.22.0": ("3.11", "2025-06-01"),
        "3.17.2": ("3.11", "2026-11-20"),
    }[request.param]
    found = next((one for one in find_interpreters() if str(one.version).startswith(f"{python}.")), None)
    if found is None:
        pytest.skip(f"no Python {python}")
    folder = tmp_path_factory.mktemp("environment") / "venv"
    interpreter = folder / "bin" / "python"
    make = ["venv", "--no-project", "--python", str(found.path), str(folder)]
    packages = [f"mlflow=={request.param}", "setuptools<81"]
    install = ["pip", "install", "--python", str(interpreter), "--exclude-newer", as_of, *packages]
    for arguments in (make, install):
        subprocess.run([find_uv_bin(), "--quiet", *arguments], check=True)
    return tuple(map(int, request.param.split("."))), interpreter


@pytest.mark.attempt
@pytest.mark.parametrize("kind", ["database", "files"])
def test_everything_that_mlflow_recorded_is_read(
    mlflow: tuple[tuple[int, ...], Path], kind: str, tmp_path: Path
) -> None:
    version, interpreter = mlflow
    store = tmp_path / "store"
    store.mkdir()
    database = f"sqlite:///{store / redirect.DATABASE}"
    uri = database if kind == "database" else (store / redirect.FILE_STORE).as_uri()
    own = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "MLFLOW_ALLOW_FILE_STORE": "true"}
    line = [str(interpreter), "-c", RECORD, uri, (store / redirect.ARTIFACTS).as_uri()]
    subprocess.run(line, cwd=tmp_path, env=own, check=True, capture_output=True)

    captured = read_store(store)
    outer, inner = captured.runs
    assert (outer.name, outer.experiment, outer.status, outer.parent_run_id) == ("outer", "wine", "FINISHED", "")
    assert (inner.name, inner.parent_run_id, inner.artifacts) == ("inner", outer.run_id, ())
    assert outer.params == (KeyValue("alpha", "0.5"),)
    assert KeyValue("task", "regression") in outer.tags
    (loss,) = outer.metrics
    assert [(point.step, point.value) for point in loss.points] == [(0, 1), (1, 1 / 2), (2, 1 / 3)]
    assert [(metric.name, metric.points[-1].value) for metric in inner.metrics] == [("limit", None)]
    assert {"notes/note.txt", "model/MLmodel"} <= set(outer.artifacts)
    if version >= (2, 4):
        (dataset,) = outer.datasets
        assert dataset == CapturedDataset("points", dataset.digest, "local", '{"uri": "data/x.csv"}', "training")
        assert dataset.digest
    if version >= (2, 3):
        assert captured.model_versions == (ModelVersion("echo", 1, outer.run_id, "None", ("champion",)),)
    elif version >= (1, 8) and kind == "database":
        assert captured.model_versions == (ModelVersion("echo", 1, outer.run_id, "Staging", ()),)
    assert captured.registered_models == (("echo",) if captured.model_versions else ())
