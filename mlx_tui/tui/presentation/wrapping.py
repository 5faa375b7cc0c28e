"""Wrapping a line of code: what doesn't fit goes on below, indented under the line's own indent."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from rich.cells import cell_len, get_character_cell_size

HANG = 2
"""Cells by which what goes on below is indented more than the line."""
MOST_ROWS = 8
"""Rows that one line takes at most; what is left of a longer one is cut."""
_BEHIND = (" ", ",;([{=/")
"""Characters behind which a line is broken where one of them stands in the second half of a row: the first before the
others."""

Piece = tuple[int, int, int]
"""Of a line: the cells `start` up to `stop`, and by how many blanks they are indented."""


def wrap(text: str, room: int, most: int = MOST_ROWS) -> list[Piece]:
    """Splits a line into the rows that show it.

    Args:
        text: The line, without tabs and line ends.
        room: Cells of a row, at least 1.
        most: Rows at most; the last one then holds more than there is room for.

    Returns:
        At least one piece; joined, they are the line.
    """
    width = len(text) if text.isascii() else cell_len(text)
    if width <= room:
        return [(0, width, 0)]
    ends: Sequence[int] = range(len(text) + 1)
    if not text.isascii():
        ends = [0, *accumulate(get_character_cell_size(sign) for sign in text)]
    hang = min(len(text) - len(text.lstrip(" ")) + HANG, room // 2)
    pieces: list[Piece] = []
    start = 0
    while start < len(text):
        indent = hang if pieces else 0
        stop = len(text) if len(pieces) == most - 1 else _break(text, ends, start, max(1, room - indent))
        pieces.append((ends[start], ends[stop], indent))
        start = stop
    return pieces


def _break(text: str, ends: Sequence[int], start: int, room: int) -> int:
    """Returns where the row that begins at character `start` ends: behind a blank or a sign, else where it is full."""
    stop = max(start + 1, bisect_right(ends, ends[start] + room, start) - 1)
    if stop == len(text):
        return stop
    least = start + (stop - start) // 2
    return next((at for signs in _BEHIND for at in range(stop, least, -1) if text[at - 1] in signs), stop)
