"""What a table shows: rows of any kind, columns that render and sort them, and the order that sort and filter give.

No widget here: the cost of a sort or a filter is one pass over plain lists.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Generic, TypeVar

from mlx_tui.tui.filtering import Term, comparison, find_column, parse_filter

Row = TypeVar("Row")
SortKey = float | str | None


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell shows.

    Attributes:
        text: Raw text; the widget makes it safe.
        role: A key of `mlx_tui.tui.text.ROLE_STYLES`.
    """

    text: str
    role: str = ""


@dataclass(frozen=True)  # no slots: a generic alias couldn't be called
class Column(Generic[Row]):
    """A column.

    Attributes:
        id: Unique within the table; a name for the filter line.
        title: Heading.
        width: Cells; 0 for the column that takes the room that is left.
        cell: What a row shows here.
        key: What a row sorts by here: all numbers, or all texts; None sorts last in both directions.
        align: `left`, `right` or `center`.
        keep_end: Where a text is too long, its end is shown, as suits paths.
        description: What it means, shown while the column cursor is on it.
        aliases: Further names for the filter line.
        searchable: Whether plain words of the filter are looked for here.
        descending: Whether the first sort by it puts the largest first.
    """

    id: str
    title: str
    width: int
    cell: Callable[[Row], Cell]
    key: Callable[[Row], SortKey]
    align: str = "left"
    keep_end: bool = False
    description: str = ""
    aliases: tuple[str, ...] = ()
    searchable: bool = False
    descending: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Every name the filter line knows it by, in lower case."""
        return tuple(name.casefold() for name in (self.id, self.title, *self.aliases))


@dataclass(frozen=True, slots=True)
class Sort:
    """One key of the order."""

    column: str
    reverse: bool


class TableModel(Generic[Row]):
    """Rows, columns, and the view that sort and filter make of them."""

    def __init__(self, columns: Sequence[Column[Row]], row_key: Callable[[Row], str]) -> None:
        """Starts empty.

        Args:
            columns: At least one.
            row_key: A text that names a row for as long as the study lives.
        """
        self.columns: tuple[Column[Row], ...] = tuple(columns)
        self.rows: Sequence[Row] = ()
        self.view: list[int] = []
        self.sorts: tuple[Sort, ...] = ()
        self.query = ""
        self.marked: set[str] = set()
        self.row_key = row_key
        self._order: list[int] = []
        self._stages: list[tuple[Term, list[int]]] = []
        self._keys: dict[str, list[SortKey]] = {}
        self._texts: dict[str, list[str]] = {}
        self._haystack: list[str] | None = None

    def set_columns(self, columns: Sequence[Column[Row]]) -> None:
        """Replaces the columns; sorts by a column that is gone are dropped."""
        self.columns = tuple(columns)
        self._forget()
        known = {column.id for column in columns}
        self.sorts = tuple(sort for sort in self.sorts if sort.column in known)
        self._arrange()

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Replaces the rows; sort, filter and marks stay."""
        self.rows = rows
        self._forget()
        if self.marked:
            self.marked &= {self.row_key(row) for row in rows}
        self._arrange()

    def column(self, column_id: str) -> Column[Row] | None:
        """Returns a column by its id."""
        return next((column for column in self.columns if column.id == column_id), None)

    def sort_by(self, column_id: str, *, also: bool = False) -> None:
        """Sorts by a column; again, the other way round; a third time, not by it any more.

        Args:
            column_id: An id of a column.
            also: Keep the other sort keys and make this the last of them.
        """
        column = self.column(column_id)
        if column is None:
            return
        present = next((sort for sort in self.sorts if sort.column == column_id), None)
        others = tuple(sort for sort in self.sorts if sort.column != column_id) if also else ()
        if present is None:
            self.sorts = (*others, Sort(column_id, column.descending))
        elif present.reverse == column.descending:
            turned = Sort(column_id, not present.reverse)
            self.sorts = tuple(turned if s is present else s for s in self.sorts) if also else (turned,)
        else:
            self.sorts = others
        self._arrange()

    def set_filter(self, query: str) -> None:
        """Shows only the rows that match a filter line."""
        self.query = query
        self._select()

    def position_of(self, key: str) -> int | None:
        """Returns where in the view the row with this key is; None where it isn't shown."""
        for position, index in enumerate(self.view):
            if self.row_key(self.rows[index]) == key:
                return position
        return None

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
    def emptied_by_filter(self) -> str:
        """Says that no row fits the filter, and which unknown columns it names; empty where rows are shown."""
        if self.view or not self.rows:
            return ""
        names = [column.names for column in self.columns]
        unknown = {term.column: None for term in parse_filter(self.query) if term.column}
        missing = [name for name in unknown if find_column(name, names) is None]
        told = f": no one column is called {', '.join(missing)}" if missing else ""
        return f"no row fits the filter{told} · esc clears it"

    def marked_rows(self) -> list[Row]:
        """Returns the marked rows in the order of the rows."""
        return [row for row in self.rows if self.row_key(row) in self.marked] if self.marked else []

    def prepare_search(self) -> list[str]:
        """Returns the searched text of every row, making it where it isn't there; may be called from a thread."""
        if self._haystack is None:
            columns = [self.texts(column) for column in self.columns if column.searchable]
            self._haystack = (
                ["\n".join(texts) for texts in zip(*columns, strict=True)] if columns else [""] * len(self.rows)
            )
        return self._haystack

    def texts(self, column: Column[Row]) -> list[str]:
        """Returns a column's cells as text in lower case, one for each row."""
        if column.id not in self._texts:
            cell = column.cell
            self._texts[column.id] = [cell(row).text.casefold() for row in self.rows]
        return self._texts[column.id]

    def keys(self, column: Column[Row]) -> list[SortKey]:
        """Returns a column's sort keys, one for each row."""
        if column.id not in self._keys:
            self._keys[column.id] = list(map(column.key, self.rows))
        return self._keys[column.id]

    def _forget(self) -> None:
        self._keys, self._texts, self._haystack = {}, {}, None

    def _arrange(self) -> None:
        order = list(range(len(self.rows)))
        for sort in reversed(self.sorts):
            column = self.column(sort.column)
            if column is not None:
                order = _sorted(order, self.keys(column), sort.reverse)
        self._order = order
        self._stages.clear()
        self._select()

    def _select(self) -> None:
        """Applies the filter's terms; those that the filter before began with aren't applied again."""
        terms = parse_filter(self.query)
        kept = len(list(takewhile(lambda pair: pair[0] == pair[1][0], zip(terms, self._stages, strict=False))))
        del self._stages[kept:]
        for term in terms[kept:]:
            self._stages.append((term, self._matching(self._stages[-1][1] if self._stages else self._order, term)))
        self.view = self._stages[-1][1] if self._stages else self._order

    def _matching(self, view: list[int], term: Term) -> list[int]:
        wanted = not term.negated
        position = find_column(term.column, [column.names for column in self.columns]) if term.column else None
        if position is None:
            haystack, text = self.prepare_search(), term.text
            if wanted:
                return [index for index in view if text in haystack[index]]
            return [index for index in view if text not in haystack[index]]
        test = comparison(term.operator, term.value)
        if test is None:
            return view
        column = self.columns[position]
        texts = self.texts(column) if term.operator in ":=!=" else [""] * len(self.rows)
        keys = self.keys(column)
        return [index for index in view if test(texts[index], keys[index]) is wanted]


def _sorted(order: list[int], keys: list[SortKey], reverse: bool) -> list[int]:
    """Sorts indexes by their keys, stably; those without a key go last."""
    present = [index for index in order if keys[index] is not None]
    # The keys of one column are all numbers or all texts.
    present.sort(key=keys.__getitem__, reverse=reverse)  # type: ignore[arg-type]
    if len(present) == len(order):
        return present
    return present + [index for index in order if keys[index] is None]
