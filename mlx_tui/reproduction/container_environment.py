"""What an image would hold: what a Dockerfile installs by pip; and what is told of a container that isn't run."""

import os
import shlex
import shutil
from pathlib import Path

from mlx_tui.formats.dockerfile import parse_dockerfile
from mlx_tui.formats.mlproject import NAME, parse_mlproject
from mlx_tui.formats.shell import parse_shell
from mlx_tui.formats.yaml_lines import YamlError
from mlx_tui.reproduction.model import Deviation
from mlx_tui.reproduction.requirement_lines import names_of, read_requirements
from mlx_tui.reproduction.worktree import WorkTree, folder_of, join

DOCKER_SOCKET = Path("/var/run/docker.sock")
_FILES = frozenset({"-r", "--requirement"})
_WITH_VALUE = frozenset(
    {
        "-c",
        "--constraint",
        "-i",
        "--index-url",
        "--extra-index-url",
        "-f",
        "--find-links",
        "-t",
        "--target",
        "--timeout",
    }
    | {"--trusted-host", "--default-timeout", "--retries", "--proxy", "--cache-dir", "--python", "--platform"}
)


def engine() -> str:
    """The container engine that runs here; empty for none: docker's command alone does nothing without its daemon."""
    if shutil.which("docker") and (DOCKER_SOCKET.exists() or os.environ.get("DOCKER_HOST")):
        return "docker"
    return "podman" if shutil.which("podman") else ""


def container_told(tree: WorkTree, folders: list[str], found: str) -> tuple[Deviation, ...]:
    """What is otherwise than an MLproject's `docker_env` asks; empty where none asks for a container.

    Args:
        tree: The clone's files.
        folders: Where the candidate runs or was read, nearest first.
        found: The engine that is there; empty for none.
    """
    for path in tree.named(NAME):
        if folder_of(path) not in folders:
            continue
        try:
            settings = parse_mlproject(tree.read_text(path)).environments
        except YamlError:
            continue
        asked = next((item for item in settings if item.key == "docker_env"), None)
        if asked is not None:
            why = (
                f"{found} runs here, but experiments don't run in it yet"
                if found
                else "no container engine (docker, podman) runs here"
            )
            offer = "what the Dockerfile installs by pip, else what is declared or imported, is installed"
            return (Deviation("container", f"docker_env of {path}", "a Python environment", f"{why}: {offer}"),)
    return ()


def image_requirements(tree: WorkTree, folders: list[str]) -> tuple[str, tuple[str, ...]]:
    """The pip requirements that the nearest Dockerfile installs, with its path; both empty where none installs any."""
    known = sorted(tree.named("Dockerfile", "Containerfile"), key=lambda path: _distance(path, folders))
    for path in known:
        lines: dict[str, None] = {}
        for instruction in parse_dockerfile(tree.read_text(path)):
            if instruction.keyword == "RUN":
                lines.update(dict.fromkeys(_installed(tree, instruction.command, folder_of(path))))
        if names_of(tuple(lines)):
            return path, tuple(lines)
    return "", ()


def _distance(path: str, folders: list[str]) -> tuple[int, str]:
    folder = folder_of(path)
    return (folders.index(folder) if folder in folders else len(folders) + path.count("/"), path)


def _installed(tree: WorkTree, command: str, folder: str) -> list[str]:
    """The requirements of the `pip install` commands of one line, files that they name read in."""
    found: list[str] = []
    for words in _commands(command):
        at = next(
            (n for n, word in enumerate(words[:-1]) if word.startswith("pip") and words[n + 1] == "install"), None
        )
        rest = iter(words[at + 2 :] if at is not None else ())
        for word in rest:
            if word in _FILES:
                found += read_requirements(tree, join(folder, next(rest, ""))).lines
            elif word in _WITH_VALUE:
                next(rest, "")
            elif not word.startswith("-") and names_of((word,)):
                found.append(word)
    return found


def _commands(command: str) -> list[list[str]]:
    """Each simple command's words as they are written: an unquoted `mlflow>=2` is the author's requirement."""
    try:
        words = shlex.split(command.replace("\\\n", " "), comments=True)
    except ValueError:
        return [list(simple.words) for simple in parse_shell(command).commands]
    found: list[list[str]] = [[]]
    for word in words:
        if word in ("&&", "||", ";", "|"):
            found.append([])
        else:
            found[-1].append(word.rstrip(";"))
            found += [[]] if word.endswith(";") else []
    return found
