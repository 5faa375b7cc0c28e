"""What the rows of a table hold, column by column: texts and sort keys, read when they are asked for, and kept."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from mlx_tui.tui.widgets.slices import Work
from mlx_tui.tui.widgets.table_column import Column, SortKey

Row = TypeVar("Row")
SLICE = 2_048
"""So many rows are looked at between two chances to stop: one or two milliseconds of work."""


class TableValues(Generic[Row]):
    """The texts and keys of some rows; each is read in slices."""

    def __init__(self, rows: Sequence[Row]) -> None:
        """Reads nothing yet."""
        self.rows = rows
        self._keys: dict[str, list[SortKey]] = {}
        self._texts: dict[str, list[str]] = {}
        self._haystack: tuple[tuple[str, ...], list[str]] | None = None

    def keys(self, column: Column[Row]) -> Work[list[SortKey]]:
        """Reads a column's sort keys, one for each row."""
        known = self._keys.setdefault(column.id, [])
        while len(known) < len(self.rows):
            known.extend(map(column.key, self.rows[len(known) : len(known) + SLICE]))
            yield
        return known

    def texts(self, column: Column[Row]) -> Work[list[str]]:
        """Reads a column's cells as text in lower case, one for each row."""
        known, cell = self._texts.setdefault(column.id, []), column.cell
        while len(known) < len(self.rows):
            part = self.rows[len(known) : len(known) + SLICE]
            known.extend([cell(row).text.casefold() for row in part])
            yield
        return known

    def haystack(self, columns: Sequence[Column[Row]]) -> Work[list[str]]:
        """Reads the text of several columns in lower case; it is kept once it is whole, so that threads don't meet."""
        ids = tuple(column.id for column in columns)
        if self._haystack is not None and self._haystack[0] == ids:
            return self._haystack[1]
        cells = [column.cell for column in columns]
        texts: list[str] = []
        for start in range(0, len(self.rows), SLICE):
            part = self.rows[start : start + SLICE]
            texts.extend(["\n".join([cell(row).text for cell in cells]).casefold() for row in part])
            yield
        self._haystack = (ids, texts)
        return texts

    def knows_keys(self, column: Column[Row]) -> bool:
        """Whether a column's keys are read already."""
        return len(self._keys.get(column.id, ())) == len(self.rows)

    def knows_texts(self, column: Column[Row]) -> bool:
        """Whether a column's texts are read already."""
        return len(self._texts.get(column.id, ())) == len(self.rows)
