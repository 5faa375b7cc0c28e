"""The language of the filter line: plain words, `column:text`, `column>=3`, and `!` in front for "not".

All terms must hold. A word in quotes may hold spaces. A term whose column doesn't exist is searched as plain text, so
that `https://…` finds a URL.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_TOKEN = re.compile(r'(?:[^\s"]|"[^"]*"?)+')
_TERM = re.compile(r"(?P<column>[\w.\-]+)(?P<operator>:|>=|<=|!=|=|>|<)(?P<value>.*)", re.DOTALL)


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


def parse_filter(query: str) -> tuple[Term, ...]:
    """Parses a filter line; every text is a valid filter."""
    return tuple(term for token in _TOKEN.findall(query) if (term := _parse_term(token)) is not None)


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
    starting = [index for index, names in enumerate(columns) if any(each.startswith(name) for each in names)]
    return starting[0] if len(starting) == 1 else None


def comparison(operator: str, wanted: str) -> Callable[[str, float | str | None], bool] | None:
    """Returns a test of a cell, given its text in lower case and its sort key; None where `wanted` is empty.

    `<` and its like compare numbers; a cell without a number fails them. `=` compares numbers, or else texts.
    """
    if not wanted:
        return None
    try:
        number: float | None = float(wanted)
    except ValueError:
        number = None
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
