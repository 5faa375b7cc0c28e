"""The metrics of repeats as strips: each repeat a point on a line, the reference marked."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from rich.cells import cell_len

from mlx_tui.counted import counted
from mlx_tui.reproduction.repeats import RepeatedMetric
from mlx_tui.safe_text import safe_text
from mlx_tui.tui.presentation.charts import UNICODE, ChartLine, Signs, strip_legend, strip_line
from mlx_tui.tui.text import fit

ONE_LINE = 100
"""From this width on a metric takes one line, below it two."""
_NAME, _STRIP = 24, 30
"""A name takes at most so many cells, and a strip on a line of its text at least so many."""


def repeats_lines(
    metrics: Sequence[RepeatedMetric], width: int, signs: Signs = UNICODE, why_none: str = ""
) -> list[ChartLine]:
    """Draws every metric.

    Args:
        metrics: Of attempts that ran the same thing.
        width: Cells that there are.
        signs: What to draw with.
        why_none: What is said where there is no metric.
    """
    if not metrics:
        return [((line, "muted"),) for line in wrap(why_none, width)]
    said = max(len(_said(metric)[0]) for metric in metrics)
    longest = max(cell_len(safe_text(metric.name)) for metric in metrics)
    name = max(8, min(_NAME, longest, width - said - 1))
    one_line = width >= ONE_LINE and width - name - said - 2 >= _STRIP
    lines = [line for metric in metrics for line in _metric(metric, width, (name, said if one_line else 0), signs)]
    return [*(((line, "muted"),) for line in _legend(signs, width)), *lines]


def _legend(signs: Signs, width: int) -> list[str]:
    """What the signs mean, in as many lines as it takes."""
    lines = [""]
    for piece in strip_legend(signs):
        longer = f"{lines[-1]}  {piece}" if lines[-1] else piece
        if len(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(piece)
    return [fit(line, width) for line in lines]


def _metric(metric: RepeatedMetric, width: int, cells: tuple[int, int], signs: Signs) -> Iterator[ChartLine]:
    """A metric's lines, with so many cells for its name and, where all is on one line, for what is said."""
    (said, role), (name, room) = _said(metric), cells
    if room:
        strip = strip_line(metric.values, metric.reference, width - name - room - 2, signs)
        yield (fit(metric.name, name) + " ", "strong"), *strip, (" " + fit(said, room), role)
        return
    room = max(0, width - name - 1)
    kept = said.replace("ref ", "ref\N{NO-BREAK SPACE}")  # a word and its number stay together
    lines = [line.replace("\N{NO-BREAK SPACE}", " ") for line in wrap(kept, room)] if room else []
    for number, line in enumerate(lines[:3] or [""]):
        yield (fit("" if number else metric.name, name) + " ", "strong"), (fit(line, room), role)
    yield strip_line(metric.values, metric.reference, max(3, width), signs)


def _said(metric: RepeatedMetric) -> tuple[str, str]:
    low, high, count = min(metric.values), max(metric.values), len(metric.values)
    spread = f"{low:.6g}" if low == high else f"{low:.6g} … {high:.6g}"
    many = f"{counted(count, 'repeat')}, " + ("identical" if low == high else "vary") if count > 1 else "once"
    if metric.reference is None:
        return f"{spread} · {many}", "muted"
    if low == high == metric.reference:
        return f"{spread} · {many} = reference", "good"
    return f"{spread} · {many} · ref {metric.reference:.6g}", "" if low <= metric.reference <= high else "warn"
