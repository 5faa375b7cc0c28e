"""The Python modules of a repository that are read together, and what resolves names across them."""

from collections.abc import Iterable

from mlx_tui.detection.model import Anomaly
from mlx_tui.detection.python.hits import Context, ResolvedCall
from mlx_tui.detection.python.modules import ModuleIndex, module_names
from mlx_tui.detection.python.read import ReadModule, read_module
from mlx_tui.detection.python.resolve import Resolver
from mlx_tui.detection.python.scopes import Module
from mlx_tui.detection.python.values import Evaluator
from mlx_tui.detection.source import SourceFile

_MESSAGE = 300


class Reading:
    """The modules that are read, by path.

    Args:
        paths: Every `.py` of the repository, whether it is read or not.

    Attributes:
        read: What was read, by path.
        modules: Of these, what holds Python.
        index: The repository's modules by name.
        resolver: Resolves names across them.
        characters: How much Python was parsed.
        anomalies: What kept files, or parts of them, from being read.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self.read: dict[str, ReadModule] = {}
        self.modules: dict[str, Module] = {}
        self.index = ModuleIndex(paths, self.modules.get)
        self.characters = 0
        self.anomalies: list[Anomaly] = []
        self.forget()

    def add(self, file: SourceFile, *, seeds_only: bool = False) -> None:
        """Reads a file; one that was read for its seeds alone is read anew."""
        try:
            read = read_module(file, module_names(file.path), seeds_only=seeds_only)
        except (RecursionError, ValueError, MemoryError) as error:
            read = ReadModule(None)
            message = f"{type(error).__name__}: {error}"[:_MESSAGE]
            self.anomalies.append(Anomaly(file.path, "unparseable", message))
        before = self.modules.pop(file.path, None)
        if before is not None:
            before.release()
        self.read[file.path] = read
        self.characters += read.characters
        self.anomalies.extend(read.anomalies)
        if read.module is not None:
            self.modules[file.path] = read.module

    def forget(self) -> None:
        """Forgets what names refer to, as more modules were read."""
        self.resolver = Resolver(self.index)
        self._evaluator = Evaluator(self.resolver)

    def context(self, path: str) -> Context:
        """A module with its calls, which are resolved when they are asked for."""
        module, read, resolver = self.modules[path], self.read[path], self.resolver
        calls = [ResolvedCall(call, resolver) for call in module.calls]
        return Context(
            *(module, resolver, self._evaluator, calls),
            *(read.environment, read.lines, read.names_git, read.seeds_only),
        )

    def release(self) -> None:
        """Lets go of the modules, so that their memory is free at once."""
        for module in self.modules.values():
            module.release()
