"""Calls of Python's own functions that stand for what they are given: `getattr`, `import_module`, `partial`."""

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from mlx_tui.detection.python.annotations import instance_of
from mlx_tui.detection.python.scopes import Scope
from mlx_tui.detection.python.targets import MAX_LENGTH, Instance, Targets, unique

if TYPE_CHECKING:
    from mlx_tui.detection.python.resolve import Resolver


def _getattr(resolver: "Resolver", node: ast.Call, scope: Scope, depth: int) -> Targets:
    if len(node.args) < 2:
        return ()
    name = node.args[1].value if isinstance(node.args[1], ast.Constant) else "?"
    if name == "?":
        name = _constant_name(resolver, node.args[1], scope)
    bases = resolver.resolve(node.args[0], scope, depth + 1)
    return unique(t for base in bases for t in resolver.attribute(base, str(name), depth + 1))


def _constant_name(resolver: "Resolver", node: ast.expr, scope: Scope) -> str:
    if isinstance(node, ast.Name):
        texts = {v.value for v, _ in resolver.values(node, scope) if isinstance(v, ast.Constant)}
        if len(texts) == 1:
            return str(texts.pop())
    return "?"


def _import_module(resolver: "Resolver", node: ast.Call, scope: Scope, depth: int) -> Targets:
    argument = node.args[0] if node.args else None
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return (argument.value,) if argument.value and len(argument.value) < MAX_LENGTH else ()
    if isinstance(argument, ast.JoinedStr) and argument.values and isinstance(argument.values[0], ast.Constant):
        prefix = str(argument.values[0].value)
        return (f"{prefix}?",) if prefix.endswith(".") else ()
    return ()


def _first_argument(resolver: "Resolver", node: ast.Call, scope: Scope, depth: int) -> Targets:
    return resolver.resolve(node.args[0], scope, depth + 1) if node.args else ()


def _cast(resolver: "Resolver", node: ast.Call, scope: Scope, depth: int) -> Targets:
    return instance_of(resolver, node.args[0], scope, depth + 1) if node.args else ()


def _super(resolver: "Resolver", node: ast.Call, scope: Scope, depth: int) -> Targets:
    function = scope.enclosing_function
    return (Instance(function.owner, base=True),) if function is not None and function.owner is not None else ()


SPECIAL_CALLS: dict[str, Callable[["Resolver", ast.Call, Scope, int], Targets]] = {
    "builtins.getattr": _getattr,
    "builtins.__import__": _import_module,
    "importlib.import_module": _import_module,
    "pytest.importorskip": _import_module,
    "functools.partial": _first_argument,
    "copy.copy": _first_argument,
    "copy.deepcopy": _first_argument,
    "typing.cast": _cast,
    "builtins.super": _super,
}
"""Qualified name to what a call of it refers to."""
