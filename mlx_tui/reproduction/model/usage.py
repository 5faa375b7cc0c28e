"""What an attempt's processes use of the machine."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class UsageSample:
    """A line of `usage.jsonl`.

    Attributes:
        at: When, UTC.
        cpu_seconds: Processor time of all processes of the attempt so far, those that ended included.
        memory: Resident bytes of the processes that run now.
        peak: The most that `memory` was so far.
        processes: How many run now.
    """

    at: datetime
    cpu_seconds: float
    memory: int
    peak: int
    processes: int


@dataclass(frozen=True, slots=True)
class Usage:
    """What an attempt uses now, or used in all.

    Attributes:
        last: The newest sample.
        cpu: Processors in use between the last two samples, 1.0 for one that is busy; None with one sample.
    """

    last: UsageSample
    cpu: float | None
