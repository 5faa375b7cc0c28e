"""What an expression may refer to, and small questions about it."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from mlx_tui.detection.python.modules import LocalModule
from mlx_tui.detection.python.scopes import Class, Function, Parameter

MAX_DEPTH = 40
MAX_TARGETS = 12
MAX_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Instance:
    """An object of a class of the repository; `base` where attributes are looked up from its bases on (`super()`)."""

    cls: Class
    base: bool = False


Target = str | Function | Class | Instance | LocalModule
Targets = tuple[Target, ...]


def unique(targets: Iterable[Target]) -> Targets:
    """The first `MAX_TARGETS` of some targets, each once."""
    return tuple(dict.fromkeys(targets))[:MAX_TARGETS]


def argument_for(call: ast.Call, function: Function, name: str) -> ast.expr | None:
    """The argument that a call gives to a parameter of a function of the repository."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    names = [argument.arg for argument in (*function.node.args.posonlyargs, *function.node.args.args)]
    if name not in names:
        return None
    position = names.index(name)
    if function.owner is not None and not function.decorated("staticmethod"):
        position -= 1
    if position >= len(call.args) or any(isinstance(a, ast.Starred) for a in call.args[: position + 1]):
        return None
    return call.args[position] if position >= 0 else None


def is_first(parameter: Parameter) -> bool:
    """Whether a parameter is its function's first: `self` or `cls` in a method."""
    arguments = parameter.function.node.args
    first = (*arguments.posonlyargs, *arguments.args)[:1]
    return bool(first) and first[0].arg == parameter.name


def is_handed_on(target: Target) -> bool:
    """Whether a target is MLflow or something of it."""
    return isinstance(target, str) and target.partition(".")[0] == "mlflow"
