"""Kedro projects: `kedro run` in the folder whose `pyproject.toml` (or `.kedro.yml`, before 0.17) says so."""

import re

from mlx_tui.reproduction.code_index import CodeFile, CodeIndex
from mlx_tui.reproduction.worktree import WorkTree, folder_of, join

RUN = "kedro run"
_TABLE = re.compile(r"^[ \t]*\[tool\.kedro\]", re.MULTILINE)
_PLUGIN = re.compile(r"\bkedro[_-]mlflow\b", re.IGNORECASE)


def projects(tree: WorkTree) -> dict[str, tuple[str, int]]:
    """The folders of Kedro projects, each with the file and the line that say so, shallow ones first."""
    found: dict[str, tuple[str, int]] = {}
    for path in tree.named("pyproject.toml", ".kedro.yml"):
        text = tree.read_text(path)
        match = _TABLE.search(text)
        if match or path.endswith(".kedro.yml"):
            found.setdefault(folder_of(path), (path, text.count("\n", 0, match.start()) + 1 if match else 1))
    return found


def code(index: CodeIndex, folder: str) -> list[CodeFile]:
    """The scripts of a Kedro project that `kedro run` may load: those below its `src`, tests left out."""
    source = join(folder, "src")
    files = [file for path, file in index.scripts.items() if path.startswith(f"{source}/")]
    return [file for file in files if "/tests/" not in file.path and not file.path.endswith("/setup.py")]


def leads_to_mlflow(index: CodeIndex, folder: str) -> bool:
    """Whether running a Kedro project leads to MLflow: by its own code, or by the plugin that logs its runs."""
    tree = index.tree
    if any(file.source.uses_mlflow for file in code(index, folder)):
        return True
    lists = [path for path in tree.with_suffix("requirements.txt", "pyproject.toml") if _below(path, folder)]
    return any(_PLUGIN.search(tree.read_text(path)) for path in lists)


def _below(path: str, folder: str) -> bool:
    return folder == "." or path.startswith(f"{folder}/")
