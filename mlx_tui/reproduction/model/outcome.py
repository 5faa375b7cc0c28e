"""How a run of a plan ends, and why it fails."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How an attempt ended (`docs/codebook.md`)."""

    REPRODUCED = "reproduced"
    DIFFERS = "differs"
    EXECUTED = "executed"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


RAN_TO_ITS_END = frozenset({Outcome.REPRODUCED, Outcome.DIFFERS, Outcome.EXECUTED})
SAYS_NOTHING = frozenset({Outcome.CANCELLED, Outcome.INTERRUPTED})
"""Outcomes of attempts that somebody or something else ended."""


class Cause(StrEnum):
    """Why an attempt failed (`docs/codebook.md`)."""

    NO_ENTRY_POINT = "no_entry_point"
    CLONE = "clone"
    ENVIRONMENT = "environment"
    MISSING_MODULE = "missing_module"
    MISSING_DATA = "missing_data"
    MISSING_CREDENTIALS = "missing_credentials"
    NETWORK = "network"
    HARDWARE = "hardware"
    API_CHANGE = "api_change"
    CODE = "code"
    OUT_OF_MEMORY = "out_of_memory"
    DISK_FULL = "disk_full"


@dataclass(frozen=True, slots=True)
class Ending:
    """How one run ended; the cause is set where it failed."""

    outcome: Outcome
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class Foresight:
    """What is likely to come of a plan: it fails for a cause, or it runs (`cause` is None)."""

    cause: Cause | None = None
