"""What a table shows: rows of any kind, columns that render and sort them, and the order that sort and filter give.

No widget here: the cost of a sort or a filter is one pass over plain lists.
"""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from mlx_tui.tui.filtering import Term
from mlx_tui.tui.widgets.slices import Work, finish
from mlx_tui.tui.widgets.table_column import Cell, Column, Sort, SortKey
from mlx_tui.tui.widgets.table_filter import TableFilter
from mlx_tui.tui.widgets.table_layout import Layout
from mlx_tui.tui.widgets.table_values import TableValues

__all__ = ["Cell", "Column", "Sort", "SortKey", "TableModel"]

Row = TypeVar("Row")


class TableModel(Generic[Row]):
    """Rows, columns, and the view that sort and filter make of them.

    Attributes:
        available: Every column, those out of sight too.
        columns: The columns in sight, as they are ordered, those that stay at the left first.
        pinned: How many of them stay at the left.
        layout: What the user chose of them.
        rows: The rows.
        view: Indexes of the rows that are shown, in the order shown.
        sorts: The keys of the order.
        query: The filter line.
        marked: Keys of the marked rows.
    """

    def __init__(self, columns: Sequence[Column[Row]], row_key: Callable[[Row], str]) -> None:
        """Starts empty.

        Args:
            columns: At least one.
            row_key: A text that names a row for as long as the study lives.
        """
        self.available: tuple[Column[Row], ...] = tuple(columns)
        self.layout = Layout()
        self.columns, self.pinned = self.layout.arranged(columns)
        self.rows: Sequence[Row] = ()
        self.view: tuple[int, ...] = ()
        self.sorts: tuple[Sort, ...] = ()
        self.query = ""
        self.marked: set[str] = set()
        self.row_key = row_key
        self._order: tuple[int, ...] = ()
        self._filter: TableFilter[Row] = TableFilter()
        self._values: TableValues[Row] = TableValues(())

    def set_columns(self, columns: Sequence[Column[Row]]) -> None:
        """Replaces the columns; sorts by a column that is gone are dropped."""
        self.available = tuple(columns)
        self.columns, self.pinned = self.layout.arranged(columns)
        known = {column.id for column in columns}
        self.sorts = tuple(sort for sort in self.sorts if sort.column in known)
        self._forget()
        self._arrange()

    def set_layout(self, layout: Layout) -> None:
        """Shows the columns as the user chose; sort and marks stay, also those by a column out of sight."""
        searched = self._searched()
        self.layout = layout
        self.columns, self.pinned = layout.arranged(self.available)
        if self.query and self._searched() != searched:
            self._filter.clear()
            self.set_filter(self.query)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Replaces the rows; sort, filter and marks stay."""
        self.rows = rows
        self._forget()
        if self.marked:
            self.marked &= {self.row_key(row) for row in rows}
        self._arrange()

    def column(self, column_id: str) -> Column[Row] | None:
        """Returns a column by its id."""
        return next((column for column in self.available if column.id == column_id), None)

    def sorts_by(self, column: Column[Row], *, also: bool = False) -> tuple[Sort, ...]:
        """The order after sorting by a column: again is the other way round; a third time, not by it any more.

        Args:
            column: One of the columns.
            also: Keep the other sort keys and make this the last of them.
        """
        present = next((sort for sort in self.sorts if sort.column == column.id), None)
        others = tuple(sort for sort in self.sorts if sort.column != column.id) if also else ()
        if present is None:
            return (*others, Sort(column.id, column.descending))
        if present.reverse == column.descending:
            turned = Sort(column.id, not present.reverse)
            return tuple(turned if s is present else s for s in self.sorts) if also else (turned,)
        return others

    def set_sorts(self, sorts: Sequence[Sort]) -> None:
        """Sorts by several keys; the first one decides, the others where rows are equal."""
        self.sorts = tuple(sorts)
        self._arrange()

    def restore(self, layout: Layout, sorts: Sequence[Sort], query: str) -> None:
        """Takes columns, sort and filter up as they were left; what names a column that is gone is passed over."""
        self.layout, self.query = layout, query
        self.sorts = tuple(sorts)
        self.set_columns(self.available)

    def set_filter(self, query: str) -> None:
        """Shows only the rows that match a filter line."""
        finish(self.filtering(query))

    def filtering(self, query: str) -> Work[None]:
        """Does what `set_filter` does, in slices; the view changes with the last one."""
        self.query = query
        shown = [column.id for column in self.columns]
        columns = (*self.columns, *(column for column in self.available if column.id not in shown))
        self.view = yield from self._filter.apply(query, self._order, self._values, columns, self._searched())

    def index_of(self, key: str, near: int | None = None) -> int | None:
        """Returns the index of the row with this key, shown or not.

        Args:
            key: The row's.
            near: Where it was before; there it is looked for first.
        """
        if near is not None and near < len(self.rows) and self.row_key(self.rows[near]) == key:
            return near
        return next((index for index, row in enumerate(self.rows) if self.row_key(row) == key), None)

    def position_of(self, key: str) -> int | None:
        """Returns where in the view the row with this key is; None where it isn't shown."""
        return self.position_of_index(self.index_of(key))

    def position_of_index(self, index: int | None) -> int | None:
        """Returns where in the view the row with this index is; None where it isn't shown."""
        try:
            return None if index is None else self.view.index(index)
        except ValueError:
            return None

    def at(self, position: int) -> Row | None:
        """Returns the row at a position of the view; None outside it."""
        return self.rows[self.view[position]] if 0 <= position < len(self.view) else None

    @property
    def steps(self) -> list[tuple[Term, str | None, int]]:
        """The filter's terms, each with the id of its column (None for plain text) and how many rows are left."""
        return [(stage.term, stage.column, len(stage.view)) for stage in self._filter.stages]

    @property
    def searched_names(self) -> list[str]:
        """The columns in which plain words are looked for, by the names that the filter knows them by."""
        return [column.id for column in self._searched()]

    def marked_rows(self) -> list[Row]:
        """Returns the marked rows in the order of the rows."""
        return [row for row in self.rows if self.row_key(row) in self.marked] if self.marked else []

    def prepare_search(self) -> None:
        """Reads the text that plain words are looked for in, where it isn't read yet; may be called from a thread."""
        finish(self._values.haystack(self._searched()))

    def _searched(self) -> list[Column[Row]]:
        seen = {column.id for column in self.columns}
        unseen = (column for column in self.available if column.searched_unseen and column.id not in seen)
        return [column for column in (*self.columns, *unseen) if column.searchable]

    def _forget(self) -> None:
        self._values = TableValues(self.rows)
        self._filter.clear()

    def _arrange(self) -> None:
        order = list(range(len(self.rows)))
        for sort in reversed(self.sorts):
            column = self.column(sort.column)
            if column is not None:
                order = _sorted(order, finish(self._values.keys(column)), sort.reverse)
        self._order = tuple(order)  # not a list: see `table_values`
        self._filter.reorder(order)
        self.set_filter(self.query)


def _sorted(order: list[int], keys: Sequence[SortKey], reverse: bool) -> list[int]:
    """Sorts indexes by their keys, stably; those without a key go last."""
    present = [index for index in order if keys[index] is not None]
    # The keys of one column are all numbers or all texts.
    present.sort(key=keys.__getitem__, reverse=reverse)  # type: ignore[arg-type]
    if len(present) == len(order):
        return present
    return present + [index for index in order if keys[index] is None]
