"""READMEs: the commands that run the experiment, where they are shown as code (ground rule 7)."""

import posixpath
import re
from collections.abc import Iterator

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.experiment_names import says_otherwise, says_train
from mlx_tui.detection.experiments import (
    Verdict,
    compose_trains,
    container_trains,
    find_script,
    find_task,
    judge,
    script_launches,
)
from mlx_tui.detection.files.evidence import evidence
from mlx_tui.detection.launches import Launch, LaunchKind, launches
from mlx_tui.detection.model import Anomaly, Finding
from mlx_tui.detection.source import RepositoryView, SourceFile
from mlx_tui.formats.readme_code import Snippet, snippets
from mlx_tui.formats.shell import ShellCommand, parse_shell

_SUFFIXES = frozenset({"", ".md", ".rst", ".txt", ".markdown", ".mdown", ".adoc", ".org", ".rmd", ".qmd"})
_NOT_SHELL = frozenset(
    [
        *(
            "yaml",
            "yml",
            "json",
            "toml",
            "ini",
            "sql",
            "java",
            "scala",
            "r",
            "html",
            "css",
            "xml",
            "js",
            "javascript",
            "ts",
        ),
        *(
            "typescript",
            "dockerfile",
            "docker",
            "diff",
            "csv",
            "mermaid",
            "latex",
            "bibtex",
            "cpp",
            "c",
            "go",
            "properties",
        ),
    ]
)
_LAUNCHES = re.compile(
    r"py|PY|mlflow|dvc|make|kedro|docker|podman|jupyter|papermill|\.(?:sh|bash|bat|cmd|ps1|ipynb|R|r)\b|Rscript|uvicorn|streamlit"
    r"|gunicorn|flask|fastapi|just|task|poe|inv|tox|nox|npm|yarn|pnpm|mise|snakemake|torchrun|accelerate|deepspeed|spark-submit"
    r"|uv run|poetry|pdm|rye|hatch|pixi|guild|train|fit|tun|bentoml"
    r"|dbx (?:launch|execute)|bundle run|ml job|custom-jobs"
)  # cheap, so that most code of a README isn't parsed at all
_CODE = frozenset({"python", "py", "python3", "ipython", "pycon", "makefile", "make"})
_COMMAND_LIKE = re.compile(r"\s*[!$%>]?\s*(?:python3?|mlflow|dvc|docker|make|kedro|bash|sh|uv|poetry|\./)\S*\s+[\w./-]")
_PROMPT = re.compile(
    r"^\s*(?:\([\w .-]+\)\s*)?(?:[\w.@~:/\\-]*[$%]\s+|[\w.-]+@[\w.:~/\\-]+#\s+|\$"
    r"|PS [^>]*>\s*|[A-Z]:\\[^>]*>\s*|>\s+|!|>>\s+)(?=[\w./\"])"
)
_ML = re.compile(
    rb"(?:import|from)\b[^\n]*\b(?:mlflow|sklearn|torch|tensorflow|keras|xgboost|lightgbm|catboost|pyspark|hydra)"
    rb"|train|experiment|pipeline|library\("
)
_RUN = re.compile(rb"start_run\(")
_LOGGED = re.compile(rb"log_(?:param|metric)s?\(|\bevaluate\(")
_SERVES = re.compile(rb"FastAPI\(|\bFlask\(|import streamlit|uvicorn\.run|\bgradio\b|requests\.post\(")
_TREE = re.compile(r"[├└│]|\|--|\+--|`--")
_PLACEHOLDER = re.compile(
    r"<[\w -]+>\.|your[_-]?\w*|script\.py$|path[/_]to|example\.py$|file(?:name)?\.py$|^\.\.\.|\{\w+\}", re.IGNORECASE
)


def wants(path: str) -> bool:
    """Whether the file is a README of prose, at any depth."""
    stem, suffix = posixpath.splitext(posixpath.basename(path).lower())
    return suffix in _SUFFIXES and re.match(r"readme(?:$|[._-])", stem) is not None


def match(file: SourceFile, repository: RepositoryView, codebook: Codebook) -> Iterator[Finding | Anomaly]:
    """Yields each command of a README that runs the experiment."""
    seen: set[tuple[int, str]] = set()
    known: dict[tuple[Launch, bool], Verdict] = {}
    for snippet in snippets(file.text):
        if not _LAUNCHES.search(snippet.text):
            continue
        cloned = bool(re.search(r"\bgit\s+clone\b", snippet.text))
        for command in shown_commands(snippet):
            for launch in launches(command):
                if _is_mention(snippet, command, launch):
                    continue
                if (launch, cloned) not in known:
                    known[launch, cloned] = _judge(launch, file.path, repository, cloned=cloned)
                verdict = known[launch, cloned]
                if verdict.runs and (command.line, command.text) not in seen:
                    seen.add((command.line, command.text))
                    why = f"the README shows `{command.text[:80]}`: {verdict.why}"
                    yield evidence(file, "execution.documented", command.line, "command", why, value=command.text[:200])


