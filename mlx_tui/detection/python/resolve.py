"""What an expression refers to (ground rule 3): a qualified name outside the repository, or a definition in it.

A qualified name is dotted; `()` after a component marks the result of calling it, so that `MlflowClient().log_param`
under `from mlflow.tracking import MlflowClient` is `mlflow.tracking.MlflowClient().log_param`. A component that
can't be computed is `?`.
"""

import ast
import builtins
from collections.abc import Iterable
from dataclasses import replace

from mlx_tui.detection.python.annotations import instance_of
from mlx_tui.detection.python.functions import parameter_targets, returned_targets, unpacked_targets
from mlx_tui.detection.python.literals import item_targets, items, values
from mlx_tui.detection.python.members import member, module_member
from mlx_tui.detection.python.modules import LocalModule, ModuleIndex
from mlx_tui.detection.python.scopes import (
    Annotated,
    Binding,
    Call,
    Class,
    Function,
    Imported,
    Module,
    Opaque,
    Parameter,
    Scope,
    Unpacked,
    Valued,
)
from mlx_tui.detection.python.special_calls import SPECIAL_CALLS
from mlx_tui.detection.python.targets import (
    MAX_DEPTH,
    MAX_LENGTH,
    Instance,
    Target,
    Targets,
    unique,
)

MAX_STEPS = 2_000_000


_LIGHTNING_LOGGER = ".MLFlowLogger()"
_CLIENT = "mlflow.MlflowClient()"  # what `MLFlowLogger().experiment` is
MAX_NESTED = 2
"""How often a name is followed inside its own bindings: each further time costs as many steps as it has bindings."""
_BUILTINS = frozenset(dir(builtins))


