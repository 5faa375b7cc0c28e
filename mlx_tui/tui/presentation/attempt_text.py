"""One attempt in words, and its metrics as rows."""

from collections.abc import Sequence
from datetime import datetime

from mlx_tui.counted import counted
from mlx_tui.reproduction.command_text import candidate_text
from mlx_tui.reproduction.model import Attempt, AttemptState, CapturedRuns, MetricComparison, Phase
from mlx_tui.tui.presentation.marks import METRIC, outcome_text
from mlx_tui.tui.presentation.plan_text import ISOLATION, Line, duration
from mlx_tui.tui.widgets.table_model import Cell, Column

MetricRow = MetricComparison | tuple[str, float | None]
"""A metric beside its reference, or a metric alone with its value."""
WAITED = 2.0
"""From so many seconds on it is told that an attempt waited: less is what its supervisor needs to start."""


def time_texts(state: AttemptState, now: datetime) -> list[str]:
    """Says what an attempt takes or took, the name and number of the tables, and how long it waited."""
    texts = []
    if state.phase is Phase.FINISHED:
        texts.append(f"took {_seconds(state.took)}")
    elif state.phase is not Phase.QUEUED:
        texts.append(f"{_seconds(state.elapsed(now))} so far")
    waited = state.waited(now)
    if waited >= WAITED:
        texts.append(f"{'waits' if state.phase is Phase.QUEUED else 'waited'} {_seconds(waited)}")
    return texts


def spent_text(state: AttemptState) -> str:
    """Says on what its time was spent; empty where it wasn't yet."""
    run = "last run" if state.repairs else "run"
    parts = [("environment", state.environment_seconds), (run, state.run_seconds)]
    return ", ".join(f"{name} {_seconds(seconds)}" for name, seconds in parts if seconds)


def _seconds(seconds: float) -> str:
    return duration(round(seconds, 1))


def standing_text(attempts: Sequence[Attempt], key: str) -> str:
    """Says how a repository's attempts stand; empty where there is none.

    Args:
        attempts: Those of one repository, oldest first.
        key: Which one lists them.
    """
    under_way = [attempt for attempt in attempts if attempt.state.phase is not Phase.FINISHED]
    if len(under_way) > 1:
        return f"{len(under_way)} attempts are under way: {key} shows them"
    if under_way:
        return f"an attempt is {_doing(under_way[0].state.phase)}: {key} shows it"
    return f"last attempt: {outcome_text(attempts[-1].state.outcome)[0]}" if attempts else ""


def _doing(phase: Phase) -> str:
    return phase.value if phase in (Phase.QUEUED, Phase.RUNNING) else "under way"


def cpu_text(attempt: Attempt) -> str:
    """Returns the processors that an attempt uses now in percent of one, or the processor time that it took."""
    usage = attempt.usage
    if usage is None:
        return ""
    if attempt.state.phase is Phase.FINISHED:
        return f"cpu {duration(round(usage.last.cpu_seconds, 1))}"
    return "cpu …" if usage.cpu is None else f"cpu {usage.cpu * 100:.0f} %"


def memory_text(attempt: Attempt) -> str:
    """Returns the memory that an attempt uses now, or the most that it used."""
    usage = attempt.usage
    if usage is None:
        return ""
    running = attempt.state.phase is not Phase.FINISHED
    return f"memory {size_text(usage.last.memory)}" if running else f"memory at most {size_text(usage.last.peak)}"


def size_text(size: int) -> str:
    """Returns a size as a person reads it: `0 MB`, `412 MB`, `3.4 GB`."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"


def attempt_lines(attempt: Attempt, now: datetime) -> list[Line]:
    """Says in a few lines how an attempt stands, what matters most first."""
    state = attempt.state
    text, role = outcome_text(state.outcome, state.phase)
    parts = [text]
    if state.phase is Phase.RUNNING and len(attempt.plan.candidate.steps) > 1:
        parts.append(f"step {state.step} of {len(attempt.plan.candidate.steps)}")
    parts += time_texts(state, now)
    ended = state.phase is Phase.FINISHED
    if ended or state.runs:  # before that nothing was collected
        parts.append(f"{counted(state.runs, 'run')}, {counted(state.metrics, 'metric')} captured")
    if state.exit_status:
        parts.append(f"exit status {state.exit_status}")
    used = tuple(filter(None, (cpu_text(attempt), memory_text(attempt))))
    lines = [(" · ".join(parts if ended else (*parts, *used)), role)]
    if state.phase is Phase.QUEUED:
        lines.append(("waits for other attempts to end: `attempts_at_once` of mlx-tui.toml run together", "muted"))
    if state.reason or state.cause:
        cause = f"{state.cause.value}: " if state.cause else ""
        lines.append((f"{cause}{state.reason}", role))
    lines.append((_ran(attempt), "muted"))
    if state.repairs:
        lines.append((f"repaired: {', '.join(repair.name for repair in state.repairs)}", "muted"))
    if state.comparison is not None:
        exact = (
            "within " + f"{state.comparison.relative_tolerance:g}" if state.comparison.relative_tolerance else "exactly"
        )
        lines.append((f"compared {exact} with {state.comparison.source} {state.comparison.path}", "muted"))
    spent = " · ".join(filter(None, (spent_text(state), *(used if ended else ()))))
    return [*lines, (spent, "muted")] if spent else lines


def _ran(attempt: Attempt) -> str:
    if not attempt.plan.candidate.steps:
        return "nothing was run"
    isolation = ISOLATION[attempt.state.isolation].partition(":")[0]
    return f"$ {candidate_text(attempt.plan.candidate)}   isolation: {isolation}"


def metric_rows(attempt: Attempt, runs: CapturedRuns | None) -> list[MetricRow]:
    """Returns the metrics to show: those compared, then those without a reference, the newest value of each."""
    from mlx_tui.reproduction.comparison import bare_name  # what reads references: not to say how large a file is

    compared: list[MetricRow] = list(attempt.state.comparison.metrics) if attempt.state.comparison else []
    known = {bare_name(row.name) for row in compared if isinstance(row, MetricComparison)}
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


_ALONE = (
    Column[MetricRow]("metric", "metric", 0, lambda row: Cell(_name(row), "strong"), _name, searchable=True),
    Column[MetricRow]("value", "value", 12, lambda row: Cell(_number(_value(row))), _value, align="right"),
)
_COMPARED = (
    Column[MetricRow](
        "reference", "reference", 12, lambda row: Cell(_number(_reference(row))), _reference, align="right"
    ),
    Column[MetricRow]("verdict", "compared", 15, _verdict, lambda row: _verdict(row).text),
)


def metric_columns(rows: Sequence[MetricRow]) -> tuple[Column[MetricRow], ...]:
    """The columns of the metrics: those of a comparison where a metric was compared."""
    return (*_ALONE, *_COMPARED) if any(isinstance(row, MetricComparison) for row in rows) else _ALONE
