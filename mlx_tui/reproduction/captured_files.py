"""Reads MLflow's file store (`mlruns/`): `<experiment>/<run>/meta.yaml` with folders of params, metrics and tags.

The layout is that of `mlflow.store.tracking.file_store`, stable from MLflow 0.5 on. Such a store may come from a
hostile repository: only regular files are read, up to a stated size and number.
"""

import math
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml

from mlx_tui.reproduction.model import CapturedMetric, CapturedRun, KeyValue, MetricPoint

MAX_RUNS = 10_000
MAX_FILE = 1 << 20
MAX_FILES = 5000
LONGEST_VALUE = 5000
_NOT_EXPERIMENTS = frozenset([".trash", "models"])
# MLflow's protobuf enumeration RunStatus; names from MLflow 1.0 on.
_STATUS = {"1": "RUNNING", "2": "SCHEDULED", "3": "FINISHED", "4": "FAILED", "5": "KILLED"}

Meta = dict[str, str]


def read_file_store(root: Path) -> tuple[tuple[CapturedRun, ...], tuple[str, ...]]:
    """Reads runs, in order of start, and names of registered models.

    Args:
        root: The `mlruns` folder.
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
                found.append((int(start) if start.isdigit() else 0, _run(folder, meta, name)))
    found.sort(key=lambda entry: entry[0])
    models = tuple(folder.name for folder in _folders(root / "models") if _meta(folder))
    return tuple(run for _, run in found), models


def _run(folder: Path, meta: Meta, experiment: str) -> CapturedRun:
    tags = tuple(_values(folder / "tags"))
    named = {tag.key: tag.value for tag in tags}
    status = meta.get("status", "")
    return CapturedRun(
        run_id=meta.get("run_id") or meta.get("run_uuid") or folder.name,
        name=meta.get("run_name") or named.get("mlflow.runName", "") or meta.get("name", ""),
        experiment=experiment,
        status=_STATUS.get(status, status),
        parent_run_id=named.get("mlflow.parentRunId", ""),
        params=tuple(_values(folder / "params")),
        metrics=tuple(_metrics(folder / "metrics")),
        tags=tags,
        artifacts=tuple(artifact_files(folder / "artifacts", folder)),
    )


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
    text = _read(folder / "meta.yaml")
    if "&" in text and "*" in text:  # MLflow writes no aliases; YAML bombs need them
        return {}
    try:
        loaded = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader makes strings only
    except (yaml.YAMLError, RecursionError):
        return {}
    return {key: value for key, value in loaded.items() if isinstance(value, str)} if isinstance(loaded, dict) else {}


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
    """Each line of a metric's file is `timestamp value [step]`."""
    for name, path in _files(root):
        points = [point for line in _read(path).splitlines() if (point := _point(line.split()))]
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
