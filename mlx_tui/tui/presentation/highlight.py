"""Colours for code: Pygments over no more lines than are seen and a little before them."""

import re
from collections.abc import Sequence
from functools import lru_cache

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.token import Comment, Generic, Keyword, Literal, Name, Number, Operator, String, _TokenType
from pygments.util import ClassNotFound

Span = tuple[str, str]
"""A piece of a line and its kind: one of `KINDS`, or empty."""

_KIND_OF = (
    (Comment, "comment"),
    (String, "string"),
    (Number, "number"),
    (Literal, "string"),
    (Keyword, "keyword"),
    (Operator.Word, "keyword"),
    (Name.Decorator, "decorator"),
    (Name.Function, "function"),
    (Name.Class, "function"),
    (Name.Builtin, "builtin"),
    (Name.Tag, "keyword"),
    (Name.Attribute, "function"),
    (Generic.Heading, "keyword"),
    (Generic.Subheading, "keyword"),
)
KINDS = tuple(dict.fromkeys(kind for _, kind in _KIND_OF))
BEFORE = 120
"""How far before the lines that are wanted a lexer may start, to know whether it is inside a string."""
_STARTS = re.compile(r"(?:def|class|async def|import|from|@|if __name__)\b|@")
_BY_NAME = {"mlproject": "yaml", "dockerfile": "docker", "containerfile": "docker", "pipfile": "toml"}


@lru_cache(maxsize=256)
def find_lexer(language: str) -> Lexer | None:
    """Returns the lexer for a language's name or a file's path; None where there is none.

    The first call for a language takes some 50 ms: make it in a worker.
    """
    base = language.rpartition("/")[2].lower()
    name = _BY_NAME.get(base, base)
    try:
        if "." in name:
            return get_lexer_for_filename(name, stripnl=False, ensurenl=False)
        return get_lexer_by_name(name, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def highlight(lines: Sequence[str], start: int, stop: int, lexer: Lexer | None) -> list[list[Span]]:
    """Highlights lines `start` up to `stop`.

    Args:
        lines: All lines of one block of code, without line ends.
        start: First line wanted.
        stop: After the last.
        lexer: None for no colours.

    Returns:
        The spans of each line that was asked for; their text is the line.
    """
    if lexer is None:
        return [[(line, "")] for line in lines[start:stop]]
    first = _lexing_start(lines, start)
    rows: list[list[Span]] = [[]]
    for token, text in lexer.get_tokens("\n".join(lines[first:stop])):
        kind = _kind(token)
        pieces = text.split("\n")
        if pieces[0]:
            rows[-1].append((pieces[0], kind))
        rows.extend([(piece, kind)] if piece else [] for piece in pieces[1:])
    shown = rows[start - first : stop - first]
    return shown + [[] for _ in range(stop - start - len(shown))]


def _lexing_start(lines: Sequence[str], start: int) -> int:
    """Returns where to begin so that the lexer most likely isn't inside a string."""
    if start <= BEFORE:
        return 0
    for row in range(start - BEFORE, start):
        if _STARTS.match(lines[row]):
            return row
    return start - BEFORE


def _kind(token: _TokenType) -> str:
    return next((kind for parent, kind in _KIND_OF if token[: len(parent)] == parent), "")
