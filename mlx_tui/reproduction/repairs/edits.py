"""Makes the changes of a working copy that repairs ask for, before anything runs in it."""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from mlx_tui.reproduction.entry_points.mlproject import without_html_comments
from mlx_tui.reproduction.model import Edit, EditKind, Variable
from mlx_tui.reproduction.repairs.contents import without_servers
from mlx_tui.reproduction.repairs.machines import MOST_FILES, SUFFIXES, read_here
from mlx_tui.reproduction.work_copy import add_remote
from mlx_tui.reproduction.worktree import MAX_NOTEBOOK_BYTES, WorkTree, decode


def apply_edits(work: Path, edits: Iterable[Edit], home: Path) -> None:
    """Changes the working copy; files that aren't regular files inside it are left alone.

    Args:
        work: The working copy.
        edits: What is changed.
        home: HOME of the steps, empty.

    Raises:
        OSError: The disk is full, ….
        CopyError: git refuses to make a remote.
    """
    for edit in edits:
        path = work / edit.path
        if edit.kind is EditKind.OWN_NAME:
            if path.parent == work and not path.exists() and not path.is_symlink():
                path.symlink_to(".")
        elif edit.kind is EditKind.GIT_ORIGIN:
            add_remote(work, edit.path)
        elif edit.kind is EditKind.DVC_REMOTE:
            _add_dvc_remote(work, home, edit.path)
        elif edit.kind is EditKind.OTHER_MACHINE:
            _read_here(work, edit)
        elif _is_inside(work, path):
            change = without_html_comments if edit.kind is EditKind.NO_HTML_COMMENTS else _notebook
            path.write_text(change(decode(path.read_bytes())), encoding="utf-8")


def _read_here(work: Path, edit: Edit) -> None:
    """Puts the working copy's folder in place of another machine's in every file that spells it."""
    here = str(work / edit.base) if edit.base != "." else str(work)
    tree = WorkTree(work)
    for name in tree.with_suffix(*SUFFIXES)[:MOST_FILES]:
        text = tree.read_text(name, MAX_NOTEBOOK_BYTES)
        if edit.path.rpartition("/")[2] not in text:
            continue
        change = _cells if name.endswith(".ipynb") else (lambda source, on: on(source))
        changed = change(text, lambda source: read_here(source, edit.path, here))
        if changed != text:
            (work / name).write_text(changed, encoding="utf-8")


def _add_dvc_remote(work: Path, home: Path, name: str) -> None:
    """Names an empty folder as a DVC remote, in the user's configuration, which DVC's own clones read too."""
    folder = work / ".git" / f"dvc-{name}"
    folder.mkdir(exist_ok=True)
    config = home / ".config" / "dvc" / "config"
    config.parent.mkdir(parents=True, exist_ok=True)
    with config.open("a", encoding="utf-8") as stream:
        stream.write(f"['remote \"{name}\"']\n    url = {folder}\n")


def _is_inside(work: Path, path: Path) -> bool:
    """Whether a path is a regular file of the working copy, reached through no link."""
    real = path.resolve()
    return (
        path.is_file() and real == work.resolve() / path.relative_to(work) and real.stat().st_size <= MAX_NOTEBOOK_BYTES
    )


def _notebook(text: str) -> str:
    return _cells(text, without_servers)


def _cells(text: str, change: Callable[[str], str]) -> str:
    """A notebook with the code of its cells changed."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return text
    cells = document.get("cells") if isinstance(document, dict) else None
    for cell in cells if isinstance(cells, list) else []:
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source")
            joined = "".join(map(str, source)) if isinstance(source, list) else source
            cell["source"] = change(joined) if isinstance(joined, str) else source
    return json.dumps(document, ensure_ascii=False, indent=1)


def step_variables(variables: Iterable[Variable], work: Path, environment: Mapping[str, str]) -> list[str]:
    """What stands before a step's command line so that it gets the variables; empty for none.

    They are set inside the isolation, by `env`: a variable of hostile text never reaches what isolates.
    """
    given = [f"{name}={value}" for name, value in given_variables(variables, work, environment).items()]
    return ["/usr/bin/env", *given] if given else []


def given_variables(variables: Iterable[Variable], work: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """The variables with their values; those that the attempt itself sets are left out."""
    return {item.name: _value(item, work) for item in variables if item.name not in environment}


def _value(item: Variable, work: Path) -> str:
    if item.name != "PYTHONPATH":
        return item.value
    return ":".join(str(work / folder) if folder != "." else str(work) for folder in item.value.split(":"))
