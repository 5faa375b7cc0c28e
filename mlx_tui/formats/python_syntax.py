"""Python's own parser on text that anybody may have written."""

import ast
import warnings


def parse_python(text: str) -> ast.Module | None:
    """The syntax tree of a source; None where it doesn't parse, or nests too deep."""
    try:
        return parse_silently(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def parse_silently(text: str) -> ast.Module:
    """The syntax tree of a source, whose oddities Python would otherwise tell on the terminal.

    Raises:
        SyntaxError: It doesn't parse.
        ValueError: It holds a null character, or a number of too many digits.
        RecursionError, MemoryError: It nests too deep.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)
