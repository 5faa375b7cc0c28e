"""What MLflow recorded during an attempt."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MetricPoint:
    """One logged value of a metric; None where it isn't a finite number, for which JSON has no sign."""

    step: int
    timestamp_ms: int
    value: float | None


@dataclass(frozen=True, slots=True)
class CapturedMetric:
    """A metric of a run with its history in order of step and time; the last point is its value."""

    name: str
    points: tuple[MetricPoint, ...]


@dataclass(frozen=True, slots=True)
class KeyValue:
    """A parameter or a tag of a run."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class CapturedRun:
    """A run that MLflow recorded during an attempt."""

    run_id: str
    name: str
    experiment: str
    status: str
    parent_run_id: str
    params: tuple[KeyValue, ...]
    metrics: tuple[CapturedMetric, ...]
    tags: tuple[KeyValue, ...]
    artifacts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CapturedRuns:
    """Everything that MLflow recorded during an attempt; `runs.json`.

    Attributes:
        mlflow_version: The version that ran; empty where MLflow was never imported.
        asked_uris: Every tracking URI that the code asked for, credentials redacted.
        runs: In order of start.
        registered_models: Names in the model registry.
    """

    mlflow_version: str
    asked_uris: tuple[str, ...]
    runs: tuple[CapturedRun, ...]
    registered_models: tuple[str, ...]
