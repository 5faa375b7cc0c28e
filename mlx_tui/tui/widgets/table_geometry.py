"""Where a table's columns lie: their widths, which of them a window shows, and what is under a cell of it.

The first columns, `pinned` of them, stay at the left; the others scroll sideways beside them, by whole columns: the
first one in sight begins where the pinned ones end, and one that does not fit any more is left out, or shortened where
it may be. A position between two columns, as a scrollbar gives it, stands for the next one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from mlx_tui.tui.widgets.table_column import Column

MIN_FILL = 12
SEPARATOR = " "
MORE_LEFT, MORE_RIGHT = "‹", "›"
"""Signs in the heading: further columns stand on that side."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A column in sight.

    Attributes:
        index: Which of the columns.
        start: The cell of the window in which it begins.
        width: The cells that it has there.
    """

    index: int
    start: int
    width: int

    @property
    def end(self) -> int:
        """The cell behind it, which is the gap to the next one."""
        return self.start + self.width


@dataclass(frozen=True, slots=True)
class Window:
    """What is in sight of a table's columns.

    Attributes:
        shown: The columns, from left to right.
        pinned: How many of them stay at the left.
        more_left: Whether others are scrolled away between these and the next ones.
        more_right: Whether others follow, or the last one would be longer.
    """

    shown: tuple[Shown, ...]
    pinned: int
    more_left: bool
    more_right: bool

    def column_at(self, x: int) -> int:
        """Returns the column at a cell; the last one in sight for what is behind it."""
        return next((each.index for each in self.shown if x <= each.end), self.shown[-1].index)

    def edge_at(self, x: int) -> int | None:
        """Returns the column whose right edge, the gap behind it, is at a cell."""
        return next((each.index for each in self.shown if x == each.end), None)


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


def window(columns: Sequence[Column], pinned: int, left: int, room: int) -> Window:
    """Works out what is in sight.

    Args:
        columns: All that the table shows, at least one.
        pinned: How many of them stay at the left where there is room.
        left: Horizontal scroll position, in cells.
        room: Cells of the window; more than 0.
    """
    widths = column_widths(columns, room)
    pinned = pins_that_fit(widths, pinned, room)
    starts = [0, *accumulate(width + 1 for width in widths[:pinned])]
    shown = [Shown(index, starts[index], widths[index]) for index in range(pinned)]
    following = len(columns) > pinned
    if starts[pinned] >= room:  # the pinned column alone is wider
        shown = [Shown(0, 0, max(1, min(widths[0], room - following)))]
        return Window(tuple(shown), 1, more_left=False, more_right=following)
    first = _first_scrolled(widths, pinned, left)
    shown += _fitting(columns, widths, first, starts[pinned], room)
    last = shown[-1]
    more_right = last.index < len(widths) - 1 or last.width < widths[last.index]
    return Window(tuple(_filled(columns, shown, room - more_right)), pinned, first > pinned, more_right)


def _fitting(columns: Sequence[Column], widths: Sequence[int], first: int, start: int, room: int) -> list[Shown]:
    """The columns from `first` on that fit behind `start`, the last one shortened where it may be."""
    shown: list[Shown] = []
    for index in range(first, len(widths)):
        left = room - start - (index < len(widths) - 1)  # a cell stays free for the sign
        if widths[index] > left:
            left = room - start - 1
            least = columns[index].least if shown else 1
            if 0 < least <= left:
                shown.append(Shown(index, start, left))
            break
        shown.append(Shown(index, start, widths[index]))
        start += widths[index] + 1
    return shown


def _filled(columns: Sequence[Column], shown: Sequence[Shown], room: int) -> list[Shown]:
    """Gives what is left of the room to the first column in sight that takes such."""
    left = max(0, room - shown[-1].end)
    fills = (number for number, each in enumerate(shown) if columns[each.index].width == 0)
    at = next(fills, len(shown))
    return [
        each
        if number < at
        else Shown(each.index, each.start + left * (number > at), each.width + left * (number == at))
        for number, each in enumerate(shown)
    ]


def _first_scrolled(widths: Sequence[int], pinned: int, left: int) -> int:
    """The first scrolling column that begins at a scroll position or behind it; the last one where none does."""
    start = 0
    for index in range(pinned, len(widths) - 1):
        if start >= left:
            return index
        start += widths[index] + 1
    return len(widths) - 1


def scroll_to_column(columns: Sequence[Column], pinned: int, column: int, left: int, room: int) -> int:
    """Returns the horizontal scroll position nearest to `left` that shows a column; a pinned one shows the start.

    Args:
        columns: All that the table shows.
        pinned: How many of them stay at the left where there is room.
        column: The one to show: whole, where it isn't wider than the room.
        left: Horizontal scroll position now, in cells.
        room: Cells of the window.
    """
    widths = column_widths(columns, room)
    pinned = pins_that_fit(widths, pinned, room)
    if column < pinned:
        return 0
    before = _first_scrolled(widths, pinned, left)
    lowest, end = column, widths[column]
    free = room - sum(widths[:pinned]) - pinned - (column < len(widths) - 1)
    while lowest > pinned and end + widths[lowest - 1] + 1 <= free:
        lowest -= 1
        end += widths[lowest] + 1
    first = column if column < before else max(before, lowest)
    return left if first == before else sum(widths[pinned:first]) + first - pinned
