"""Attempts as rows."""

from dataclasses import replace
from datetime import UTC, datetime

from mlx_tui.reproduction.model import Attempt, MetricVerdict, Phase
from mlx_tui.tui.presentation.attempt_text import memory_text
from mlx_tui.tui.presentation.marks import OUTCOME_WIDTH, outcome_text
from mlx_tui.tui.presentation.plan_text import short_duration
from mlx_tui.tui.widgets.table_model import Cell, Column


def _outcome(attempt: Attempt) -> Cell:
    return Cell(*outcome_text(attempt.state.outcome, attempt.state.phase))


def why_text(attempt: Attempt) -> str:
    """Returns the outcome in a sentence, its cause in front."""
    state = attempt.state
    return f"{state.cause.value}: {state.reason}" if state.cause else state.reason


def _seconds(attempt: Attempt) -> float:
    return attempt.state.elapsed(datetime.now(UTC))


def _begun(attempt: Attempt) -> str:
    begun = attempt.state.started_at or attempt.state.created_at
    return "" if begun is None else f"{begun.astimezone():%m-%d %H:%M:%S}"


def _used(attempt: Attempt, text: str) -> Cell:
    return Cell(text, "muted" if attempt.state.phase is Phase.FINISHED else "accent")


def _cpu(attempt: Attempt) -> float | None:
    usage = attempt.usage
    if usage is None:
        return None
    return usage.last.cpu_seconds if attempt.state.phase is Phase.FINISHED else usage.cpu


def _cpu_text(attempt: Attempt) -> str:
    used = _cpu(attempt)
    if attempt.usage is None:
        return ""
    if used is None:
        return "…"
    return short_duration(round(used, 1)) if attempt.state.phase is Phase.FINISHED else f"{used * 100:.0f} %"


def _memory(attempt: Attempt) -> int | None:
    usage = attempt.usage
    if usage is None:
        return None
    return usage.last.peak if attempt.state.phase is Phase.FINISHED else usage.last.memory


def _compared(attempt: Attempt) -> str:
    comparison = attempt.state.comparison
    if comparison is None:
        return f"{attempt.state.metrics} new" if attempt.state.metrics else ""
    same = sum(metric.verdict in (MetricVerdict.IDENTICAL, MetricVerdict.EQUAL) for metric in comparison.metrics)
    return f"{same}/{len(comparison.metrics)} equal"


ATTEMPT_COLUMNS = (
    Column[Attempt](
        "repo",
        "repository",
        20,
        lambda a: Cell(a.state.repo, "strong"),
        lambda a: a.state.repo.casefold(),
        searchable=True,
        description="The repository that is run",
    ),
    Column[Attempt](
        "outcome",
        "state",
        OUTCOME_WIDTH,
        _outcome,
        lambda a: _outcome(a).text.partition(" ")[2],
        searchable=True,
        description="How it ended, or the phase that it is in (⟳)",
        aliases=("outcome", "phase"),
    ),
    Column[Attempt](
        "time",
        "took",
        8,
        lambda a: Cell(short_duration(round(_seconds(a), 1))),
        _seconds,
        align="right",
        descending=True,
        description="Environment and run together, as `seconds` in results.csv; of one under way, since it began",
        aliases=("elapsed", "seconds"),
    ),
    Column[Attempt](
        "metrics", "metrics", 11, lambda a: Cell(_compared(a)), _compared, description="Metrics equal to the reference"
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
        "repeat",
        "no.",
        3,
        lambda a: Cell(f"{a.state.repeat}", "muted"),
        lambda a: a.state.repeat,
        align="right",
        description="Which of the attempts that were started together",
        aliases=("repeat",),
    ),
    Column[Attempt](
        "cpu",
        "cpu",
        8,
        lambda a: _used(a, _cpu_text(a)),
        _cpu,
        align="right",
        descending=True,
        description="Processors in use now, 100 % for each; of one that ended, the processor time that it took",
    ),
    Column[Attempt](
        "memory",
        "memory",
        7,
        lambda a: _used(a, memory_text(a).removeprefix("memory ").removeprefix("at most ")),
        _memory,
        align="right",
        descending=True,
        description="Memory of all its processes now; of one that ended, the most that it used",
        aliases=("mem",),
    ),
    Column[Attempt](
        "why", "why", 0, lambda a: Cell(why_text(a)), why_text, searchable=True, description="The outcome in a sentence"
    ),
)
"""The columns, with room for a name of twenty letters."""


def attempt_columns(longest: int) -> tuple[Column[Attempt], ...]:
    """The columns, for repositories whose longest name has so many letters."""
    return (replace(ATTEMPT_COLUMNS[0], width=min(max(longest, 10), 26)), *ATTEMPT_COLUMNS[1:])
