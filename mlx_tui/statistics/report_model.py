"""What a report is made of, before it is Markdown or HTML."""

from dataclasses import dataclass

from mlx_tui.safe_text import safe_text
from mlx_tui.statistics.prevalence import Proportion


@dataclass(frozen=True, slots=True)
class Bar:
    """A share to draw; of nothing, it is drawn as unknown."""

    label: str
    proportion: Proportion


@dataclass(frozen=True, slots=True)
class BarGroup:
    """Bars under one heading; the heading may be empty."""

    heading: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; every row has as many cells as there are columns.

    Attributes:
        columns: Headings.
        rows: Cells: safe text.
        numeric: Which columns are set flush right.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report.

    Attributes:
        title: Its heading.
        text: Paragraphs before the table.
        chart: Drawn where the medium can; the table says the same in numbers.
        table: Its numbers.
        folded: Whether a medium that can fold shows the table folded.
    """

    title: str
    text: tuple[str, ...] = ()
    chart: tuple[BarGroup, ...] = ()
    table: Table | None = None
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report."""

    title: str
    lead: str
    sections: tuple[Section, ...]


def percent(value: float | None) -> str:
    """A share in percent to one decimal."""
    return "–" if value is None else f"{100 * value:.1f} %"


def interval_text(low: float, high: float) -> str:
    """An interval of shares, in percent to one decimal."""
    return f"{100 * low:.1f} – {100 * high:.1f}"


def proportion_cells(proportion: Proportion) -> tuple[str, str, str, str]:
    """Count, n, share and interval."""
    interval = interval_text(*proportion.interval) if proportion.n else "–"
    return str(proportion.count), str(proportion.n), percent(proportion.value), interval


def sentence(proportion: Proportion) -> str:
    """A share in a sentence."""
    return (
        f"{proportion.count} of {proportion.n} repositories ({percent(proportion.value)}, "
        f"95 % interval {interval_text(*proportion.interval)})"
    )


def words(name: str) -> str:
    """A name of the program's as words, safe to show."""
    return safe_text(name).replace("_", " ")


def kappa_text(kappa: float | None) -> str:
    """Cohen's kappa to two decimals."""
    return "undefined" if kappa is None else f"{kappa:.2f}"
