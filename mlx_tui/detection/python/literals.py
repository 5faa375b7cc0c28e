"""The expressions that a name may stand for in its file, and the items of a literal that it names."""

import ast
from typing import TYPE_CHECKING

from mlx_tui.detection.python.scopes import Binding, Class, Parameter, Scope, Valued
from mlx_tui.detection.python.targets import MAX_DEPTH, Instance, Targets, unique

if TYPE_CHECKING:
    from mlx_tui.detection.python.resolve import Resolver


def item_targets(resolver: "Resolver", node: ast.expr, scope: Scope, depth: int) -> Targets:
    """What the items of a literal list, tuple, set or dict refer to."""
    found = [t for item, where in items(resolver, node, scope, depth) for t in resolver.resolve(item, where, depth + 2)]
    return unique(t for t in found if not isinstance(t, str) or not t.startswith("builtins."))


def items(resolver: "Resolver", node: ast.expr, scope: Scope, depth: int = 0) -> list[tuple[ast.expr, Scope]]:
    """The items' expressions of a literal list, tuple, set or dict that an expression is or names."""
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return [(item, scope) for item in node.elts[:20]]
    if isinstance(node, ast.Dict):
        return [(item, scope) for item in node.values[:20]]
    if depth > MAX_DEPTH or not isinstance(node, ast.Name | ast.Attribute):
        return []
    found = values(resolver, node, scope, depth + 1)
    return [item for value, where in found for item in items(resolver, value, where, depth + 10)]


def values(resolver: "Resolver", node: ast.expr, scope: Scope, depth: int = 0) -> list[tuple[ast.expr, Scope]]:
    """The expressions whose value a name or an attribute of this file may have."""
    bindings: list[Binding] = []
    if isinstance(node, ast.Name):
        current: Scope | None = scope
        while current is not None:
            if node.id in current.bindings and (current.owner is None or current is scope):
                bindings = current.bindings[node.id]
                break
            current = current.parent
    elif isinstance(node, ast.Attribute):
        for target in resolver.resolve(node.value, scope, depth + 1):
            cls = target.cls if isinstance(target, Instance) else target
            if isinstance(cls, Class) and cls.scope.module is scope.module:
                bindings += [*cls.attributes.get(node.attr, []), *cls.scope.bindings.get(node.attr, [])]
    found = [(b.value, b.scope) for b in bindings if isinstance(b, Valued) and not b.element]
    found += [(b.default, b.function.outer) for b in bindings if isinstance(b, Parameter) and b.default is not None]
    return found
