"""One walk over a module's syntax trees, which collects what all rules ask for."""

import ast
import re
from collections.abc import Callable, Iterable

from mlx_tui.detection.python.assignments import bind_target, store
from mlx_tui.detection.python.guards import asks_for_interface, names_missing_interface
from mlx_tui.detection.python.scopes import (
    Annotated,
    Call,
    Class,
    Function,
    Imported,
    Module,
    Opaque,
    Parameter,
    Place,
    Scope,
    Site,
    bind,
)

_TELLING = re.compile(r"(?:models|runs):/|as ?of|mlflow-experiment", re.IGNORECASE)
"""What a text must hold to be of interest to a rule."""


class Collector:
    """Walks the statements of a module, cell by cell, and fills the module's record."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.cell: int | None = None

    def collect(self, body: Iterable[ast.stmt], cell: int | None = None) -> None:
        """Adds statements that run at the module's level."""
        self.cell = cell
        self._body(list(body), self.module.scope)

    # Statements

    def _body(self, body: list[ast.stmt], scope: Scope) -> None:
        for statement in body:
            handler = _HANDLERS.get(type(statement))
            if handler is not None:
                handler(self, statement, scope)
            else:
                self._children(statement, scope)

    def _children(self, node: ast.AST, scope: Scope) -> None:
        """Visits a statement or an expression that binds nothing itself."""
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                if value and isinstance(value[0], ast.stmt):
                    self._body(value, scope)
                else:
                    for item in value:
                        if isinstance(item, ast.AST):
                            self._visit(item, scope)
            elif isinstance(value, ast.AST):
                self._visit(value, scope)

    def _visit(self, node: ast.AST, scope: Scope) -> None:
        kind = type(node)
        if kind in _LEAVES:
            return
        handler = _HANDLERS.get(kind)
        if handler is not None:
            handler(self, node, scope)
        else:
            self._children(node, scope)

    def _place(self, node: ast.stmt | ast.expr) -> Place:
        return Place(self.cell, node.lineno)

    def _expression_statement(self, node: ast.Expr, scope: Scope) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring, or text that stands alone
            self._visit(node.value, scope)

    def _import(self, node: ast.Import, scope: Scope) -> None:
        self.module.imports.append(Site(node, scope, self._place(node)))
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            bind(scope, name, Imported(alias.name if alias.asname else name))

    def _import_from(self, node: ast.ImportFrom, scope: Scope) -> None:
        self.module.imports.append(Site(node, scope, self._place(node)))
        for alias in node.names:
            imported = Imported(node.module or "", alias.name, node.level)
            if alias.name == "*":
                scope.stars.append(Imported(node.module or "", "", node.level))
            else:
                bind(scope, alias.asname or alias.name, imported)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
        for decorator in node.decorator_list:
            self.module.decorators.append(Site(decorator, scope, self._place(decorator)))
            self._visit(decorator, scope)
        inner = Scope(self.module, scope)
        function = Function(node, inner, scope, scope.owner, self._place(node))
        inner.function = function
        self.module.functions.append(function)
        bind(scope, node.name, function)
        self._parameters(node.args, function, scope)
        if node.returns is not None:
            self._visit(node.returns, scope)
        self._body(node.body, inner)

    def _parameters(self, arguments: ast.arguments, function: Function, scope: Scope) -> None:
        positional = [*arguments.posonlyargs, *arguments.args]
        defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
        pairs = list(zip(positional, [*defaults, *arguments.defaults], strict=False))
        pairs += list(zip(arguments.kwonlyargs, arguments.kw_defaults, strict=False))
        for argument, default in pairs:
            if default is not None:
                self._visit(default, scope)
            if argument.annotation is not None:
                self._visit(argument.annotation, scope)
                bind(function.scope, argument.arg, Annotated(argument.annotation, scope))
            bind(function.scope, argument.arg, Parameter(function, argument.arg, default))
        for rest in (arguments.vararg, arguments.kwarg):
            if rest is not None:
                bind(function.scope, rest.arg, Opaque())

    def _class(self, node: ast.ClassDef, scope: Scope) -> None:
        for decorator in node.decorator_list:
            self.module.decorators.append(Site(decorator, scope, self._place(decorator)))
            self._visit(decorator, scope)
        for base in (*node.bases, *(keyword.value for keyword in node.keywords)):
            self._visit(base, scope)
        inner = Scope(self.module, scope)
        inner.owner = Class(node, inner, scope)
        self.module.classes.append(inner.owner)
        bind(scope, node.name, inner.owner)
        self._body(node.body, inner)

    def _assign(self, node: ast.Assign, scope: Scope) -> None:
        self.module.assignments.append(Site(node, scope, self._place(node)))
        self._visit(node.value, scope)
        for target in node.targets:
            bind_target(self._visit, target, node.value, scope)

    def _annotated_assign(self, node: ast.AnnAssign, scope: Scope) -> None:
        self.module.assignments.append(Site(node, scope, self._place(node)))
        self._visit(node.annotation, scope)
        if node.value is not None:
            self._visit(node.value, scope)
            bind_target(self._visit, node.target, node.value, scope)
        store(self._visit, node.target, Annotated(node.annotation, scope), scope)

    def _augmented(self, node: ast.AugAssign, scope: Scope) -> None:
        self._visit(node.value, scope)

    def _named(self, node: ast.NamedExpr, scope: Scope) -> None:
        self._visit(node.value, scope)
        bind_target(self._visit, node.target, node.value, scope)

    def _for(self, node: ast.For | ast.AsyncFor | ast.comprehension, scope: Scope) -> None:
        self._visit(node.iter, scope)
        bind_target(self._visit, node.target, node.iter, scope, element=True)
        if isinstance(node, ast.comprehension):
            for condition in node.ifs:
                self._visit(condition, scope)
        else:
            self.module.loops.append((node.lineno, node.end_lineno or node.lineno))
            self._body(node.body, scope)
            self._body(node.orelse, scope)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, scope: Scope) -> None:
        for generator in node.generators:
            self._for(generator, scope)
        if isinstance(node, ast.DictComp):
            self._visit(node.key, scope)
            self._visit(node.value, scope)
        else:
            self._visit(node.elt, scope)

    def _lambda(self, node: ast.Lambda, scope: Scope) -> None:
        inner = Scope(self.module, scope)
        arguments = node.args
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            bind(inner, argument.arg, Opaque())
        for rest in (arguments.vararg, arguments.kwarg):
            if rest is not None:
                bind(inner, rest.arg, Opaque())
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is not None:
                self._visit(default, scope)
        self._visit(node.body, inner)

    def _with(self, node: ast.With | ast.AsyncWith, scope: Scope) -> None:
        for item in node.items:
            self._visit(item.context_expr, scope)
            if item.optional_vars is not None:
                bind_target(self._visit, item.optional_vars, item.context_expr, scope)
        self._body(node.body, scope)

    def _try(self, node: ast.Try, scope: Scope) -> None:
        if any(handler.type is not None and names_missing_interface(handler.type) for handler in node.handlers):
            self._guard(node)
        self._children(node, scope)

    def _if(self, node: ast.If, scope: Scope) -> None:
        if asks_for_interface(node.test):
            self._guard(node)
        self._children(node, scope)

    def _guard(self, node: ast.stmt) -> None:
        self.module.guards.append((self._place(node), Place(self.cell, node.end_lineno or node.lineno)))

    def _except(self, node: ast.ExceptHandler, scope: Scope) -> None:
        if node.type is not None:
            self._visit(node.type, scope)
        if node.name:
            bind(scope, node.name, Opaque())
        self._body(node.body, scope)

    def _global(self, node: ast.Global, scope: Scope) -> None:
        for name in node.names:
            scope.bindings[name] = self.module.scope.bindings.setdefault(name, [])

    def _return(self, node: ast.Return, scope: Scope) -> None:
        function = scope.enclosing_function
        if function is not None:
            function.returns.append(node.value)
        if node.value is not None:
            self._visit(node.value, scope)

    def _yield(self, node: ast.Yield | ast.YieldFrom, scope: Scope) -> None:
        function = scope.enclosing_function
        if function is not None:
            function.yields = True
        if node.value is not None:
            self._visit(node.value, scope)

    # Expressions

    def _call(self, node: ast.Call, scope: Scope) -> None:
        self.module.calls.append(Call(node, scope, self._place(node)))
        if type(node.func) is not ast.Name:
            self._visit(node.func, scope)
        for argument in node.args:
            if type(argument) not in _LEAVES:
                self._visit(argument, scope)
        for keyword in node.keywords:
            if type(keyword.value) not in _LEAVES:
                self._visit(keyword.value, scope)

    def _items(self, node: ast.List | ast.Tuple | ast.Set, scope: Scope) -> None:
        for item in node.elts:
            if type(item) not in _LEAVES:
                self._visit(item, scope)

    def _binary(self, node: ast.BinOp, scope: Scope) -> None:
        self._visit(node.left, scope)
        self._visit(node.right, scope)

    def _subscript(self, node: ast.Subscript, scope: Scope) -> None:
        self._visit(node.value, scope)
        self._visit(node.slice, scope)

    def _attribute(self, node: ast.Attribute, scope: Scope) -> None:
        if type(node.value) is not ast.Name:
            self._visit(node.value, scope)

    def _constant(self, node: ast.Constant, scope: Scope) -> None:
        if type(node.value) is str and _TELLING.search(node.value):
            self.module.strings.append(Site(node, scope, self._place(node)))

    def _joined(self, node: ast.JoinedStr, scope: Scope) -> None:
        telling = False
        for value in node.values:
            if isinstance(value, ast.FormattedValue):
                self._visit(value.value, scope)
            elif isinstance(value, ast.Constant) and isinstance(value.value, str):
                telling = telling or _TELLING.search(value.value) is not None
        if telling:
            self.module.strings.append(Site(node, scope, self._place(node)))

    def _dict(self, node: ast.Dict, scope: Scope) -> None:
        self.module.dicts.append(Site(node, scope, self._place(node)))
        for key, value in zip(node.keys, node.values, strict=False):
            if key is not None:
                self._visit(key, scope)
            self._visit(value, scope)


