"""Lines of a log as rows of the screen: long ones go on in further rows, indented as they began."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rich.cells import cell_len, get_character_cell_size
from rich.text import Text

from mlx_tui.tui.presentation.ansi import ansi_text

ReadLines = Callable[[int, int], Sequence[str]]
"""Reads the lines of a log from one number, counted from 0, up to, not including, another."""


@dataclass(frozen=True, slots=True)
class LogRow:
    """A row of the screen.

    Attributes:
        line: Number of its line, from 0.
        text: What it shows; not to be changed.
        first: Whether the line begins in it.
        last: Whether the line ends in it.
    """

    line: int
    text: Text
    first: bool
    last: bool


def rows_from(read: ReadLines, top: int, height: int, width: int, query: str = "") -> list[LogRow]:
    """Lays out a page.

    Args:
        read: The log.
        top: The line it begins with.
        height: At most so many rows.
        width: Cells of a row; 0 where lines aren't wrapped.
        query: A text to mark.
    """
    rows: list[LogRow] = []
    for number, line in enumerate(read(top, top + height), top):
        rows += _rows_of(number, line, width, query)
        if len(rows) >= height:
            break
    return rows[:height]


def rows_up_to(read: ReadLines, end: int, height: int, width: int, query: str = "") -> list[LogRow]:
    """Lays out the page that ends with the line before `end`; its first line may have begun above it."""
    rows: list[LogRow] = []
    start = max(0, end - height)
    for number, line in reversed(list(enumerate(read(start, end), start))):
        rows = [*_rows_of(number, line, width, query), *rows]
        if len(rows) >= height:
            break
    return rows[-height:] if height > 0 else []


def first_that_fits(read: ReadLines, end: int, height: int, width: int) -> int:
    """Returns the first line from which all up to, not including, `end` fit so many rows; the last one always does."""
    if not width:
        return max(0, end - height)
    start = max(0, end - height)
    left = height
    for number, line in reversed(list(enumerate(read(start, end), start))):
        left -= len(wrapped(line, width))
        if left < 0:
            return min(number + 1, end - 1)
    return start


def _rows_of(number: int, line: str, width: int, query: str) -> Iterator[LogRow]:
    texts = wrapped(line, width, query)
    for at, text in enumerate(texts):
        yield LogRow(number, text, at == 0, at == len(texts) - 1)


@lru_cache(1024)
def wrapped(line: str, width: int, query: str = "") -> tuple[Text, ...]:
    """Returns a line of a log in rows of at most so many cells, or in one where `width` is 0.

    Args:
        line: Raw text.
        width: Cells of a row; 0 for any number.
        query: A text to mark, upper and lower case alike.
    """
    text = ansi_text(line)
    if query:
        text.highlight_words([query], "reverse", case_sensitive=False)
    if not width or cell_len(text.plain) <= width:
        return (text,)
    indent = min(len(text.plain) - len(text.plain.lstrip(" ")), width // 3)
    first, *others = text.divide(_cuts(text.plain, width, indent))
    return (first, *(Text(" " * indent, end="").append_text(other) for other in others))


def _cuts(plain: str, width: int, indent: int) -> list[int]:
    """Where rows end: behind a blank or a slash in their second half, else where they are full."""
    cuts: list[int] = []
    at, room = 0, width
    while (end := at + _that_fit(plain, at, room)) < len(plain):
        if plain[end] == " ":
            at = end + 1  # the blank is out of sight
        else:
            half = at + (end - at) // 2
            at = max(plain.rfind(" ", half, end), -1) + 1 or plain.rfind("/", half, end) + 1 or end
        cuts.append(at)
        room = width - indent
    return [cut for cut in cuts if cut < len(plain)]


def _that_fit(plain: str, start: int, room: int) -> int:
    """How many characters from a place on fit so many cells; at least one."""
    if plain.isascii():
        return max(1, min(room, len(plain) - start))
    cells = 0
    for count, character in enumerate(plain[start : start + room * 4]):
        cells += get_character_cell_size(character)
        if cells > room:
            return max(1, count)
    return len(plain[start : start + room * 4])
