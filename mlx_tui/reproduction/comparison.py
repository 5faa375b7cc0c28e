"""Compares what an attempt captured with a reference, metric by metric.

Within one environment (the same interpreter and the same packages) only identical values count as equal. Across
environments the same program differs in its last digits, since sums are taken in another order (threads, another build
of a linear-algebra library): there a relative tolerance of 1e-6 stands beside the comparison.
"""

import math
import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlx_tui.reproduction.model import (
    CapturedRun,
    Comparison,
    MetricComparison,
    MetricVerdict,
    Outcome,
    Spread,
)
from mlx_tui.reproduction.notebook_numbers import VOLATILE
from mlx_tui.reproduction.reference import EARLIER, NOTEBOOK, Reference

SAME_ENVIRONMENT = 0.0
OTHER_ENVIRONMENT = 1e-6
NEAR_ZERO = 1e-12
"""Across environments, values this near to each other are equal whatever their size."""
REPEATS_FOR_SPREAD = 3
MOST_RUNS = 1_000
"""Each recorded run is held against each captured one: of more than so many the newest are."""
# Quantile 0.975 of Student's t for 2, 3, … degrees of freedom.
_T = (4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12)

# `[3] accuracy (2)` is the printed form of `accuracy`.
_BARE = re.compile(r"^.*\[\d+\] | \(\d+\)$")

# `train #1/accuracy` is `accuracy` of the first of several runs.
_RUN = re.compile(r"^.* #\d+/")

Values = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Results:
    """What an attempt has to compare: its runs, and the numbers that its notebooks printed."""

    runs: tuple[CapturedRun, ...]
    numbers: Values
    freeze: str = ""


def compare(reference: Reference, results: Results, repeats: Sequence[Results] = ()) -> Comparison | None:
    """Compares an attempt with a reference.

    Args:
        reference: What was recorded.
        results: What the attempt captured.
        repeats: What earlier repeats of the same plan captured.

    Returns:
        None where nothing of the reference belongs to what the attempt ran (other parameters, no metric).
    """
    tolerance = SAME_ENVIRONMENT if reference.freeze and reference.freeze == results.freeze else OTHER_ENVIRONMENT
    expected, found, spreads = _sides(reference, results, repeats)
    if not expected:
        return None
    metrics = tuple(
        _metric(name, value, found.get(name), tolerance, [other[name] for other in spreads if name in other])
        for name, value in expected.items()
    )
    return Comparison(reference.source, reference.path, tolerance, metrics)


def bare_name(name: str) -> str:
    """The name of a metric without that of its run, which stands before it where there are several."""
    return _RUN.sub("", name)


def outcome_of(comparison: Comparison) -> tuple[Outcome, str]:
    """The outcome that a comparison makes of an attempt that ran to its end, and the reason in a sentence."""
    good = {MetricVerdict.IDENTICAL, MetricVerdict.EQUAL}
    bad = [metric for metric in comparison.metrics if metric.verdict not in good]
    count = len(comparison.metrics)
    against = f"{comparison.source} {comparison.path}"
    if not comparison.relative_tolerance:
        against += " (same environment)"
    if not bad:
        identical = sum(metric.verdict is MetricVerdict.IDENTICAL for metric in comparison.metrics)
        if identical == count:
            all_are = (
                "the only metric is identical with that"
                if count == 1
                else f"all {count} metrics are identical with those"
            )
            return Outcome.REPRODUCED, f"{all_are} of {against}"
        if count == 1:
            within = f"within {comparison.relative_tolerance:g}"
            return Outcome.REPRODUCED, f"the only metric equals that of {against}: {within}"
        within = f"{identical} identical, the others within {comparison.relative_tolerance:g}"
        return Outcome.REPRODUCED, f"all {count} metrics equal those of {against}: {within}"
    told = f"{len(bad)} of {count} metrics differ from {against}"
    spread = sum(metric.verdict is MetricVerdict.WITHIN_SPREAD for metric in bad)
    more = f", {spread} of them within the spread of the repeats" if spread else ""
    return Outcome.DIFFERS, f"{told}{more}: {_numbers(bad[0])}"


def _numbers(metric: MetricComparison) -> str:
    """A metric that differs with its numbers, in as many figures as tell them apart."""
    if metric.value is None:
        return f"{metric.name} is missing, was {metric.reference:.6g}"
    value, reference = f"{metric.value:.6g}", f"{metric.reference:.6g}"
    if value == reference:
        value, reference = repr(metric.value), repr(metric.reference)
    spread = metric.spread
    of = f" ({spread.count} repeats: {spread.low:.6g} to {spread.high:.6g})" if spread else ""
    return f"{metric.name} is {value}, was {reference}{of}"


def _sides(
    reference: Reference, results: Results, repeats: Sequence[Results]
) -> tuple[dict[str, float], dict[str, float], list[dict[str, float]]]:
    """Expected values, found values, and those of the repeats, under the same names."""
    if reference.source == NOTEBOOK:
        printed = dict(reference.numbers)
        return printed, _printed(printed, results), [_printed(printed, other) for other in repeats]
    pairs = _pairs(reference.runs, results.runs, every=reference.source == EARLIER)
    several = len(pairs) > 1
    expected: dict[str, float] = {}
    found: dict[str, float] = {}
    for number, (recorded, captured) in enumerate(pairs, 1):
        prefix = f"{recorded.name or recorded.run_id[:8]} #{number}/" if several else ""
        expected |= {prefix + name: value for name, value in final_values(recorded).items()}
        if captured is not None:
            found |= {prefix + name: value for name, value in final_values(captured).items()}
    if reference.source == EARLIER:
        expected |= dict(reference.numbers)
        found |= results.numbers
    spreads = [_sides(reference, other, ())[1] for other in repeats]
    return expected, found, spreads


