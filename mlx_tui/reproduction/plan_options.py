"""What the user asks of a plan."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

TODAY = "today"


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """What the user asks of a plan.

    Attributes:
        timeout: Limit on the run, in seconds.
        as_of: Date or RFC 3339 time as of which open versions are resolved; `today` for the newest; empty for the
            commit's date.
        network: Whether the run may use the network.
        isolation: `auto`, `container`, `bwrap` or `none`.
        memory: Limit on the run's memory, in bytes; 0 for none.
        python: The interpreter asked for, over what the repository says; empty for that.
        repair: Whether a run that fails is repaired and run again.
    """

    timeout: int = 1800
    as_of: str = ""
    network: bool = True
    isolation: str = "auto"
    memory: int = 0
    python: str = ""
    repair: bool = False


def asked_time(text: str) -> datetime | None:
    """The end of the time that `as_of` names; None for today and for the commit's date.

    Raises:
        ValueError: It isn't a date; the message says how one is written.
    """
    if not text or text == TODAY:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"`{text}` is not a date: write 2023-06-01, or `today`") from None
    if time.tzinfo is None:
        time = time.replace(tzinfo=UTC)
    try:  # a date means its whole day
        return time + timedelta(days=1) if len(text) == 10 else time.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"`{text}` is out of range") from None
