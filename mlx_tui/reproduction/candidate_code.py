"""The code that a candidate runs, as far as its commands and imports tell."""

import re

from mlx_tui.reproduction.code_index import CodeFile, CodeIndex
from mlx_tui.reproduction.entry_points import kedro
from mlx_tui.reproduction.entry_points.commands import Use, read_command
from mlx_tui.reproduction.entry_points.shell import split_lines
from mlx_tui.reproduction.model import Candidate, Step, StepKind
from mlx_tui.reproduction.project_dependencies import console_scripts
from mlx_tui.reproduction.worktree import folder_of, join

_RUNS_PROJECT = re.compile(r"\bprojects\.run\(|\bmlflow\.run\(")


def started_files(candidate: Candidate, index: CodeIndex) -> list[CodeFile]:
    """The scripts and notebooks that a candidate's steps start, in order."""
    found: dict[str, CodeFile] = {}
    for step in candidate.steps:
        for path in _paths(step, index):
            file = index.get(path)
            if file is not None:
                found[path] = file
    return list(found.values())


def _paths(step: Step, index: CodeIndex) -> list[str]:
    if step.kind is StepKind.NOTEBOOK:
        return [join(step.workdir, step.text)]
    return _of_commands(step.text, step.workdir, index)


def _of_commands(text: str, workdir: str, index: CodeIndex, *, scripts: bool = True) -> list[str]:
    paths: list[str] = []
    for line in split_lines(text):
        command = read_command(line)
        if command is None:
            continue
        if command.target == "kedro":
            paths += [file.path for file in kedro.code(index, workdir)]
        elif command.use in (Use.MODULE, Use.OTHER_RUN):
            module = console_scripts(index.tree).get(command.target, command.target)
            relative = module.replace(".", "/")
            names = (f"{relative}.py", f"{relative}/__main__.py", f"{relative}/__init__.py")
            paths += [join(workdir, f"{root}{name}") for root in ("", "src/") for name in names]
        elif command.use in (Use.SCRIPT, Use.NOTEBOOK):
            paths.append(join(workdir, command.target))
        elif command.use is Use.SHELL and scripts:
            script = index.tree.read_text(join(workdir, command.target))
            paths += _of_commands(script, workdir, index, scripts=False)
    return [path for path in paths if path]


def reached_files(candidate: Candidate, index: CodeIndex) -> list[CodeFile]:
    """The files that a candidate starts and every module of the clone that they lead to, the started ones first.

    A file that runs an MLproject leads to every script of its folder. Where a command starts no Python file that is
    known (a console script, a shell script), all scripts of its folder are given.
    """
    started = started_files(candidate, index)
    found = {file.path: file for file in started}
    folders = {folder_of(file.path) for file in started if _RUNS_PROJECT.search(file.text)}
    if not started:
        folders = {step.workdir for step in candidate.steps}
    beside = [file for path, file in index.scripts.items() if folder_of(path) in folders]
    for file in [*started, *beside]:
        for reached in index.files_reached(file.path):
            found.setdefault(reached.path, reached)
    return list(found.values())
