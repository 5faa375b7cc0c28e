"""What the readers of source code that aren't Python's come down to: tokens, each with its line."""

from dataclasses import dataclass

MAX_CHARACTERS = 2_000_000
"""As much of a source file is read."""
OPEN, CLOSE = frozenset("([{"), frozenset(")]}")
"""Brackets."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token: its kind (`name`, `string`, `number`, `operator`), text (a string's content) and line from 1."""

    kind: str
    text: str
    line: int
