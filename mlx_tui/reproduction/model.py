"""What reproduction works with: plans, attempts and their outcomes.

All of these are written as JSON (`plan.json`, `state.json`, `runs.json`) with msgspec, so paths are text here.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CommandSource(StrEnum):
    """Where a command was read from."""

    MLPROJECT = "mlproject"
    README = "readme"
    TASK = "task"
    """Makefile, justfile, tox, …"""
    DVC = "dvc"
    CI = "ci"
    NOTEBOOK = "notebook"
    SCRIPT = "script"
    USER = "user"


class StepKind(StrEnum):
    """How a step is run."""

    COMMAND = "command"
    NOTEBOOK = "notebook"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to run.

    Attributes:
        kind: A shell command or a notebook.
        text: The command line for `sh -c`, or the notebook's path relative to `workdir`.
        workdir: Folder relative to the repository's root; `.` for the root.
    """

    kind: StepKind
    text: str
    workdir: str = "."


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """A parameter of a candidate; its `{name}` in the steps' text is filled in already."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A way to run the experiment.

    Attributes:
        steps: What to run, in order.
        source: The kind of place it was read from.
        path: The file it was read from; empty for `user`.
        line: Line in that file, from 1; 0 for `user`.
        parameters: The values that were filled in.
        reason: Why it is ranked where it is, in a few words.
    """

    steps: tuple[Step, ...]
    source: CommandSource
    path: str = ""
    line: int = 0
    parameters: tuple[ParameterValue, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Deviation:
    """Something done otherwise than the repository asks."""

    subject: str
    asked: str
    used: str
    reason: str


class NeedKind(StrEnum):
    """What the code will ask for when it runs."""

    DATA = "data"
    HOST = "host"
    CREDENTIAL = "credential"
    MODULE = "module"
    HARDWARE = "hardware"
    PATH = "path"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that the code will ask for.

    Attributes:
        kind: What sort of thing.
        what: Its name: a file, a host, a variable, a module.
        place: `path:line` of the code that asks for it.
        met: Whether it is there as far as can be told; None where that can't be told.
    """

    kind: NeedKind
    what: str
    place: str
    met: bool | None


@dataclass(frozen=True, slots=True)
class EnvironmentSpec:
    """The Python environment of an attempt.

    Attributes:
        source: What it was read from (`python_env`, `conda`, `lock`, `requirements`, `pyproject`, `setup`, `imports`,
            `none`).
        path: The file; empty for `imports` and `none`.
        python_asked: The version asked for, `3.8` or a specifier; empty where none is.
        interpreter: Absolute path of the interpreter that is used.
        python_used: Its version, `3.11.7`.
        requirements: PEP 508 requirements and pip options, one a line as in a requirements file; relative paths are
            relative to `workdir`.
        workdir: Folder relative to the repository's root in which they are installed.
        as_of: RFC 3339 time before which versions must have been published; empty for today's. What is pinned exactly
            is taken whatever its date.
        constraints: Versions that a lock or constraints file fixes, `name==version`; they hold for packages that are
            installed and install none.
    """

    source: str
    path: str
    python_asked: str
    interpreter: str
    python_used: str
    requirements: tuple[str, ...]
    workdir: str = "."
    as_of: str = ""
    constraints: tuple[str, ...] = ()


class Isolation(StrEnum):
    """Which isolation is in force."""

    BWRAP = "bwrap"
    """bubblewrap: read-only system, own HOME and /tmp, own process tree, no view of other clones or keys."""
    NONE = "none"
    """Resource limits, a scrubbed environment and a subreaper; the code can read the user's files."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A named change of a plan without which it failed.

    Attributes:
        name: What is counted: `setuptools<81`, `working directory`.
        did: What was changed, in a sentence for a person; safe text.
        why: What asked for it: a line of the log, or a place in the repository; safe text.
    """

    name: str
    did: str
    why: str


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable of the steps; relative folders in `PYTHONPATH` start from the repository's root."""

    name: str
    value: str


class EditKind(StrEnum):
    """What a repair changes in the working copy."""

    NO_HTML_COMMENTS = "no_html_comments"
    """`<!-- … -->` left out of a YAML file; its lines keep their numbers."""
    NO_SERVERS = "no_servers"
    """Lines of a notebook that start a server, and so never end, left out."""
    OWN_NAME = "own_name"
    """A link to the root under the name by which the code imports the repository itself."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of the working copy; `path` is relative to its root."""

    kind: EditKind
    path: str


@dataclass(frozen=True, slots=True)
class Plan:
    """How a repository would be run; `plan.json`.

    Attributes:
        repo: `owner/name`.
        commit: Full SHA.
        clone: Absolute path of the clone that is copied.
        candidate: What is run.
        environment: In which environment.
        deviations: Everything done otherwise than asked.
        needs: What the code will ask for.
        isolation: The isolation in force.
        network: Whether the run may use the network (building the environment always does).
        timeout: Limit on the run, in seconds.
        memory: Limit on the run's memory, in bytes; 0 for none.
        likely: The outcome that the needs make likely, in a few words.
        repair: Whether a run that fails is repaired and run again.
        repairs: The repairs that the plan holds already, in order.
        variables: Environment variables of the steps that repairs set.
        edits: What repairs change in the working copy.
    """

    repo: str
    commit: str
    clone: str
    candidate: Candidate
    environment: EnvironmentSpec
    deviations: tuple[Deviation, ...]
    needs: tuple[Need, ...]
    isolation: Isolation
    network: bool
    timeout: int
    memory: int = 0
    likely: str = ""
    repair: bool = False
    repairs: tuple[Repair, ...] = ()
    variables: tuple[Variable, ...] = ()
    edits: tuple[Edit, ...] = ()


class Phase(StrEnum):
    """What an attempt is doing."""

    QUEUED = "queued"
    PREPARING = "preparing"
    ENVIRONMENT = "environment"
    RUNNING = "running"
    COLLECTING = "collecting"
    FINISHED = "finished"


class Outcome(StrEnum):
    """How an attempt ended (`docs/codebook.md`)."""

    REPRODUCED = "reproduced"
    DIFFERS = "differs"
    EXECUTED = "executed"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


class Cause(StrEnum):
    """Why an attempt failed (`docs/codebook.md`)."""

    NO_ENTRY_POINT = "no_entry_point"
    CLONE = "clone"
    ENVIRONMENT = "environment"
    MISSING_MODULE = "missing_module"
    MISSING_DATA = "missing_data"
    MISSING_CREDENTIALS = "missing_credentials"
    NETWORK = "network"
    HARDWARE = "hardware"
    API_CHANGE = "api_change"
    CODE = "code"
    OUT_OF_MEMORY = "out_of_memory"
    DISK_FULL = "disk_full"


class MetricVerdict(StrEnum):
    """How a metric compares with its reference."""

    IDENTICAL = "identical"
    EQUAL = "equal"
    """Within the tolerance for floating-point noise."""
    WITHIN_SPREAD = "within_spread"
    """Within the spread of at least three repeats."""
    DIFFERENT = "different"
    MISSING = "missing"
    """The reference has it, the attempt doesn't."""


@dataclass(frozen=True, slots=True)
class MetricComparison:
    """One metric beside its reference; `value` is None where the attempt lacks it."""

    name: str
    reference: float
    value: float | None
    verdict: MetricVerdict


@dataclass(frozen=True, slots=True)
class Comparison:
    """An attempt's metrics beside a recorded reference.

    Attributes:
        source: What the reference is: `committed run`, `notebook output`, `earlier attempt`.
        path: Where it was read from: a file of the repository, or an attempt's id.
        relative_tolerance: The tolerance within which values count as equal.
        metrics: Every metric of the reference.
    """

    source: str
    path: str
    relative_tolerance: float
    metrics: tuple[MetricComparison, ...]


@dataclass(frozen=True, slots=True)
class AttemptState:
    """The state of an attempt; `state.json`, replaced atomically by its supervisor.

    Attributes:
        id: Unique within the repository, sorts by time.
        repo: `owner/name`.
        commit: Full SHA.
        phase: What it is doing.
        outcome: Set when finished.
        cause: Set when the outcome is `failed`.
        reason: The outcome in a sentence, for a person; safe text.
        evidence_line: Line of the log that decided the outcome, from 1; 0 where none did.
        exit_status: Of the step that ended last; negative for a signal; None before that.
        step: Which step of the plan is running, from 1; 0 before the run.
        series: Id shared by the attempts of one `--repeat`.
        repeat: Which of them, from 1.
        isolation: The isolation in force.
        supervisor_pid: Process id of the supervisor; 0 before it started.
        supervisor_started: Its start time in seconds since the epoch, as psutil gives it: guards against a reused id.
        created_at: When it was asked for, UTC.
        started_at: When the supervisor began, UTC.
        ended_at: When it finished, UTC.
        environment_seconds: Time spent building the environment, every time that it was built.
        run_seconds: Time spent running the steps; of the last run, where repairs made several.
        runs: How many MLflow runs were captured.
        metrics: How many distinct metrics were captured.
        comparison: Set where a reference exists.
        repairs: The repairs without which the last run didn't take place, in order; the outcome is of that run.
    """

    id: str
    repo: str
    commit: str
    phase: Phase
    outcome: Outcome | None = None
    cause: Cause | None = None
    reason: str = ""
    evidence_line: int = 0
    exit_status: int | None = None
    step: int = 0
    series: str = ""
    repeat: int = 1
    isolation: Isolation = Isolation.NONE
    supervisor_pid: int = 0
    supervisor_started: float = 0.0
    created_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    environment_seconds: float = 0.0
    run_seconds: float = 0.0
    runs: int = 0
    metrics: int = 0
    comparison: Comparison | None = None
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt on disk.

    Attributes:
        folder: Absolute path of `attempts/<owner>__<name>/<id>/`.
        plan: Its `plan.json`.
        state: Its `state.json`, with `interrupted` told where the supervisor is gone.
    """

    folder: str
    plan: Plan
    state: AttemptState


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
