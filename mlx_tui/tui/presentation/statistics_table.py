"""The corpus's statistics as rows with bars."""

from collections.abc import Iterator
from dataclasses import dataclass

from mlx_tui.counted import counted
from mlx_tui.statistics.prevalence import Prevalence, Proportion
from mlx_tui.statistics.summary import CorpusStatistics
from mlx_tui.tui.presentation.plan_text import duration
from mlx_tui.tui.widgets.table_model import Cell, Column

LEGEND = "█ lower bound, ▓ share, ░ upper bound (95 %)"
WIDE = 110
"""From this width on there is room for a column of remarks; the status line shows them too."""


@dataclass(frozen=True, slots=True)
class ShareRow:
    """A share of the corpus.

    Attributes:
        group: What it belongs to.
        name: What is counted.
        share: Count, total and interval.
        remark: What else is to be said.
    """

    group: str
    name: str
    share: Proportion
    remark: str = ""


def bar(share: Proportion, width: int) -> str:
    """Draws a share with its interval: █ up to the lower bound, ▓ up to the share, ░ up to the upper bound.

    Args:
        share: Of nothing, nothing is drawn.
        width: Cells that stand for 100 %.
    """
    if share.value is None:
        return ""
    low, high = (round(bound * width) for bound in share.interval)
    here = round(share.value * width)
    return ("█" * min(low, here) + "▓" * max(0, here - low)).ljust(here, "▓") + "░" * max(0, high - here)


def percent(share: Proportion) -> str:
    """Returns `45 %`; nothing of nothing."""
    return "" if share.value is None else f"{share.value:.0%}".replace("%", " %")


def interval(share: Proportion) -> str:
    """Returns the 95 % Wilson interval in percent."""
    if not share.n:
        return ""
    low, high = share.interval
    return f"{low * 100:.0f}–{high * 100:.0f}"


def share_columns(width: int) -> tuple[Column[ShareRow], ...]:
    """Makes the columns for a screen of some width; the bar takes the room that is left, 16 to 120 cells."""
    name, remarks = (32, (_REMARK,)) if width >= WIDE else (26, ())
    cells = max(16, min(120, width - name - 26 - 35 * len(remarks)))
    return (
        Column[ShareRow](
            "name",
            "what",
            name,
            lambda row: Cell(row.name, "strong"),
            lambda row: row.name,
            searchable=True,
            description=LEGEND,
        ),
        *_NUMBERS,
        Column[ShareRow](
            "bar",
            "0 %" + " " * (cells - 8) + "100 %",
            cells,
            lambda row: Cell(bar(row.share, cells), "accent"),
            lambda row: row.share.value,
            descending=True,
            description=LEGEND,
        ),
        *remarks,
    )


_REMARK = Column[ShareRow](
    "remark",
    "remarks",
    34,
    lambda row: Cell(row.remark, "muted"),
    lambda row: row.remark or None,
    searchable=True,
    least=12,
)
_NUMBERS = (
    Column[ShareRow](
        "count",
        "of n",
        9,
        lambda row: Cell(f"{row.share.count}/{row.share.n}"),
        lambda row: row.share.count,
        align="right",
        descending=True,
        description="Repositories that have it, of those of which it is known",
    ),
    Column[ShareRow](
        "share",
        "share",
        6,
        lambda row: Cell(percent(row.share)),
        lambda row: row.share.value,
        align="right",
        descending=True,
        description="Their share",
    ),
    Column[ShareRow](
        "interval",
        "95 %",
        7,
        lambda row: Cell(interval(row.share), "muted"),
        lambda row: row.share.interval[0] if row.share.n else None,
        align="right",
        descending=True,
        description="Wilson score interval, in percent",
    ),
)


def dimension_rows(statistics: CorpusStatistics) -> list[ShareRow]:
    """Returns the prevalence of each dimension."""
    return [
        ShareRow("dimension", each.dimension.replace("_", " "), each.prevalence.present, _unknown(each.prevalence))
        for each in statistics.dimensions
    ]


def feature_rows(statistics: CorpusStatistics) -> list[ShareRow]:
    """Returns the prevalence of each feature."""
    rows = []
    for each in statistics.features:
        remarks = [_unknown(each.prevalence), counted(each.findings, "finding") if each.findings else ""]
        remarks += [f"precision {percent(each.precision)}" if each.precision.n else ""]
        remarks += [f"{each.missed} missed" if each.missed else ""]
        rows.append(ShareRow("feature", each.feature, each.prevalence.present, ", ".join(filter(None, remarks))))
    return rows


def outcome_rows(statistics: CorpusStatistics) -> list[ShareRow]:
    """Returns the baseline, readiness, and what came of the attempts."""
    return list(_outcomes(statistics))


def _outcomes(statistics: CorpusStatistics) -> Iterator[ShareRow]:
    again, comparison = statistics.reproduction, statistics.comparison
    yield ShareRow("baseline", "baseline: substring test", statistics.baseline, "the original study's word search")
    for name, count in (
        ("  found by both", comparison.both),
        ("  by the search alone", comparison.baseline_only),
        ("  by this program alone", comparison.detector_only),
        ("  by neither", comparison.neither),
    ):
        yield ShareRow("baseline", name, Proportion(count, comparison.n))
    for score, count in enumerate(statistics.readiness):
        yield ShareRow("readiness", f"meets {score} of 6 conditions", Proportion(count, statistics.scanned))
    for name, share in statistics.conditions:
        yield ShareRow("readiness", f"  {name}", share)
    median = "" if again.median_seconds is None else f"median {duration(round(again.median_seconds, 1))}"
    yield ShareRow("attempts", "executed as is", again.as_is, median)
    yield ShareRow("attempts", "executed with deviations", again.with_deviations)
    yield ShareRow("attempts", "metrics equal to a reference", again.metrics_equal, f"{again.compared} had a reference")
    if again.foreseen.n:
        causes = f"the cause of {again.causes_foreseen.count} of {again.causes_foreseen.n} failures"
        yield ShareRow("attempts", "plans foresaw the end rightly", again.foreseen, causes)
    total = sum(count for _, count in again.outcomes)
    for outcome, count in again.outcomes:
        yield ShareRow(
            "outcome", f"  {outcome.value.replace('_', ' ')}", Proportion(count, total), "last attempt of each"
        )
    failed = sum(count for _, count in again.causes)
    for cause, count in again.causes:
        yield ShareRow("cause", f"    {cause.value.replace('_', ' ')}", Proportion(count, failed), "of the failures")


def _unknown(prevalence: Prevalence) -> str:
    return f"unknown in {prevalence.unknown}" if prevalence.unknown else ""
