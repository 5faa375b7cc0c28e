"""Which unread files get hold, by their imports, of something of the repository that leads to MLflow.

A file that doesn't name MLflow matters only for that: its calls may then be those of wrappers, or of MLflow's own
objects. What an import gives is resolved as in the file itself, and everything that can be reached from there (what a
function returns, a class's methods, attributes and bases) is looked at.
"""

import re
from collections.abc import Collection, Iterable, Iterator

from mlx_tui.detection.python.modules import LocalModule, ModuleIndex, module_names
from mlx_tui.detection.python.reach import Reach
from mlx_tui.detection.python.resolve import Resolver
from mlx_tui.detection.python.scopes import Function, Imported, Module

_IMPORTS = re.compile(
    rb"^[ \t]*(?:from[ \t]++(\.*+)([\w.]*+)[ \t]++import\b[ \t]*+(\([^)]*\)?|(?:[^\n#;\\]|\\\r?\n)*)"
    rb"|import[ \t]+([\w.][^\n#;]*))",
    re.MULTILINE,
)
_COMMENT = re.compile(rb"#[^\n]*")
_NAME = re.compile(rb"[\s(\\]*([\w.]+|\*)")


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


class Interest:
    """Tells which files get hold of what leads to MLflow, as far as the repository's modules are read.

    Args:
        index: The repository's modules by name.
        resolver: Resolves in these modules.
        wrappers: The functions that lead to a direct call.
    """

    def __init__(self, index: ModuleIndex, resolver: Resolver, wrappers: Collection[Function]) -> None:
        self._index = index
        self._resolver = resolver
        self._reach = Reach(resolver, wrappers)

    def is_imported(self, path: str, imports: Iterable[Imported], data: bytes) -> bool:
        """Whether a file, by its imports, gets hold of what leads to MLflow; where telling takes too long, it may.

        Args:
            path: The file's path.
            imports: What it imports.
            data: Its text: of a module, only the names that stand in it are of interest.
        """
        origin = Module(path, module_names(path), package=path.endswith("__init__.py"))
        self._resolver.begin()
        try:
            gives = any(self._gives(imported, origin, data) for imported in imports)
        except (RecursionError, MemoryError):
            self._reach.forget_names()
            return True
        return gives or self._resolver.exhausted

    def _gives(self, imported: Imported, origin: Module, data: bytes) -> bool:
        local = self._index.find(imported, origin)
        if local is None:
            return False
        if not imported.name:  # `import a.b.c` binds `a`, through which all three can be reached
            written = imported.module.count(".")
            modules = (self._index.module(local.names[: len(local.names) - above]) for above in range(written + 1))
            return any(self._module_leads(module, data) for module in modules if module is not None)
        if imported.name == "*":
            return self._module_leads(local, data)
        return any(
            self._module_leads(target, data) if isinstance(target, LocalModule) else self._reach.leads(target)
            for target in self._reach.member(local, imported.name)
        )

    def _module_leads(self, local: LocalModule, data: bytes) -> bool:
        return any(name.encode() in data for name in self._reach.leading_names(local))
