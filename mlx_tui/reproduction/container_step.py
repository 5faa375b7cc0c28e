"""A step in a container: its command line, what it sees of the host, and its variables."""

import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from mlx_tui.reproduction import redirect
from mlx_tui.reproduction.attempt_files import AttemptFiles
from mlx_tui.reproduction.container_engine import Box, Mount, container_name, container_user, run_command
from mlx_tui.reproduction.image_facts import ImageFacts
from mlx_tui.reproduction.model import Container, OwnVolume, Plan
from mlx_tui.reproduction.repairs.edits import given_variables
from mlx_tui.reproduction.variables import container_environment

CODE = "/mlflow/projects/code"
"""Where MLflow puts the project in a container."""
PROJECT_RUN = "/mlflow/mlx-tui/project_run.py"
_SHELL = re.compile(r"[|&;<>()$`\\*?#~!{}\n]|^\s*\w+=")
# A first process that stays: a shell that became its last command would not hear that it is to end.
_FIRST = ("/bin/sh", "-c", '"$0" "$@"; exit $?')


def variables(plan: Plan, container: Container, image: ImageFacts, files: AttemptFiles) -> dict[str, str]:
    """The variables of the steps that the attempt itself sets."""
    own = redirect.variables(files.store, database=image.makes_database)
    return container_environment(files, plan.network, container_user(container.engine), own)


def command_line(
    plan: Plan,
    container: Container,
    image: ImageFacts,
    files: AttemptFiles,
    cwd: Path,
    command: Sequence[str],
    environment: Mapping[str, str],
) -> list[str]:
    """The command line that runs a step's command in a fresh container.

    The attempt's folders are mounted under their own names, so that what is logged and recorded names the same files
    inside and outside; the project's folder also where MLflow puts it.

    Args:
        plan: The plan.
        container: Its container.
        image: The image.
        files: The attempt's files.
        cwd: The step's folder in the working copy.
        command: Program and arguments.
        environment: What `variables` says.
    """
    box = Box(
        container_name(files.folder.name),
        image.id,
        container_user(container.engine),
        plan.network,
        plan.memory,
        str(cwd),
        given_variables(plan.variables, files.work, environment) | dict(environment),
        (*_folders(container, files), *_redirect(image, files), Mount(redirect.PROJECT_RUN, PROJECT_RUN)),
    )
    return run_command(container.engine, box, command)


def step_command(text: str, image: ImageFacts) -> list[str]:
    """Program and arguments of a step.

    An image's entry point is given the words, as `mlflow run` gives them; where it has none, or the text needs a shell,
    a shell runs them.
    """
    if image.entrypoint and not _SHELL.search(text):
        try:
            return shlex.split(text)
        except ValueError:
            pass
    shell = ["/bin/sh", "-c", text]
    return shell if image.entrypoint else [*_FIRST, *shell]


def within_run(command: Sequence[str], run_name: str, image: ImageFacts) -> list[str]:
    """The command within a run of MLflow's; as it is where the image has no Python."""
    if not image.pythons:
        return list(command)
    return [image.pythons[0].program, PROJECT_RUN, run_name, *command]


def _folders(container: Container, files: AttemptFiles) -> list[Mount]:
    own = [
        Mount(folder, str(folder), writable=True) for folder in (files.work, files.store, files.executed, files.home)
    ]
    wanted = (OwnVolume(container.folder, CODE), *container.volumes)
    places = [((files.work / volume.folder).resolve(), volume.target) for volume in wanted]
    work = files.work.resolve()  # a link of the repository's may lead elsewhere
    return own + [Mount(at, to, writable=True) for at, to in places if at.is_dir() and at.is_relative_to(work)]


def _redirect(image: ImageFacts, files: AttemptFiles) -> list[Mount]:
    """The redirect's files, among the packages of every interpreter of the image."""
    folder = files.temporary / "redirect"
    folder.mkdir(exist_ok=True)
    mounts: list[Mount] = []
    for name, content in redirect.files():
        (folder / name).write_bytes(content)
        mounts += [Mount(folder / name, f"{python.folder}/{name}") for python in image.pythons]
    return mounts
