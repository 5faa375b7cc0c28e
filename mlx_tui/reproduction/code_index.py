"""The Python code of a clone: which files lead to MLflow, by their own imports and by those of the modules they use."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from mlx_tui.formats.notebook import NotebookError, parse_notebook
from mlx_tui.reproduction.python_source import Import, PythonSource, read_source
from mlx_tui.reproduction.worktree import MAX_NOTEBOOK_BYTES, WorkTree, folder_of, join

MAX_SOURCES = 5_000

# Folders that a package's import path may start from, beside the file's own folder and the root.
_SOURCE_ROOTS = (".", "src")
_CONFIGURED = {"hydra", "omegaconf", "lightning", "pytorch_lightning", "hydra_zen"}


@dataclass(frozen=True, slots=True)
class CodeFile:
    """A script or a notebook.

    Attributes:
        path: Relative to the clone's root.
        source: What it does.
        text: Its code; a notebook's code cells joined.
        language: `python`, or a notebook's other language.
    """

    path: str
    source: PythonSource
    text: str
    language: str = "python"


class CodeIndex:
    """The Python scripts and notebooks of a clone, each parsed once, when it is asked for."""

    def __init__(self, tree: WorkTree) -> None:
        self.tree = tree
        self._parsed: dict[str, CodeFile | None] = {}
        self._reach: dict[str, frozenset[str]] = {}
        self._targets: dict[str, tuple[str, ...]] = {}

    @cached_property
    def script_paths(self) -> tuple[str, ...]:
        """The `.py` files, shallow ones first; at most `MAX_SOURCES`."""
        return tuple(self.tree.with_suffix(".py")[:MAX_SOURCES])

    @cached_property
    def notebook_paths(self) -> tuple[str, ...]:
        """The notebooks, readable or not, shallow ones first; at most `MAX_SOURCES`."""
        return tuple(self.tree.with_suffix(".ipynb")[:MAX_SOURCES])

    @cached_property
    def scripts(self) -> dict[str, CodeFile]:
        """The `.py` files by path, in the order of `script_paths`."""
        return self._files(self.script_paths)

    @cached_property
    def notebooks(self) -> dict[str, CodeFile]:
        """The notebooks that can be read, by path."""
        return self._files(self.notebook_paths)

    def _files(self, paths: tuple[str, ...]) -> dict[str, CodeFile]:
        return {path: file for path in paths if (file := self.get(path)) is not None}

    def _read(self, path: str) -> CodeFile | None:
        if path.lower().endswith(".py"):
            text = self.tree.read_text(path)
            return CodeFile(path, read_source(text), text)
        try:
            notebook = parse_notebook(self.tree.read_bytes(path, MAX_NOTEBOOK_BYTES))
        except NotebookError:
            return None
        text = "\n".join(cell.source for cell in notebook.code_cells())
        return CodeFile(path, read_source(text), text, notebook.language)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset((*self.script_paths, *self.notebook_paths))

    @cached_property
    def mlflow_in_config(self) -> str:
        """The first YAML, TOML or JSON file that configures code to use MLflow; empty where none does."""
        for path in self.tree.with_suffix(".yaml", ".yml", ".toml"):
            name = path.rsplit("/", 1)[-1].lower()
            if name.startswith(("conda", "environment", "docker-compose", "compose", "pyproject", "python_env")):
                continue
            if re.search(rb"MLFlowLogger|MLflowCallback|_target_:.*mlflow", self.tree.read_bytes(path), re.IGNORECASE):
                return path
        return ""

    def get(self, path: str) -> CodeFile | None:
        """The script or notebook at a path; it alone is read."""
        if path not in self._known:
            return None
        if path not in self._parsed:
            self._parsed[path] = self._read(path)
        return self._parsed[path]

    def resolve(self, item: Import, importer: str) -> str:
        """The path of the module in the clone that an import means; empty where it is none of the clone's."""
        folder = folder_of(importer)
        if item.level:
            for _ in range(item.level - 1):
                folder = join(folder, "..")
            roots: tuple[str, ...] = (folder,) if folder else ()
        else:
            roots = tuple(dict.fromkeys((folder, *_SOURCE_ROOTS, *_parents(folder))))
        relative = item.module.replace(".", "/")
        for root in roots:
            for candidate in (f"{relative}.py", f"{relative}/__init__.py" if relative else "__init__.py"):
                path = join(root, candidate)
                if path and self.tree.is_file(path):
                    return path
        return ""

    def is_local(self, item: Import, importer: str) -> bool:
        """Whether an import means a module or a folder of the clone."""
        if item.level or self.resolve(item, importer):
            return True
        top = Import(item.module.split(".")[0], 0, item.line)
        if self.resolve(top, importer):
            return True
        folder = folder_of(importer)
        roots = (folder, *_SOURCE_ROOTS, *_parents(folder))
        return any(join(root, top.module) in self._package_folders for root in roots)

    @cached_property
    def _package_folders(self) -> frozenset[str]:
        """Folders that hold Python files, themselves or below: `import` takes them for packages."""
        return frozenset(str(parent) for path in self.scripts for parent in PurePosixPath(path).parents)

    def missing_local(self, path: str) -> list[Import]:
        """The imports of a file that mean a module within a package of the clone, where there is none."""
        file = self.get(path)
        found: list[Import] = []
        for item in file.source.imports if file else ():
            if item.submodule or item.guarded or not item.module or self.resolve(item, path):
                continue
            if (item.level or "." in item.module) and self.is_local(item, path) and not self._is_folder(item, path):
                found.append(item)
        return found

    def _is_folder(self, item: Import, importer: str) -> bool:
        """Whether an import means a folder of Python files: a package without `__init__.py`."""
        folder = folder_of(importer)
        for _ in range(item.level - 1):
            folder = join(folder, "..")
        roots = (folder,) if item.level else (folder, *_SOURCE_ROOTS, *_parents(folder))
        return any(join(root, item.module.replace(".", "/")) in self._package_folders for root in roots)

    def imported_by(self, path: str) -> tuple[str, ...]:
        """The paths of the clone's modules that a file imports itself."""
        if path not in self._targets:
            file = self.get(path)
            items = file.source.imports if file else ()
            self._targets[path] = tuple(dict.fromkeys(target for item in items if (target := self.resolve(item, path))))
        return self._targets[path]

    def reach(self, path: str) -> frozenset[str]:
        """The paths of a file and of every module of the clone that it imports, directly or not."""
        if path not in self._reach:
            seen: set[str] = set()
            waiting = [path]
            while waiting:
                current = waiting.pop()
                if current not in seen and self.get(current) is not None:
                    seen.add(current)
                    waiting += self.imported_by(current)
            self._reach[path] = frozenset(seen)
        return self._reach[path]

    def files_reached(self, path: str) -> list[CodeFile]:
        """The file itself first, then every module of the clone that it reaches, by path."""
        others = sorted(self.reach(path) - {path})
        return [file for name in (path, *others) if (file := self.get(name)) is not None]

    def leads_to_mlflow(self, path: str) -> bool:
        """Whether running a file leads to MLflow, as far as imports and configuration tell."""
        files = self.files_reached(path)
        if any(file.source.uses_mlflow for file in files):
            return True
        names = {item.module.split(".")[0] for file in files for item in file.source.imports if not item.level}
        return bool(names & _CONFIGURED) and bool(self.mlflow_in_config)

    def may_lead_to_mlflow(self, path: str) -> bool | None:
        """As `leads_to_mlflow`, with None where the file starts other programs and so may after all."""
        if self.leads_to_mlflow(path):
            return True
        return None if any(file.source.runs_others for file in self.files_reached(path)) else False

    def logs(self, path: str) -> bool:
        """Whether running a file leads to code that logs to MLflow and doesn't only load from it."""
        files = self.files_reached(path)
        return any(file.source.logs for file in files) or (self.leads_to_mlflow(path) and bool(self.mlflow_in_config))


def _parents(folder: str) -> list[str]:
    parts = [] if folder == "." else folder.split("/")
    return ["/".join(parts[:end]) for end in range(len(parts) - 1, 0, -1)]
