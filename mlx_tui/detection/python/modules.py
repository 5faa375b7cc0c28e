"""Which module of the repository an import names."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mlx_tui.detection.python.scopes import Imported, Module

_LIBRARIES = (
    "mlflow wandb torch numpy pandas sklearn tensorflow keras lightning pytorch_lightning transformers accelerate"
    " ignite optuna ray xgboost lightgbm catboost pyspark airflow prefect kedro zenml metaflow dagster luigi kfp"
    " flytekit hydra omegaconf gin dynaconf jsonargparse neptune comet_ml clearml aim sacred dvclive swanlab dagshub"
    " azureml git pycaret"
)
_NEVER_LOCAL_BY_CHANCE = sys.stdlib_module_names | set(_LIBRARIES.split())
"""Names of which a file elsewhere in the repository, or in the same package, is no sign that it is meant."""


@dataclass(frozen=True, slots=True)
class LocalModule:
    """A module or package of the repository.

    Attributes:
        names: Its dotted name's parts.
        module: What it holds; None where it has no file, or one that isn't read.
        external: The library's module of the same name that may be meant, where this one lacks what is asked for.
    """

    names: tuple[str, ...]
    module: Module | None
    external: str = ""


def module_names(path: str) -> tuple[str, ...]:
    """The parts of a module's dotted name from the repository's root: `a/b/__init__.py` is `a.b`."""
    parts = path.removesuffix(".py").split("/")
    return tuple(parts[:-1] if parts[-1] == "__init__" else parts)


class ModuleIndex:
    """The repository's modules by name; a module's syntax is read when it is asked for."""

    def __init__(self, paths: Iterable[str], load: Callable[[str], Module | None]) -> None:
        self._paths: dict[tuple[str, ...], str] = {}
        self._folders: set[tuple[str, ...]] = set()
        self._by_last: dict[str, list[tuple[str, ...]]] = {}
        self._parts: set[str] = set()
        self._load = load
        for path in paths:
            names = module_names(path)
            self._paths[names] = path
            self._parts.update(names)
            if names:
                self._by_last.setdefault(names[-1], []).append(names)
            self._folders.update(names[:length] for length in range(1, len(names)))

    def find(self, imported: Imported, origin: Module) -> LocalModule | None:
        """The module of the repository that an import names, or None where it is none of the repository's."""
        parts = tuple(imported.module.split(".")) if imported.module else ()
        if imported.level:
            base = origin.names if origin.package else origin.names[:-1]
            base = base[: len(base) - (imported.level - 1)] if imported.level > 1 else base
            return self.module((*base, *parts)) or LocalModule((*base, *parts), None)
        return self._absolute(parts, origin) if parts and parts[0] in self._parts else None

    def holds_modules(self, folder: str, origin: Module) -> bool:
        """Whether a folder, written relative to the repository's root or to a file's own folder, holds Python."""
        parts = tuple(part for part in folder.split("/") if part not in ("", "."))
        return bool(parts) and any((*root, *parts) in self._folders for root in ((), origin.names[:-1]))

    def path(self, names: tuple[str, ...]) -> str | None:
        """The path of the module of exactly these names."""
        return self._paths.get(names)

    def module(self, names: tuple[str, ...]) -> LocalModule | None:
        """The module of exactly these names, where there is one."""
        path = self._paths.get(names)
        if path is not None:
            return LocalModule(names, self._load(path))
        return LocalModule(names, None) if names in self._folders else None

    def _absolute(self, parts: tuple[str, ...], origin: Module) -> LocalModule | None:
        folder = origin.names if origin.package else origin.names[:-1]
        if parts[0] == "mlflow":
            return self._shadow(parts, folder, origin)
        for length in range(len(folder), -1, -1):
            for root in (folder[:length], (*folder[:length], "src")):
                if parts[0] in _NEVER_LOCAL_BY_CHANCE and root in self._paths:
                    continue  # within a package an absolute import names no module of it
                found = self.module((*root, *parts)) if (*root, *parts) != origin.names else None  # none imports itself
                if found is not None and (length == len(folder) or (*root, *parts) in self._paths or len(parts) > 1):
                    return found
        return self._by_suffix(parts)

    def _shadow(self, parts: tuple[str, ...], folder: tuple[str, ...], origin: Module) -> LocalModule | None:
        """A file `mlflow.py` beside a script, outside a package, is what the script imports, unless it is that file."""
        names = (*folder, *parts)
        beside = names in self._paths and folder not in self._paths and origin.names != names
        return self.module(names) if beside else None

    def _by_suffix(self, parts: tuple[str, ...]) -> LocalModule | None:
        if parts[0] in _NEVER_LOCAL_BY_CHANCE:
            return None
        found = [names for names in self._by_last.get(parts[-1], ()) if names[-len(parts) :] == parts]
        return self.module(found[0]) if len(found) == 1 else None
