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
class Spread:
    """How a metric varies over the repeats of one plan.

    Attributes:
        count: How many repeats have it, the attempt itself included.
        mean: Their mean.
        deviation: Their standard deviation (of a sample).
        low: The least of them.
        high: The greatest.
    """

    count: int
    mean: float
    deviation: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class MetricComparison:
    """One metric beside its reference.

    Attributes:
        name: The metric's name, with its run's where there are several.
        reference: The recorded value.
        value: The attempt's; None where it lacks the metric.
        verdict: How they compare.
        spread: Over the repeats so far; None where there is one value alone.
    """

    name: str
    reference: float
    value: float | None
    verdict: MetricVerdict
    spread: Spread | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """An attempt's metrics beside a recorded reference.

    Attributes:
        source: What the reference is: `committed run`, `notebook output`, `earlier attempt`.
        path: Where it was read from: a file of the repository, or an attempt's id.
        relative_tolerance: The tolerance within which values count as equal; 0 within one environment, where only
            identical values do.
        metrics: Every metric of the reference.
    """

    source: str
    path: str
    relative_tolerance: float
    metrics: tuple[MetricComparison, ...]
