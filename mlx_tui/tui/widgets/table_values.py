"""What the rows of a table hold, column by column: texts and sort keys, read when they are asked for, and kept.

What is kept are tuples of texts and numbers: Python's search for garbage leaves these out, where it would go through
lists of as many rows, for some milliseconds between two paints.
"""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from mlx_tui.tui.widgets.slices import Work
from mlx_tui.tui.widgets.table_column import Column, SortKey

Row = TypeVar("Row")
Value = TypeVar("Value")
SLICE = 2_048
"""So many rows are looked at between two chances to stop: one or two milliseconds of work."""


class TableValues(Generic[Row]):
    """The texts and keys of some rows; each is read in slices."""

    def __init__(self, rows: Sequence[Row]) -> None:
        """Reads nothing yet."""
        self.rows = rows
        self._keys: dict[str, tuple[SortKey, ...]] = {}
        self._texts: dict[str, tuple[str, ...]] = {}
        self._haystack: tuple[tuple[str, ...], tuple[str, ...]] | None = None

    def keys(self, column: Column[Row]) -> Work[Sequence[SortKey]]:
        """Reads a column's sort keys, one for each row."""
        if column.id not in self._keys:
            self._keys[column.id] = yield from self._read(lambda part: list(map(column.key, part)))
        return self._keys[column.id]

    def texts(self, column: Column[Row]) -> Work[Sequence[str]]:
        """Reads a column's cells as text in lower case, one for each row."""
        if column.id not in self._texts:
            cell = column.cell
            self._texts[column.id] = yield from self._read(lambda part: [cell(row).text.casefold() for row in part])
        return self._texts[column.id]

    def _read(self, read: Callable[[Sequence[Row]], list[Value]]) -> Work[tuple[Value, ...]]:
        values: list[Value] = []
        for start in range(0, len(self.rows), SLICE):
            values += read(self.rows[start : start + SLICE])
            yield
        return tuple(values)

    def haystack(self, columns: Sequence[Column[Row]]) -> Work[Sequence[str]]:
        """Reads the text of several columns in lower case; it is kept once it is whole, so that threads don't meet."""
        ids = tuple(column.id for column in columns)
        if self._haystack is not None and self._haystack[0] == ids:
            return self._haystack[1]
        cells = [column.cell for column in columns]
        texts = yield from self._read(
            lambda part: ["\n".join([cell(row).text for cell in cells]).casefold() for row in part]
        )
        self._haystack = (ids, texts)
        return texts

    def knows_keys(self, column: Column[Row]) -> bool:
        """Whether a column's keys are read already."""
        return column.id in self._keys

    def knows_texts(self, column: Column[Row]) -> bool:
        """Whether a column's texts are read already."""
        return column.id in self._texts
