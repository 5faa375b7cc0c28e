"""Which names of a module may lead to MLflow, and which unread files import one of them.

A file that doesn't name MLflow matters only where it imports what leads there: then its calls may be those of wrappers.
Told from words, and always in doubt for reading: a name that isn't of interest leads nowhere.
"""

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from mlx_tui.detection.python.modules import ModuleIndex, module_names
from mlx_tui.detection.python.read import ReadModule
from mlx_tui.detection.python.scopes import Imported, Module

_WORD = re.compile(r"\w+")
_IMPORTS = re.compile(
    rb"^[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import\b[ \t]*(\([^)]*\)?|(?:[^\n#;\\]|\\\r?\n)*)"
    rb"|import[ \t]+([\w.][^\n#;]*))",
    re.MULTILINE,
)
_COMMENT = re.compile(rb"#[^\n]*")
_NAME = re.compile(rb"[\s(\\]*([\w.]+|\*)")
_EVERY = "*"


def imports_of(data: bytes) -> list[Imported]:
    """What a file seems to import, told from its lines; one that stands in a text is one too many, and does no harm."""
    found = []
    for dots, module, names, modules in _IMPORTS.findall(data):
        if modules:
            found += [Imported(name) for name in _names(modules)]
        else:
            found += [Imported(module.decode(), name, len(dots)) for name in _names(names)]
    return found


def _names(text: bytes) -> Iterator[str]:
    for part in _COMMENT.sub(b"", text).split(b","):
        if match := _NAME.match(part):
            yield match[1].decode("utf-8", "replace")


class _Statement(NamedTuple):
    """A statement at a module's level: the names that it binds, its words, whether it tells of MLflow, its imports."""

    bound: frozenset[str]
    words: frozenset[str]
    telling: bool
    imports: tuple[tuple[str, Imported], ...]


class Interest:
    """The names of interest of a repository's modules, as far as these are read.

    Args:
        index: The repository's modules by name.
        modules: What is read, by path.
        methods: Names of functions and methods of MLflow, which a call shows where MLflow itself isn't named.
    """

    def __init__(self, index: ModuleIndex, modules: Mapping[str, ReadModule], methods: Collection[str]) -> None:
        self._index = index
        self._modules = modules
        self._methods = frozenset(methods)
        self._statements: dict[str, list[_Statement]] = {}
        self._known: dict[str, frozenset[str]] = {}

    def begin(self) -> None:
        """Starts anew, as more modules are read."""
        self._known.clear()

    def is_imported(self, path: str, imports: Iterable[Imported], data: bytes) -> bool:
        """Whether a file, by its imports, gets hold of a name of interest of a module that is read."""
        origin = Module(path, module_names(path), package=path.endswith("__init__.py"))
        return any(
            name == _EVERY or name.encode() in data for imported in imports for name in self._led_to(imported, origin)
        )

    def _led_to(self, imported: Imported, origin: Module) -> frozenset[str]:
        """The names of interest that an import makes known, or gives access to."""
        local = self._index.find(imported, origin)
        if local is None:
            return frozenset()
        if not imported.name:  # `import a.b.c` binds `a`, through which all three can be reached
            written = imported.module.count(".")
            modules = (local.names[: len(local.names) - above] for above in range(written + 1))
            return frozenset().union(*map(self._of, modules))
        names = self._of(local.names)
        if imported.name == "*":
            return names
        return (names & {imported.name, _EVERY}) | self._of((*local.names, imported.name))

    def _of(self, module: tuple[str, ...]) -> frozenset[str]:
        """The names of interest of a module; `_EVERY` stands for all."""
        path = self._index.path(module)
        read = self._modules.get(path) if path is not None else None
        if path is None or read is None or read.module is None:
            return frozenset()
        known = self._known.get(path)
        if known is None:
            self._known[path] = frozenset({_EVERY})  # modules that import each other: in doubt, everything
            known = self._known[path] = self._found(path, read, read.module)
        return known

    def _found(self, path: str, read: ReadModule, module: Module) -> frozenset[str]:
        if any(anomaly.path == path for anomaly in read.anomalies):
            return frozenset({_EVERY})
        statements = self._statements.get(path)
        if statements is None:
            statements = self._statements[path] = [_statement(node, read, self._methods) for node in read.statements]
        found: set[str] = set()
        for name, imported in (pair for statement in statements for pair in statement.imports):
            if led_to := self._led_to(imported, module):
                found |= led_to if name == _EVERY else {name}
        rest, before = statements, -1
        while len(rest) != before:
            before, others = len(rest), []
            for item in rest:
                if item.telling or not found.isdisjoint(item.words):
                    found.update(item.bound)
                else:
                    others.append(item)
            rest = others
        return frozenset(found)


def _statement(node: ast.stmt, read: ReadModule, methods: frozenset[str]) -> _Statement:
    text = "\n".join(read.lines[None][node.lineno - 1 : node.end_lineno])
    words = frozenset(_WORD.findall(text))
    telling = "mlflow" in text.lower() or not methods.isdisjoint(words)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return _Statement(frozenset({node.name}), words, telling, ())
    bound: set[str] = set()
    imports: list[tuple[str, Imported]] = []
    for item in ast.walk(node):
        if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store):
            bound.add(item.id)
        elif isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound.add(item.name)
        elif isinstance(item, ast.Import):
            imports += [(a.asname or a.name.partition(".")[0], Imported(a.name)) for a in item.names]
        elif isinstance(item, ast.ImportFrom):
            imports += [(_bound_by(a), Imported(item.module or "", a.name, item.level)) for a in item.names]
    if isinstance(node, ast.Import | ast.ImportFrom):
        # What it names of the repository is looked up; MLflow's names are of interest by the statement's words.
        return _Statement(frozenset(name for name, _ in imports), frozenset(), telling, tuple(imports))
    return _Statement(frozenset(bound) | {name for name, _ in imports}, words, telling, tuple(imports))


def _bound_by(alias: ast.alias) -> str:
    return _EVERY if alias.name == "*" else alias.asname or alias.name
