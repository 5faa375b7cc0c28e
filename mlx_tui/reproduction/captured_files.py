"""Reads MLflow's file store (`mlruns/`): `<experiment>/<run>/meta.yaml` with folders of params, metrics and tags.

The layout is that of `mlflow.store.tracking.file_store`, stable from MLflow 0.5 on. Such a store may come from a
hostile repository: only regular files are read, up to a stated size and number.
"""

import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml

from mlx_tui.reproduction.model import (
    CapturedDataset,
    CapturedMetric,
    CapturedRun,
    KeyValue,
    MetricPoint,
    ModelVersion,
)

MAX_RUNS = 10_000
MAX_FILE = 1 << 20
MAX_FILES = 5000
LONGEST_VALUE = 5000
DATA_CONTEXT = "mlflow.data.context"
_NOT_EXPERIMENTS = frozenset([".trash", "models"])
# MLflow's protobuf enumeration RunStatus; names from MLflow 1.0 on.
_STATUS = {"1": "RUNNING", "2": "SCHEDULED", "3": "FINISHED", "4": "FAILED", "5": "KILLED"}

Meta = dict[str, str]


@dataclass(frozen=True, slots=True)
class StoreContent:
    """What a store holds: runs in order of start, names of registered models, and their versions."""

    runs: tuple[CapturedRun, ...] = ()
    models: tuple[str, ...] = ()
    versions: tuple[ModelVersion, ...] = ()


def read_file_store(root: Path, *, own: bool = False) -> StoreContent:
    """Reads a file store.

    Args:
        root: The `mlruns` folder.
        own: Whether it is the attempt's own store, whose artifacts lie beside it.
    """
    found: list[tuple[int, CapturedRun]] = []
    for experiment in _folders(root):
        if experiment.name in _NOT_EXPERIMENTS:
            continue
        name = _meta(experiment).get("name", "")
        for folder in _folders(experiment):
            meta = _meta(folder)
            if meta and meta.get("lifecycle_stage") != "deleted" and len(found) < MAX_RUNS:
                start = meta.get("start_time", "")
                store = root.parent if own else None
                found.append((int(start) if start.isdigit() else 0, _run(folder, meta, name, store)))
    found.sort(key=lambda entry: entry[0])
    models = [folder for folder in _folders(root / "models") if _meta(folder)]
    versions = tuple(version for model in models for version in _versions(model))
    return StoreContent(tuple(run for _, run in found), tuple(model.name for model in models), versions)


def _run(folder: Path, meta: Meta, experiment: str, store: Path | None) -> CapturedRun:
    tags = tuple(_values(folder / "tags"))
    named = {tag.key: tag.value for tag in tags}
    status = meta.get("status", "")
    run_id = meta.get("run_id") or meta.get("run_uuid") or folder.name
    artifacts = set(artifact_files(folder / "artifacts", folder))
    if store is not None:
        artifacts |= set(artifact_files(local_path(meta.get("artifact_uri", "")), store))
        artifacts |= set(_logged_models(folder.parent, run_id, store))
    return CapturedRun(
        run_id=run_id,
        name=meta.get("run_name") or named.get("mlflow.runName", "") or meta.get("name", ""),
        experiment=experiment,
        status=_STATUS.get(status, status),
        parent_run_id=named.get("mlflow.parentRunId", ""),
        params=tuple(_values(folder / "params")),
        metrics=tuple(_metrics(folder / "metrics")),
        tags=tags,
        artifacts=tuple(sorted(artifacts)),
        datasets=tuple(_datasets(folder)),
    )


def _logged_models(experiment: Path, run_id: str, store: Path) -> Iterator[str]:
    """Files of the models of MLflow 3, which lie beside the run's artifacts."""
    for folder in _folders(experiment / "models"):
        meta = _meta(folder)
        if meta.get("source_run_id") == run_id:
            location = local_path(meta.get("artifact_location", ""))
            yield from (f"{meta.get('name', folder.name)}/{file}" for file in artifact_files(location, store))


