"""Bar charts with whiskers, as SVG that follows the page's colours."""

from collections.abc import Iterator, Sequence
from html import escape

from mlx_tui.statistics.report_model import Bar, BarGroup, percent

_WIDTH = 860
_LABEL = 310
_VALUE = 150
_ROW = 24
_BAR = 13
_TOP = 8
_AXIS = 26
_PLOT = _WIDTH - _LABEL - _VALUE
_MAX_LABEL = 46


def bar_chart(groups: Sequence[BarGroup], title: str) -> str:
    """Draws shares as horizontal bars from 0 to 100 %, each with its Wilson interval as a whisker.

    Args:
        groups: Bars under their headings.
        title: Read out where the picture can't be seen.
    """
    rows = sum(len(group.bars) + bool(group.heading) for group in groups)
    bottom = _TOP + rows * _ROW
    height = bottom + _AXIS
    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(title)}" class="chart">',
        f"<title>{escape(title)}</title>",
        *_grid(bottom),
    ]
    y = _TOP
    for group in groups:
        if group.heading:
            parts.append(f'<text class="heading" x="0" y="{y + 16}">{escape(group.heading)}</text>')
            y += _ROW
        for bar in group.bars:
            parts.extend(_bar(bar, y))
            y += _ROW
    return "\n".join([*parts, "</svg>"])


def _grid(bottom: int) -> Iterator[str]:
    for share in (0, 25, 50, 75, 100):
        x = _x(share / 100)
        yield f'<line class="grid" x1="{x}" y1="{_TOP}" x2="{x}" y2="{bottom}"/>'
        yield f'<text class="axis" x="{x}" y="{bottom + 17}" text-anchor="middle">{share} %</text>'


def _bar(bar: Bar, y: int) -> Iterator[str]:
    middle = y + _ROW / 2
    label = bar.label if len(bar.label) <= _MAX_LABEL else f"{bar.label[: _MAX_LABEL - 1]}…"
    yield f'<text class="label" x="{_LABEL - 10}" y="{middle + 4}" text-anchor="end">{escape(label)}</text>'
    share = bar.proportion.value
    if share is None:
        yield f'<text class="unknown" x="{_LABEL + 6}" y="{middle + 4}">unknown</text>'
        return
    low, high = map(_x, bar.proportion.interval)
    top = middle - _BAR / 2
    yield f'<rect class="bar" x="{_LABEL}" y="{top}" width="{round(_x(share) - _LABEL, 1)}" height="{_BAR}" rx="2"/>'
    yield (
        f'<path class="whisker" d="M{low} {middle - 4}V{middle + 4}M{low} {middle}H{high}M{high} {middle - 4}'
        f'V{middle + 4}"/>'
    )
    yield (
        f'<text class="value" x="{_WIDTH}" y="{middle + 4}" text-anchor="end">{percent(share)} '
        f"({bar.proportion.count}/{bar.proportion.n})</text>"
    )


def _x(share: float) -> float:
    return round(_LABEL + share * _PLOT, 1)
