"""Reading MLflow's stores of every version and kind. The tables are those that MLflow 1.2 and 3 create."""

import sqlite3
from pathlib import Path

import pytest

from mlx_tui.json_file import read_json, write_json
from mlx_tui.reproduction.captured import read_store
from mlx_tui.reproduction.captured_database import read_database
from mlx_tui.reproduction.captured_files import StoreContent, read_file_store
from mlx_tui.reproduction.model import CapturedRun, CapturedRuns, KeyValue, MetricPoint

OLD = """
CREATE TABLE experiments (experiment_id INTEGER PRIMARY KEY, name TEXT, artifact_location TEXT, lifecycle_stage TEXT);
CREATE TABLE runs (run_uuid TEXT PRIMARY KEY, name TEXT, source_type TEXT, status TEXT, start_time BIGINT,
  end_time BIGINT, lifecycle_stage TEXT, artifact_uri TEXT, experiment_id INTEGER);
CREATE TABLE params (key TEXT, value TEXT, run_uuid TEXT);
CREATE TABLE metrics (key TEXT, value FLOAT, timestamp BIGINT, run_uuid TEXT, step BIGINT, is_nan BOOLEAN);
CREATE TABLE tags (key TEXT, value TEXT, run_uuid TEXT);
"""
NEW = (
    OLD
    + """
CREATE TABLE latest_metrics (key TEXT, value FLOAT, timestamp BIGINT, step BIGINT, is_nan BOOLEAN, run_uuid TEXT);
CREATE TABLE registered_models (name TEXT, creation_time BIGINT, description TEXT, workspace TEXT);
CREATE TABLE logged_models (model_id TEXT, experiment_id INTEGER, name TEXT, artifact_location TEXT,
  source_run_id TEXT);
INSERT INTO registered_models VALUES ('wine', 1, '', '');
"""
)


