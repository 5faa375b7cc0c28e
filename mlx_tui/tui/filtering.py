"""The language of the filter line: plain words, `column:text`, `column>=3`, and `!` in front for "not".

All terms must hold. A word in quotes may hold spaces. Blanks around an operator are allowed where a column stands in
front of it. A term whose column doesn't exist is searched as plain text, so that `https://…` finds a URL.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

_TOKEN = re.compile(r'(?:[^\s"]|"[^"]*"?)+')
OPERATORS = ("!=", ">=", "<=", ":", "=", ">", "<")
"""Longer ones first."""
_TERM = re.compile(rf"(?P<column>[\w.\-]+)(?P<operator>{'|'.join(OPERATORS)})(?P<value>.*)", re.DOTALL)
_OPERATOR = re.compile(rf"({'|'.join(OPERATORS)})(?P<value>.*)", re.DOTALL)
_NAME = re.compile(r"!?(?P<column>[\w.\-]+)")


@dataclass(frozen=True, slots=True)
class Term:
    """One condition on a row.

    Attributes:
        column: Name as typed, in lower case; empty for plain text.
        operator: `:` contains, or a comparison; `:` where `column` is empty.
        value: What is looked for, in lower case.
        negated: The condition must not hold.
        text: The whole term as typed in lower case, for when the column doesn't exist.
    """

    column: str
    operator: str
    value: str
    negated: bool
    text: str


def parse_filter(query: str, columns: Sequence[tuple[str, ...]] = ()) -> tuple[Term, ...]:
    """Parses a filter line; every text is a valid filter.

    Args:
        query: The line.
        columns: The names of each column, in lower case: behind one of these an operator may stand apart.
    """
    tokens = _joined(_TOKEN.findall(query), columns)
    return tuple(term for token in tokens if (term := _parse_term(token)) is not None)


def _joined(tokens: Sequence[str], columns: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Puts a column, its operator and a value together again where there are blanks between."""
    at = 0
    while at < len(tokens):
        token, at = tokens[at], at + 1
        name = _NAME.fullmatch(token)
        apart = _OPERATOR.fullmatch(tokens[at]) if name and at < len(tokens) else None
        if name is not None and apart is not None and _is_column(name["column"], columns):
            token, at = token + tokens[at], at + 1
        open_ended = _TERM.fullmatch(token.removeprefix("!"))
        if open_ended is not None and not open_ended["value"] and at < len(tokens):
            another = _TERM.fullmatch(tokens[at].removeprefix("!"))
            begun = another is not None and _is_column(another["column"], columns)
            if not begun and _is_column(open_ended["column"], columns):
                token, at = token + tokens[at], at + 1
        yield token


def _is_column(name: str, columns: Sequence[tuple[str, ...]]) -> bool:
    return find_column(name.casefold(), columns) is not None


def _parse_term(token: str) -> Term | None:
    negated = token.startswith("!")
    text = token[1:] if negated else token
    match = _TERM.fullmatch(text)
    plain = text.replace('"', "").casefold()
    if match is None:
        return Term("", ":", plain, negated, plain) if plain else None
    value = match["value"].replace('"', "").casefold()
    return Term(match["column"].casefold(), match["operator"], value, negated, plain)


def find_column(name: str, columns: Sequence[tuple[str, ...]]) -> int | None:
    """Finds the column that a typed name means: a whole name of it, else the start of exactly one.

    Args:
        name: As typed, in lower case.
        columns: The names of each column, in lower case.

    Returns:
        Its position, or None where none or several fit.
    """
    for index, names in enumerate(columns):
        if name in names:
            return index
    starting = columns_starting(name, columns)
    return starting[0] if len(starting) == 1 else None


def columns_starting(name: str, columns: Sequence[tuple[str, ...]]) -> list[int]:
    """The positions of the columns with a name that starts like one that is typed, in lower case."""
    return [index for index, names in enumerate(columns) if any(each.startswith(name) for each in names)]


def as_number(text: str) -> float | None:
    """What is typed as a number; None where it is none."""
    try:
        return float(text)
    except ValueError:
        return None


def comparison(operator: str, wanted: str) -> Callable[[str, float | str | None], bool] | None:
    """Returns a test of a cell, given its text in lower case and its sort key; None where `wanted` is empty.

    `<` and its like compare numbers; a cell without a number fails them. `=` compares numbers, or else texts.
    """
    if not wanted:
        return None
    number = as_number(wanted)
    if operator == ":":
        return lambda text, key: wanted in text
    if operator in {"=", "!="}:
        same = operator == "="
        if number is None:
            return lambda text, key: (text.strip() == wanted) is same
        return lambda text, key: (key == number or text.strip() == wanted) is same
    if number is None:
        return lambda text, key: False
    limit = number
    tests: dict[str, Callable[[float], bool]] = {
        ">": lambda value: value > limit,
        "<": lambda value: value < limit,
        ">=": lambda value: value >= limit,
        "<=": lambda value: value <= limit,
    }
    test = tests[operator]
    return lambda text, key: isinstance(key, (int, float)) and test(key)
