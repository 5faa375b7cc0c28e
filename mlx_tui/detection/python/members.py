"""What an attribute of a module, a class or an object of the repository refers to."""

from typing import TYPE_CHECKING

from mlx_tui.detection.python.modules import LocalModule
from mlx_tui.detection.python.scopes import Class, Function
from mlx_tui.detection.python.targets import MAX_DEPTH, Instance, Target, Targets, unique

if TYPE_CHECKING:
    from mlx_tui.detection.python.resolve import Resolver

_PROPERTIES = ("property", "cached_property")


def module_member(resolver: "Resolver", target: LocalModule, name: str, depth: int) -> Targets:
    """What a name of a module or package of the repository refers to."""
    if target.module is not None:
        scope = target.module.scope
        bindings = scope.bindings.get(name)
        if bindings:
            return unique(t for binding in bindings for t in resolver.binding(binding, scope, depth + 1))
        found = resolver.starred(name, scope, depth + 1) if depth < MAX_DEPTH else ()
        if found:
            return found
    submodule = resolver.index.module((*target.names, name))
    if submodule is not None:
        return (submodule,)
    return (f"{target.external}.{name}",) if target.external else ()


def member(resolver: "Resolver", target: "Instance | Class", name: str, depth: int) -> Targets:
    """What an attribute of a class of the repository, or of an object of one, refers to."""
    if depth > MAX_DEPTH:
        resolver.cut = True
        return ()
    instance = isinstance(target, Instance)
    cls = target.cls if isinstance(target, Instance) else target
    if not (isinstance(target, Instance) and target.base):
        found = _own_member(resolver, cls, name, instance, depth)
        if found is not None:
            return found
    results: list[Target] = []
    for base in cls.node.bases:
        for parent in resolver.resolve(base, cls.outer, depth + 1):
            if isinstance(parent, str):
                results.append(f"{parent}().{name}" if instance else f"{parent}.{name}")
            elif isinstance(parent, Class) and parent is not cls:
                results.extend(member(resolver, Instance(parent) if instance else parent, name, depth + 2))
    return unique(results)


def _own_member(resolver: "Resolver", cls: Class, name: str, instance: bool, depth: int) -> Targets | None:
    bindings = [*cls.attributes.get(name, []), *cls.scope.bindings.get(name, [])]
    if not bindings:
        return None
    found: list[Target] = []
    for binding in bindings:
        if instance and isinstance(binding, Function) and binding.decorated(*_PROPERTIES):
            found.extend(resolver.result(binding, depth + 1))
        else:
            found.extend(resolver.binding(binding, cls.scope, depth + 1))
    return unique(found)
