"""An attempt's metrics beside a recorded reference."""

from dataclasses import dataclass
from enum import StrEnum


class MetricVerdict(StrEnum):
    """How a metric compares with its reference."""

    IDENTICAL = "identical"
    EQUAL = "equal"
    """Within the tolerance for floating-point noise."""
    WITHIN_SPREAD = "within_spread"
    """Within the spread of at least three repeats."""
    DIFFERENT = "different"
    MISSING = "missing"
    """The reference has it, the attempt doesn't."""


@dataclass(frozen=True, slots=True)
class MetricComparison:
    """One metric beside its reference; `value` is None where the attempt lacks it."""

    name: str
    reference: float
    value: float | None
    verdict: MetricVerdict


@dataclass(frozen=True, slots=True)
class Comparison:
    """An attempt's metrics beside a recorded reference.

    Attributes:
        source: What the reference is: `committed run`, `notebook output`, `earlier attempt`.
        path: Where it was read from: a file of the repository, or an attempt's id.
        relative_tolerance: The tolerance within which values count as equal.
        metrics: Every metric of the reference.
    """

    source: str
    path: str
    relative_tolerance: float
    metrics: tuple[MetricComparison, ...]
