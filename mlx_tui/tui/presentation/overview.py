"""The corpus at a glance: prevalences with their intervals, readiness, outcomes, and how far the judging is."""

from collections.abc import Iterator, Sequence

from mlx_tui.counted import counted
from mlx_tui.detection.model import Feature
from mlx_tui.statistics.prevalence import Proportion
from mlx_tui.statistics.summary import CorpusStatistics, FeatureStatistics
from mlx_tui.tui.presentation.charts import (
    UNICODE,
    Block,
    ChartLine,
    Signs,
    bar_line,
    interval_line,
    scale_line,
    side_by_side,
)
from mlx_tui.tui.presentation.marks import OUTCOME
from mlx_tui.tui.presentation.statistics_table import percent
from mlx_tui.tui.text import fit

COLUMN = 72
"""Cells of a column of charts at least, where there is room for several."""
_NUMBERS = 15
_NARROWEST = 10


def overview_lines(
    statistics: CorpusStatistics,
    features: Sequence[Feature],
    width: int,
    signs: Signs = UNICODE,
    height: int = 0,
) -> list[ChartLine]:
    """Draws everything: in as few columns as show all of it, else in as many as there is room for.

    Args:
        statistics: Of the corpus.
        features: The codebook's, in the order of the statistics.
        width: Cells that there are.
        signs: What to draw with.
        height: Lines that there are.
    """
    lines: list[ChartLine] = []
    for columns in range(1, max(1, min(4, (width + 2) // (COLUMN + 2))) + 1):
        each = (width - 2 * (columns - 1)) // columns
        lines = side_by_side(list(_blocks(statistics, features, each, signs)), columns, each)
        if len(lines) <= height:
            break
    return lines


def _blocks(s: CorpusStatistics, features: Sequence[Feature], width: int, signs: Signs) -> Iterator[Block]:
    draw = _Drawing(width, signs)
    legend = f"{signs.point} share of repositories  {signs.left}{signs.line}{signs.right} its 95 % interval (Wilson)"
    legend = legend if len(legend) <= width else f"{signs.point} share  {signs.left}{signs.line}{signs.right} 95 %"
    dimensions = [draw.share(_words(each.dimension), each.prevalence.present) for each in s.dimensions]
    yield Block("How many repositories have it", (((legend, "muted"),), draw.scale(), *dimensions))
    yield Block("Judging", tuple(_judging(s, features, draw)))
    yield Block("Running it again", tuple(_reproduction(s, draw)))
    scores = [Proportion(count, s.scanned) for count in s.readiness]
    bars = [draw.bar(f"{score} of 6 conditions", share) for score, share in enumerate(scores)]
    conditions = [draw.share(name, share) for name, share in s.conditions]
    yield Block("Readiness for a second execution", (*bars, draw.scale(), *conditions))
    yield Block("The original study's search for words", tuple(_baseline(s, draw)))
    for dimension, group in _grouped(s.features, features):
        lines = (draw.share(each.feature, each.prevalence.present) for each in group)
        yield Block(f"Features: {_words(dimension)}", tuple(lines))


class _Drawing:
    """Draws lines of one width: a name, a chart, the numbers."""

    def __init__(self, width: int, signs: Signs) -> None:
        self.name = min(30, max(10, width - _NUMBERS - _NARROWEST - 2))
        self.chart = max(_NARROWEST, width - self.name - _NUMBERS - 2)
        self.signs = signs

    def share(self, name: str, share: Proportion) -> ChartLine:
        """A share with its interval."""
        return self._line(name, interval_line(share, self.chart, self.signs), share)

    def bar(self, name: str, share: Proportion, role: str = "accent") -> ChartLine:
        """A part of a whole, where an interval would say nothing."""
        return self._line(name, bar_line(share, self.chart, self.signs, role), share)

    def scale(self) -> ChartLine:
        """The scale over shares."""
        return ((" " * (self.name + 1), ""), *scale_line(self.chart))

    def _line(self, name: str, chart: ChartLine, share: Proportion) -> ChartLine:
        numbers = f"{percent(share):>5} {share.count}/{share.n}" if share.n else "  unknown"
        return ((fit(name, self.name) + " ", "strong"), *chart, (" " + fit(numbers, _NUMBERS), "muted"))


def _judging(s: CorpusStatistics, features: Sequence[Feature], draw: _Drawing) -> Iterator[ChartLine]:
    yield draw.bar("findings judged", Proportion(s.judged, s.findings), "good")
    for dimension, group in _grouped(s.features, features):
        findings = sum(each.findings for each in group)
        if findings:
            yield draw.bar(f"  {_words(dimension)}", Proportion(sum(each.judged for each in group), findings), "good")
    yield draw.share("right, of those decided", s.precision)
    missed = sum(each.missed for each in s.features)
    yield ((f"{counted(missed, 'place')} added that the program missed", "muted"),)


def _reproduction(s: CorpusStatistics, draw: _Drawing) -> Iterator[ChartLine]:
    again = s.reproduction
    if not again.outcomes:
        yield (("nothing was run yet", "muted"),)
        return
    yield draw.scale()
    yield draw.share("executed as is", again.as_is)
    yield draw.share("executed after repairs", again.after_repairs)
    yield draw.share("metrics equal to a reference", again.metrics_equal)
    total = sum(count for _, count in again.outcomes)
    for outcome, count in again.outcomes:
        sign, role = OUTCOME[outcome]
        yield draw.bar(f"{sign} {_words(outcome)}", Proportion(count, total), role)
    failed = sum(count for _, count in again.causes)
    for cause, count in again.causes:
        yield draw.bar(f"    {_words(cause)}", Proportion(count, failed), "bad")


def _baseline(s: CorpusStatistics, draw: _Drawing) -> Iterator[ChartLine]:
    yield draw.share("log_param, log_metric, autolog", s.baseline)
    c = s.comparison
    yield draw.bar("  found by both", Proportion(c.both, c.n))
    yield draw.bar("  by the search alone", Proportion(c.baseline_only, c.n), "warn")
    yield draw.bar("  by this program alone", Proportion(c.detector_only, c.n), "warn")
    yield draw.bar("  by neither", Proportion(c.neither, c.n))


def _grouped(
    statistics: Sequence[FeatureStatistics], features: Sequence[Feature]
) -> list[tuple[str, list[FeatureStatistics]]]:
    groups: dict[str, list[FeatureStatistics]] = {}
    for found, feature in zip(statistics, features, strict=True):
        groups.setdefault(feature.dimension, []).append(found)
    return list(groups.items())


def _words(name: str) -> str:
    return name.replace("_", " ")
