"""Which interpreter a repository asks for outside its list of packages: small files, CI, Docker, notebooks."""

import re
from collections.abc import Iterator

from mlx_tui.formats.notebook import NotebookError, parse_notebook
from mlx_tui.reproduction.model import Candidate, StepKind
from mlx_tui.reproduction.project_dependencies import pyproject_requirements, setup_requirements
from mlx_tui.reproduction.worktree import MAX_NOTEBOOK_BYTES, WorkTree, join, short_lines

_IMAGE = re.compile(r"^FROM\s+(?:--\S+\s+)?(?:[\w.-]+/)*python:(\d\.\d+(?:\.\d+)?)", re.MULTILINE | re.IGNORECASE)
_CI_PYTHON = re.compile(r"python[-_]version['\"]?\s*+:\s*+(?:\[\s*+)?['\"]?(\d\.\d+)", re.IGNORECASE)
_SHELL_PYTHON = re.compile(
    r"(?:conda create\b[^\n`]*?python\s*=+\s*|pyenv (?:install|local) |virtualenv[^\n`]*-p\s*python|--python[ =])"
    r"(\d\.\d+)"
)
_PROSE = re.compile(r"\bpython\s*+(?:version\s*+)?(?:==|>=|~=|:|v)?\s*+(3\.\d{1,2}(?:\.\d+)?)\b", re.IGNORECASE)


def find_python_asked(tree: WorkTree, candidate: Candidate, folders: list[str]) -> tuple[str, str]:
    """Finds the interpreter that a repository asks for outside its list of packages.

    Args:
        tree: The clone's files.
        candidate: What is run; a notebook tells the version that it was last run with.
        folders: Where to look for small files, nearest first.

    Returns:
        The version or specifier and the file that says it; both empty where none does.
    """
    return next(_asked(tree, candidate, folders), ("", ""))


def _asked(tree: WorkTree, candidate: Candidate, folders: list[str]) -> Iterator[tuple[str, str]]:
    yield from _small_files(tree, folders)
    yield from _notebook(tree, candidate)
    for path in tree.files:
        name = path.rsplit("/", 1)[-1]
        if path.startswith(".github/workflows/") or name == ".gitlab-ci.yml":
            yield from _match(_CI_PYTHON, tree, path)
    for path in tree.files:
        name = path.rsplit("/", 1)[-1].lower()
        if name.startswith("dockerfile") or name.endswith(".dockerfile"):
            yield from _match(_IMAGE, tree, path)
    for pattern in (_SHELL_PYTHON, _PROSE):
        for path in tree.files:
            if path.rsplit("/", 1)[-1].lower().startswith("readme"):
                yield from _match(pattern, tree, path)


def _small_files(tree: WorkTree, folders: list[str]) -> Iterator[tuple[str, str]]:
    for folder in folders:
        for name in (".python-version", "runtime.txt"):
            path = join(folder, name)
            found = re.search(r"(?:^|python-)(\d\.\d+(?:\.\d+)?)", tree.read_text(path).strip())
            if found:
                yield found[1], path
        path = join(folder, "pyproject.toml")
        asked = pyproject_requirements(tree.read_text(path))
        if asked and asked[0]:
            yield asked[0], path
        path = join(folder, "setup.py")
        asked = setup_requirements(tree.read_text(path), cfg=False)
        if asked and asked[0]:
            yield asked[0], path


def _notebook(tree: WorkTree, candidate: Candidate) -> Iterator[tuple[str, str]]:
    for step in candidate.steps:
        if step.kind is StepKind.NOTEBOOK:
            path = join(step.workdir, step.text)
            try:
                version = parse_notebook(tree.read_bytes(path, MAX_NOTEBOOK_BYTES)).python_version
            except NotebookError:
                continue
            found = re.match(r"3\.\d+", version)
            if found:
                yield found[0], path


def _match(pattern: re.Pattern[str], tree: WorkTree, path: str) -> Iterator[tuple[str, str]]:
    found = pattern.search("\n".join(short_lines(tree.read_text(path))))
    if found:
        yield found[1], path