def _printed(expected: Values, results: Results) -> dict[str, float]:
    """The numbers that notebooks printed; where one isn't printed any more, the metric that was logged by that name.

    Notebooks print runs of a store that others can't reach, and not those that they have just logged.
    """
    logged: dict[str, set[float]] = {}
    for run in results.runs:
        for name, value in final_values(run).items():
            logged.setdefault(name, set()).add(value)
    by_metric = {name: logged.get(_BARE.sub("", name), set()) for name in expected if name not in results.numbers}
    return {name: next(iter(values)) for name, values in by_metric.items() if len(values) == 1} | dict(results.numbers)


def final_values(run: CapturedRun) -> dict[str, float]:
    """The last value of each metric of a run; without what isn't finite, and what differs by its nature (times)."""
    values = {metric.name: metric.points[-1].value for metric in run.metrics if not VOLATILE.search(metric.name)}
    return {name: value for name, value in values.items() if value is not None}


def _pairs(
    recorded: Sequence[CapturedRun], captured: Sequence[CapturedRun], *, every: bool
) -> list[tuple[CapturedRun, CapturedRun | None]]:
    """Recorded runs with the captured run that is the same experiment.

    Args:
        recorded: The reference's runs, oldest first.
        captured: The attempt's runs, oldest first.
        every: Whether each recorded run is expected again. A committed store holds runs with other parameters too,
            so that only those count which one of the captured runs matches.
    """
    recorded, captured = recorded[-MOST_RUNS:], captured[-MOST_RUNS:]
    ordered = list(enumerate(recorded)) if every else list(enumerate(recorded))[::-1]  # of equal ones the newest counts
    alike = [
        (_likeness(run, other), number, place)
        for number, run in ordered
        for place, other in enumerate(captured)
        if run.metrics and (every or _shares_a_metric(run, other)) and _same_parameters(run, other)
    ]
    chosen: dict[int, int] = {}
    taken: set[int] = set()
    # The most alike of all first: a run that hardly fits must not take away the one that another fits wholly.
    for _, number, place in sorted(alike, key=lambda item: item[0], reverse=True):
        if number not in chosen and place not in taken:
            chosen[number] = place
            taken.add(place)
    return [
        (run, captured[chosen[number]] if number in chosen else None)
        for number, run in enumerate(recorded)
        if number in chosen or (every and run.metrics)
    ]


def _same_parameters(recorded: CapturedRun, captured: CapturedRun) -> bool:
    """Whether no parameter that both logged differs; paths and addresses don't count.

    Runs that share no parameter must share a metric.
    """
    params = {param.key: param.value for param in captured.params}
    shared = [(param.value, params[param.key]) for param in recorded.params if param.key in params]
    if not shared:
        return _shares_a_metric(recorded, captured)
    return all(one == other or _equal_numbers(one, other) or "/" in one for one, other in shared)


def _shares_a_metric(one: CapturedRun, other: CapturedRun) -> bool:
    """Whether two runs have a metric's name in common: the same parameters alone can be another script's."""
    return not {metric.name for metric in one.metrics}.isdisjoint(metric.name for metric in other.metrics)


def _equal_numbers(one: str, other: str) -> bool:
    try:
        return float(one) == float(other)
    except ValueError:
        return False


def _likeness(recorded: CapturedRun, captured: CapturedRun) -> tuple[int, bool, bool, int]:
    """How alike two runs are; the last part prefers the same metrics."""
    params = {param.key: param.value for param in captured.params}
    equal = sum(params.get(param.key) == param.value for param in recorded.params)
    names = {metric.name for metric in captured.metrics}
    common = sum(metric.name in names for metric in recorded.metrics)
    return equal, recorded.name == captured.name, recorded.experiment == captured.experiment, common


def _metric(
    name: str, reference: float, value: float | None, tolerance: float, repeats: Sequence[float]
) -> MetricComparison:
    spread = None if value is None else spread_of([*repeats, value])
    if value is None:
        verdict = MetricVerdict.MISSING
    elif value == reference:
        verdict = MetricVerdict.IDENTICAL
    elif tolerance and math.isclose(value, reference, rel_tol=tolerance, abs_tol=NEAR_ZERO):
        verdict = MetricVerdict.EQUAL
    elif spread and _within(reference, spread):
        verdict = MetricVerdict.WITHIN_SPREAD
    else:
        verdict = MetricVerdict.DIFFERENT
    return MetricComparison(name, reference, value, verdict, spread)


def spread_of(values: Sequence[float]) -> Spread | None:
    """How values of repeats vary; None where there is one alone."""
    if len(values) < 2:
        return None
    return Spread(len(values), statistics.fmean(values), statistics.stdev(values), min(values), max(values))


def _within(reference: float, spread: Spread) -> bool:
    """Whether a value lies in the 95 % prediction interval of at least three repeats that differ.

    Source: Siegel et al., CORE-Bench (2024), which accepts a value within the 95 % prediction interval of several
    runs: mean ± t · s · sqrt(1 + 1/n).
    """
    if spread.count < REPEATS_FOR_SPREAD:
        return False
    freedom = min(spread.count - 1, len(_T) + 1)
    reach = _T[freedom - 2] * spread.deviation * math.sqrt(1 + 1 / spread.count)
    return abs(reference - spread.mean) <= reach
