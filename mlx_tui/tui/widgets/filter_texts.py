"""What is said about a filter: where it looks, how it is typed, and that nothing fits it; each in the room there is."""

import textwrap
from collections.abc import Sequence
from typing import TypeVar

from mlx_tui.safe_text import safe_text
from mlx_tui.tui.presentation.forms import that_fits
from mlx_tui.tui.widgets.filter_reading import Reading, readings
from mlx_tui.tui.widgets.table_model import TableModel

Row = TypeVar("Row")
Line = tuple[str, str]
"""Text, safe, and its role."""
WRONG = "warn"
"""The role of what is wrong with a filter."""
HOW_TO_TYPE = (
    "words, column:text, column>3, !not",
    "words, column:text, column>3",
    "words, column:text",
    "words",
)
"""The same at length and in short."""


def where_it_looks(names: Sequence[str], room: int, lists: str = "") -> str:
    """Says in which columns plain words are looked for.

    Args:
        names: The columns', as the filter knows them.
        room: Cells; where they are too few, the last columns are left out.
        lists: The key that lists them all; empty where none does.
    """
    safe = [safe_text(name) for name in names]
    rest = f" ({lists} lists all)" if lists else ""
    shorter = (f"{', '.join(safe[:count])} …{rest}" for count in range(len(safe) - 1, 0, -1))
    texts = [f"words are looked for in {text}" for text in (", ".join(safe), *shorter)]
    return that_fits([*texts, f"words: {len(safe)} columns{rest}", "words"], room)


def how_it_was_read(model: TableModel[Row], room: int) -> str:
    """Says while a filter is typed how it was understood, and how many rows fit; the last term is said at any rate."""
    told = readings(model)
    if not told:
        return ""
    shown = f"{len(model.view):,} of {len(model.rows):,}: "
    meanings = [safe_text(reading.wrong or reading.meaning) for reading in told]
    texts = [shown + " · ".join(meanings[first:]) for first in range(len(meanings))]
    return that_fits(texts, room)


def nothing_fits(model: TableModel[Row], clears: str, room: int, height: int = 100, columns: str = "") -> list[Line]:
    """Says line by line that no row fits the filter, how each term was understood and what is wrong with which.

    Args:
        model: The table's.
        clears: The key that clears the filter.
        room: Cells of a line.
        height: So many lines are seen; the last one, which key clears the filter, always is.
        columns: The key that lists the columns; empty where none does.
    """
    if model.view or not model.rows:
        return []
    count = len(model.rows)
    title: list[Line] = [("No row fits the filter.", "strong")]
    last = f"{clears} clears the filter and shows {'the row' if count == 1 else f'all {count:,} rows'} again"
    told = readings(model)
    last += f"; then {columns} lists the columns." if columns and told and told[-1].unknown else "."
    body = [line for reading in told for line in _about(reading, several=len(told) > 1, room=room)]
    ending: list[Line] = [(text, "accent") for text in _wrapped(last, room)]
    spaced = [("", ""), *body, ("", ""), *ending]
    if len(title) + len(spaced) <= height:
        return [*title, *spaced]
    short = _about(told[-1], several=False, room=room) if told else []
    short.sort(key=lambda line: line[1] != WRONG)  # what is wrong first
    return [*title, *short[: max(0, height - len(title) - len(ending))], *ending]


def _about(reading: Reading, *, several: bool, room: int) -> list[Line]:
    looked = "looked for as text, " if reading.unknown else ""
    where = f" {looked}in {reading.where}" if reading.where else ""
    meaning = f"{reading.typed}: {reading.meaning}{where}"
    if reading.typed == reading.meaning.strip("“”"):
        meaning = f"{reading.meaning}{where}"
    if several:
        meaning += f" – {f'{reading.left:,} left' if reading.left else 'none left'}"
    lines: list[Line] = [(text, "muted" if reading.left else "") for text in _wrapped(meaning, room, "  ")]
    wrong = [(text, WRONG) for text in _wrapped(reading.wrong, room)]
    return lines if not reading.wrong else [*wrong, *lines] if reading.unknown else [*lines, *wrong]


def _wrapped(text: str, room: int, indented: str = "") -> list[str]:
    return textwrap.wrap(safe_text(text), max(1, room), subsequent_indent=indented if room > 20 else "")
