"""The container that an MLproject's `docker_env` asks for: whether it is run, and what is otherwise than asked."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from mlx_tui.formats.dockerfile import exec_form, parse_dockerfile
from mlx_tui.formats.mlproject import NAME, DockerEnvironment, parse_mlproject
from mlx_tui.formats.yaml_lines import YamlError
from mlx_tui.reproduction.container_engine import container_user, find_engine
from mlx_tui.reproduction.container_image import found_id
from mlx_tui.reproduction.container_names import origins
from mlx_tui.reproduction.declared_environment import nearest_folders
from mlx_tui.reproduction.image_requirements import distance
from mlx_tui.reproduction.isolation import IsolationError
from mlx_tui.reproduction.model import (
    Candidate,
    Container,
    Deviation,
    EnvironmentSpec,
    ImageOrigin,
    Need,
    NeedKind,
    OwnVolume,
    StepKind,
    Variable,
)
from mlx_tui.reproduction.repairs.variable_names import is_name, is_secret
from mlx_tui.reproduction.worktree import WorkTree, folder_of, join

CONTAINER = "container"
# `mlflow run` gives the text to a shell, in the project's folder.
_OWN_VOLUME = re.compile(r"(?:\$\{?PWD\}?|\$\(pwd\)|\.)((?:/[\w.-]+)*/?):(/[^:,]*)(?::[\w,]+)?")
_IMAGE = re.compile(r"[A-Za-z0-9][\w./:@-]*")


@dataclass(frozen=True, slots=True)
class Asked:
    """An MLproject that asks for a container."""

    path: str
    docker: DockerEnvironment


def asked_container(tree: WorkTree, folders: list[str]) -> Asked | None:
    """The MLproject whose `docker_env` holds for a candidate; None where none asks for a container.

    Args:
        tree: The clone's files.
        folders: Where the candidate runs or was read, nearest first.
    """
    for path in tree.named(NAME):
        if folder_of(path) in folders:
            try:
                docker = parse_mlproject(tree.read_text(path)).docker
            except YamlError:
                continue
            if docker is not None:
                return Asked(path, docker)
    return None


@dataclass(frozen=True, slots=True)
class Choice:
    """Whether a candidate is run in a container.

    Attributes:
        container: The container; None where it is run in a Python environment.
        deviations: What is otherwise than the MLproject asks.
        needs: What its `docker_env` takes from the machine that it was written on.
        variables: What its `docker_env` sets.
    """

    container: Container | None = None
    deviations: tuple[Deviation, ...] = ()
    needs: tuple[Need, ...] = ()
    variables: tuple[Variable, ...] = ()

    @property
    def environment(self) -> EnvironmentSpec:
        """The environment that the image is: nothing is installed, and its Python is known once it is there."""
        path = self.container.path if self.container else ""
        return EnvironmentSpec("image", path, python_asked="", interpreter="", python_used="", requirements=())


def choose_container(
    tree: WorkTree, candidate: Candidate, isolation: str, look: Callable[[], tuple[str, str]] = find_engine
) -> Choice:
    """Says whether a candidate is run in a container, having tried the engine where an MLproject asks for one.

    Args:
        tree: The clone's files.
        candidate: What is to be run.
        isolation: What the user asks: only `auto` and `container` mean one.
        look: Says which engine works here, or why none does.

    Raises:
        IsolationError: A container was asked for by name, and there can be none.
    """
    asked = asked_container(tree, nearest_folders(candidate))
    if asked is None:
        if isolation == CONTAINER:
            raise IsolationError("no MLproject of this command asks for a container (`docker_env`)")
        return Choice()
    engine, why = ("", f"isolation {isolation} is asked for")
    if isolation in ("auto", CONTAINER):
        why = _unfit(asked, candidate)
        engine, why = ("", why) if why else look()
    if not engine and isolation == CONTAINER:
        raise IsolationError(f"{why}: ask for isolation `auto`, which installs a Python environment instead")
    if not engine:
        return Choice(deviations=(_instead(asked, why),))
    container = _container(tree, asked, engine)
    return Choice(container, _deviations(container, asked.docker), _needs(asked), _variables(asked.docker))


def _unfit(asked: Asked, candidate: Candidate) -> str:
    """Why a candidate isn't run in the container, whatever runs here."""
    if any(step.kind is StepKind.NOTEBOOK for step in candidate.steps):
        return "notebooks are run in a Python environment"
    return "" if _IMAGE.fullmatch(asked.docker.image) else f"`{asked.docker.image}` is no image's name"


def _instead(asked: Asked, why: str) -> Deviation:
    offer = "what the Dockerfile installs by pip, else what is declared or imported, is installed"
    return Deviation("container", f"docker_env of {asked.path}", "a Python environment", f"{why}: {offer}")


