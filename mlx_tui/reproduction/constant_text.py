"""The text of an expression, where the source alone tells it: literals, names of literals, joined paths, f-strings."""

import ast
from collections.abc import Sequence

from mlx_tui.safe_text import storable

MAX_LENGTH = 500
_LONGEST_NAME = 10
_JOINERS = {"join", "joinpath", "Path", "PurePath", "PosixPath", "abspath", "realpath", "normpath", "str"}


def constants_of(tree: ast.Module) -> dict[str, str]:
    """The names that a source binds to one literal text only, by simple assignment or as a parameter's default."""
    found: dict[str, str] = {}
    rebound: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            targets: list[ast.expr] = node.targets
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.For)):
            targets = [node.target]
        else:
            continue
        value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
        for target in targets:
            if not isinstance(target, ast.Name):
                continue
            text = constant_text(value, found) if value is not None else None
            if text is None or found.get(target.id, text) != text:
                rebound.add(target.id)
            else:
                found[target.id] = text
    return {name: text for name, text in found.items() if name not in rebound}


def constant_text(node: ast.expr | None, names: dict[str, str], depth: int = 0) -> str | None:
    """The text of an expression; None where the source doesn't tell it.

    Args:
        node: The expression.
        names: The texts of names, from `constants_of`.
        depth: How deep it stands in another; beyond ten nothing is told.
    """
    if node is None or depth > 10:
        return None
    if isinstance(node, ast.Constant):
        return storable(node.value) if isinstance(node.value, str) and len(node.value) <= MAX_LENGTH else None
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Div)):
        left, right = constant_text(node.left, names, depth + 1), constant_text(node.right, names, depth + 1)
        if left is None or right is None or len(left) + len(right) > MAX_LENGTH:
            return None
        return left + right if isinstance(node.op, ast.Add) else f"{left.rstrip('/')}/{right}"
    if isinstance(node, ast.JoinedStr):
        parts = [
            constant_text(part.value if isinstance(part, ast.FormattedValue) else part, names, depth + 1)
            for part in node.values
        ]
        return _joined("", parts)
    if isinstance(node, ast.Call) and called_name(node).rsplit(".", 1)[-1] in _JOINERS and node.args:
        parts = [constant_text(argument, names, depth + 1) for argument in node.args]
        return _joined("/", [part and part.rstrip("/") for part in parts])
    return None


def _joined(between: str, parts: Sequence[str | None]) -> str | None:
    """The parts as one text; None where one isn't told, or the whole is longer than is told of any."""
    told = [part for part in parts if part is not None]
    if len(told) < len(parts) or sum(map(len, told)) + len(between) * len(told) > MAX_LENGTH:
        return None
    return between.join(told)


def dotted_name(node: ast.expr | None) -> str:
    """The dotted name that an expression is, `sys.argv`; empty for any other expression."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute) and len(parts) < _LONGEST_NAME:
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def called_name(call: ast.Call) -> str:
    """The dotted name that a call calls, `pd.read_csv`; a leading expression that has no name is left out."""
    parts: list[str] = []
    node: ast.expr = call.func
    while isinstance(node, ast.Attribute) and len(parts) < _LONGEST_NAME:
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        parts.append(node.id)
    return ".".join(reversed(parts))
