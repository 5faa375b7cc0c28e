"""Charts made of characters: shares with their intervals, bars, and values along a line.

Every chart tells by its characters, never by colour alone, and has a second set of them for terminals without Unicode.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from mlx_tui.statistics.prevalence import Proportion
from mlx_tui.tui.text import fit

Span = tuple[str, str]
"""Text, raw, and its role."""
ChartLine = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Signs:
    """The characters that charts are made of."""

    point: str
    line: str
    left: str
    right: str
    reference: str
    both: str
    full: str
    empty: str
    tick: str


UNICODE = Signs("●", "─", "├", "┤", "◆", "◈", "█", "░", "·")
ASCII = Signs("o", "-", "[", "]", "|", "@", "#", ".", ".")
_TICKS = 4


def interval_line(share: Proportion, width: int, signs: Signs = UNICODE) -> ChartLine:
    """Draws a share as a point between the bounds of its interval, on a line of 0 to 100 %.

    Args:
        share: Count and total; of nothing, nothing but the scale is drawn.
        width: Cells, 5 or more.
        signs: What to draw with.
    """
    cells = [(" ", "")] * width
    for tick in range(_TICKS + 1):
        cells[_place(tick / _TICKS, width)] = (signs.tick, "muted")
    if share.value is None:
        return _spans(cells)
    low, high = (_place(bound, width) for bound in share.interval)
    for at in range(low, high + 1):
        cells[at] = (signs.line, "accent")
    if high > low:
        cells[low], cells[high] = (signs.left, "accent"), (signs.right, "accent")
    cells[_place(share.value, width)] = (signs.point, "strong")
    return _spans(cells)


def scale_line(width: int) -> ChartLine:
    """Draws the scale over interval lines: as many of its numbers as stand apart."""
    for step in (1, 2, _TICKS):
        cells, stands_apart = [" "] * width, True
        for tick in range(0, _TICKS + 1, step):
            label = f"{100 * tick // _TICKS}" + (" %" if tick == _TICKS else "")
            at = max(0, min(_place(tick / _TICKS, width) - len(label) // 2, width - len(label)))
            stands_apart &= all(cell == " " for cell in cells[max(0, at - 1) : at + len(label)])
            cells[at : at + len(label)] = label
        if stands_apart:
            break
    return (("".join(cells), "muted"),)


def bar_line(share: Proportion, width: int, signs: Signs = UNICODE, role: str = "accent") -> ChartLine:
    """Draws a share as a bar in a trough of 0 to 100 %; what is there at all has a cell."""
    full = round((share.value or 0.0) * width)
    if share.count > 0:
        full = max(1, min(full, width - (share.count < share.n)))
    return ((signs.full * full, role), (signs.empty * (width - full), "muted"))


def strip_line(values: Sequence[float], reference: float | None, width: int, signs: Signs = UNICODE) -> ChartLine:
    """Draws values along a line from the least to the greatest, the reference among them.

    Args:
        values: Finite numbers; several in one cell show how many they are.
        reference: The recorded value, where there is one.
        width: Cells, 3 or more.
        signs: What to draw with.
    """
    every = [*values] if reference is None else [*values, reference]
    if not every:
        return ((" " * width, ""),)
    low, high = min(every), max(every)
    # Halved first, so that a range wider than any number isn't infinite.
    extent = high / 2 - low / 2

    def at(value: float) -> int:
        return _place(min(1.0, (value / 2 - low / 2) / extent), width) if extent > 0 else width // 2

    counts = Counter(map(at, values))
    cells: list[Span] = [(signs.line, "muted")] * width
    for cell, count in counts.items():
        cells[cell] = (signs.point if count == 1 else str(count) if count < 10 else "+", "accent")
    if reference is not None:
        hit = counts[at(reference)]
        cells[at(reference)] = (signs.both, "good") if hit else (signs.reference, "warn")
    return _spans(cells)


def strip_legend(signs: Signs = UNICODE) -> tuple[str, ...]:
    """Says what each sign of a strip means."""
    return (f"{signs.point} a repeat", "2…9 so many", f"{signs.reference} reference", f"{signs.both} both")


def _place(share: float, width: int) -> int:
    return max(0, min(width - 1, round(share * (width - 1))))


def _spans(cells: Iterable[Span]) -> ChartLine:
    return tuple(("".join(text for text, _ in group), role) for role, group in groupby(cells, key=lambda cell: cell[1]))


@dataclass(frozen=True, slots=True)
class Block:
    """A chart with its heading."""

    title: str
    lines: tuple[ChartLine, ...]


def side_by_side(blocks: Sequence[Block], columns: int, width: int) -> list[ChartLine]:
    """Lays blocks out in columns, each in the order of the blocks.

    Args:
        blocks: Drawn for a column's width.
        columns: How many, 1 or more.
        width: Cells of one column.
    """
    heights = [0] * columns
    laid: list[list[ChartLine]] = [[] for _ in range(columns)]
    share = sum(len(block.lines) + 2 for block in blocks) / columns
    column = 0
    for block in blocks:
        taken = len(block.lines) + 2
        if column < columns - 1 and heights[column] and heights[column] + taken / 2 > share:
            column += 1
        heights[column] += taken
        laid[column] += [((fit(block.title, width), "title"),), *block.lines, ()]
    rows = max(heights, default=0)
    padded = [[_padded(lines[row] if row < len(lines) else (), width) for row in range(rows)] for lines in laid]
    return [tuple(span for line in row for span in (*line, ("  ", "")))[:-1] for row in zip(*padded, strict=True)]


def _padded(line: ChartLine, width: int) -> ChartLine:
    from rich.cells import cell_len

    used = sum(cell_len(text) for text, _ in line)
    return (*line, (" " * (width - used), "")) if used < width else line
