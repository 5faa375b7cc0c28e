"""What of the tracked files isn't read: vendored trees and the output of tools (ground rule 1)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_VENDORED_NAMES = frozenset({"site-packages", "node_modules", ".ipynb_checkpoints", "__pycache__"})
_OUTPUT_NAMES = frozenset({"mlruns", "mlartifacts", ".hydra"})
_RUN = re.compile(r"(?:(.*)/)?[0-9]{1,20}/[0-9a-f]{32}/meta\.yaml$")
_DATABASE = re.compile(r"mlflow[^/]*\.db$")
_WANDB = re.compile(r"(?:^|/)wandb/(?:offline-)?run-")


@dataclass(frozen=True, slots=True)
class ExcludedFolders:
    """Folders that aren't read, each with a `/` at its end (`""` never occurs: the root is always read).

    Attributes:
        vendored: Folder to the reason, for a person.
        output: Folders that a tool wrote.
    """

    vendored: dict[str, str] = field(default_factory=dict)
    output: set[str] = field(default_factory=set)


def excluded_folders(tracked: Iterable[str]) -> ExcludedFolders:
    """Finds the folders of a repository that aren't read.

    Args:
        tracked: Every tracked path.
    """
    folders = ExcludedFolders()
    before = ""
    for path in tracked:
        folder, _, name = path.rpartition("/")
        if name == "pyvenv.cfg" and folder:
            folders.vendored[f"{folder}/"] = "a Python environment"
        elif name == "MLmodel" and folder:
            folders.output.add(f"{folder}/")
        elif name == "meta.yaml" and (run := _RUN.match(path)):
            folders.output.update(_store(run[1], path))
        if folder != before:
            _by_component(folder, folders)
            before = folder
    return folders


def _store(root: str | None, path: str) -> set[str]:
    """The store's folder; at the repository's root only its experiments, so that the rest is still read."""
    return {f"{root}/"} if root else {path.split("/", 1)[0] + "/"}


def _by_component(folder: str, folders: ExcludedFolders) -> None:
    parts = folder.split("/")
    for number, part in enumerate(parts):
        if part in _VENDORED_NAMES:
            folders.vendored["/".join(parts[: number + 1]) + "/"] = f"{part}: not the project's own code"
            return
        if part in _OUTPUT_NAMES:
            folders.output.add("/".join(parts[: number + 1]) + "/")
            return


def is_excluded(path: str, folders: ExcludedFolders) -> bool:
    """Whether a path isn't read."""
    if ("mlflow" in path and _DATABASE.match(path.rpartition("/")[2])) or ("wandb/" in path and _WANDB.search(path)):
        return True
    if not folders.vendored and not folders.output:
        return False
    end = path.find("/")
    while end >= 0:
        folder = path[: end + 1]
        if folder in folders.vendored or folder in folders.output:
            return True
        end = path.find("/", end + 1)
    return False
