"""Files of tests, told without parsing where that is certain: they are many, and most have no other evidence."""

import posixpath
import re

_TEST_FILE = re.compile(r"(test_.*|.*_test)\.py$")
_TEST = re.compile(rb"^[ \t]*(?:async[ \t]+)?def[ \t]+test", re.MULTILINE)
_TOKEN = re.compile(
    r"""
    \#[^\n]*
    | \"{3} [^\\"]* (?:(?:\\.|"(?!""))[^\\"]*)* (?:\"{3}|\Z)
    | '{3} [^\\']* (?:(?:\\.|'(?!''))[^\\']*)* (?:'{3}|\Z)
    | " [^"\\\n]* (?:\\.[^"\\\n]*)* "?
    | ' [^'\\\n]* (?:\\.[^'\\\n]*)* '?
    | \\\n[ \t]*
    | [()\[\]{}]
    | ^([ \t]*)(?:
        (class|def|async[ \t]+def)[ \t]+(\w+)
        | (?:if|elif|else|try|except|finally|for|while|with|match|case|async)\b
    )
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
"""What hides other text or brackets it, and the beginnings of blocks."""
_CONTINUED_BLANK = re.compile(r"\n[ \t]*\\\n")
"""After it, a line's indentation stands on the line above."""


def is_test_file(path: str) -> bool:
    """Whether a path names a file of tests, as pytest collects them."""
    return bool(_TEST_FILE.match(posixpath.basename(path)))


def may_hold_tests(data: bytes) -> bool:
    """Whether a file may define a function `test*`."""
    return _TEST.search(data) is not None


def first_test(text: str) -> tuple[int, str] | None:
    r"""The line and the name of the first test: a function of the module's level, or a method with its class's name.

    Args:
        text: Python, with `\n` line ends.

    Returns:
        None where there is none, or only parsing tells.
    """
    if "\f" in text or _CONTINUED_BLANK.search(text):
        return None
    depth = 0
    blocks: list[tuple[int, str, str]] = []
    for token in _TOKEN.finditer(text):
        if token[0] in "([{":
            depth += 1
        elif token[0] in ")]}":
            depth -= 1
        elif token.lastindex and depth == 0:
            indentation, keyword, name = len(token[1].expandtabs(8)), token[2] or "", token[3] or ""
            while blocks and blocks[-1][0] >= indentation:
                blocks.pop()
            around = next((block for block in reversed(blocks) if block[1]), (0, "", ""))
            if keyword.endswith("def") and name.startswith("test") and not around[1].endswith("def"):
                whole = f"{around[2]}.{name}" if around[1] else name
                return (text.count("\n", 0, token.start(2)) + 1, whole) if whole.isascii() else None
            blocks.append((indentation, keyword, name))
    return None
