"""The files of a clone, read safely: regular files inside it only, up to a stated size, in any usual encoding."""

import os
import stat
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath

from mlx_tui import text_files

MAX_FILES = 50_000
MAX_BYTES = 2_000_000
MAX_NOTEBOOK_BYTES = 50_000_000
MAX_LINE = 5_000

# Folders that hold what others wrote or what a run left behind, never the way to run the project.
_SKIPPED = {
    ".git", ".dvc", ".ipynb_checkpoints", ".tox", ".venv", "__pycache__", "mlartifacts", "mlruns", "node_modules",
    "site-packages", "wandb",
}  # fmt: skip


def decode(data: bytes) -> str:
    """Decodes text by its byte-order mark, else as UTF-8, or else as Latin-1, which takes any byte."""
    return text_files.decode(data, otherwise="latin-1")


def short_lines(text: str) -> list[str]:
    """The lines of a text, emptied where they are longer than `MAX_LINE`: no person wrote those to be read."""
    return [line if len(line) <= MAX_LINE else "" for line in text.splitlines()]


def _is_utf8(name: str) -> bool:
    """Whether a name can be written as JSON: one that isn't UTF-8 on disk holds lone surrogates."""
    return not any("\ud800" <= character <= "\udfff" for character in name)


class WorkTree:
    """The files of one clone.

    Attributes:
        root: The clone's folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Paths of the regular files, relative to the root with `/`, shallow ones first; at most `MAX_FILES`."""
        found = sorted(self._walk(), key=lambda path: (path.count("/"), path))
        return tuple(found[:MAX_FILES])

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder that holds a file, and their parents; `.` is the root."""
        return frozenset(str(parent) for path in self.files for parent in PurePosixPath(path).parents) | {"."}

    @cached_property
    def _file_set(self) -> frozenset[str]:
        return frozenset(self.files)

    def _walk(self) -> Iterator[str]:
        count = 0
        for folder, names, files in os.walk(self.root, followlinks=False):
            names[:] = sorted(name for name in names if name not in _SKIPPED)
            if "pyvenv.cfg" in files:
                names.clear()
                continue
            relative = Path(folder).relative_to(self.root).as_posix()
            for name in files:
                count += 1
                if count > MAX_FILES:
                    return
                if self._is_regular(Path(folder) / name) and _is_utf8(name):
                    yield name if relative == "." else f"{relative}/{name}"

    @staticmethod
    def _is_regular(path: Path) -> bool:
        try:
            return stat.S_ISREG(path.lstat().st_mode)
        except OSError:
            return False

    def is_file(self, path: str) -> bool:
        """Whether a relative path is one of the clone's files."""
        return path in self._file_set

    def exists(self, path: str) -> bool:
        """Whether a relative path is one of the clone's files or folders."""
        return path in self._file_set or path.rstrip("/") in self.folders

    def read_bytes(self, path: str, limit: int = MAX_BYTES) -> bytes:
        """Reads one of the clone's files; empty where it isn't one, can't be read, or is larger than `limit` bytes."""
        if path not in self._file_set:
            return b""
        try:
            return text_files.read_regular(self.root, path, limit)
        except text_files.UnreadableError:
            return b""

    def read_text(self, path: str, limit: int = MAX_BYTES) -> str:
        """Reads one of the clone's files as text; empty as `read_bytes`."""
        return decode(self.read_bytes(path, limit))

    def named(self, *names: str) -> list[str]:
        """The files with one of these names, compared lower-cased, in any folder."""
        wanted = {name.lower() for name in names}
        return [path for path in self.files if PurePosixPath(path).name.lower() in wanted]

    def with_suffix(self, *suffixes: str) -> list[str]:
        """The files whose names end so."""
        return [path for path in self.files if path.lower().endswith(suffixes)]


def folder_of(path: str) -> str:
    """The folder of a relative path; `.` for the root."""
    return str(PurePosixPath(path).parent)


def join(folder: str, path: str) -> str:
    """Joins and normalises relative paths; empty where the result leaves the root or is absolute."""
    if path.startswith(("/", "~")) or "\\" in path or "\0" in path:
        return ""
    parts: list[str] = []
    for part in [*PurePosixPath(folder).parts, *PurePosixPath(path).parts]:
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts) or "."
