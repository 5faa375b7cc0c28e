"""Shares of a corpus, each with its interval."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from mlx_tui.annotation.effective import Presence

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Proportion:
    """`count` of `n`."""

    count: int
    n: int

    @property
    def value(self) -> float | None:
        """The share, 0 to 1; None of nothing."""
        return self.count / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % Wilson score interval, each 0 to 1."""
        return wilson_interval(self.count, self.n)


@dataclass(frozen=True, slots=True)
class Prevalence:
    """How many repositories have something.

    Attributes:
        present: Those that have it, of those of which it is known.
        unknown: Of how many it isn't known; they are left out of `present`.
    """

    present: Proportion
    unknown: int


def wilson_interval(count: int, n: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The score interval of a binomial proportion, without continuity correction.

    Wilson, E. B. (1927): Probable inference, the law of succession, and statistical inference. Journal of the American
    Statistical Association 22(158), 209-212.

    Args:
        count: Successes, 0 to `n`.
        n: Trials.
        confidence: Two-sided level, between 0 and 1.

    Returns:
        Lower and upper bound, each 0 to 1; (0, 1) for no trials.

    Raises:
        ValueError: `count` isn't between 0 and `n`, or `confidence` not between 0 and 1.
    """
    if not 0 <= count <= n:
        raise ValueError(f"{count} of {n} is no proportion")
    if not 0 < confidence < 1:
        raise ValueError(f"{confidence} is no level of confidence")
    if n == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = count / n
    scale = 1 + z * z / n
    centre = (share + z * z / (2 * n)) / scale
    margin = z / scale * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = 0.0 if count == 0 else centre - margin
    high = 1.0 if count == n else centre + margin
    return low, high


def prevalence(presences: Iterable[Presence]) -> Prevalence:
    """Counts presences, one for each repository."""
    seen = list(presences)
    unknown = seen.count(Presence.UNKNOWN)
    return Prevalence(Proportion(seen.count(Presence.PRESENT), len(seen) - unknown), unknown)