def fill(store: Path, schema: str) -> None:
    store.mkdir()
    artifacts = store / "artifacts" / "1" / "r1" / "artifacts"
    (artifacts / "plots").mkdir(parents=True)
    (artifacts / "plots" / "roc.png").touch()
    (artifacts / "stolen").symlink_to("/etc/passwd")
    model = store / "artifacts" / "1" / "models" / "m1"
    model.mkdir(parents=True)
    (model / "MLmodel").touch()
    connection = sqlite3.connect(store / "mlflow.db")
    connection.executescript(schema)
    connection.execute("INSERT INTO experiments VALUES (1, 'wine', '', 'active')")
    for run, name, stage, start in (("r2", "", "active", 20), ("r1", "first", "active", 10), ("r3", "", "deleted", 5)):
        row = (run, name, "", "FINISHED", start, 30, stage, str(artifacts) if run == "r1" else "s3://x/y", 1)
        connection.execute("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    connection.execute("INSERT INTO params VALUES ('alpha', '0.5', 'r1')")
    tags = [("mlflow.parentRunId", "r1", "r2"), ("mlflow.runName", "child", "r2")]
    connection.executemany("INSERT INTO tags VALUES (?, ?, ?)", tags)
    points = [("loss", 0.5, 2, "r1", 1, 0), ("loss", 1.0, 1, "r1", 0, 0), ("loss", 0.0, 3, "r1", 2, 1)]
    points += [("limit", 1.7976931348623157e308, 1, "r1", 0, 0)]
    connection.executemany("INSERT INTO metrics VALUES (?, ?, ?, ?, ?, ?)", points)
    if "logged_models" in schema:
        connection.execute("INSERT INTO logged_models VALUES ('m1', 1, 'model', ?, 'r1')", (str(model),))
    connection.commit()
    connection.close()
    (store / "asked.jsonl").write_text(
        '{"kind": "mlflow", "value": "2.8.0"}\nbroken\n{"kind": "uri", "value": "http://***@h:5000"}\n'
        '{"kind": "uri", "value": "http://user:pw@h:5000"}\n{"kind": "uri", "value": "http://***@h:5000"}\n'
    )


@pytest.mark.parametrize(("schema", "models"), [(OLD, ()), (NEW, ("wine",))])
def test_a_database_of_any_version(tmp_path: Path, schema: str, models: tuple[str, ...]) -> None:
    fill(tmp_path / "store", schema)
    captured = read_store(tmp_path / "store")
    assert (captured.mlflow_version, captured.asked_uris) == ("2.8.0", ("http://***@h:5000",))
    assert captured.registered_models == models
    first, child = captured.runs
    assert (first.run_id, first.name, first.experiment, first.status) == ("r1", "first", "wine", "FINISHED")
    assert (child.name, child.parent_run_id, child.artifacts) == ("child", "r1", ())
    assert first.params == (KeyValue("alpha", "0.5"),)
    limit, loss = first.metrics
    assert loss.points == (MetricPoint(0, 1, 1.0), MetricPoint(1, 2, 0.5), MetricPoint(2, 3, None))
    assert limit.points == (MetricPoint(0, 1, None),)
    assert first.artifacts == (("model/MLmodel",) if models else ()) + ("plots/roc.png",)
    write_json(tmp_path / "runs.json", captured)
    assert read_json(tmp_path / "runs.json", CapturedRuns) == captured


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_what_is_no_database_holds_no_run(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "mlflow.db").write_bytes(content)
    assert read_database(tmp_path / "mlflow.db") == StoreContent()
    assert read_store(tmp_path) == CapturedRuns("", (), (), ())


def test_a_database_that_points_out_of_the_store_shows_nothing_of_it(tmp_path: Path) -> None:
    fill(tmp_path / "store", OLD)
    connection = sqlite3.connect(tmp_path / "store" / "mlflow.db")
    connection.execute("UPDATE runs SET artifact_uri = '/etc'")
    connection.commit()
    connection.close()
    assert {run.artifacts for run in read_store(tmp_path / "store").runs} == {()}


def write_run(folder: Path, start: int, **metrics: str) -> None:
    for part in ("params", "metrics", "tags", "artifacts/model"):
        (folder / part).mkdir(parents=True)
    (folder / "meta.yaml").write_text(
        f"run_id: {folder.name}\nrun_uuid: {folder.name}\nrun_name: ''\nstatus: 3\nstart_time: {start}\n"
        "lifecycle_stage: active\nartifact_uri: file:///C:/somewhere/else\n"
    )
    (folder / "params" / "alpha").write_text("0.5")
    (folder / "tags" / "mlflow.runName").write_text("named")
    (folder / "artifacts" / "model" / "MLmodel").touch()
    for name, lines in metrics.items():
        (folder / "metrics" / name).write_text(lines)


def test_a_file_store(tmp_path: Path) -> None:
    root = tmp_path / "mlruns"
    write_run(root / "0" / "bbb", 20, loss="1 0.5 0\n2 nan 1\n", old="7 0.25\n", damaged="what\n")
    write_run(root / "0" / "aaa", 10)
    (root / "0" / "meta.yaml").write_text("experiment_id: '0'\nname: Default\n")
    (root / "0" / "aaa" / "metrics" / "stolen").symlink_to("/etc/passwd")
    (root / "0" / "ccc").mkdir()
    (root / "0" / "ccc" / "meta.yaml").write_text("a: &a [x]\nb: [*a, *a]\n")
    (root / "models" / "wine").mkdir(parents=True)
    (root / "models" / "wine" / "meta.yaml").write_text("name: wine\n")
    content = read_file_store(root)
    assert content.models == ("wine",)
    first, second = content.runs
    assert (first.run_id, second.run_id) == ("aaa", "bbb")
    assert isinstance(second, CapturedRun)
    assert (second.name, second.experiment, second.status) == ("named", "Default", "FINISHED")
    assert {metric.name: metric.points for metric in second.metrics} == {
        "loss": (MetricPoint(0, 1, 0.5), MetricPoint(1, 2, None)),
        "old": (MetricPoint(0, 7, 0.25),),
    }
    assert first.metrics == ()
    assert second.artifacts == ("model/MLmodel",)
    assert read_file_store(tmp_path / "nowhere") == StoreContent()