def _container(tree: WorkTree, asked: Asked, engine: str) -> Container:
    image = asked.docker.image
    dockerfile, context = find_dockerfile(tree, folder_of(asked.path))
    volumes = own_volumes(asked.docker, folder_of(asked.path))
    container = Container(engine, image, asked.path, ImageOrigin.LOCAL, dockerfile, context, volumes)
    return container if found_id(engine, image) else replace(container, origin=origins(container)[0])


def own_volumes(docker: DockerEnvironment, folder: str) -> tuple[OwnVolume, ...]:
    """The volumes that are folders of the repository itself.

    Args:
        docker: What `docker_env` says.
        folder: The folder of the MLproject, in which `mlflow run` starts the container.
    """
    found = (_OWN_VOLUME.fullmatch(text) for text in docker.volumes)
    places = [(join(folder, match[1].lstrip("/") or "."), match[2]) for match in found if match]
    return tuple(OwnVolume(place, target) for place, target in places if place)


def find_dockerfile(tree: WorkTree, folder: str) -> tuple[str, str]:
    """The Dockerfile nearest to a project's folder, and the folder that its build sees; both empty for none.

    Args:
        tree: The clone's files.
        folder: The folder of the MLproject.
    """
    known = tree.named("Dockerfile", "Containerfile")
    above = [str(place) for place in (PurePosixPath(folder), *PurePosixPath(folder).parents)]
    near = [path for path in known if folder_of(path) in above or folder == "." or path.startswith(f"{folder}/")]
    if not near:
        return "", "."
    path = min(near, key=lambda path: distance(path, above))
    places = dict.fromkeys((folder_of(path), folder, "."))
    copied = _copied(tree.read_text(path))
    context = next((place for place in places if all(_is_there(tree, place, name) for name in copied)), folder_of(path))
    return path, context


def _copied(text: str) -> list[str]:
    """What a Dockerfile copies from the folder of its build."""
    found: list[str] = []
    for instruction in parse_dockerfile(text):
        words = exec_form(instruction.value) or instruction.value.split()
        if instruction.keyword in ("COPY", "ADD") and not any(word.startswith("--from") for word in words):
            names = [word for word in words if not word.startswith("--")][:-1]
            found += [name for name in names if "://" not in name and not set(name) & set("*?[$<")]
    return found


def _is_there(tree: WorkTree, folder: str, name: str) -> bool:
    place = join(folder, name.lstrip("/") or ".")
    return bool(place) and tree.exists(place)


def _deviations(container: Container, docker: DockerEnvironment) -> tuple[Deviation, ...]:
    told: list[Deviation] = []
    if container.origin is ImageOrigin.DOCKERFILE:
        reason = "no image of that name is here, and the Dockerfile says how it is made"
        told.append(Deviation("image", container.image, f"built from {container.dockerfile}", reason))
    hosts = _of_host(docker)
    if hosts:
        told.append(Deviation("volumes", ", ".join(hosts), "none", "the host's folders stay out of reach"))
    if docker.copied:
        told.append(Deviation("variables", ", ".join(docker.copied), "none", "they are the user's own"))
    secret = [name for name, _ in docker.given if is_secret(name)]
    if secret:
        told.append(Deviation("variables", ", ".join(secret), "none", "they look like secrets"))
    user = container_user(container.engine)
    reason = "what it writes can be read and removed by you"
    told.append(Deviation("user in the container", "the image's", f"{user}, without capabilities", reason))
    return tuple(told)


def _of_host(docker: DockerEnvironment) -> list[str]:
    return [text for text in docker.volumes if not _OWN_VOLUME.fullmatch(text)]


def _variables(docker: DockerEnvironment) -> tuple[Variable, ...]:
    """The variables that a `docker_env` sets, without what looks like a secret."""
    return tuple(Variable(name, value) for name, value in docker.given if is_name(name) and not is_secret(name))


def _needs(asked: Asked) -> tuple[Need, ...]:
    """What a `docker_env` takes from the machine that it was written on."""
    place = f"{asked.path}:{asked.docker.line}"
    sources = [text.partition(":")[0] for text in _of_host(asked.docker)]
    # Folders of a home that begin with a dot hold the keys of a cloud.
    folders = [
        Need(NeedKind.CREDENTIAL if "/." in source.removeprefix("./") else NeedKind.DATA, source, place, False)
        for source in sources
    ]
    names = [Need(NeedKind.CREDENTIAL, name, place, False if is_secret(name) else None) for name in asked.docker.copied]
    return (*folders, *names)