_LEAVES = frozenset(
    {ast.Name, ast.Load, ast.Store, ast.Del, ast.Pass, ast.Break, ast.Continue, ast.alias, ast.Nonlocal}
    | set(ast.operator.__subclasses__())
    | set(ast.boolop.__subclasses__())
    | set(ast.unaryop.__subclasses__())
    | set(ast.cmpop.__subclasses__())
)
_HANDLERS: dict[type[ast.AST], Callable[..., None]] = {
    ast.Expr: Collector._expression_statement,
    ast.Import: Collector._import,
    ast.ImportFrom: Collector._import_from,
    ast.FunctionDef: Collector._function,
    ast.AsyncFunctionDef: Collector._function,
    ast.ClassDef: Collector._class,
    ast.Assign: Collector._assign,
    ast.AnnAssign: Collector._annotated_assign,
    ast.AugAssign: Collector._augmented,
    ast.NamedExpr: Collector._named,
    ast.For: Collector._for,
    ast.AsyncFor: Collector._for,
    ast.ListComp: Collector._comprehension,
    ast.SetComp: Collector._comprehension,
    ast.GeneratorExp: Collector._comprehension,
    ast.DictComp: Collector._comprehension,
    ast.Lambda: Collector._lambda,
    ast.With: Collector._with,
    ast.AsyncWith: Collector._with,
    ast.Try: Collector._try,
    ast.If: Collector._if,
    ast.ExceptHandler: Collector._except,
    ast.Global: Collector._global,
    ast.Return: Collector._return,
    ast.Yield: Collector._yield,
    ast.YieldFrom: Collector._yield,
    ast.Call: Collector._call,
    ast.List: Collector._items,
    ast.Tuple: Collector._items,
    ast.Set: Collector._items,
    ast.BinOp: Collector._binary,
    ast.Subscript: Collector._subscript,
    ast.Attribute: Collector._attribute,
    ast.Constant: Collector._constant,
    ast.JoinedStr: Collector._joined,
    ast.Dict: Collector._dict,
}