def _datasets(run: Path) -> Iterator[CapturedDataset]:
    for link in _folders(run / "inputs"):
        document = _document(link)
        source, tags = document.get("source_id"), document.get("tags")
        if not isinstance(source, str) or document.get("source_type") != "DATASET" or Path(source).name != source:
            continue
        meta = _meta(run.parent / "datasets" / source)
        context = tags.get(DATA_CONTEXT, "") if isinstance(tags, dict) else ""
        yield CapturedDataset(
            name=meta.get("name", "")[:LONGEST_VALUE],
            digest=meta.get("digest", "")[:LONGEST_VALUE],
            source_type=meta.get("source_type", "")[:LONGEST_VALUE],
            source=meta.get("source", "")[:LONGEST_VALUE],
            context=context if isinstance(context, str) else "",
        )


def _versions(model: Path) -> Iterator[ModelVersion]:
    aliases = list(_values(model / "aliases"))
    for folder in _folders(model):
        meta = _meta(folder)
        number = meta.get("version", "")
        if number.isdigit():
            own = tuple(alias.key for alias in aliases if alias.value.strip() == number)
            yield ModelVersion(model.name, int(number), meta.get("run_id", ""), meta.get("current_stage", ""), own)


def _folders(root: Path) -> list[Path]:
    if root.is_symlink() or not root.is_dir():
        return []
    return sorted(path for path in root.iterdir() if path.is_dir() and not path.is_symlink())


def _read(path: Path) -> str:
    if path.is_symlink() or not path.is_file():
        return ""
    with path.open("rb") as stream:
        return stream.read(MAX_FILE).decode("utf-8", "replace")


def _meta(folder: Path) -> Meta:
    return {key: value for key, value in _document(folder).items() if isinstance(value, str)}


def _document(folder: Path) -> dict[str, object]:
    """The mapping in a folder's `meta.yaml`; empty where there is none that can be read."""
    text = _read(folder / "meta.yaml")
    if "&" in text and "*" in text:  # MLflow writes no aliases; YAML bombs need them
        return {}
    try:
        loaded = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader makes strings only
    except (yaml.YAMLError, RecursionError):
        return {}
    return {key: value for key, value in loaded.items() if isinstance(key, str)} if isinstance(loaded, dict) else {}


def _files(root: Path) -> Iterator[tuple[str, Path]]:
    """Regular files below a folder with their path relative to it; links aren't followed."""
    count = 0
    for parent, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            path = Path(parent, name)
            if path.is_file() and not path.is_symlink():
                count += 1
                if count > MAX_FILES:
                    return
                yield path.relative_to(root).as_posix(), path


def _values(root: Path) -> Iterator[KeyValue]:
    for name, path in _files(root):
        yield KeyValue(name, _read(path)[:LONGEST_VALUE])


def _metrics(root: Path) -> Iterator[CapturedMetric]:
    """Each line of a metric's file is `timestamp value [step]`; MLflow 3 writes some lines twice."""
    for name, path in _files(root):
        points = list(dict.fromkeys(point for line in _read(path).splitlines() if (point := _point(line.split()))))
        if points:
            points.sort(key=lambda point: (point.step, point.timestamp_ms))
            yield CapturedMetric(name, tuple(points))


def _point(words: list[str]) -> MetricPoint | None:
    try:
        value = float(words[1])
        step = int(words[2]) if len(words) > 2 else 0
        return MetricPoint(step, int(words[0]), value if math.isfinite(value) else None)
    except (ValueError, IndexError):
        return None


def local_path(uri: str) -> Path | None:
    """The path that an artifact URI names on this machine, if it names one."""
    parts = urlsplit(uri)
    if parts.scheme == "file":
        return Path(unquote(parts.path))
    return Path(uri) if uri.startswith("/") else None


def artifact_files(folder: Path | None, inside: Path) -> Iterator[str]:
    """Paths of the artifacts in a folder, relative to it; nothing unless the folder lies inside another."""
    if folder is not None and folder.is_dir() and folder.resolve().is_relative_to(inside.resolve()):
        yield from (name for name, _ in _files(folder))
