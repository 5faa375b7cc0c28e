"""What was made for repositories that no study needs any more: clones in the cache, and images that attempts built."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from mlx_tui.corpus.clone_cache import CachedClone, CloneCache
from mlx_tui.corpus.model import Clone
from mlx_tui.reproduction import built_images
from mlx_tui.reproduction.built_images import BuiltImage


@dataclass(frozen=True, slots=True)
class Unused:
    """What is of no use to the studies that stay."""

    clones: tuple[CachedClone, ...]
    images: tuple[BuiltImage, ...]


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was deleted: folders of clones, and images."""

    clones: tuple[Path, ...]
    images: tuple[BuiltImage, ...]


def find_unused(cache: CloneCache, kept: Collection[Clone]) -> Unused:
    """Looks what could be deleted.

    Args:
        cache: The clone cache.
        kept: The clones of the studies that stay.
    """
    paths, commits = _of(kept)
    clones = tuple(clone for clone in cache.listing() if clone.path not in paths)
    return Unused(clones, tuple(image for image in built_images.listing() if image.commit not in commits))


def prune(cache: CloneCache, kept: Collection[Clone]) -> Pruned:
    """Deletes it; what is in use at the moment stays.

    Args:
        cache: The clone cache.
        kept: The clones of the studies that stay.
    """
    paths, commits = _of(kept)
    return Pruned(cache.prune(paths), built_images.prune(commits))


def _of(kept: Collection[Clone]) -> tuple[set[Path], set[str]]:
    return {clone.path for clone in kept if clone.path}, {clone.commit for clone in kept if clone.commit}
