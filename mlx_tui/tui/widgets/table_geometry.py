"""Where a table's columns lie: their widths, which of them a window shows, and what is under a cell of it.

The first columns, `pinned` of them, stay at the left; the others scroll sideways beside them.
"""

from collections.abc import Sequence
from itertools import accumulate

from mlx_tui.tui.widgets.table_column import Column

MIN_FILL = 12
SEPARATOR = " "


def column_widths(columns: Sequence[Column], room: int) -> list[int]:
    """Returns the columns' widths in cells; those of width 0 share what is left of `room`."""
    used = sum(column.width for column in columns) + len(columns) - 1
    fills = sum(column.width == 0 for column in columns)
    return [column.width or max(MIN_FILL, (room - used) // fills) for column in columns]


def pins_that_fit(widths: Sequence[int], pinned: int, room: int) -> int:
    """Returns how many columns can stay at the left so that at least a third of the room scrolls; one always can."""
    while pinned > 1 and sum(widths[:pinned]) + pinned > room * 2 // 3:
        pinned -= 1
    return max(1, pinned)


def pinned_cells(widths: Sequence[int], pinned: int) -> int:
    """Returns the cells that the pinned columns take, with the gap behind each."""
    return sum(widths[:pinned]) + pinned


def scroll_to_column(widths: Sequence[int], pinned: int, column: int, left: int, room: int) -> int:
    """Returns the horizontal scroll position nearest to `left` that shows a column; a pinned one shows the start."""
    if column < pinned:
        return 0
    start = sum(widths[pinned:column]) + column - pinned
    visible = max(1, room - pinned_cells(widths, pinned))
    return start if start < left else max(left, min(start, start + widths[column] - visible))


def column_at(widths: Sequence[int], pinned: int, x: int, left: int) -> int:
    """Returns the column at a cell of the window; `left` is the horizontal scroll position."""
    if x >= pinned_cells(widths, pinned):
        x += left
    edges = accumulate(width + 1 for width in widths)
    return next((index for index, edge in enumerate(edges) if x < edge), len(widths) - 1)


def edge_at(widths: Sequence[int], pinned: int, x: int, left: int) -> int | None:
    """Returns the column whose right edge, the gap behind it, is at a cell of the window."""
    if x >= pinned_cells(widths, pinned):
        x += left
    edges = list(accumulate(width + 1 for width in widths))
    return edges.index(x + 1) if x + 1 in edges else None
