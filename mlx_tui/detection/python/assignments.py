"""What assignments bind."""

import ast
from collections.abc import Callable

from mlx_tui.detection.python.scopes import Binding, Opaque, Scope, Unpacked, Valued, bind

Visit = Callable[[ast.AST, Scope], None]
"""Walks over an expression that is read."""


def bind_target(visit: Visit, target: ast.expr, value: ast.expr, scope: Scope, element: bool = False) -> None:
    """Binds what stands left of `=` to a value, or, with `element`, to its items."""
    if isinstance(target, ast.Tuple | ast.List):
        values = value.elts if isinstance(value, ast.Tuple | ast.List) and not element else []
        paired = len(values) == len(target.elts) and not any(isinstance(v, ast.Starred) for v in values)
        for number, part in enumerate(target.elts):
            if paired:
                bind_target(visit, part, values[number], scope)
            elif element or any(isinstance(item, ast.Starred) for item in target.elts):
                store(visit, part, Opaque(), scope)
            else:
                store(visit, part, Unpacked(value, scope, number), scope)
    else:
        store(visit, target, Valued(value, scope, value.lineno, element), scope)


def store(visit: Visit, target: ast.expr, binding: Binding, scope: Scope) -> None:
    """Binds a name, or an attribute of `self`; what else the target reads is visited."""
    if isinstance(target, ast.Name):
        bind(scope, target.id, binding)
    elif isinstance(target, ast.Starred):
        store(visit, target.value, Opaque(), scope)
    elif isinstance(target, ast.Tuple | ast.List):
        for part in target.elts:
            store(visit, part, Opaque(), scope)
    elif isinstance(target, ast.Attribute):
        _store_attribute(visit, target, binding, scope)
    elif isinstance(target, ast.Subscript):
        visit(target.value, scope)
        visit(target.slice, scope)


def _store_attribute(visit: Visit, target: ast.Attribute, binding: Binding, scope: Scope) -> None:
    """`self.x = …` in a method is an attribute of its class."""
    visit(target.value, scope)
    function = scope.enclosing_function
    while function is not None and function.owner is None:
        outer = function.outer.enclosing_function
        function = outer
    if function is None or function.owner is None or not isinstance(target.value, ast.Name):
        return
    parameters = [*function.node.args.posonlyargs, *function.node.args.args]
    if parameters and parameters[0].arg == target.value.id:
        function.owner.attributes.setdefault(target.attr, []).append(binding)