class Resolver:
    """Resolves expressions of the modules of one repository.

    Args:
        index: The repository's modules by name.

    Attributes:
        callers: The calls of a module by the last name that they write, once they were asked for.
        cut: Whether a circle, or a depth, cut an answer short: it isn't remembered then.
    """

    def __init__(self, index: ModuleIndex) -> None:
        self.index = index
        self._bindings: dict[int, Targets] = {}
        self._results: dict[int, Targets] = {}
        self._names: dict[tuple[int, str], Targets] = {}
        self.callers: dict[int, dict[str, list[Call]]] = {}
        self._active: set[int] = set()
        self._fruitless: set[int] = set()
        self._pending: dict[tuple[int, str], int] = {}
        self.cut = False
        self._steps = MAX_STEPS

    def begin(self) -> None:
        """Starts on another module, which may take `MAX_STEPS` steps."""
        self._steps = MAX_STEPS

    def spend(self) -> bool:
        """Takes a step; False where the module has none left and must do without an answer."""
        self._steps -= 1
        return self._steps > 0

    @property
    def exhausted(self) -> bool:
        """Whether the module's steps are used up."""
        return self._steps <= 0

    def resolve(self, node: ast.expr | None, scope: Scope, depth: int = 0) -> Targets:
        """What an expression may refer to; empty where that isn't known."""
        if node is None or depth > MAX_DEPTH or not self.spend():
            return ()
        if isinstance(node, ast.Name):
            return self.name(node.id, scope, depth)
        if isinstance(node, ast.Attribute):
            bases = self.resolve(node.value, scope, depth + 1)
            if len(bases) == 1:
                return self.attribute(bases[0], node.attr, depth + 1)
            return unique(t for base in bases for t in self.attribute(base, node.attr, depth + 1))
        if isinstance(node, ast.Call):
            return self._call(node, scope, depth)
        if isinstance(node, ast.Await | ast.NamedExpr | ast.Starred):
            return self.resolve(node.value, scope, depth + 1)
        if isinstance(node, ast.IfExp):
            return self._either((node.body, node.orelse), scope, depth)
        if isinstance(node, ast.BoolOp):
            return self._either(node.values, scope, depth)
        if isinstance(node, ast.Subscript):
            return item_targets(self, node.value, scope, depth)
        return ()

    def _either(self, nodes: Iterable[ast.expr], scope: Scope, depth: int) -> Targets:
        return unique(target for node in nodes for target in self.resolve(node, scope, depth + 1))

    # Names

    def name(self, name: str, scope: Scope, depth: int = 0) -> Targets:
        """What a name refers to where it is read in a scope."""
        key = (id(scope), name)
        known = self._names.get(key)
        if known is not None:
            return known
        nested = self._pending.get(key, 0)
        if nested == MAX_NESTED:  # `x = f(x)` again and again
            self.cut = True
            return ()
        self._pending[key] = nested + 1
        outermost = not self._active
        cut, self.cut = self.cut, False
        try:
            known = self._name(name, scope, depth)
        finally:
            self._pending[key] = nested
        if outermost or not self.cut:
            self._names[key] = known
        self.cut = self.cut or cut
        return known

    def _name(self, name: str, scope: Scope, depth: int) -> Targets:
        current: Scope | None = scope
        while current is not None:
            bindings = current.bindings.get(name)
            if current.parent is None and current is not scope:
                return self.name(name, current, depth + 1)
            if bindings and (current.owner is None or current is scope):
                found = unique(t for binding in bindings for t in self.binding(binding, current, depth + 1))
                return found or self._passed_on(name, bindings, scope)
            current = current.parent
        return self.starred(name, scope, depth) or (f"builtins.{name}",)

    def _passed_on(self, name: str, bindings: list[Binding], scope: Scope) -> Targets:
        """A parameter named as MLflow is imported in the module is taken for MLflow handed on."""
        if not isinstance(bindings[0], Parameter) or not name.lower().startswith(("mlflow", "mlf")):
            return ()
        outer = scope.module.scope.bindings.get(name, [])
        return tuple(
            binding.module for binding in outer if isinstance(binding, Imported) and binding.module.startswith("mlflow")
        )

    def starred(self, name: str, scope: Scope, depth: int) -> Targets:
        """What a name refers to that only `from … import *` can have bound."""
        if name in _BUILTINS:
            return ()
        current: Scope | None = scope
        found: list[Target] = []
        while current is not None:
            for star in current.stars:
                member = Imported(star.module, name, star.level)
                found.extend(self._imported(member, scope.module, depth + 1, star=True))
            current = current.parent
        return unique(found)

    # Bindings

    def binding(self, binding: Binding, scope: Scope, depth: int = 0) -> Targets:
        """What a binding binds its name to."""
        if isinstance(binding, Function | Class):
            return (binding,)
        if isinstance(binding, Opaque) or depth > MAX_DEPTH:
            self.cut = self.cut or depth > MAX_DEPTH
            return ()
        known = self._bindings.get(id(binding))
        if known is not None:
            return known
        if id(binding) in self._active or id(binding) in self._fruitless:
            self.cut = True
            return ()
        outermost = not self._active
        self._active.add(id(binding))
        try:
            found = self._bound(binding, scope, depth)
        finally:
            self._finish(binding)
        if found or outermost or not self.cut:
            self._bindings[id(binding)] = found
        else:
            self._fruitless.add(id(binding))
        return found

    def _finish(self, item: Binding) -> None:
        """What a circle cut short isn't followed again until its outermost name is known: that grows exponentially."""
        self._active.discard(id(item))
        if not self._active:
            self._fruitless.clear()

    def _bound(self, binding: Binding, scope: Scope, depth: int) -> Targets:
        if isinstance(binding, Imported):
            return self._imported(binding, scope.module, depth)
        if isinstance(binding, Valued):
            if binding.element:
                return item_targets(self, binding.value, binding.scope, depth)
            return self.resolve(binding.value, binding.scope, depth + 1)
        if isinstance(binding, Unpacked):
            return unpacked_targets(self, binding, depth)
        if isinstance(binding, Annotated):
            return instance_of(self, binding.annotation, binding.scope, depth + 1)
        return parameter_targets(self, binding, depth) if isinstance(binding, Parameter) else ()

    def _imported(self, imported: Imported, module: Module, depth: int, star: bool = False) -> Targets:
        local = self.index.find(imported, module)
        if local is not None:
            if not imported.name:
                shadow = imported.module == "mlflow" and not imported.level
                return (replace(local, external="mlflow") if shadow else local,)
            found = self.attribute(local, imported.name, depth + 1)
            if found or star:
                return found
            if not imported.module.startswith("mlflow") or imported.level:
                return ()
        elif imported.level:
            return ()
        return (f"{imported.module}.{imported.name}" if imported.name else imported.module,)

    # Attributes

    def attribute(self, target: Target, name: str, depth: int = 0) -> Targets:
        """What an attribute of a target refers to."""
        if isinstance(target, str):
            if name == "experiment" and target.endswith(_LIGHTNING_LOGGER):
                return (_CLIENT,)
            return (f"{target}.{name}",) if len(target) < MAX_LENGTH else ()
        if isinstance(target, Instance | Class):
            return member(self, target, name, depth)
        if isinstance(target, LocalModule):
            return module_member(self, target, name, depth)
        return ()

    # Calls

    def _call(self, node: ast.Call, scope: Scope, depth: int) -> Targets:
        callees = self.resolve(node.func, scope, depth + 1)
        return unique(t for callee in callees for t in self._called(callee, node, scope, depth + 1))

    def _called(self, callee: Target, node: ast.Call, scope: Scope, depth: int) -> Targets:
        if isinstance(callee, Class):
            return (Instance(callee),)
        if isinstance(callee, Function):
            return self.result(callee, depth + 1)
        if not isinstance(callee, str):
            return ()
        special = SPECIAL_CALLS.get(callee)
        if special is not None:
            return special(self, node, scope, depth)
        return (f"{callee}()",) if len(callee) < MAX_LENGTH else ()

    def result(self, function: Function, depth: int = 0) -> Targets:
        """What calling a function of the repository gives: by its annotation, else where every `return` is known."""
        known = self._results.get(id(function))
        if known is not None:
            return known
        if depth > MAX_DEPTH or id(function) in self._active:
            self.cut = True
            return ()
        self._active.add(id(function))
        try:
            found = returned_targets(self, function, depth)
        finally:
            self._finish(function)
        self._results[id(function)] = found
        return found

    # Expressions

    def items(self, node: ast.expr, scope: Scope) -> list[tuple[ast.expr, Scope]]:
        """The items' expressions of a literal list, tuple, set or dict that an expression is or names."""
        return items(self, node, scope)

    def values(self, node: ast.expr, scope: Scope) -> list[tuple[ast.expr, Scope]]:
        """The expressions whose value a name or an attribute of this file may have."""
        return values(self, node, scope)
