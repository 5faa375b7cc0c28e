"""What the parameters of a function of the repository refer to, what it returns, and an item of that."""

import ast
from typing import TYPE_CHECKING

from mlx_tui.detection.python.annotations import annotated_item, instance_of
from mlx_tui.detection.python.scopes import Call, Function, Parameter, Unpacked
from mlx_tui.detection.python.targets import Instance, Target, Targets, argument_for, is_first, is_handed_on, unique

if TYPE_CHECKING:
    from mlx_tui.detection.python.resolve import Resolver


def parameter_targets(resolver: "Resolver", parameter: Parameter, depth: int) -> Targets:
    """What a parameter without annotation refers to: `self`, its default, or MLflow where callers hand it on."""
    function = parameter.function
    if function.owner is not None and not function.decorated("staticmethod") and is_first(parameter):
        return (function.owner,) if function.decorated("classmethod") else (Instance(function.owner),)
    found = list(resolver.resolve(parameter.default, function.outer, depth + 1)) if parameter.default else []
    for call in _calls_of(resolver, function):
        argument = argument_for(call.node, function, parameter.name)
        if argument is not None:
            found.extend(t for t in resolver.resolve(argument, call.scope, depth + 1) if is_handed_on(t))
    return unique(found)


def unpacked_targets(resolver: "Resolver", binding: Unpacked, depth: int) -> Targets:
    """An item of the tuple that a function of the repository returns, by its annotation or by every `return`."""
    if not isinstance(binding.value, ast.Call):
        return ()
    found: list[Target] = []
    for function in resolver.resolve(binding.value.func, binding.scope, depth + 1):
        if not isinstance(function, Function):
            return ()
        item = annotated_item(function.node.returns, binding.position)
        if item is not None and (typed := instance_of(resolver, item, function.outer, depth + 1)):
            found.extend(typed)
            continue
        for value in function.returns:
            known = value.elts if isinstance(value, ast.Tuple) and len(value.elts) > binding.position else None
            targets = resolver.resolve(known[binding.position], function.scope, depth + 1) if known else ()
            if not targets:
                return ()
            found.extend(targets)
    return unique(found)


def returned_targets(resolver: "Resolver", function: Function, depth: int) -> Targets:
    """What calling a function gives, by its annotation, else by its returns, where all of them are known."""
    if function.node.returns is not None:
        annotated = instance_of(resolver, function.node.returns, function.outer, depth + 1)
        if annotated:
            return annotated
    if function.yields or not function.returns:
        return ()
    found: list[Target] = []
    for value in function.returns:
        if value is None or (isinstance(value, ast.Constant) and value.value is None):
            continue
        targets = resolver.resolve(value, function.scope, depth + 1)
        if not targets or any(isinstance(t, str) and t.startswith("builtins.") for t in targets):
            return ()
        found.extend(targets)
    of_mlflow = [is_handed_on(target) for target in found]
    return unique(found) if all(of_mlflow) or not any(of_mlflow) else ()


def _calls_of(resolver: "Resolver", function: Function) -> list[Call]:
    """The calls in the same file that name the function."""
    module = function.scope.module
    callers = resolver.callers.get(id(module))
    if callers is None:
        callers = {}
        for call in module.calls:
            name = call.node.func
            last = name.attr if isinstance(name, ast.Attribute) else name.id if isinstance(name, ast.Name) else ""
            callers.setdefault(last, []).append(call)
        resolver.callers[id(module)] = callers
    constructor = function.owner is not None and function.node.name == "__init__"
    key = function.owner.node.name if constructor and function.owner else function.node.name
    return callers.get(key, [])[:50]