def shown_commands(snippet: Snippet) -> list[ShellCommand]:
    """The shell commands of a README's code: prompts taken off, other languages and directory trees left out."""
    if snippet.language in _NOT_SHELL or _TREE.search(snippet.text):
        return []
    if (
        snippet.inline
        and " " not in snippet.text
        and not snippet.text.endswith((".sh", ".bat", ".cmd", ".ps1", "make"))
    ):
        return []  # the name of something
    lines = snippet.text.split("\n")
    prompted = [bool(_PROMPT.match(line)) for line in lines]
    if any(prompted) and not snippet.inline:
        kept, following = [], False
        for line, has_prompt in zip(lines, prompted, strict=True):
            kept.append(_PROMPT.sub("", line) if has_prompt else line if following else "")
            following = (has_prompt or following) and line.rstrip().endswith("\\")
        lines = kept
    else:
        lines = [_PROMPT.sub("", line) for line in lines]
    if snippet.language in _CODE:
        lines = [line if _COMMAND_LIKE.match(line) else "" for line in lines]
    lines = [re.sub(r"<[\w .,/|:'-]+>", "your_value", line) for line in lines]
    text = re.sub(r"(?<=[\w.])\\(?=\w)", "/", "\n".join(lines))  # a path as Windows writes it
    return parse_shell(text, snippet.line).commands


def _is_mention(snippet: Snippet, command: ShellCommand, launch: Launch) -> bool:
    """Whether code only names a file or a command and doesn't show how it is run."""
    words = command.words
    if "--help" in words or "-h" in words[-1:]:
        return True
    if launch.kind is LaunchKind.PIPELINE and launch.tool == "mlflow":
        return len(words) < 3
    bare = len(words) == 1 and launch.kind in {LaunchKind.SCRIPT, LaunchKind.NOTEBOOK, LaunchKind.PROGRAM}
    return bare and not words[0].startswith(("./", ".\\")) and not words[0].endswith((".sh", ".bat", ".cmd", ".ps1"))


def _judge(launch: Launch, origin: str, repository: RepositoryView, *, cloned: bool, depth: int = 0) -> Verdict:
    """The verdict on a documented launch: more lenient than in CI, since a README is there to say how it is run."""
    verdict = judge(launch, origin, repository, depth)
    if verdict.runs or depth > 2:
        return verdict
    if launch.kind is LaunchKind.COMPOSE:
        return compose_trains(launch, origin, repository)
    if launch.kind is LaunchKind.CONTAINER:
        return container_trains(launch, origin, repository)
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
    for text in task.commands:
        for command in parse_shell(text.text, text.line).commands:
            for inner in launches(command):
                if (verdict := _judge(inner, origin, repository, cloned=False, depth=depth + 1)).runs:
                    return Verdict(True, f"task `{task.name}`: {verdict.why}")
    return Verdict(False, f"task `{task.name}` doesn't run the experiment")


def _judge_file(launch: Launch, origin: str, repository: RepositoryView, *, cloned: bool, depth: int) -> Verdict:
    name = posixpath.basename(launch.target.replace("\\", "/"))
    no = Verdict(False, f"`{name}` doesn't run the experiment")
    if launch.kind is LaunchKind.SCRIPT and not re.match(r"tests?[_-]|.*[_-]tests?\.", name):
        file = find_script(repository, origin, launch.target)
        if file and _RUN.search(file.data) and _LOGGED.search(file.data) and not _SERVES.search(file.data):
            return Verdict(True, f"`{name}` starts a run and logs to it")
    if launch.kind is LaunchKind.NOTEBOOK:
        notebook = find_script(repository, origin, launch.target) or _paired_script(launch, origin, repository)
        if notebook and b"mlflow" in notebook.data:
            return Verdict(True, f"opens the project's notebook `{name}`, which uses MLflow")
    if says_otherwise(name) or _PLACEHOLDER.search(launch.target) or name in {"setup.py", "manage.py"}:
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
    return Verdict(_is_part_of_ml(file), f"runs the project's `{name}`")


def _paired_script(launch: Launch, origin: str, repository: RepositoryView) -> SourceFile | None:
    """The text form of a notebook that isn't tracked itself: jupytext makes the one from the other."""
    stem = launch.target.removesuffix(".ipynb")
    found = (find_script(repository, origin, stem + suffix) for suffix in (".py", ".md", ".Rmd"))
    return next((file for file in found if file), None)


def _judge_shell(file: SourceFile, repository: RepositoryView, depth: int) -> Verdict:
    inside = script_launches(file.text)
    for launch in inside:
        if _judge(launch, file.path, repository, cloned=False, depth=depth + 1).runs:
            return Verdict(True, f"`{file.name}` runs the project")
    scripts = [launch for launch in inside if launch.kind is LaunchKind.SCRIPT]
    nested = bool(scripts) and depth == 0 and all(launch.target.endswith((".sh", ".bat")) for launch in scripts)
    return Verdict(nested, f"`{file.name}` starts the project's scripts")


def _is_part_of_ml(file: SourceFile) -> bool:
    """Whether a documented script of a neutral name has to do with training, and doesn't only serve or ask a server."""
    return bool(_ML.search(file.data)) and not _SERVES.search(file.data)
