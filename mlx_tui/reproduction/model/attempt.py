"""An attempt on disk: its phase, and its state."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mlx_tui.reproduction.model.comparison import Comparison
from mlx_tui.reproduction.model.outcome import Cause, Ending, Outcome
from mlx_tui.reproduction.model.plan import Isolation, Plan
from mlx_tui.reproduction.model.repair import Repair
from mlx_tui.reproduction.model.usage import Usage


class Phase(StrEnum):
    """What an attempt is doing."""

    QUEUED = "queued"
    PREPARING = "preparing"
    ENVIRONMENT = "environment"
    RUNNING = "running"
    COLLECTING = "collecting"
    FINISHED = "finished"


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
        supervisor_start: When that process started, as `process_start` tells it: guards against a reused id.
        created_at: When it was asked for, UTC.
        started_at: When the supervisor began, UTC.
        ended_at: When it finished, UTC.
        environment_seconds: Time spent building the environment, every time that it was built.
        run_seconds: Time spent running the steps; of the last run, where repairs made several.
        runs: How many MLflow runs were captured.
        metrics: How many distinct metrics were captured.
        comparison: Set where a reference exists.
        repairs: The repairs without which the last run didn't take place, in order; the outcome is of that run.
        as_planned: How the first run ended, before anything was repaired; None where none came to its own end.
        plan_key: Tells whether two attempts were asked to do the same (`plan_key.plan_key`); empty in old attempts.
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
    supervisor_start: str = ""
    created_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    environment_seconds: float = 0.0
    run_seconds: float = 0.0
    runs: int = 0
    metrics: int = 0
    comparison: Comparison | None = None
    repairs: tuple[Repair, ...] = ()
    as_planned: Ending | None = None
    plan_key: str = ""

    @property
    def took(self) -> float:
        """Seconds of environment and run together: what it took, without waiting, copying and collecting."""
        return self.environment_seconds + self.run_seconds

    def waited(self, now: datetime) -> float:
        """Seconds from when it was asked for until it began, or until now: others ran, or it was being prepared."""
        if self.created_at is None:
            return 0.0
        until = self.started_at or self.ended_at or now
        return max(0.0, (until - self.created_at).total_seconds())

    def elapsed(self, now: datetime) -> float:
        """Seconds since it began, while it is under way; afterwards what it took."""
        if self.phase is Phase.FINISHED:
            return self.took
        return 0.0 if self.started_at is None else max(0.0, (now - self.started_at).total_seconds())


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt on disk.

    Attributes:
        folder: Absolute path of `attempts/<owner>__<name>/<id>/`.
        plan: Its `plan.json`.
        state: Its `state.json`, with `interrupted` told where the supervisor is gone.
        usage: What its processes use, or used; None before the first sample.
    """

    folder: str
    plan: Plan
    state: AttemptState
    usage: Usage | None = None
