"""Names and where they are bound: the record of a module that `collect.py` fills."""

import ast
from dataclasses import dataclass, field
from typing import NamedTuple


class Place(NamedTuple):
    """A line of a file: the cell (None outside notebooks) and the line, from 1, in it."""

    cell: int | None
    line: int


@dataclass(eq=False, slots=True)
class Scope:
    """A module, class or function body (lambdas and comprehensions share the body they stand in).

    Attributes:
        module: The module it belongs to.
        parent: The scope around it; None for a module.
        function: The function whose body it is.
        owner: The class whose body it is.
        bindings: What each name is bound to, in order.
        stars: Modules from which everything is imported.
    """

    module: "Module"
    parent: "Scope | None" = None
    function: "Function | None" = None
    owner: "Class | None" = None
    bindings: "dict[str, list[Binding]]" = field(default_factory=dict)
    stars: "list[Imported]" = field(default_factory=list)

    @property
    def enclosing_function(self) -> "Function | None":
        """The innermost function around."""
        scope: Scope | None = self
        while scope is not None:
            if scope.function is not None:
                return scope.function
            scope = scope.parent
        return None


@dataclass(eq=False, slots=True)
class Imported:
    """A name bound by an import: the dotted module, how many dots stand before it, and the name in it, if any."""

    module: str
    name: str = ""
    level: int = 0


@dataclass(eq=False, slots=True)
class Valued:
    """A name bound to an expression's value; `element` where it is bound to an item of it, as by `for`."""

    value: ast.expr
    scope: Scope
    line: int
    element: bool = False


@dataclass(eq=False, slots=True)
class Unpacked:
    """A name bound to one item, by its position, of what an expression gives: `a, b = f()`."""

    value: ast.expr
    scope: Scope
    position: int


@dataclass(eq=False, slots=True)
class Annotated:
    """A name with an annotation, a parameter's or a variable's."""

    annotation: ast.expr
    scope: Scope


@dataclass(eq=False, slots=True)
class Parameter:
    """A function's parameter without annotation: what callers pass, else its default."""

    function: "Function"
    name: str
    default: ast.expr | None


@dataclass(eq=False, slots=True)
class Opaque:
    """A name bound to what isn't known."""


@dataclass(eq=False, slots=True)
class Function:
    """A function or method of the repository.

    Attributes:
        node: Its definition.
        scope: The scope of its body.
        outer: The scope in which it is defined.
        owner: The class of which it is a method.
        returns: The expressions that it returns; `return` alone gives None.
        place: The line of its definition.
    """

    node: ast.FunctionDef | ast.AsyncFunctionDef
    scope: Scope
    outer: Scope
    owner: "Class | None"
    place: Place
    returns: list[ast.expr | None] = field(default_factory=list)
    yields: bool = False

    @property
    def name(self) -> str:
        """Its name, with its class's before it."""
        return f"{self.owner.node.name}.{self.node.name}" if self.owner else self.node.name

    def decorated(self, *names: str) -> bool:
        """Whether a decorator's last name is one of these."""
        return any(_last_name(decorator) in names for decorator in self.node.decorator_list)


@dataclass(eq=False, slots=True)
class Class:
    """A class of the repository; `attributes` are those that its methods set on `self`."""

    node: ast.ClassDef
    scope: Scope
    outer: Scope
    attributes: "dict[str, list[Binding]]" = field(default_factory=dict)


Binding = Imported | Valued | Unpacked | Annotated | Parameter | Opaque | Function | Class


class Call(NamedTuple):
    """A call, the scope it stands in and where."""

    node: ast.Call
    scope: Scope
    place: Place


class Site(NamedTuple):
    """Any other expression or statement of interest."""

    node: ast.AST
    scope: Scope
    place: Place


@dataclass(eq=False)
class Module:
    """One Python file or notebook after one walk.

    Attributes:
        path: Its path in the repository.
        names: Its dotted name's parts, from the repository's root.
        package: Whether it is an `__init__.py`.
        loops: First and last line of each `for`.
        guards: First and last place of each statement that tries, or asks for, an interface that may not be there.
    """

    path: str
    names: tuple[str, ...] = ()
    package: bool = False
    calls: list[Call] = field(default_factory=list)
    imports: list[Site] = field(default_factory=list)
    strings: list[Site] = field(default_factory=list)
    assignments: list[Site] = field(default_factory=list)
    dicts: list[Site] = field(default_factory=list)
    decorators: list[Site] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    classes: list[Class] = field(default_factory=list)
    loops: list[tuple[int, int]] = field(default_factory=list)
    guards: list[tuple[Place, Place]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.scope = Scope(self)

    def release(self) -> None:
        """Lets go of everything, so that the memory is free at once: scopes and functions refer to each other."""
        for function in self.functions:
            function.scope.bindings, function.scope.function = {}, None
        for cls in self.classes:
            cls.scope.bindings, cls.scope.owner, cls.attributes = {}, None, {}
        self.scope.bindings = {}
        for records in (self.calls, self.imports, self.strings, self.assignments, self.dicts, self.decorators):
            records.clear()
        self.functions.clear()
        self.classes.clear()


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def bind(scope: Scope, name: str, binding: Binding) -> None:
    """Adds a binding of a name in a scope."""
    scope.bindings.setdefault(name, []).append(binding)
