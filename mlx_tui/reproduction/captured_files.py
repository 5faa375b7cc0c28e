"""Reads MLflow's file store (`mlruns/`): `<experiment>/<run>/meta.yaml` with folders of params, metrics and tags.

The layout is that of `mlflow.store.tracking.file_store`, stable from MLflow 0.5 on. Such a store may come from a
hostile repository: only regular files are read, up to a stated size and number.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mlx_tui.formats.yaml_lines import entries, scalar
from mlx_tui.reproduction.model import (
    CapturedDataset,
    CapturedMetric,
    CapturedRun,
    KeyValue,
    MetricPoint,
    ModelVersion,
)
from mlx_tui.reproduction.store_files import Meta, StoreFiles, local_path, plain_name

MAX_RUNS = 10_000
MAX_POINTS = 1_000_000
"""At most so many logged values of one store are read."""
LONGEST_VALUE = 5000
DATA_CONTEXT = "mlflow.data.context"
_NOT_EXPERIMENTS = frozenset([".trash", "models"])
# MLflow's protobuf enumeration RunStatus; names from MLflow 1.0 on.
_STATUS = {"1": "RUNNING", "2": "SCHEDULED", "3": "FINISHED", "4": "FAILED", "5": "KILLED"}


@dataclass(frozen=True, slots=True)
class StoreContent:
    """What a store holds.

    Attributes:
        runs: In order of start.
        models: Names of registered models.
        versions: Their versions.
        cut: Whether it holds more than is read.
    """

    runs: tuple[CapturedRun, ...] = ()
    models: tuple[str, ...] = ()
    versions: tuple[ModelVersion, ...] = ()
    cut: bool = False


def read_file_store(root: Path, *, own: bool = False) -> StoreContent:
    """Reads a file store; what is damaged in it is left out.

    Args:
        root: The `mlruns` folder.
        own: Whether it is the attempt's own store, whose artifacts lie beside it.
    """
    return _FileStore(root, root.parent if own else None).content()


class _FileStore:
    """One reading of a file store; `beside` is the folder of the artifacts where it is the attempt's own store."""

    def __init__(self, root: Path, beside: Path | None) -> None:
        self._root, self._beside = root, beside
        self._files = StoreFiles()
        self._points = MAX_POINTS

    def content(self) -> StoreContent:
        runs = sorted(self._runs(), key=lambda entry: entry[0])
        models = [folder for folder in self._files.folders(self._root / "models") if self._files.meta(folder)]
        return StoreContent(
            runs=tuple(run for _, run in runs),
            models=tuple(plain_name(model.name) for model in models),
            versions=tuple(version for model in models for version in self._versions(model)),
            cut=self._files.cut,
        )

    def _runs(self) -> Iterator[tuple[int, CapturedRun]]:
        """The runs with the time of their start."""
        count = 0
        for experiment in self._files.folders(self._root):
            if experiment.name in _NOT_EXPERIMENTS:
                continue
            name = self._files.meta(experiment).get("name", "")
            for folder in self._files.folders(experiment):
                meta = self._files.meta(folder)
                if not meta or meta.get("lifecycle_stage") == "deleted":
                    continue
                count += 1
                if count > MAX_RUNS:
                    self._files.cut = True
                    return
                yield _whole(meta.get("start_time", "")) or 0, self._run(folder, meta, name)

    def _run(self, folder: Path, meta: Meta, experiment: str) -> CapturedRun:
        tags = tuple(self._values(folder / "tags"))
        named = {tag.key: tag.value for tag in tags}
        status = meta.get("status", "")
        run_id = meta.get("run_id") or meta.get("run_uuid") or plain_name(folder.name)
        artifacts = set(self._files.artifacts(folder / "artifacts", folder))
        if self._beside is not None:
            artifacts |= set(self._files.artifacts(local_path(meta.get("artifact_uri", "")), self._beside))
            artifacts |= set(self._logged_models(folder.parent, run_id, self._beside))
        return CapturedRun(
            run_id=run_id,
            name=meta.get("run_name") or named.get("mlflow.runName", "") or meta.get("name", ""),
            experiment=experiment,
            status=_STATUS.get(status, status),
            parent_run_id=named.get("mlflow.parentRunId", ""),
            params=tuple(self._values(folder / "params")),
            metrics=tuple(self._metrics(folder / "metrics")),
            tags=tags,
            artifacts=tuple(sorted(artifacts)),
            datasets=tuple(self._datasets(folder)),
        )

    def _logged_models(self, experiment: Path, run_id: str, beside: Path) -> Iterator[str]:
        """Files of the models of MLflow 3, which lie beside the run's artifacts."""
        for folder in self._files.folders(experiment / "models"):
            meta = self._files.meta(folder)
            if meta.get("source_run_id") == run_id:
                location, name = local_path(meta.get("artifact_location", "")), plain_name(folder.name)
                yield from (f"{meta.get('name', name)}/{file}" for file in self._files.artifacts(location, beside))

    def _datasets(self, run: Path) -> Iterator[CapturedDataset]:
        for link in self._files.folders(run / "inputs"):
            document = {entry.key: entry.node for entry in self._files.document(link)}
            source = scalar(document.get("source_id"))
            if source is None or scalar(document.get("source_type")) != "DATASET" or Path(source).name != source:
                continue
            meta = self._files.meta(run.parent / "datasets" / source)
            tags = {entry.key: scalar(entry.node) for entry in entries(document.get("tags"))}
            yield CapturedDataset(
                name=meta.get("name", "")[:LONGEST_VALUE],
                digest=meta.get("digest", "")[:LONGEST_VALUE],
                source_type=meta.get("source_type", "")[:LONGEST_VALUE],
                source=meta.get("source", "")[:LONGEST_VALUE],
                context=tags.get(DATA_CONTEXT) or "",
            )

    def _versions(self, model: Path) -> Iterator[ModelVersion]:
        aliases = list(self._values(model / "aliases"))
        for folder in self._files.folders(model):
            meta = self._files.meta(folder)
            number = _whole(meta.get("version", ""))
            if number is not None:
                own = tuple(alias.key for alias in aliases if _whole(alias.value.strip()) == number)
                stage = meta.get("current_stage", "")
                yield ModelVersion(plain_name(model.name), number, meta.get("run_id", ""), stage, own)

    def _values(self, root: Path) -> Iterator[KeyValue]:
        for name, path in self._files.files(root):
            yield KeyValue(name, self._files.read(path, 4 * LONGEST_VALUE)[:LONGEST_VALUE])

    def _metrics(self, root: Path) -> Iterator[CapturedMetric]:
        """Each line of a metric's file is `timestamp value [step]`; MLflow 3 writes some lines twice."""
        for name, path in self._files.files(root):
            lines = self._files.read(path).splitlines()
            self._files.cut |= len(lines) > self._points
            found = (_point(line.split()) for line in lines[: self._points])
            points = list(dict.fromkeys(point for point in found if point is not None))
            self._points -= len(points)
            if points:
                points.sort(key=lambda point: (point.step, point.timestamp_ms))
                yield CapturedMetric(name, tuple(points))


def _whole(text: str) -> int | None:
    """A whole number as MLflow writes it, of at most 64 bits; None for anything else."""
    found = re.fullmatch(r"-?[0-9]{1,18}", text)
    return int(text) if found else None


def _point(words: list[str]) -> MetricPoint | None:
    if len(words) < 2:
        return None
    time, step = _whole(words[0]), _whole(words[2]) if len(words) > 2 else 0
    try:
        value = float(words[1])
    except ValueError:
        return None
    if time is None or step is None:
        return None
    return MetricPoint(step, time, value if math.isfinite(value) else None)
