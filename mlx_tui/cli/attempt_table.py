"""Attempts as a table."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mlx_tui.cli.output import print_table

if TYPE_CHECKING:
    from mlx_tui.reproduction.model import Attempt


def outcome_text(attempt: "Attempt") -> str:
    """The outcome with its cause, or the phase of an attempt that is under way."""
    state = attempt.state
    return str(state.outcome or state.phase) + (f" ({state.cause})" if state.cause else "")


def print_attempts(found: "Sequence[Attempt]") -> None:
    """Prints one row an attempt."""
    rows = []
    for attempt in found:
        state = attempt.state
        seconds = f"{state.environment_seconds:.1f}+{state.run_seconds:.1f}"
        repairs = ", ".join(repair.name for repair in state.repairs)
        used = attempt.usage.last if attempt.usage else None
        cpu, memory = (f"{used.cpu_seconds:.1f}", f"{used.peak / 1e6:.0f}") if used else ("", "")
        numbers = (seconds, cpu, memory, str(state.runs), str(state.metrics))
        rows.append((state.id, state.repo, outcome_text(attempt), *numbers, repairs, state.reason))
    headings = ("attempt", "repository", "outcome", "seconds", "cpu s", "MB", "runs", "metrics", "repairs", "reason")
    print_table(headings, rows, right=frozenset({3, 4, 5, 6, 7}))
