"""Python text to syntax trees, losing only what is broken.

`ast` reads current Python. Where it refuses a text (Python 2, a cut file), tree-sitter finds the statements, each is
read alone, and within a statement that still doesn't read, the lines that `ast` complains of are left out.
"""

import ast
import re

import tree_sitter_python
from tree_sitter import Language, Node, Parser

from mlx_tui.formats.python_syntax import parse_python, parse_silently

MAX_REPAIRS = 40
MAX_STATEMENT_LINES = 4000

_language = Language(tree_sitter_python.language())
_NUMBER = re.compile(r"(?<![\w.])(0[0-7]+|\d+[lL]|0[xX][0-9a-fA-F]+[lL])(?![\w.])")
_EXCEPT = re.compile(r"^([ \t]*+except\s++[\w.()][\w.()\s,]{0,300}?),\s*+(\w++)\s*+:", re.MULTILINE)
_RAISE = re.compile(r"^([ \t]*+raise\s++[\w.]++)\s*+,\s*+(.+)$", re.MULTILINE)
_OPENER = re.compile(r"\s*(async|if|while|for|with|def|class)\b")
_OLD_PREFIX = re.compile(r"\b[uU][rR](?=['\"])")


def parse(text: str) -> tuple[list[ast.stmt], list[int]]:
    r"""Parses Python.

    Args:
        text: The text, with `\n` line ends.

    Returns:
        The statements that read, with their lines in the text, and the lines (from 1) that were left out.
    """
    tree = parse_python(text)
    if tree is not None:
        return tree.body, []
    older = _older_quotes(text)
    tree = parse_python(older) if older != text else None
    return (tree.body, []) if tree is not None else _statement_by_statement(older)


def _older_quotes(text: str) -> str:
    """Python 3.12 lets an f-string use its own quotes inside braces; older parsers need the other kind there."""
    if "{" not in text:
        return text
    data = bytearray(text.encode("utf-8", "replace"))
    for node in _descendants(Parser(_language).parse(bytes(data)).root_node, ("interpolation",)):
        start = node.parent.child(0) if node.parent is not None else None
        quote = data[start.end_byte - 1 : start.end_byte] if start is not None else b""
        other = {b'"': b"'", b"'": b'"'}.get(bytes(quote))
        inside = bytes(data[node.start_byte : node.end_byte])
        if other and bytes(quote) in inside and other not in inside:
            data[node.start_byte : node.end_byte] = inside.replace(bytes(quote), other)
    return data.decode("utf-8", "replace")


def _statement_by_statement(text: str) -> tuple[list[ast.stmt], list[int]]:
    data = text.encode("utf-8", "replace")
    root = Parser(_language).parse(data).root_node
    lines = text.split("\n")
    body: list[ast.stmt] = []
    broken: list[int] = []
    previous_end = -1
    for node in root.children:
        if node.type == "comment":
            continue
        start, end = node.start_point[0], node.end_point[0]
        if start <= previous_end:
            start = previous_end + 1
        if start > end:
            continue
        previous_end = end
        chunk = "\n".join(_python3(node, lines)[start - node.start_point[0] :])
        statements, lost = _repair(chunk)
        for statement in statements:
            ast.increment_lineno(statement, start)
        body.extend(statements)
        broken.extend(line + start for line in lost)
    return body, broken


def _python3(node: Node, lines: list[str]) -> list[str]:
    """The lines of a statement with Python 2's spellings that a line can be relieved of."""
    first, last = node.start_point[0], node.end_point[0]
    chunk = lines[first : last + 1]
    for old in _descendants(node, ("print_statement", "exec_statement")):
        row, column = old.start_point[0] - first, old.start_point[1]
        end_row, end_column = old.end_point[0] - first, old.end_point[1]
        word = 5 if old.type == "print_statement" else 4
        chunk[end_row] = _insert(chunk[end_row], end_column, ")")
        chunk[row] = _insert(chunk[row], column + word, "(", drop=1)
    text = _EXCEPT.sub(r"\1 as \2:", "\n".join(chunk))
    text = _OLD_PREFIX.sub("r", _RAISE.sub(r"\1(\2)", text))
    return text.split("\n")


def _insert(line: str, column: int, text: str, drop: int = 0) -> str:
    data = line.encode("utf-8", "replace")
    tail = data[column:]
    if drop and tail[:drop].isspace():
        tail = tail[drop:]
    return data[:column].decode("utf-8", "replace") + text + tail.decode("utf-8", "replace")


def _descendants(node: Node, types: tuple[str, ...]) -> list[Node]:
    """In reverse order, so that an insertion doesn't move those that follow."""
    found, stack = [], [node]
    while stack:
        current = stack.pop()
        if current.type in types:
            found.append(current)
        else:
            stack.extend(current.children)
    return sorted(found, key=lambda item: item.start_byte, reverse=True)


def _repair(chunk: str) -> tuple[list[ast.stmt], list[int]]:
    lines = chunk.split("\n")
    lost: list[int] = []
    everything = list(range(1, len(lines) + 1))
    if len(lines) > MAX_STATEMENT_LINES:
        return [], everything
    for _ in range(MAX_REPAIRS):
        try:
            return parse_silently("\n".join(lines)).body, lost
        except SyntaxError as error:
            if _mend(error, lines):
                continue
            line = _blame(error, lines)
        except (ValueError, RecursionError, MemoryError):
            break
        if line is None:
            break
        lost.append(line)
        _leave_out(lines, line)
    return [], everything


def _mend(error: SyntaxError, lines: list[str]) -> bool:
    """Rewrites old numbers and mixed tabs; whether anything changed."""
    before = list(lines)
    if isinstance(error, TabError):
        lines[:] = [line.expandtabs(8) for line in lines]
    elif error.lineno and error.lineno <= len(lines):
        lines[error.lineno - 1] = _NUMBER.sub("0", lines[error.lineno - 1])
    return lines != before


def _blame(error: SyntaxError, lines: list[str]) -> int | None:
    """The line to leave out: the one complained of, or the nearest above that still says something."""
    line = min(max(error.lineno or 1, 1), len(lines))
    return next((row for row in range(line, 0, -1) if lines[row - 1].strip() not in ("", "pass", "if 0:")), None)


def _leave_out(lines: list[str], line: int) -> None:
    """Replaces a line so that the block below it still hangs somewhere."""
    text = lines[line - 1]
    indentation = text[: len(text) - len(text.lstrip())]
    opens = _OPENER.match(text) and text.rstrip().endswith(":")
    lines[line - 1] = f"{indentation}if 0:" if opens else f"{indentation}pass"
