"""What a command line launches: a script, module, notebook, MLflow project, DVC or kedro pipeline, task, service."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from mlx_tui.detection.commands import mlflow_arguments
from mlx_tui.detection.launch_programs import (
    JOB_OPTIONS,
    JOBS,
    NOT_RUN_MODULES,
    NOTEBOOK_VERBS,
    PACKAGE_RUNNERS,
    PYTHON,
    PYTHON_OPTION_WITH_VALUE,
    RUNNERS,
    SCRIPT_FILE,
    SERVERS,
    SKIPPED,
    TASK_RUNNERS,
)
from mlx_tui.formats.shell import ShellCommand


class LaunchKind(StrEnum):
    """What is launched."""

    SCRIPT = "script"
    """A file: Python, R, a shell script."""
    MODULE = "module"
    """A Python module, dotted."""
    NOTEBOOK = "notebook"
    PIPELINE = "pipeline"
    """`mlflow run`, `dvc repro`, `kedro run` and the like: an experiment whatever its name."""
    TASK = "task"
    """A task of a task runner, by its name."""
    COMPOSE = "compose"
    PROGRAM = "program"
    """A program of the project's own, with its first arguments: `poetry run x confs/training.yaml`."""
    JOB = "job"
    """A job that a platform is told to run, by its name or file: `dbx launch --job x`, `az ml job create -f x.yml`."""
    SERVICE = "service"
    """An application that a server serves."""
    CONTAINER = "container"


@dataclass(frozen=True, slots=True)
class Launch:
    """One thing that a command line launches: its path, module or name (`target`), and the word that launches it.

    `files` are the files that `docker compose -f` names.
    """

    kind: LaunchKind
    target: str
    tool: str = ""
    files: tuple[str, ...] = ()


def launches(command: ShellCommand) -> Iterator[Launch]:
    """Yields what a command launches; nothing where it installs, tests, lints, copies or prints."""
    words = command.words
    if not words:
        return
    program = _base(words[0])
    arguments = mlflow_arguments(command)
    if arguments is not None:
        if arguments[:1] == ("run",) or arguments[:2] in {("recipes", "run"), ("pipelines", "run")}:
            yield Launch(LaunchKind.PIPELINE, "mlflow run", "mlflow")
        return
    if program in {"conda", "mamba", "micromamba"} and words[1:2] == ("run",):
        yield from _inner(words)
        return
    if job := _job(words):
        yield job
        return
    if program in SKIPPED:
        return
    known = next((launch for launch in (_pipeline(words), _task(words), _compose(words)) if launch), None)
    if known:
        yield known
        return
    yield from (launch for launch in _program(words, program) if "://" not in launch.target)


def _base(word: str) -> str:
    return word.replace("\\", "/").rpartition("/")[2].removesuffix(".exe")


def _pipeline(words: tuple[str, ...]) -> Launch | None:
    for number, word in enumerate(words):
        following = words[number + 1 : number + 3]
        name = _base(word)
        if name == "dvc" and (following[:1] == ("repro",) or following in {("exp", "run"), ("experiments", "run")}):
            return Launch(LaunchKind.PIPELINE, f"dvc {' '.join(following)}", "dvc")
        if name == "kedro" and following[:1] == ("run",):
            return Launch(LaunchKind.PIPELINE, "kedro run", "kedro")
        if name == "snakemake" and number < 4:
            return Launch(LaunchKind.PIPELINE, "snakemake", "snakemake")
        if name == "guild" and following[:1] == ("run",):
            return Launch(LaunchKind.PIPELINE, "guild run", "guild")
    return None


def _task(words: tuple[str, ...]) -> Launch | None:
    for number, word in enumerate(words[:4]):
        runner = TASK_RUNNERS.get(_base(word))
        rest = [word for word in words[number + 1 :] if "=" not in word]
        if runner in {"tox", "nox"}:
            chosen = next((b for a, b in pairwise(rest) if a in {"-e", "-s", "--session"}), "")
            return Launch(LaunchKind.TASK, chosen, runner)
        if runner:
            if rest[:1] in (["-C"], ["-f"], ["--directory"]):
                rest = rest[2:]
            rest = [word for word in rest if not word.startswith("-") and word != "run"]
            return Launch(LaunchKind.TASK, rest[0] if rest else "", runner)
        if _base(word) in {"npm", "yarn", "pnpm"} and rest:
            return Launch(LaunchKind.TASK, rest[1] if rest[0] == "run" and len(rest) > 1 else rest[0], "npm")
    return None


def _job(words: tuple[str, ...]) -> Launch | None:
    verbs = next((verbs for verbs in JOBS if words[: len(verbs)] == verbs), None)
    if verbs is None:
        return None
    options = [part for word in words[len(verbs) :] for part in word.split("=", 1)]
    given = next((value for option, value in pairwise(options) if option in JOB_OPTIONS), "")
    free = (
        word for before, word in pairwise(["", *options]) if not before.startswith("-") and not word.startswith("-")
    )
    target = given or next(free, "")
    return Launch(LaunchKind.JOB, target, " ".join(verbs)) if target else None


