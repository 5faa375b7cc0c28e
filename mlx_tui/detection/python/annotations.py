"""Objects of the types that annotations name."""

import ast
from typing import TYPE_CHECKING

from mlx_tui.detection.python.scopes import Class, Scope
from mlx_tui.detection.python.targets import MAX_DEPTH, MAX_LENGTH, Instance, Target, Targets, unique
from mlx_tui.formats.python_syntax import parse_python

if TYPE_CHECKING:
    from mlx_tui.detection.python.resolve import Resolver

_WRAPPING_TYPES = frozenset({"Optional", "Union", "Annotated", "Final", "ClassVar", "Required", "NotRequired"})


def instance_of(resolver: "Resolver", annotation: ast.expr, scope: Scope, depth: int = 0) -> Targets:
    """Objects of the type that an annotation names."""
    if depth > MAX_DEPTH:
        return ()
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        quoted = _parse_annotation(annotation.value)
        return instance_of(resolver, quoted, scope, depth + 1) if quoted is not None else ()
    if isinstance(annotation, ast.BinOp):
        sides = (annotation.left, annotation.right)
        return unique(t for side in sides for t in instance_of(resolver, side, scope, depth + 1))
    if isinstance(annotation, ast.Subscript):
        return _wrapped_type(resolver, annotation, scope, depth)
    found: list[Target] = []
    for target in resolver.resolve(annotation, scope, depth + 1):
        if isinstance(target, Class):
            found.append(Instance(target))
        elif isinstance(target, str) and not target.startswith(("builtins.", "typing.")):
            found.append(f"{target}()")
    return tuple(found)


def _wrapped_type(resolver: "Resolver", annotation: ast.Subscript, scope: Scope, depth: int) -> Targets:
    outer = annotation.value
    name = outer.attr if isinstance(outer, ast.Attribute) else outer.id if isinstance(outer, ast.Name) else ""
    if name not in _WRAPPING_TYPES:
        return ()
    inner = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
    inner = inner[:1] if name == "Annotated" else inner
    return unique(t for item in inner for t in instance_of(resolver, item, scope, depth + 1))


def annotated_item(annotation: ast.expr | None, position: int) -> ast.expr | None:
    """The type at a position of `tuple[A, B]`."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        annotation = _parse_annotation(annotation.value)
    if isinstance(annotation, ast.Subscript) and isinstance(annotation.slice, ast.Tuple):
        return annotation.slice.elts[position] if position < len(annotation.slice.elts) else None
    return None


def _parse_annotation(text: str) -> ast.expr | None:
    if len(text) >= MAX_LENGTH:
        return None
    tree = parse_python(text.strip())
    only = tree.body[0] if tree and len(tree.body) == 1 else None
    return only.value if isinstance(only, ast.Expr) else None
