"""Which outcome a plan's needs make likely, and whether that was right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mlx_tui.reproduction.model import (
    RAN_TO_ITS_END,
    SAYS_NOTHING,
    Attempt,
    Cause,
    Ending,
    Foresight,
    Need,
    NeedKind,
)

# The first kind that isn't met decides: what is installed is asked for before what is imported, and that before what
# is opened.
_CAUSES = {
    NeedKind.PACKAGE: Cause.ENVIRONMENT,
    NeedKind.MODULE: Cause.MISSING_MODULE,
    NeedKind.DATA: Cause.MISSING_DATA,
    NeedKind.PATH: Cause.MISSING_DATA,
    NeedKind.CREDENTIAL: Cause.MISSING_CREDENTIALS,
    NeedKind.HARDWARE: Cause.HARDWARE,
    NeedKind.HOST: Cause.NETWORK,
}


def foresee(needs: Sequence[Need]) -> tuple[Foresight, str]:
    """The outcome that needs make likely, and that in words: `runs`, or `fails, <cause>: <what>`."""
    for kind, cause in _CAUSES.items():
        unmet = [need for need in needs if need.kind is kind and need.met is False]
        if unmet:
            more = f" and {len(unmet) - 1} more" if len(unmet) > 1 else ""
            return Foresight(cause), f"fails, {cause}: {unmet[0].what}{more}"
    return Foresight(), "runs"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What was foreseen of a plan, beside how it ended as it was made."""

    expected: Foresight
    ended: Ending

    @property
    def right(self) -> bool:
        """Whether it ran to its end or failed as foreseen; a run that was stopped at its limit did neither."""
        ran = self.ended.outcome in RAN_TO_ITS_END
        return ran if self.expected.cause is None else self.ended.cause is not None

    @property
    def failed(self) -> bool:
        """Whether it failed."""
        return self.ended.cause is not None

    @property
    def cause_right(self) -> bool:
        """Whether it failed for the very cause that was foreseen."""
        return self.ended.cause is not None and self.ended.cause is self.expected.cause


def foreseen(attempt: Attempt) -> Foreseen | None:
    """What was foreseen of an attempt; None where nothing was, or where it didn't come to its own end.

    What was repaired counts as it ended before: foresight is of the plan as it was made.
    """
    state, expected = attempt.state, attempt.plan.foresight
    ended = state.as_planned
    if expected is None or ended is None or ended.outcome in SAYS_NOTHING:
        return None
    return Foreseen(expected, ended)


@dataclass(frozen=True, slots=True)
class Tally:
    """How often foresight was right.

    Attributes:
        told: Attempts of which something was foreseen.
        right: Of those, how many ran or failed as foreseen.
        failed: Of those told, how many failed.
        causes_right: Of those that failed, how many for the very cause that was foreseen.
    """

    told: int
    right: int
    failed: int
    causes_right: int


def tally(found: Iterable[Foreseen | None]) -> Tally:
    """Counts how often foresight was right; None, where nothing was foreseen, isn't counted."""
    told = [each for each in found if each is not None]
    failed = [each for each in told if each.failed]
    return Tally(len(told), sum(each.right for each in told), len(failed), sum(each.cause_right for each in failed))