def _compose(words: tuple[str, ...]) -> Launch | None:
    base = [_base(word) for word in words]
    if (
        "docker-compose" in base
        or ("compose" in base and ("docker" in base or "podman" in base))
        or "podman-compose" in base
    ):
        if "up" in base:
            services = [word for word in words[base.index("up") + 1 :] if re.fullmatch(r"[a-zA-Z][\w-]*", word)]
            files = tuple(b for a, b in pairwise(words) if a in {"-f", "--file"})
            return Launch(LaunchKind.COMPOSE, " ".join(services), "compose", files)
        if "run" in base or "exec" in base:
            return next(_inner(words), Launch(LaunchKind.CONTAINER, words[-1], "compose"))
        return Launch(LaunchKind.CONTAINER, "", "compose build") if "build" in base else None
    return None


def _inner(words: tuple[str, ...]) -> Iterator[Launch]:
    """What a container is told to run, where the command says so."""
    for number, word in enumerate(words):
        if PYTHON.match(word) and number:
            yield from _python(words[number:])
        elif SCRIPT_FILE.match(word) and number and words[number - 1] not in {"-f", "--file", "-v", "--env-file"}:
            yield Launch(_kind_of_file(word), word, "container")


def _program(words: tuple[str, ...], program: str) -> Iterator[Launch]:
    if program in SERVERS or (program in {"poetry", "uv", "pipenv"} and len(words) > 2 and words[2] in SERVERS):
        target = next((word for word in words[1:] if word.endswith(".py") or ":" in word), "")
        yield Launch(LaunchKind.SERVICE, target.partition(":")[0], program)
    elif program in {"jupyter", "jupyter-nbconvert", "jupyter-notebook", "jupyter-lab"}:
        notebook = next((word for word in words if word.endswith((".ipynb", ".py", ".md"))), "")
        if notebook and (program != "jupyter" or set(words) & NOTEBOOK_VERBS):
            yield Launch(LaunchKind.NOTEBOOK, notebook, program)
    elif program in {"docker", "podman", "nvidia-docker"}:
        if words[1:2] == ("run",) or words[1:3] == ("container", "run"):
            yield next(_inner(words), Launch(LaunchKind.CONTAINER, words[-1], "docker run"))
        elif words[1:2] == ("exec",):
            yield from _inner(words)
    elif PYTHON.match(words[0]):
        yield from _python(words)
    else:
        yield from _by_runner(words, program)


def _by_runner(words: tuple[str, ...], program: str) -> Iterator[Launch]:
    python = next((number for number, word in enumerate(words[:12]) if PYTHON.match(word)), None)
    if python is not None and program not in SKIPPED:
        yield from _python(words[python:])
        return
    if SCRIPT_FILE.match(words[0]):
        yield Launch(_kind_of_file(words[0]), words[0], "")
    elif program in RUNNERS:
        file = next((word for word in words[1:] if SCRIPT_FILE.match(word)), None)
        module = next((number for number, word in enumerate(words[:6]) if word in {"-m", "--module"}), None)
        if program in PACKAGE_RUNNERS and words[1:2] == ("run",) and module and words[module + 1 :]:
            yield from _module(words[module + 1 :])
        elif file:
            yield Launch(_kind_of_file(file), file, program)
        elif program in PACKAGE_RUNNERS and words[1:2] == ("run",):
            yield from _own_program(words[2:])
    elif words[0] == program and re.fullmatch(r"[\w.-]+", program):
        yield from _own_program(words)


def _own_program(words: tuple[str, ...]) -> Iterator[Launch]:
    words = tuple(word for word in words if not word.startswith("-"))
    if words and re.fullmatch(r"[\w.\[\]-]+", words[0]) and words[0] not in SKIPPED | SERVERS | RUNNERS:
        yield Launch(LaunchKind.PROGRAM, words[0], " ".join(words[1:3]))


def _python(words: tuple[str, ...]) -> Iterator[Launch]:
    position = 1
    while position < len(words):
        word = words[position]
        if word == "-m" and position + 1 < len(words):
            yield from _module(words[position + 1 :])
            return
        if word == "-c":
            return
        if word in PYTHON_OPTION_WITH_VALUE:
            position += 2
        elif word.startswith("-"):
            position += 1
        else:
            yield Launch(_kind_of_file(word), word, "python")
            return


def _module(words: tuple[str, ...]) -> Iterator[Launch]:
    module = words[0]
    if module in SERVERS:
        target = next((word for word in words[1:] if ":" in word or word.endswith(".py")), "")
        yield Launch(LaunchKind.SERVICE, target.partition(":")[0], module)
    elif module.startswith(
        ("torch.distributed", "accelerate", "jupyter", "nbconvert", "papermill", "ipykernel_launcher")
    ):
        file = next((word for word in words[1:] if SCRIPT_FILE.match(word)), None)
        if file:
            yield Launch(_kind_of_file(file), file, module)
    elif module in {"dvc", "kedro"}:
        if launch := _pipeline(words):
            yield launch
    elif not NOT_RUN_MODULES.match(module):
        yield Launch(LaunchKind.MODULE, module, "python")


def _kind_of_file(path: str) -> LaunchKind:
    return LaunchKind.NOTEBOOK if path.endswith(".ipynb") else LaunchKind.SCRIPT
