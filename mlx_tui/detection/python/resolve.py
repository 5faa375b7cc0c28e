"""What an expression refers to (ground rule 3): a qualified name outside the repository, or a definition in it.

A qualified name is dotted; `()` after a component marks the result of calling it, so that `MlflowClient().log_param`
under `from mlflow.tracking import MlflowClient` is `mlflow.tracking.MlflowClient().log_param`. A component that
can't be computed is `?`.
"""

import ast
import builtins
from collections.abc import Iterable
from dataclasses import replace

from mlx_tui.detection.python.annotations import annotated_item, instance_of
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
    argument_for,
    is_first,
    is_handed_on,
    unique,
)

MAX_STEPS = 2_000_000


_LIGHTNING_LOGGER = ".MLFlowLogger()"
_CLIENT = "mlflow.MlflowClient()"  # what `MLFlowLogger().experiment` is
MAX_NESTED = 2
"""How often a name is followed inside its own bindings: each further time costs as many steps as it has bindings."""
_BUILTINS = frozenset(dir(builtins))
_PROPERTIES = ("property", "cached_property")


class Resolver:
    """Resolves expressions of the modules of one repository."""

    def __init__(self, index: ModuleIndex) -> None:
        self.index = index
        self._bindings: dict[int, Targets] = {}
        self._results: dict[int, Targets] = {}
        self._names: dict[tuple[int, str], Targets] = {}
        self._callers: dict[int, dict[str, list[Call]]] = {}
        self._active: set[int] = set()
        self._fruitless: set[int] = set()
        self._pending: dict[tuple[int, str], int] = {}
        self._cut = False
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
            return self._items(node.value, scope, depth)
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
            self._cut = True
            return ()
        self._pending[key] = nested + 1
        outermost = not self._active
        cut, self._cut = self._cut, False
        try:
            known = self._name(name, scope, depth)
        finally:
            self._pending[key] = nested
        if outermost or not self._cut:
            self._names[key] = known
        self._cut = self._cut or cut
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
        return self._starred(name, scope, depth) or (f"builtins.{name}",)

    def _passed_on(self, name: str, bindings: list[Binding], scope: Scope) -> Targets:
        """A parameter named as MLflow is imported in the module is taken for MLflow handed on."""
        if not isinstance(bindings[0], Parameter) or not name.lower().startswith(("mlflow", "mlf")):
            return ()
        outer = scope.module.scope.bindings.get(name, [])
        return tuple(
            binding.module for binding in outer if isinstance(binding, Imported) and binding.module.startswith("mlflow")
        )

    def _starred(self, name: str, scope: Scope, depth: int) -> Targets:
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
            self._cut = self._cut or depth > MAX_DEPTH
            return ()
        known = self._bindings.get(id(binding))
        if known is not None:
            return known
        if id(binding) in self._active or id(binding) in self._fruitless:
            self._cut = True
            return ()
        outermost = not self._active
        self._active.add(id(binding))
        try:
            found = self._bound(binding, scope, depth)
        finally:
            self._finish(binding)
        if found or outermost or not self._cut:
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
                return self._items(binding.value, binding.scope, depth)
            return self.resolve(binding.value, binding.scope, depth + 1)
        if isinstance(binding, Unpacked):
            return self._unpacked(binding, depth)
        if isinstance(binding, Annotated):
            return instance_of(self, binding.annotation, binding.scope, depth + 1)
        return self._parameter(binding, depth) if isinstance(binding, Parameter) else ()

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

    def _parameter(self, parameter: Parameter, depth: int) -> Targets:
        function = parameter.function
        if function.owner is not None and not function.decorated("staticmethod") and is_first(parameter):
            return (function.owner,) if function.decorated("classmethod") else (Instance(function.owner),)
        found = list(self.resolve(parameter.default, function.outer, depth + 1)) if parameter.default else []
        for call in self._calls_of(function):
            argument = argument_for(call.node, function, parameter.name)
            if argument is not None:
                found.extend(t for t in self.resolve(argument, call.scope, depth + 1) if is_handed_on(t))
        return unique(found)

    def _unpacked(self, binding: Unpacked, depth: int) -> Targets:
        """An item of the tuple that a function of the repository returns, by its annotation or by every `return`."""
        if not isinstance(binding.value, ast.Call):
            return ()
        found: list[Target] = []
        for function in self.resolve(binding.value.func, binding.scope, depth + 1):
            if not isinstance(function, Function):
                return ()
            item = annotated_item(function.node.returns, binding.position)
            if item is not None and (typed := instance_of(self, item, function.outer, depth + 1)):
                found.extend(typed)
                continue
            for value in function.returns:
                known = value.elts if isinstance(value, ast.Tuple) and len(value.elts) > binding.position else None
                targets = self.resolve(known[binding.position], function.scope, depth + 1) if known else ()
                if not targets:
                    return ()
                found.extend(targets)
        return unique(found)

    def _calls_of(self, function: Function) -> list[Call]:
        """The calls in the same file that name the function."""
        module = function.scope.module
        callers = self._callers.get(id(module))
        if callers is None:
            callers = {}
            for call in module.calls:
                name = call.node.func
                last = name.attr if isinstance(name, ast.Attribute) else name.id if isinstance(name, ast.Name) else ""
                callers.setdefault(last, []).append(call)
            self._callers[id(module)] = callers
        constructor = function.owner is not None and function.node.name == "__init__"
        key = function.owner.node.name if constructor and function.owner else function.node.name
        return callers.get(key, [])[:50]

    # Attributes

    def attribute(self, target: Target, name: str, depth: int = 0) -> Targets:
        """What an attribute of a target refers to."""
        if isinstance(target, str):
            if name == "experiment" and target.endswith(_LIGHTNING_LOGGER):
                return (_CLIENT,)
            return (f"{target}.{name}",) if len(target) < MAX_LENGTH else ()
        if isinstance(target, Instance | Class):
            return self._member(target, name, depth)
        if isinstance(target, LocalModule):
            return self._module_member(target, name, depth)
        return ()

    def _module_member(self, target: LocalModule, name: str, depth: int) -> Targets:
        if target.module is not None:
            scope = target.module.scope
            bindings = scope.bindings.get(name)
            if bindings:
                return unique(t for binding in bindings for t in self.binding(binding, scope, depth + 1))
            found = self._starred(name, scope, depth + 1) if depth < MAX_DEPTH else ()
            if found:
                return found
        submodule = self.index.module((*target.names, name))
        if submodule is not None:
            return (submodule,)
        return (f"{target.external}.{name}",) if target.external else ()

    def _member(self, target: "Instance | Class", name: str, depth: int) -> Targets:
        if depth > MAX_DEPTH:
            self._cut = True
            return ()
        instance = isinstance(target, Instance)
        cls = target.cls if isinstance(target, Instance) else target
        if not (isinstance(target, Instance) and target.base):
            found = self._own_member(cls, name, instance, depth)
            if found is not None:
                return found
        results: list[Target] = []
        for base in cls.node.bases:
            for parent in self.resolve(base, cls.outer, depth + 1):
                if isinstance(parent, str):
                    results.append(f"{parent}().{name}" if instance else f"{parent}.{name}")
                elif isinstance(parent, Class) and parent is not cls:
                    results.extend(self._member(Instance(parent) if instance else parent, name, depth + 2))
        return unique(results)

    def _own_member(self, cls: Class, name: str, instance: bool, depth: int) -> Targets | None:
        bindings = [*cls.attributes.get(name, []), *cls.scope.bindings.get(name, [])]
        if not bindings:
            return None
        found: list[Target] = []
        for binding in bindings:
            if instance and isinstance(binding, Function) and binding.decorated(*_PROPERTIES):
                found.extend(self.result(binding, depth + 1))
            else:
                found.extend(self.binding(binding, cls.scope, depth + 1))
        return unique(found)

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
            self._cut = True
            return ()
        self._active.add(id(function))
        try:
            found = self._result(function, depth)
        finally:
            self._finish(function)
        self._results[id(function)] = found
        return found

    def _result(self, function: Function, depth: int) -> Targets:
        if function.node.returns is not None:
            annotated = instance_of(self, function.node.returns, function.outer, depth + 1)
            if annotated:
                return annotated
        if function.yields or not function.returns:
            return ()
        found: list[Target] = []
        for value in function.returns:
            if value is None or (isinstance(value, ast.Constant) and value.value is None):
                continue
            targets = self.resolve(value, function.scope, depth + 1)
            if not targets or any(isinstance(t, str) and t.startswith("builtins.") for t in targets):
                return ()
            found.extend(targets)
        of_mlflow = [is_handed_on(target) for target in found]
        return unique(found) if all(of_mlflow) or not any(of_mlflow) else ()

    # Containers

    def _items(self, node: ast.expr, scope: Scope, depth: int) -> Targets:
        """What the items of a literal list, tuple, set or dict refer to."""
        found = [t for item, where in self.items(node, scope, depth) for t in self.resolve(item, where, depth + 2)]
        return unique(t for t in found if not isinstance(t, str) or not t.startswith("builtins."))

    def items(self, node: ast.expr, scope: Scope, depth: int = 0) -> list[tuple[ast.expr, Scope]]:
        """The items' expressions of a literal list, tuple, set or dict that an expression is or names."""
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            return [(item, scope) for item in node.elts[:20]]
        if isinstance(node, ast.Dict):
            return [(item, scope) for item in node.values[:20]]
        if depth > MAX_DEPTH or not isinstance(node, ast.Name | ast.Attribute):
            return []
        values = self.values(node, scope, depth + 1)
        return [item for value, where in values for item in self.items(value, where, depth + 10)]

    def values(self, node: ast.expr, scope: Scope, depth: int = 0) -> list[tuple[ast.expr, Scope]]:
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
            for target in self.resolve(node.value, scope, depth + 1):
                cls = target.cls if isinstance(target, Instance) else target
                if isinstance(cls, Class) and cls.scope.module is scope.module:
                    bindings += [*cls.attributes.get(node.attr, []), *cls.scope.bindings.get(node.attr, [])]
        found = [(b.value, b.scope) for b in bindings if isinstance(b, Valued) and not b.element]
        found += [(b.default, b.function.outer) for b in bindings if isinstance(b, Parameter) and b.default is not None]
        return found
