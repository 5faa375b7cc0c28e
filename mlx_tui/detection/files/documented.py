"""Whether a command that a README shows runs the experiment: more lenient than in CI, for it says how that is run."""

import posixpath
import re
from collections.abc import Iterator

from mlx_tui.detection.experiment_names import says_otherwise, says_train
from mlx_tui.detection.experiments import Verdict, compose_trains, container_trains, judge
from mlx_tui.detection.launch_targets import console_scripts, find_script, find_task, module_file, script_launches
from mlx_tui.detection.launches import Launch, LaunchKind, launches
from mlx_tui.detection.source import RepositoryView, SourceFile
from mlx_tui.formats.shell import parse_shell

_ML = re.compile(
    rb"(?:import|from)\b[^\n]*\b(?:mlflow|sklearn|torch|tensorflow|keras|xgboost|lightgbm|catboost|pyspark|hydra)"
    rb"|train|experiment|pipeline|library\("
)
_RUN = re.compile(rb"start_run\(")
_LOGGED = re.compile(rb"log_(?:param|metric)s?\(|\bevaluate\(")
_SERVES = re.compile(rb"FastAPI\(|\bFlask\(|import streamlit|uvicorn\.run|\bgradio\b|requests\.post\(")
_PLACEHOLDER = re.compile(
    r"<[\w -]+>\.|your[_-]?\w*|script\.py$|path[/_]to|example\.py$|file(?:name)?\.py$|^\.\.\.|\{\w+\}", re.IGNORECASE
)
_NO_SCRIPTS = frozenset({"setup.py", "manage.py", "get-pip.py", "get-poetry.py", "install-poetry.py"})
_IMPORTED = re.compile(r"^[ \t]*(?:from|import)[ \t]+([\w.]+)", re.MULTILINE)


def judge_documented(
    launch: Launch, origin: str, repository: RepositoryView, *, cloned: bool, depth: int = 0
) -> Verdict:
    """The verdict on a launch that a README shows.

    Args:
        launch: What the command launches.
        origin: The README, or the file that it led to.
        repository: Where scripts are looked for.
        cloned: Whether the README's code clones another repository first: a script that isn't there may be that one's.
        depth: How many tasks and scripts led here.
    """
    verdict = judge(launch, origin, repository, depth)
    if verdict.runs or depth > 2:
        return verdict
    if launch.kind is LaunchKind.COMPOSE:
        return compose_trains(launch, origin, repository)
    if launch.kind is LaunchKind.CONTAINER:
        return container_trains(launch, origin, repository)
    if launch.kind is LaunchKind.PROGRAM:
        return _judge_console_script(launch, origin, repository)
    if launch.kind is LaunchKind.TASK:
        return _judge_task(launch, origin, repository, depth)
    if launch.kind is LaunchKind.JOB:
        runs = not says_otherwise(launch.target) and not _PLACEHOLDER.search(launch.target)
        return Verdict(runs, f"`{launch.tool}` runs the job `{launch.target}`")
    if launch.kind in {LaunchKind.SCRIPT, LaunchKind.MODULE, LaunchKind.NOTEBOOK}:
        return _judge_file(launch, origin, repository, cloned=cloned, depth=depth)
    return verdict


def _judge_task(launch: Launch, origin: str, repository: RepositoryView, depth: int) -> Verdict:
    task = find_task(launch, origin, repository)
    if task is None:
        runs = bool(re.fullmatch(r"run|all|start|exec|reproduce|demo", launch.target))
        return Verdict(runs, f"task `{launch.target}` runs the project")
    if says_otherwise(task.name) and "eval" not in task.name:
        return Verdict(False, f"task `{task.name}` doesn't run the experiment")
    for text in task.commands:
        for command in parse_shell(text.text, text.line).commands:
            for inner in launches(command):
                if (verdict := judge_documented(inner, origin, repository, cloned=False, depth=depth + 1)).runs:
                    return Verdict(True, f"task `{task.name}`: {verdict.why}")
    return Verdict(False, f"task `{task.name}` doesn't run the experiment")


