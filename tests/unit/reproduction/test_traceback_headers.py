"""The first line of a traceback: what stands before it, and the exception that IPython names there."""

import re

from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.reproduction.tracebacks import _header as header

DEFINITION = re.compile(
    r"^(?P<prefix>.*?)(?P<name>[A-Za-z_][\w.]*\s{2,})?Traceback \(most recent call last\)(?P<colon>:?)\s*$"
)
PIECES = [
    "Traceback (most recent call last)",
    ":",
    " ",
    "  ",
    "\t",
    "ValueError",
    "a.b",
    "1",
    ".",
    "_x",
    "é",
    "|",
    "(rank 0)",
]


@given(st.lists(st.sampled_from(PIECES), max_size=9))
def test_any_line(pieces: list[str]) -> None:
    line = "".join(pieces)
    match = DEFINITION.match(line)
    expected = (match["prefix"], (match["name"] or "").strip()) if match else None
    assert header(line) == expected
