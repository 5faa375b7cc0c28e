"""Patterns over qualified names (`rules.py` says how they are written), indexed by their last component."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Generic, TypeVar

P = TypeVar("P")
MAX_REMEMBERED = 50_000


@lru_cache(maxsize=4096)
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """The regular expression of a pattern; `**` never steps over the result of a call."""
    result = ""
    for number, part in enumerate(pattern.split(".")):
        dot = r"\." if number else ""
        if part == "**":
            result += r"(?:\.[^.()]+)*" if number else r"(?:[^.()]+(?:\.[^.()]+)*)?"
        else:
            optional = r"\.?" if number == 1 and pattern.startswith("**.") else dot
            result += optional + re.escape(part).replace(r"\*", "[^.()]*")
    return re.compile(result)


class PatternIndex(Generic[P]):
    """Finds what is declared for a qualified name."""

    def __init__(self, entries: Iterable[tuple[str, P]]) -> None:
        self._exact: dict[str, list[tuple[re.Pattern[str], P]]] = {}
        self._any: list[tuple[re.Pattern[str], P]] = []
        for pattern, payload in entries:
            last = pattern.rpartition(".")[2]
            compiled = compile_pattern(pattern)
            if "*" in last:
                self._any.append((compiled, payload))
            else:
                self._exact.setdefault(last, []).append((compiled, payload))
        self._memo: dict[str, tuple[P, ...]] = {}

    def find(self, name: str) -> tuple[P, ...]:
        """What is declared for a name, in the order of declaration."""
        known = self._memo.get(name)
        if known is None:
            entries = [*self._exact.get(name.rpartition(".")[2], ()), *self._any]
            known = tuple(payload for compiled, payload in entries if compiled.fullmatch(name))
            if len(self._memo) > MAX_REMEMBERED:
                self._memo.clear()
            self._memo[name] = known
        return known
