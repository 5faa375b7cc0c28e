"""Scans that were made before, keyed by repository, commit and codebook, and by the program's own detection code."""

import hashlib
import os
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from mlx_tui.detection.model import RepositoryScan
from mlx_tui.json_file import replace_file

_decoder = msgspec.msgpack.Decoder(RepositoryScan)
_encoder = msgspec.msgpack.Encoder()


class ScanCache:
    """A folder of scans, one file each; an entry that can't be read is a miss."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)

    def _path(self, repo: str, commit: str, codebook_identity: str) -> str:
        key = "\0".join((repo, commit, codebook_identity, _engine()))
        name = hashlib.blake2b(os.fsencode(key), digest_size=16).hexdigest()
        return f"{self._folder}/{name[:2]}/{name[2:]}.scan"

    def get(self, repo: str, commit: str, codebook_identity: str) -> RepositoryScan | None:
        """The scan of a repository at a commit with a codebook, or None."""
        try:
            with open(self._path(repo, commit, codebook_identity), "rb") as stream:  # noqa: PTH123  10,000 in a second
                scan = _decoder.decode(stream.read())
        except (OSError, msgspec.DecodeError, ValueError):
            return None
        return scan if (scan.repo, scan.commit, scan.codebook) == (repo, commit, codebook_identity) else None

    def put(self, scan: RepositoryScan) -> None:
        """Keeps a scan.

        Raises:
            OSError: The cache can't be written.
        """
        path = Path(self._path(scan.repo, scan.commit, scan.codebook))
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, _encoder.encode(scan))


@cache
def _engine() -> str:
    """A digest of the code and the data that find: a scan by other code isn't this scan."""
    digest = hashlib.blake2b(digest_size=8)
    for package in ("mlx_tui.detection", "mlx_tui.formats"):
        for name, source in sorted(_sources(files(package), package)):
            digest.update(f"{name}\0{len(source)}\0".encode())
            digest.update(source)
    return digest.hexdigest()


def _sources(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        path = f"{name}/{entry.name}"
        if entry.is_dir():
            yield from _sources(entry, path)
        elif entry.name.endswith((".py", ".json")):
            yield path, entry.read_bytes()