def _judge_console_script(launch: Launch, origin: str, repository: RepositoryView) -> Verdict:
    """A program that the project installs, by the module that it is: one that starts a run and logs to it."""
    module = console_scripts(repository).get(launch.target)
    file = module_file(repository, origin, module) if module and not says_otherwise(launch.target) else None
    return Verdict(file is not None and _tracks(file), f"`{launch.target}` starts a run and logs to it")


def _tracks(file: SourceFile) -> bool:
    return bool(_RUN.search(file.data) and _LOGGED.search(file.data)) and not _SERVES.search(file.data)


def _judge_file(launch: Launch, origin: str, repository: RepositoryView, *, cloned: bool, depth: int) -> Verdict:
    name = posixpath.basename(launch.target.replace("\\", "/"))
    no = Verdict(False, f"`{name}` doesn't run the experiment")
    if launch.kind is LaunchKind.SCRIPT and not re.match(r"tests?[_-]|.*[_-]tests?\.", name):
        file = find_script(repository, origin, launch.target)
        if file and _tracks(file):
            return Verdict(True, f"`{name}` starts a run and logs to it")
    if launch.kind is LaunchKind.NOTEBOOK:
        notebook = find_script(repository, origin, launch.target) or _paired_script(launch, origin, repository)
        if notebook and b"mlflow" in notebook.data:
            return Verdict(True, f"opens the project's notebook `{name}`, which uses MLflow")
    if says_otherwise(name) or _PLACEHOLDER.search(launch.target) or name in _NO_SCRIPTS:
        return no
    if launch.kind is LaunchKind.MODULE:
        path = launch.target.replace(".", "/")
        file = find_script(repository, origin, f"{path}.py") or find_script(repository, origin, f"{path}/__main__.py")
        return Verdict(file is not None and _is_part_of_ml(file), f"runs the project's module `{launch.target}`")
    file = find_script(repository, origin, launch.target)
    if file is None:
        misspelt = (
            not cloned
            and bool(re.search(r"\.\w{1,5}$", name))
            and (not name.endswith((".sh", ".bat", ".cmd", ".ps1")) or says_train(name))
        )
        return Verdict(misspelt, f"runs `{name}`, which isn't there")
    if file.suffix in {".sh", ".bash", ".bat", ".cmd", ".ps1"} or file.data.startswith(
        (b"#!/bin/", b"#!/usr/bin/env bash")
    ):
        return _judge_shell(file, repository, depth)
    runs = _is_part_of_ml(file) or (not _SERVES.search(file.data) and any(map(_is_part_of_ml, _own(file, repository))))
    return Verdict(runs, f"runs the project's `{name}`")


def _own(file: SourceFile, repository: RepositoryView) -> Iterator[SourceFile]:
    """The modules of the repository that a script imports from beside it, from the root or from `src`."""
    for module in dict.fromkeys(_IMPORTED.findall(file.text)):
        path = module.replace(".", "/")
        for start in (posixpath.dirname(file.path), "", "src"):
            for name in (f"{path}.py", f"{path}/__init__.py"):
                if found := repository.read(posixpath.join(start, name)):
                    yield found


def _paired_script(launch: Launch, origin: str, repository: RepositoryView) -> SourceFile | None:
    """The text form of a notebook that isn't tracked itself: jupytext makes the one from the other."""
    stem = launch.target.removesuffix(".ipynb")
    found = (find_script(repository, origin, stem + suffix) for suffix in (".py", ".md", ".Rmd"))
    return next((file for file in found if file), None)


def _judge_shell(file: SourceFile, repository: RepositoryView, depth: int) -> Verdict:
    inside = script_launches(repository, file.path)
    for launch in inside:
        if judge_documented(launch, file.path, repository, cloned=False, depth=depth + 1).runs:
            return Verdict(True, f"`{file.name}` runs the project")
    scripts = [launch for launch in inside if launch.kind is LaunchKind.SCRIPT]
    nested = bool(scripts) and depth == 0 and all(launch.target.endswith((".sh", ".bat")) for launch in scripts)
    return Verdict(nested, f"`{file.name}` starts the project's scripts")


def _is_part_of_ml(file: SourceFile) -> bool:
    """Whether a documented script of a neutral name has to do with training, and doesn't only serve or ask a server."""
    return bool(_ML.search(file.data)) and not _SERVES.search(file.data)
