"""What is said about a filter: where it looks, how it is typed, and that nothing fits it; each in the room there is."""

import textwrap
from collections.abc import Sequence
from typing import TypeVar

from rich.cells import cell_len

from mlx_tui.safe_text import safe_text
from mlx_tui.tui.filtering import find_column, parse_filter
from mlx_tui.tui.widgets.table_model import TableModel

Row = TypeVar("Row")
HOW_TO_TYPE = (
    "words, column:text, column>3, !not",
    "words, column:text, column>3",
    "words, column:text",
    "words",
)
"""The same at length and in short."""


def that_fits(texts: Sequence[str], room: int) -> str:
    """Returns the first of some texts, longest first, that has room; the last one where none has."""
    return next((text for text in texts if cell_len(text) <= room), texts[-1])


def where_it_looks(names: Sequence[str], room: int) -> str:
    """Says in which columns plain words are looked for.

    Args:
        names: The columns', as the filter knows them.
        room: Cells; where they are too few, some columns are only counted.
    """
    safe = [safe_text(name) for name in names]
    shorter = (f"{', '.join(safe[:count])} and {len(safe) - count} more" for count in range(len(safe) - 1, 0, -1))
    texts = [", ".join(safe), *shorter, f"{len(safe)} columns"]
    return that_fits([f"words search {text}" for text in texts], room)


def nothing_fits(model: TableModel[Row], clears: str, room: int) -> list[str]:
    """Says line by line that no row fits the filter, and which unknown columns it names; nothing where rows are shown.

    Args:
        model: The table's.
        clears: The key that clears the filter.
        room: Cells of a line.
    """
    if model.view or not model.rows:
        return []
    names = [column.names for column in model.available]
    unknown = {term.column: None for term in parse_filter(model.query) if term.column}
    missing = [name for name in unknown if find_column(name, names) is None]
    told = f": no one column is called {', '.join(missing)}" if missing else ""
    return textwrap.wrap(safe_text(f"no row fits the filter{told} · {clears} clears it"), max(1, room))
