"""What can be reached from a definition of the repository, and whether MLflow is among it."""

import ast
from collections.abc import Collection, Iterable, Iterator

from mlx_tui.detection.python.annotations import annotated_item, instance_of
from mlx_tui.detection.python.modules import LocalModule
from mlx_tui.detection.python.resolve import Resolver
from mlx_tui.detection.python.scopes import Binding, Class, Function, Module, Scope
from mlx_tui.detection.python.targets import Instance, Target, Targets

MAX_ITEMS = 4
"""Of a tuple that a function returns, by its annotation."""


class Reach:
    """Follows definitions to what they give.

    Args:
        resolver: Resolves in the modules that are read.
        wrappers: The functions that lead to a direct call.
    """

    def __init__(self, resolver: Resolver, wrappers: Collection[Function]) -> None:
        self._resolver = resolver
        self._wrappers = wrappers
        self._known: dict[Target, bool] = {}
        self._names: dict[Module, frozenset[str]] = {}

    def member(self, local: LocalModule, name: str) -> Targets:
        """What a name of a module refers to."""
        return self._resolver.attribute(local, name)

    def leading_names(self, local: LocalModule) -> frozenset[str]:
        """The names of a module that lead to MLflow."""
        if local.module is None:
            return frozenset()
        known = self._names.get(local.module)
        if known is None:
            self._names[local.module] = frozenset()  # modules that name each other: what is new is found elsewhere
            known = self._names[local.module] = frozenset(self._leading(local.module))
            if self._resolver.exhausted:  # it may have more
                del self._names[local.module]
        return known

    def forget_names(self) -> None:
        """Forgets the names of modules, where finding them was broken off."""
        self._names.clear()

    def _leading(self, module: Module) -> Iterator[str]:
        for scope in _with_stars(module, self._resolver):
            for name, bindings in scope.bindings.items():
                if any(self._binding_leads(binding, scope) for binding in bindings):
                    yield name

    def _binding_leads(self, binding: Binding, scope: Scope) -> bool:
        return any(
            bool(self.leading_names(target)) if isinstance(target, LocalModule) else self.leads(target)
            for target in self._resolver.binding(binding, scope)
        )

    def leads(self, target: Target) -> bool:
        """Whether MLflow, or a function that leads to a call of it, is reached from a target."""
        known = self._known.get(target)
        if known is not None:
            return known
        seen: set[Target] = {target}
        waiting = [target]
        while waiting:
            current = waiting.pop()
            if self._known.get(current, False) or self._is_goal(current):
                self._known[target] = True
                return True
            if current in self._known:
                continue
            fresh = [found for found in self._next(current) if found not in seen]
            seen.update(fresh)
            waiting += fresh
        if not self._resolver.exhausted:
            self._known.update(dict.fromkeys(seen, False))  # whatever is reached from them was seen
        return False

    def _is_goal(self, target: Target) -> bool:
        if isinstance(target, str):
            return "mlflow" in target.lower()
        return isinstance(target, Function) and target in self._wrappers

    def _next(self, target: Target) -> Iterable[Target]:
        if isinstance(target, Function):
            return self._given_by(target)
        if isinstance(target, Instance):
            return (target.cls,)
        if isinstance(target, Class):
            return self._parts(target)
        if isinstance(target, LocalModule) and target.module is not None:
            scope = target.module.scope
            return [
                t for bindings in scope.bindings.values() for b in bindings for t in self._resolver.binding(b, scope)
            ]
        return ()

    def _given_by(self, function: Function) -> Iterator[Target]:
        yield from self._resolver.result(function)
        for value in function.returns:
            for item in value.elts if isinstance(value, ast.Tuple) else ():
                yield from self._resolver.resolve(item, function.scope)
        for position in range(MAX_ITEMS):
            annotation = annotated_item(function.node.returns, position)
            if annotation is not None:
                yield from instance_of(self._resolver, annotation, function.outer)

    def _parts(self, cls: Class) -> Iterator[Target]:
        for bindings in (*cls.scope.bindings.values(), *cls.attributes.values()):
            for binding in bindings:
                yield from self._resolver.binding(binding, cls.scope)
        for base in cls.node.bases:
            yield from self._resolver.resolve(base, cls.outer)


def _with_stars(module: Module, resolver: Resolver) -> Iterator[Scope]:
    """The scopes of a module and of those from which it imports everything."""
    seen = {module}
    waiting = [module]
    while waiting:
        current = waiting.pop()
        yield current.scope
        for star in current.scope.stars:
            local = resolver.index.find(star, current)
            if local is not None and local.module is not None and local.module not in seen:
                seen.add(local.module)
                waiting.append(local.module)
