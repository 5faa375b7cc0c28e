"""Statements that are ready for an interface that isn't there: what they hold says nothing of MLflow's version."""

import ast
from itertools import islice

_MAX_NODES = 50
_MISSING_INTERFACE = frozenset({"AttributeError", "ImportError", "ModuleNotFoundError", "TypeError"})


def names_missing_interface(caught: ast.expr) -> bool:
    """Whether an `except` catches what an absent part of an interface raises."""
    types = caught.elts if isinstance(caught, ast.Tuple) else (caught,)
    return any(isinstance(item, ast.Name) and item.id in _MISSING_INTERFACE for item in types)


def asks_for_interface(test: ast.expr) -> bool:
    """Whether a condition asks `hasattr(…)`, or compares something with a version."""
    if isinstance(test, ast.UnaryOp):
        return asks_for_interface(test.operand)
    if isinstance(test, ast.BoolOp):
        return any(map(asks_for_interface, test.values))
    if isinstance(test, ast.Compare):
        named = islice(ast.walk(test), _MAX_NODES)
        return any("version" in getattr(node, "id", getattr(node, "attr", "")).lower() for node in named)
    return isinstance(test, ast.Call) and isinstance(test.func, ast.Name) and test.func.id == "hasattr"
