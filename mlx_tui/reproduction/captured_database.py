"""Reads MLflow's SQLite store with plain SQL: the tables used here are stable from MLflow 1.0 to 3."""

import math
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from mlx_tui.reproduction.captured_files import DATA_CONTEXT, LONGEST_VALUE, MAX_RUNS, StoreContent
from mlx_tui.reproduction.model import (
    CapturedDataset,
    CapturedMetric,
    CapturedRun,
    KeyValue,
    MetricPoint,
    ModelVersion,
)
from mlx_tui.reproduction.store_files import StoreFiles, local_path
from mlx_tui.reproduction.store_tables import StoreTables, open_tables

PARENT = "mlflow.parentRunId"
# SQLite has no infinity: MLflow's SqlAlchemyStore.log_metric writes the largest float instead.
_INFINITE = 1.7976931348623157e308

Values = dict[str, list[KeyValue]]


def read_database(path: Path, *, own: bool = False) -> StoreContent:
    """Reads a database; nothing where it is damaged.

    Args:
        path: The SQLite file, possibly damaged or no database at all.
        own: Whether it is the attempt's own store, whose artifacts are there too, and in which a run that was killed
            may have left a transaction to roll back.
    """
    try:
        with open_tables(path, own=own) as tables:
            files = StoreFiles()
            runs = tuple(_runs(tables, files, path.parent if own else None))
            models = tuple(_text(name) for (name,) in tables.rows("registered_models", ("name",)))
            versions = tuple(_versions(tables))
            return StoreContent(runs, models, versions, cut=tables.cut or files.cut)
    except sqlite3.Error:
        return StoreContent()


def _runs(tables: StoreTables, files: StoreFiles, store: Path | None) -> Iterator[CapturedRun]:
    experiments = {
        identifier: _text(name) for identifier, name in tables.rows("experiments", ("experiment_id", "name"))
    }
    params, tags = (_values(tables, table) for table in ("params", "tags"))
    metrics = _metrics(tables)
    models, datasets = _model_folders(tables), _datasets(tables)
    columns = ("start_time", "run_uuid", "name", "status", "lifecycle_stage", "experiment_id", "artifact_uri")
    rows = tables.rows("runs", columns, by=("start_time",))
    tables.cut |= len(rows) > MAX_RUNS
    for _, run, name, status, stage, experiment, artifacts in rows[:MAX_RUNS]:
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
            artifacts=_artifacts(_text(artifacts), models.get(key, []), files, store),
            datasets=tuple(datasets.get(key, ())),
        )


def _values(tables: StoreTables, table: str) -> Values:
    found: Values = {}
    for run, key, value in tables.rows(table, ("run_uuid", "key", "value"), by=("key",)):
        found.setdefault(_text(run), []).append(KeyValue(_text(key), _text(value)[:LONGEST_VALUE]))
    return found


def _metrics(tables: StoreTables) -> dict[str, tuple[CapturedMetric, ...]]:
    columns = ("run_uuid", "key", "step", "timestamp", "value", "is_nan")
    points: dict[str, dict[str, list[MetricPoint]]] = {}
    for run, key, step, timestamp, value, is_nan in tables.rows("metrics", columns, by=("key", "timestamp")):
        point = MetricPoint(_whole(step), _whole(timestamp), None if is_nan else _finite(value))
        points.setdefault(_text(run), {}).setdefault(_text(key), []).append(point)
    return {run: tuple(_metric(name, history) for name, history in named.items()) for run, named in points.items()}


def _metric(name: str, history: list[MetricPoint]) -> CapturedMetric:
    return CapturedMetric(name, tuple(sorted(history, key=lambda point: (point.step, point.timestamp_ms))))


def _model_folders(tables: StoreTables) -> dict[str, list[tuple[str, str]]]:
    """Logged models of MLflow 3, which lie beside the run's artifacts."""
    found: dict[str, list[tuple[str, str]]] = {}
    for run, name, location in tables.rows("logged_models", ("source_run_id", "name", "artifact_location")):
        found.setdefault(_text(run), []).append((_text(name), _text(location)))
    return found


def _datasets(tables: StoreTables) -> dict[str, list[CapturedDataset]]:
    columns = ("dataset_uuid", "name", "digest", "dataset_source_type", "dataset_source")
    known = {_text(row[0]): tuple(map(_text, row[1:])) for row in tables.rows("datasets", columns)}
    tags = tables.rows("input_tags", ("input_uuid", "name", "value"))
    contexts = {_text(link): _text(value) for link, name, value in tags if name == DATA_CONTEXT}
    found: dict[str, list[CapturedDataset]] = {}
    columns = ("input_uuid", "source_type", "source_id", "destination_type", "destination_id")
    for link, kind, source, target, run in tables.rows("inputs", columns):
        if (kind, target) == ("DATASET", "RUN") and _text(source) in known:
            name, digest, source_type, text = known[_text(source)]
            dataset = CapturedDataset(name, digest, source_type, text[:LONGEST_VALUE], contexts.get(_text(link), ""))
            found.setdefault(_text(run), []).append(dataset)
    return found


def _versions(tables: StoreTables) -> Iterator[ModelVersion]:
    aliases: dict[tuple[str, int], list[str]] = {}
    for name, version, alias in tables.rows("registered_model_aliases", ("name", "version", "alias")):
        aliases.setdefault((_text(name), _whole(version)), []).append(_text(alias))
    columns = ("name", "version", "run_id", "current_stage")
    for name, version, run, stage in tables.rows("model_versions", columns, by=("name", "version")):
        key = (_text(name), _whole(version))
        yield ModelVersion(*key, _text(run), _text(stage), tuple(sorted(aliases.get(key, ()))))


def _artifacts(uri: str, models: list[tuple[str, str]], files: StoreFiles, store: Path | None) -> tuple[str, ...]:
    if store is None:
        return ()
    found = list(files.artifacts(local_path(uri), store))
    for name, location in models:
        found += [f"{name}/{file}" for file in files.artifacts(local_path(location), store)]
    return tuple(sorted(set(found)))


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _whole(value: object) -> int:
    return int(value) if isinstance(value, int | float) and math.isfinite(value) else 0


def _finite(value: object) -> float | None:
    if not isinstance(value, int | float) or not math.isfinite(value) or abs(value) >= _INFINITE:
        return None
    return float(value)
