"""The images that the program built: listed, and removed where no study needs them."""

import hashlib
import shutil
from collections.abc import Collection
from dataclasses import dataclass

import msgspec

from mlx_tui.json_file import prepare
from mlx_tui.paths import cache_dir
from mlx_tui.reproduction import container_engine as engines

COMMIT = f"{engines.LABEL}.commit"
"""Label of an image that the program built; its value is the commit whose Dockerfile it was built from."""
CACHE = f"{engines.LABEL}.cache"
"""Label that tells the cache folder to which an image belongs, as clones and environments do."""


def labels(commit: str) -> dict[str, str]:
    """The labels of an image that is built.

    Args:
        commit: Full SHA.
    """
    return {engines.LABEL: "", COMMIT: commit, CACHE: _cache()}


def _cache() -> str:
    return hashlib.sha256(str(cache_dir().absolute()).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class BuiltImage:
    """An image that the program built.

    Attributes:
        engine: `docker` or `podman`.
        id: Its id.
        name: Its name and tag.
        commit: Full SHA of what it was built from.
        size: Bytes, as the engine counts them: layers that images share are counted for each.
    """

    engine: str
    id: str
    name: str
    commit: str
    size: int


@dataclass(frozen=True, slots=True)
class _Config:
    Labels: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class _Inspected:
    Id: str
    RepoTags: tuple[str, ...] | None = None
    Size: int = 0
    Config: _Config | None = None


def listing() -> tuple[BuiltImage, ...]:
    """Every image that the program built for this cache folder, of every engine that answers."""
    found: list[BuiltImage] = []
    for engine in engines.ENGINES:
        if shutil.which(engine):
            found += _of(engine)
    return tuple(sorted(found, key=lambda image: (image.name, image.engine)))


def prune(keep: Collection[str]) -> tuple[BuiltImage, ...]:
    """Removes the images of other commits than these; returns what was removed. One that is in use stays.

    Args:
        keep: Full SHAs.
    """
    unused = [image for image in listing() if image.commit not in keep]
    return tuple(image for image in unused if engines.read(image.engine, "rmi", image.name) is not None)


def _of(engine: str) -> list[BuiltImage]:
    listed = engines.read(engine, "images", "--quiet", "--no-trunc", "--filter", f"label={CACHE}={_cache()}")
    ids = list(dict.fromkeys((listed or "").split()))
    told = engines.read(engine, "image", "inspect", *ids) if ids else None
    prepare(list[_Inspected])
    try:
        images = msgspec.json.decode(told, type=list[_Inspected]) if told else []
    except msgspec.DecodeError:
        return []
    return [_built(engine, image) for image in images]


def _built(engine: str, image: _Inspected) -> BuiltImage:
    labels = (image.Config.Labels if image.Config else None) or {}
    name = next(iter(image.RepoTags or ()), image.Id)
    return BuiltImage(engine, image.Id, name, labels.get(COMMIT, ""), image.Size)
