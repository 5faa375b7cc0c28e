"""Scans that were made before, keyed by repository, commit and codebook, and by the program's own detection code."""

import hashlib
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from mlx_tui.detection.findings import PackedFindings, pack
from mlx_tui.detection.model import Anomaly, RepositoryScan, VersionRange
from mlx_tui.json_file import replace_file, sweep


@dataclass(frozen=True, slots=True)
class _Stored:
    """An entry: a scan, its findings packed, and a checksum of these, which are looked at later or never."""

    repo: str
    commit: str
    codebook: str
    counts: dict[str, int]
    size: int
    packed: bytes
    checksum: int
    anomalies: tuple[Anomaly, ...]
    baseline_substring: bool
    files: int
    versions: VersionRange


_decoder = msgspec.msgpack.Decoder(_Stored)
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
        """The scan of a repository at a commit with a codebook, or None; its findings are unpacked when looked at."""
        try:
            with open(self._path(repo, commit, codebook_identity), "rb", 0) as stream:  # noqa: PTH123  10,000 a second
                stored = _decoder.decode(stream.read())
        except (OSError, msgspec.DecodeError, ValueError):
            return None
        if (stored.repo, stored.commit, stored.codebook) != (repo, commit, codebook_identity):
            return None
        if zlib.crc32(stored.packed) != stored.checksum:
            return None
        return RepositoryScan(
            stored.repo,
            stored.commit,
            stored.codebook,
            PackedFindings(stored.counts, stored.size, stored.packed),
            stored.anomalies,
            stored.baseline_substring,
            stored.files,
            stored.versions,
        )

    def put(self, scan: RepositoryScan) -> None:
        """Keeps a scan.

        Raises:
            OSError: The cache can't be written.
        """
        path = Path(self._path(scan.repo, scan.commit, scan.codebook))
        path.parent.mkdir(parents=True, exist_ok=True)
        sweep(path.parent)
        findings = pack(scan.findings)
        stored = _Stored(
            scan.repo,
            scan.commit,
            scan.codebook,
            dict(findings.counts),
            len(findings),
            findings.packed,
            zlib.crc32(findings.packed),
            scan.anomalies,
            scan.baseline_substring,
            scan.files,
            scan.versions,
        )
        replace_file(path, _encoder.encode(stored))


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
