"""Why an attempt has no metrics to show, and what helps."""

from mlx_tui.counted import counted
from mlx_tui.reproduction.model import Attempt, AttemptState, Outcome, Phase

_ENDED = {
    Outcome.FAILED: "it failed",
    Outcome.TIMED_OUT: "its time was up",
    Outcome.CANCELLED: "it was cancelled",
    Outcome.INTERRUPTED: "it was interrupted",
}


def no_metrics_text(attempt: Attempt) -> str:
    """Says why no metric of an attempt is known.

    Args:
        attempt: One without metrics.
    """
    state = attempt.state
    if state.phase is Phase.QUEUED:
        return "No metrics yet: it waits for other attempts to end."
    if state.phase is not Phase.FINISHED:
        return "No metrics yet: they are read from MLflow's store once the run has ended."
    if state.outcome in _ENDED:
        return f"No metrics: none was logged before {_ENDED[state.outcome]}."
    if state.runs:
        return f"No metrics: MLflow recorded {counted(state.runs, 'run')}, without any metric."
    return "No metrics: MLflow recorded no run, so nothing that the code logs was reached."


def no_repeats_text(attempt: Attempt) -> str:
    """Says why there is no metric of an attempt to compare with its repeats."""
    if _is_known(attempt.state):
        return "Nothing to compare: only attempts that ran to their end are, and this one didn't."
    return no_metrics_text(attempt)


def _is_known(state: AttemptState) -> bool:
    return state.phase is Phase.FINISHED and state.metrics > 0


def metrics_text(attempt: Attempt, shown: int) -> str:
    """Says how many metrics are shown, and with what they are compared."""
    if not shown:
        return no_metrics_text(attempt)
    comparison = attempt.state.comparison
    if comparison is None:
        return f"{counted(shown, 'metric')}, newest value of each · no reference to compare with"
    near = f"equal within {comparison.relative_tolerance:g}" if comparison.relative_tolerance else "equal if identical"
    return f"{counted(shown, 'metric')} · compared with {comparison.source} {comparison.path}, {near}"
