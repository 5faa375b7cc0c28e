"""Reads MLflow's SQLite store with plain SQL: the tables used here are stable from MLflow 1.0 to 3."""

import math
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from mlx_tui.reproduction.captured_files import (
    DATA_CONTEXT,
    LONGEST_VALUE,
    MAX_RUNS,
    StoreContent,
    artifact_files,
    local_path,
)
from mlx_tui.reproduction.model import (
    CapturedDataset,
    CapturedMetric,
    CapturedRun,
    KeyValue,
    MetricPoint,
    ModelVersion,
)

MAX_ROWS = 1_000_000
PARENT = "mlflow.parentRunId"
# SQLite has no infinity: MLflow's SqlAlchemyStore.log_metric writes the largest float instead.
_INFINITE = 1.7976931348623157e308

Values = dict[str, list[KeyValue]]


def read_database(path: Path, *, own: bool = False) -> StoreContent:
    """Reads a database.

    Args:
        path: The SQLite file, possibly damaged or no database at all.
        own: Whether it is the attempt's own store, whose artifacts are there too, and in which a run that was killed
            may have left a transaction to roll back.
    """
    mode = "mode=rw" if own else "mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?{mode}", uri=True)) as connection:
            connection.text_factory = lambda data: data.decode("utf-8", "replace")
            runs = tuple(_runs(connection, path.parent if own else None))
            models = tuple(_text(name) for (name,) in _rows(connection, "registered_models", ("name",)))
            return StoreContent(runs, models, tuple(_versions(connection)))
    except sqlite3.Error:
        return StoreContent()


def _rows(
    connection: sqlite3.Connection, table: str, columns: tuple[str, ...], order: str = ""
) -> list[tuple[object, ...]]:
    """Rows of a table; NULL stands for a column that the version lacks, nothing for a table that it lacks."""
    there = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
    if not there:
        return []
    wanted = ", ".join(column if column in there else f"NULL AS {column}" for column in columns)
    query = f"SELECT {wanted} FROM {table} {order} LIMIT {MAX_ROWS}"  # noqa: S608 - names are constants of this module
    return connection.execute(query).fetchall()


def _runs(connection: sqlite3.Connection, store: Path | None) -> Iterator[CapturedRun]:
    experiments = {
        identifier: _text(name) for identifier, name in _rows(connection, "experiments", ("experiment_id", "name"))
    }
    params, tags = (_values(connection, table) for table in ("params", "tags"))
    metrics = _metrics(connection)
    models, datasets = _model_folders(connection), _datasets(connection)
    columns = ("run_uuid", "name", "status", "lifecycle_stage", "experiment_id", "artifact_uri")
    for row in _rows(connection, "runs", columns, "ORDER BY start_time, rowid")[:MAX_RUNS]:
        run, name, status, stage, experiment, artifacts = row
        if stage == "deleted":
            continue
        key = _text(run)
        own_tags = {tag.key: tag.value for tag in tags.get(key, ())}
        yield CapturedRun(
            run_id=key,
            name=_text(name) or own_tags.get("mlflow.runName", ""),
            experiment=experiments.get(experiment, ""),
            status=_text(status),
            parent_run_id=own_tags.get(PARENT, ""),
            params=tuple(params.get(key, ())),
            metrics=metrics.get(key, ()),
            tags=tuple(tags.get(key, ())),
            artifacts=_artifacts(_text(artifacts), models.get(key, []), store),
            datasets=tuple(datasets.get(key, ())),
        )


def _values(connection: sqlite3.Connection, table: str) -> Values:
    found: Values = {}
    for run, key, value in _rows(connection, table, ("run_uuid", "key", "value"), "ORDER BY key"):
        found.setdefault(_text(run), []).append(KeyValue(_text(key), _text(value)[:LONGEST_VALUE]))
    return found


def _metrics(connection: sqlite3.Connection) -> dict[str, tuple[CapturedMetric, ...]]:
    columns = ("run_uuid", "key", "step", "timestamp", "value", "is_nan")
    order = "ORDER BY run_uuid, key, timestamp, rowid"
    points: dict[str, dict[str, list[MetricPoint]]] = {}
    for run, key, step, timestamp, value, is_nan in _rows(connection, "metrics", columns, order):
        point = MetricPoint(_whole(step), _whole(timestamp), None if is_nan else _finite(value))
        points.setdefault(_text(run), {}).setdefault(_text(key), []).append(point)
    return {run: tuple(_metric(name, history) for name, history in named.items()) for run, named in points.items()}


def _metric(name: str, history: list[MetricPoint]) -> CapturedMetric:
    return CapturedMetric(name, tuple(sorted(history, key=lambda point: (point.step, point.timestamp_ms))))


def _model_folders(connection: sqlite3.Connection) -> dict[str, list[tuple[str, str]]]:
    """Logged models of MLflow 3, which lie beside the run's artifacts."""
    found: dict[str, list[tuple[str, str]]] = {}
    for run, name, location in _rows(connection, "logged_models", ("source_run_id", "name", "artifact_location")):
        found.setdefault(_text(run), []).append((_text(name), _text(location)))
    return found


def _datasets(connection: sqlite3.Connection) -> dict[str, list[CapturedDataset]]:
    columns = ("dataset_uuid", "name", "digest", "dataset_source_type", "dataset_source")
    known = {_text(row[0]): tuple(map(_text, row[1:])) for row in _rows(connection, "datasets", columns)}
    tags = _rows(connection, "input_tags", ("input_uuid", "name", "value"))
    contexts = {_text(link): _text(value) for link, name, value in tags if name == DATA_CONTEXT}
    found: dict[str, list[CapturedDataset]] = {}
    columns = ("input_uuid", "source_type", "source_id", "destination_type", "destination_id")
    for link, kind, source, target, run in _rows(connection, "inputs", columns, "ORDER BY rowid"):
        if (kind, target) == ("DATASET", "RUN") and _text(source) in known:
            name, digest, source_type, text = known[_text(source)]
            dataset = CapturedDataset(name, digest, source_type, text[:LONGEST_VALUE], contexts.get(_text(link), ""))
            found.setdefault(_text(run), []).append(dataset)
    return found


def _versions(connection: sqlite3.Connection) -> Iterator[ModelVersion]:
    aliases: dict[tuple[str, int], list[str]] = {}
    for name, version, alias in _rows(connection, "registered_model_aliases", ("name", "version", "alias")):
        aliases.setdefault((_text(name), _whole(version)), []).append(_text(alias))
    columns = ("name", "version", "run_id", "current_stage")
    for name, version, run, stage in _rows(connection, "model_versions", columns, "ORDER BY name, version"):
        key = (_text(name), _whole(version))
        yield ModelVersion(*key, _text(run), _text(stage), tuple(sorted(aliases.get(key, ()))))


def _artifacts(uri: str, models: list[tuple[str, str]], store: Path | None) -> tuple[str, ...]:
    if store is None:
        return ()
    found = list(artifact_files(local_path(uri), store))
    for name, location in models:
        found += [f"{name}/{file}" for file in artifact_files(local_path(location), store)]
    return tuple(sorted(set(found)))


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _whole(value: object) -> int:
    return int(value) if isinstance(value, int | float) and math.isfinite(value) else 0


def _finite(value: object) -> float | None:
    if not isinstance(value, int | float) or not math.isfinite(value) or abs(value) >= _INFINITE:
        return None
    return float(value)
