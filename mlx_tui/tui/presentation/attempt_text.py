"""Attempts as rows, and one attempt in words."""

from datetime import UTC, datetime

from mlx_tui.reproduction.model import Attempt, AttemptState, CapturedRuns, MetricComparison, MetricVerdict, Phase
from mlx_tui.tui.presentation.marks import METRIC, outcome_text
from mlx_tui.tui.presentation.plan_text import ISOLATION, Line, candidate_text, counted, duration
from mlx_tui.tui.widgets.table_model import Cell, Column

MetricRow = MetricComparison | tuple[str, float | None]
"""A metric beside its reference, or a metric alone with its value."""


def elapsed(state: AttemptState, now: datetime) -> float:
    """Returns how many seconds an attempt has taken so far, or took."""
    start = state.started_at or state.created_at
    return 0.0 if start is None else max(0.0, ((state.ended_at or now) - start).total_seconds())


def _outcome(attempt: Attempt) -> Cell:
    return Cell(*outcome_text(attempt.state.outcome, attempt.state.phase))


def _why(attempt: Attempt) -> str:
    state = attempt.state
    return f"{state.cause.value}: {state.reason}" if state.cause else state.reason


def _seconds(attempt: Attempt) -> float:
    return elapsed(attempt.state, datetime.now(UTC))


def _begun(attempt: Attempt) -> str:
    begun = attempt.state.started_at or attempt.state.created_at
    return "" if begun is None else f"{begun.astimezone():%m-%d %H:%M:%S}"


def _compared(attempt: Attempt) -> str:
    comparison = attempt.state.comparison
    if comparison is None:
        return f"{attempt.state.metrics} new" if attempt.state.metrics else ""
    same = sum(metric.verdict not in (MetricVerdict.DIFFERENT, MetricVerdict.MISSING) for metric in comparison.metrics)
    return f"{same}/{len(comparison.metrics)} equal"


ATTEMPT_COLUMNS = (
    Column[Attempt](
        "repo",
        "repository",
        24,
        lambda a: Cell(a.state.repo, "strong"),
        lambda a: a.state.repo.casefold(),
        searchable=True,
        description="The repository that is run",
    ),
    Column[Attempt](
        "outcome",
        "outcome",
        13,
        _outcome,
        lambda a: _outcome(a).text.partition(" ")[2],
        searchable=True,
        description="How it ended, or what it is doing (⟳)",
    ),
    Column[Attempt](
        "begun",
        "begun",
        14,
        lambda a: Cell(_begun(a), "muted"),
        lambda a: a.state.id,
        descending=True,
        description="When it began",
    ),
    Column[Attempt](
        "time",
        "time",
        12,
        lambda a: Cell(duration(round(_seconds(a), 1))),
        _seconds,
        align="right",
        descending=True,
        description="How long it took, or takes so far",
    ),
    Column[Attempt](
        "metrics", "metrics", 11, lambda a: Cell(_compared(a)), _compared, description="Metrics equal to the reference"
    ),
    Column[Attempt](
        "repeat",
        "repeat",
        6,
        lambda a: Cell(f"{a.state.repeat}", "muted"),
        lambda a: a.state.repeat,
        align="right",
        description="Which of the attempts that were started together",
    ),
    Column[Attempt](
        "why", "why", 0, lambda a: Cell(_why(a)), _why, searchable=True, description="The outcome in a sentence"
    ),
)


def attempt_lines(attempt: Attempt, now: datetime) -> list[Line]:
    """Says in a few lines how an attempt stands."""
    state = attempt.state
    text, role = outcome_text(state.outcome, state.phase)
    parts = [text]
    if state.phase is Phase.RUNNING and len(attempt.plan.candidate.steps) > 1:
        parts.append(f"step {state.step} of {len(attempt.plan.candidate.steps)}")
    parts.append(duration(round(elapsed(state, now), 1)))
    if state.environment_seconds:
        parts.append(f"environment {duration(round(state.environment_seconds, 1))}")
    if state.run_seconds:
        parts.append(f"run {duration(round(state.run_seconds, 1))}")
    if state.exit_status is not None:
        parts.append(f"exit status {state.exit_status}")
    parts.append(f"{counted(state.runs, 'run')}, {counted(state.metrics, 'metric')} captured")
    isolation = ISOLATION[state.isolation].partition(":")[0]
    ran = f"$ {candidate_text(attempt.plan.candidate)}   isolation: {isolation}"
    lines = [(" · ".join(parts), role), (ran if attempt.plan.candidate.steps else "nothing was run", "muted")]
    if state.phase is Phase.QUEUED:
        lines.append(("waits for other attempts to end: `attempts_at_once` in mlx-tui.toml", "muted"))
    if state.reason or state.cause:
        cause = f"{state.cause.value}: " if state.cause else ""
        lines.append((f"{cause}{state.reason}", role))
    if state.repairs:
        lines.append((f"repaired: {', '.join(repair.name for repair in state.repairs)}", "muted"))
    if state.comparison is not None:
        exact = (
            "within " + f"{state.comparison.relative_tolerance:g}" if state.comparison.relative_tolerance else "exactly"
        )
        lines.append((f"compared {exact} with {state.comparison.source} {state.comparison.path}", "muted"))
    return lines


def metric_rows(attempt: Attempt, runs: CapturedRuns | None) -> list[MetricRow]:
    """Returns the metrics to show: those compared, then those without a reference, the newest value of each."""
    compared: list[MetricRow] = list(attempt.state.comparison.metrics) if attempt.state.comparison else []
    known = {row.name for row in compared if isinstance(row, MetricComparison)}
    alone = {
        metric.name: metric.points[-1].value
        for run in (runs.runs if runs else ())
        for metric in run.metrics
        if metric.points and metric.name not in known
    }
    return [*compared, *sorted(alone.items())]


def _name(row: MetricRow) -> str:
    return row.name if isinstance(row, MetricComparison) else row[0]


def _value(row: MetricRow) -> float | None:
    return row.value if isinstance(row, MetricComparison) else row[1]


def _reference(row: MetricRow) -> float | None:
    return row.reference if isinstance(row, MetricComparison) else None


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def _verdict(row: MetricRow) -> Cell:
    if not isinstance(row, MetricComparison):
        return Cell("no reference", "muted")
    sign, role = METRIC[row.verdict]
    return Cell(f"{sign} {row.verdict.value.replace('_', ' ')}", role)


METRIC_COLUMNS = (
    Column[MetricRow]("metric", "metric", 0, lambda row: Cell(_name(row), "strong"), _name, searchable=True),
    Column[MetricRow]("value", "value", 12, lambda row: Cell(_number(_value(row))), _value, align="right"),
    Column[MetricRow](
        "reference", "reference", 12, lambda row: Cell(_number(_reference(row))), _reference, align="right"
    ),
    Column[MetricRow]("verdict", "compared", 15, _verdict, lambda row: _verdict(row).text),
)
