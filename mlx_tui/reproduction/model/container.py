"""The container in which a plan's steps run."""

from dataclasses import dataclass
from enum import StrEnum


class ImageOrigin(StrEnum):
    """Where the image of a container comes from."""

    LOCAL = "local"
    """The engine has it already."""
    DOCKERFILE = "dockerfile"
    """It is built from the repository's own Dockerfile."""
    REGISTRY = "registry"
    """It is pulled."""


@dataclass(frozen=True, slots=True)
class OwnVolume:
    """A folder of the repository, relative to its root, and where a container sees it."""

    folder: str
    target: str


@dataclass(frozen=True, slots=True)
class Container:
    """The container in which a plan's steps run.

    Attributes:
        engine: `docker` or `podman`.
        image: The image's name, as the MLproject gives it.
        path: The MLproject that asks for it.
        origin: Where the image comes from, as far as was seen when the plan was made.
        dockerfile: What it is built from where it is neither here nor to be pulled; empty where nothing says that.
        context: Folder of the repository that the build sees.
        volumes: Folders of the repository that it sees at other places, too; none of the host's.
    """

    engine: str
    image: str
    path: str
    origin: ImageOrigin
    dockerfile: str = ""
    context: str = "."
    volumes: tuple[OwnVolume, ...] = ()

    @property
    def folder(self) -> str:
        """The project's folder, relative to the repository's root."""
        return self.path.rpartition("/")[0] or "."
