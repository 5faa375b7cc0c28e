"""Prevalence corrected for the detector's own errors, as far as people's decisions show these.

The detector answers for every repository, people decide for some: double sampling.

Tenenbein, A. (1970): A double sampling scheme for estimating from binomial data with misclassifications. Journal of the
American Statistical Association 65(331), 1350-1361: with the detector's yes in a share w of the repositories, a share a
of these that truly have the feature, and a share b of the others, prevalence is w a + (1 - w) b.

Begg, C. B., Greenes, R. A. (1983): Assessment of diagnostic tests when disease verification is subject to selection
bias. Biometrics 39(1), 207-215: sensitivity is w a / (w a + (1 - w) b), and specificity likewise. With these the
estimate is that of Rogan, W. J., Gladen, B. (1978): Estimating prevalence from the results of a screening test.
American Journal of Epidemiology 107(1), 71-76.

The interval is the delta method's on the scale of log odds, with half a repository added to each count (Jeffreys), so
that a share of none or of all isn't taken for certain.
"""

from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist

from mlx_tui.statistics.prevalence import CONFIDENCE, Proportion

_Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


@dataclass(frozen=True, slots=True)
class Validation:
    """The detector's answers on a feature beside what people decided.

    Attributes:
        answered: Repositories in which it found the feature, of those in which it looked for it.
        right_of_yes: Those that have it, of those with its yes on which people decided.
        wrong_of_no: Those that have it, of those with its no on which people decided.
    """

    answered: Proportion
    right_of_yes: Proportion
    wrong_of_no: Proportion


@dataclass(frozen=True, slots=True)
class Corrected:
    """A corrected prevalence.

    Attributes:
        value: The share of the repositories that have the feature, 0 to 1.
        interval: Its 95 % interval, each end 0 to 1.
        sensitivity: The share of those that have it in which the detector finds it; None where none has it.
        specificity: The share of those that lack it in which the detector finds nothing; None where all have it.
    """

    value: float
    interval: tuple[float, float]
    sensitivity: float | None
    specificity: float | None


def corrected_prevalence(validation: Validation) -> Corrected | None:
    """Estimates a feature's prevalence from the detector's answers and people's decisions.

    Args:
        validation: Where people decided, these must be a random sample of the repositories with the same answer.

    Returns:
        The estimate; None without repositories, or where people decided on none with an answer that occurs.
    """
    answered, yes, no = validation.answered, validation.right_of_yes, validation.wrong_of_no
    weight = answered.value
    if weight is None or (weight > 0 and not yes.n) or (weight < 1 and not no.n):
        return None
    found, missed = weight * (yes.value or 0.0), (1 - weight) * (no.value or 0.0)
    value = found + missed
    return Corrected(
        value,
        _interval(value, *map(_smoothed, (answered, yes, no))),
        found / value if value > 0 else None,
        (1 - weight - missed) / (1 - value) if value < 1 else None,
    )


def _smoothed(proportion: Proportion) -> tuple[float, float]:
    """Mean and variance of a share, half a repository added to each count."""
    mean = (proportion.count + 0.5) / (proportion.n + 1)
    return mean, mean * (1 - mean) / (proportion.n + 2)


def _interval(
    value: float, weight: tuple[float, float], yes: tuple[float, float], no: tuple[float, float]
) -> tuple[float, float]:
    w, a, b = weight[0], yes[0], no[0]
    centre = w * a + (1 - w) * b
    variance = w**2 * yes[1] + (1 - w) ** 2 * no[1] + (a - b) ** 2 * weight[1]
    odds, margin = log(centre / (1 - centre)), _Z * sqrt(variance) / (centre * (1 - centre))
    low, high = (1 / (1 + exp(-end)) for end in (odds - margin, odds + margin))
    return (0.0 if value == 0 else min(low, value)), (1.0 if value == 1 else max(high, value))
