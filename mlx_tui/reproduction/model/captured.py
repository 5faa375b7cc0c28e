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
class CapturedDataset:
    """A dataset that a run recorded as its input (MLflow 2.4 and newer).

    Attributes:
        name: Its name.
        digest: MLflow's digest of its content.
        source_type: The kind of its source: `local`, `code`, `s3`, …
        source: The source as MLflow's JSON, cut where it is long.
        context: What it was used for: `training`, `eval`, …; empty where that wasn't said.
    """

    name: str
    digest: str
    source_type: str
    source: str
    context: str


@dataclass(frozen=True, slots=True)
class CapturedRun:
    """A run that MLflow recorded during an attempt; artifacts are paths relative to the run's own."""

    run_id: str
    name: str
    experiment: str
    status: str
    parent_run_id: str
    params: tuple[KeyValue, ...]
    metrics: tuple[CapturedMetric, ...]
    tags: tuple[KeyValue, ...]
    artifacts: tuple[str, ...]
    datasets: tuple[CapturedDataset, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A version of a registered model.

    Attributes:
        name: The registered model's.
        version: Its number.
        run_id: The run that logged it; empty where that isn't known.
        stage: `Staging`, `Production`, `None`, … as MLflow writes it.
        aliases: Names that point to it, `champion`.
    """

    name: str
    version: int
    run_id: str
    stage: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CapturedRuns:
    """Everything that MLflow recorded during an attempt; `runs.json`.

    Attributes:
        mlflow_version: The version that ran; empty where MLflow was never imported.
        asked_uris: Every tracking URI that the code asked for, credentials redacted.
        runs: In order of start.
        registered_models: Names in the model registry.
        model_versions: The versions of these models.
        cut: Whether MLflow recorded more than is read of a store.
        reached: The repository's scripts and notebooks that the plan could run at most (`reach.py`); None where that
            can't be told.
    """

    mlflow_version: str
    asked_uris: tuple[str, ...]
    runs: tuple[CapturedRun, ...]
    registered_models: tuple[str, ...]
    model_versions: tuple[ModelVersion, ...] = ()
    cut: bool = False
    reached: tuple[str, ...] | None = None
