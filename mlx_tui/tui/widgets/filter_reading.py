"""How each term of a filter was understood, and what is wrong with one that no row fits, in words for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

from mlx_tui.tui.filtering import OPERATORS, Term, as_number, columns_starting
from mlx_tui.tui.widgets.table_column import Column
from mlx_tui.tui.widgets.table_model import TableModel

Row = TypeVar("Row")
LOOKED_AT = 5_000
"""Only in tables of up to so many rows what a column holds is looked up to be told."""
FEW_VALUES, SHORT_VALUE = 6, 24
"""So many different values of a column, of so many characters, are told one by one."""
NEAR = 3
"""So many similar names of columns are told."""
_COMPARED = {
    ":": "contains",
    "=": "is",
    "!=": "is not",
    ">": "is more than",
    "<": "is less than",
    ">=": "is at least",
    "<=": "is at most",
}
_NOT = {":": "does not contain", "=": "is not", "!=": "is"}


@dataclass(frozen=True, slots=True)
class Reading:
    """A term as it was understood.

    Attributes:
        typed: The term, as it may be typed.
        meaning: What is looked for.
        where: In which columns, where the term names none.
        wrong: Why no row can fit it, or what may have been meant; empty where nothing is known to be wrong.
        left: How many rows fit it and the terms before it.
        unknown: Whether it names a column that there isn't.
    """

    typed: str
    meaning: str
    where: str
    wrong: str
    left: int
    unknown: bool


def readings(model: TableModel[Row]) -> list[Reading]:
    """Says how the terms of a table's filter were understood, in their order; only where no row fits, what is wrong."""
    told = []
    for term, column_id, left in model.steps:
        column = None if column_id is None else model.column(column_id)
        wrong = "" if left else _what_is_wrong(model, term, column)
        typed = ("!" if term.negated else "") + term.text
        unknown = column is None and bool(term.column)
        where = _listed(model.searched_names, "or") if column is None else ""
        told.append(Reading(typed, meaning_of(term, column), where, wrong, left, unknown))
        if not left:
            break
    return told


def meaning_of(term: Term, column: Column[Row] | None) -> str:
    """Says what a term looks for; `column` is the one that it means, None for plain text."""
    if column is None:
        return f"{'no ' * term.negated}“{term.text}”"
    if not term.value:
        return f"{column.id} {_COMPARED[term.operator]} …"
    words = _COMPARED[term.operator]
    if term.negated:
        words = _NOT.get(term.operator, f"not: {words}")
    quoted = term.operator == ":" or as_number(term.value) is None
    return f"{column.id} {words} {f'“{term.value}”' if quoted else term.value}"


def _what_is_wrong(model: TableModel[Row], term: Term, column: Column[Row] | None) -> str:
    if column is None:
        return _wrong_with_words(model, term)
    compares = term.operator not in {":", "=", "!="}
    numbers, values = _numbers(model, column), _values(model, column)
    if values == ["“?”"] or values == []:
        return f"{column.id} is {'unknown' if values else 'empty'} in every row"
    if compares and as_number(term.value) is None:
        if numbers:
            return f"“{term.value}” is not a number: type one, as {column.id}{term.operator}{_typed(max(numbers))}"
        return f"{column.id} holds no numbers: {column.id}:text looks for a text in it"
    if compares and numbers is not None and not numbers:
        return f"{column.id} holds no numbers: {column.id}:text looks for a text in it"
    if numbers and as_number(term.value) is not None:
        lowest, highest = _typed(min(numbers)), _typed(max(numbers))
        span = f"is {lowest} in every row" if lowest == highest else f"goes from {lowest} to {highest}"
        return f"{column.id} {span}"
    return f"{column.id} holds {_listed(values, 'and')}" if values else ""


def _wrong_with_words(model: TableModel[Row], term: Term) -> str:
    names = [column.names for column in model.available]
    if term.text in OPERATORS:
        return f"a column's name belongs in front of {term.text}, as in {_an_example(model)}"
    if not term.column:
        same = next((column for column in model.available if term.text in column.names), None)
        if same is None:
            return ""
        how = f"{same.id}>=3 compares its numbers" if _numbers(model, same) else f"{same.id}:text looks in it"
        return f"{same.id} is a column: {how}"
    several = [model.available[index].id for index in columns_starting(term.column, names)]
    if len(several) > 1:
        return f"{term.column} may be {_listed(several[:NEAR], 'or')}: type more of the name"
    near = similar_names(term.column, model.available)
    told = f"no column is called {term.column}"
    return f"{told}; did you mean {_listed(near, 'or')}?" if near else told


def similar_names(name: str, columns: Sequence[Column[Row]]) -> list[str]:
    """The ids of columns that are called much like a name."""
    known = {each: column.id for column in columns for each in column.names}
    close = get_close_matches(name, known, n=2 * NEAR, cutoff=0.6)
    inside = [each for each in known if len(name) > 2 and name in each]
    return list(dict.fromkeys(known[each] for each in (*close, *inside)))[:NEAR]


def _an_example(model: TableModel[Row]) -> str:
    numeric = next((column.id for column in model.available if _numbers(model, column)), model.available[0].id)
    return f"{numeric}>=3"


def _numbers(model: TableModel[Row], column: Column[Row]) -> list[float] | None:
    """The numbers that a column holds; None where that isn't looked up."""
    if len(model.rows) > LOOKED_AT:
        return None
    return [key for key in map(column.key, model.rows) if isinstance(key, int | float)]


def _values(model: TableModel[Row], column: Column[Row]) -> list[str] | None:
    """What a column holds; None where that is too much to be told."""
    if len(model.rows) > LOOKED_AT:
        return None
    found = {text: None for row in model.rows if (text := column.cell(row).text.strip())}
    few = len(found) <= FEW_VALUES and all(len(text) <= SHORT_VALUE for text in found)
    return [f"“{text}”" for text in sorted(found)] if few else None


def _typed(number: float) -> str:
    return f"{number:g}" if abs(number) < 1e6 else f"{number:.0f}"


def _listed(names: Sequence[str], last: str) -> str:
    return f"{', '.join(names[:-1])} {last} {names[-1]}" if len(names) > 1 else "".join(names)
