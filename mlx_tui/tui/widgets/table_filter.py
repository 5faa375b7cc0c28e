"""The filter of a table, applied term by term: where a line was typed on, only what passed before is looked at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from mlx_tui.tui.filtering import Term, comparison, find_column, parse_filter
from mlx_tui.tui.widgets.slices import Work
from mlx_tui.tui.widgets.table_column import Column
from mlx_tui.tui.widgets.table_values import SLICE, TableValues

Row = TypeVar("Row")
FEW = 8
"""Where fewer than one in so many rows are left, a column is read for these alone."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A term, the column that it means (None for plain text), and the rows that passed it and those before it."""

    term: Term
    column: str | None
    view: tuple[int, ...]


class TableFilter(Generic[Row]):
    """Knows which rows passed each term of the last filter line."""

    def __init__(self) -> None:
        """Starts without terms."""
        self.stages: list[Stage] = []

    def clear(self) -> None:
        """Forgets what passed: the rows are others."""
        self.stages.clear()

    def reorder(self, order: Sequence[int]) -> None:
        """Brings what passed into another order of the same rows."""
        for number, stage in enumerate(self.stages):
            passed = set(stage.view)
            self.stages[number] = Stage(stage.term, stage.column, tuple([index for index in order if index in passed]))

    def apply(
        self,
        query: str,
        order: tuple[int, ...],
        values: TableValues[Row],
        columns: Sequence[Column[Row]],
        searched: Sequence[Column[Row]],
    ) -> Work[tuple[int, ...]]:
        """Applies a filter line.

        Args:
            query: The line.
            order: All rows' indexes, in order.
            values: What the rows hold.
            columns: Those that a term may name, the ones in sight first.
            searched: Those in which plain words are looked for.

        Returns:
            The indexes of the rows that pass, in order.
        """
        names = [column.names for column in columns]
        terms = [(term, _column_of(term, columns, names)) for term in parse_filter(query, names)]
        kept, base = self._still_good(terms)
        before = base if base is not None else self.stages[kept - 1].view if kept else order
        del self.stages[kept:]
        for term, column in terms[kept:]:
            before = yield from _passing(term, column, before, values, searched)
            self.stages.append(Stage(term, column.id if column else None, before))
        return before

    def _still_good(self, terms: Sequence[tuple[Term, Column[Row] | None]]) -> tuple[int, tuple[int, ...] | None]:
        """How many stages stand, and what the next term can start from where it narrows the one that it replaces."""
        for kept, ((term, column), stage) in enumerate(zip(terms, self.stages, strict=False)):
            if stage.column != (column.id if column else None):
                return kept, None
            if stage.term != term:
                return kept, stage.view if _narrows(stage.term, term, plain=column is None) else None
        return min(len(terms), len(self.stages)), None


def _column_of(term: Term, columns: Sequence[Column[Row]], names: Sequence[tuple[str, ...]]) -> Column[Row] | None:
    position = find_column(term.column, names) if term.column else None
    return None if position is None else columns[position]


def _narrows(before: Term, term: Term, *, plain: bool) -> bool:
    """Whether every row that passes a term passes the one before it, which means the same column."""
    if before.negated or term.negated:
        return False
    if plain:
        return before.text in term.text
    return before.operator == term.operator == ":" and before.value in term.value


def _passing(
    term: Term,
    column: Column[Row] | None,
    before: tuple[int, ...],
    values: TableValues[Row],
    searched: Sequence[Column[Row]],
) -> Work[tuple[int, ...]]:
    if column is None:
        texts = yield from values.haystack(searched)
        passes = _holds(texts, term.text, negated=term.negated)
    elif (test := comparison(term.operator, term.value)) is None:
        return before
    else:
        passes = yield from _compares(term, column, test, values, few=len(before) * FEW < len(values.rows))
    passed: list[int] = []
    for start in range(0, len(before), SLICE):
        passed += passes(before[start : start + SLICE])
        yield
    return tuple(passed)


_Passes = Callable[[Sequence[int]], list[int]]


def _holds(texts: Sequence[str], wanted: str, *, negated: bool) -> _Passes:
    if negated:
        return lambda part: [index for index in part if wanted not in texts[index]]
    return lambda part: [index for index in part if wanted in texts[index]]


def _compares(
    term: Term,
    column: Column[Row],
    test: Callable[[str, float | str | None], bool],
    values: TableValues[Row],
    *,
    few: bool,
) -> Work[_Passes]:
    """A test of rows by what a column holds; the column is read as far as the test looks at it."""
    wanted = not term.negated
    cell, key, rows = column.cell, column.key, values.rows
    if term.operator == ":":
        if few and not values.knows_texts(column):
            return lambda part: [i for i in part if (term.value in cell(rows[i]).text.casefold()) is wanted]
        return _holds((yield from values.texts(column)), term.value, negated=term.negated)
    if term.operator in {"=", "!="}:
        if few and not (values.knows_texts(column) and values.knows_keys(column)):
            return lambda part: [i for i in part if test(cell(rows[i]).text.casefold(), key(rows[i])) is wanted]
        texts = yield from values.texts(column)
        keys = yield from values.keys(column)
        return lambda part: [i for i in part if test(texts[i], keys[i]) is wanted]
    if few and not values.knows_keys(column):
        return lambda part: [i for i in part if test("", key(rows[i])) is wanted]
    keys = yield from values.keys(column)
    return lambda part: [i for i in part if test("", keys[i]) is wanted]
