"""What is left to run of a plan, when some of its attempts were made before: pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from mlx_tui.reproduction.model import SAYS_NOTHING, Attempt, Cause, Phase


@dataclass(frozen=True, slots=True)
class Standing:
    """How a plan stands.

    Attributes:
        done: Attempts that count: they came to their own end, or are under way.
        series: The series to which they belong; empty where there is none.
        missing: The numbers of the repeats that are still to be run.
    """

    done: tuple[Attempt, ...]
    series: str
    missing: tuple[int, ...]


def standing(attempts: Sequence[Attempt], key: str, repeat: int) -> Standing:
    """Finds the attempts of a plan that needn't be made again.

    Of several series the one that is nearest to its end counts, of equal ones the newest.

    Args:
        attempts: Of the repository, oldest first.
        key: The plan's key.
        repeat: How many are asked for.
    """
    series: dict[str, dict[int, Attempt]] = defaultdict(dict)
    for attempt in attempts:
        if attempt.state.plan_key == key and attempt.state.outcome not in SAYS_NOTHING:
            series[attempt.state.series][attempt.state.repeat] = attempt
    best = max(reversed(series), key=lambda name: len(series[name]), default="")
    found = series.get(best, {})
    wanted = range(1, repeat + 1)
    return Standing(
        tuple(found[number] for number in wanted if number in found),
        best,
        tuple(number for number in wanted if number not in found),
    )


def no_entry_point_before(attempts: Sequence[Attempt], commit: str) -> Attempt | None:
    """The attempt that recorded that nothing in a repository says how it is run, at this commit."""
    for attempt in reversed(attempts):
        state = attempt.state
        if state.commit == commit and state.cause is Cause.NO_ENTRY_POINT and not attempt.plan.candidate.steps:
            return attempt
    return None


def is_finished(attempt: Attempt) -> bool:
    """Whether an attempt ended, however that was."""
    return attempt.state.phase is Phase.FINISHED
