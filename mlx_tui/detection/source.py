"""The files of a repository as the matchers see them: tracked, regular, read up to a stated size."""

import os
import posixpath
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, wraps
from pathlib import Path
from typing import Any, Protocol, TypeVar, TypeVarTuple

from mlx_tui.text_files import UnreadableError, decode, read_regular

MAX_BYTES = 10_000_000
"""A file larger than this isn't read: it becomes an anomaly `too_large`."""
MAX_NOTEBOOK_BYTES = 60_000_000
"""The limit for notebooks, whose outputs are part of the file."""


@dataclass(frozen=True)
class SourceFile:
    """One tracked file.

    Attributes:
        path: Path within the repository, `/`-separated, as git names it; raw.
        data: The file's bytes.
    """

    path: str
    data: bytes

    @cached_property
    def text(self) -> str:
        r"""The decoded text with `\n` line ends."""
        return decode(self.data).replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def lines(self) -> list[str]:
        r"""The text's lines without their ends; only `\n` ends a line, as in an editor."""
        return self.text.split("\n")

    @property
    def size(self) -> int:
        """The number of bytes."""
        return len(self.data)

    @property
    def name(self) -> str:
        """The last component of the path."""
        return posixpath.basename(self.path)

    @property
    def suffix(self) -> str:
        """The extension in lower case with its dot, `.py`; empty where there is none."""
        return posixpath.splitext(self.path)[1].lower()

    def excerpt(self, line: int) -> str:
        """The text of a line (from 1) without its indentation; empty where there is no such line."""
        return self.lines[line - 1].strip() if 0 < line <= len(self.lines) else ""


class Files(Protocol):
    """Reads tracked files as they were committed."""

    def read(self, path: str, limit: int) -> bytes:
        """The content; raises `UnreadableError`."""

    def close(self) -> None:
        """Ends what it reads through."""


def size_limit(path: str) -> int:
    """The number of bytes up to which a file is read."""
    return MAX_NOTEBOOK_BYTES if path.lower().endswith(".ipynb") else MAX_BYTES


@dataclass(frozen=True)
class RepositoryView:
    """What a matcher may see of the repository beside its own file.

    Attributes:
        root: The work tree.
        tracked: Every tracked regular file, in order, also those that aren't read (stores, vendored trees).
        paths: The tracked files that are read (ground rule 1), in order.
        files: How they are read as they were committed; without it, the work tree's are taken as they are.
    """

    root: Path
    tracked: tuple[str, ...]
    paths: tuple[str, ...]
    files: Files | None = None
    _cache: dict[str, SourceFile | None] = field(default_factory=dict, repr=False, compare=False)
    _remembered: dict[tuple[object, ...], Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def path_set(self) -> frozenset[str]:
        """The paths that are read, for membership."""
        return frozenset(self.paths)

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        by_name: dict[str, list[str]] = {}
        for path in self.paths:
            by_name.setdefault(path.rpartition("/")[2].lower(), []).append(path)
        return by_name

    def named(self, names: Iterable[str]) -> list[str]:
        """The read paths whose last component, lower-cased, is one of `names` (given in lower case)."""
        by_name = self._by_name
        return sorted(path for name in {*names} for path in by_name.get(name, ()))

    def ending(self, name: str) -> list[str]:
        """The read paths that are `name` or end in `/name`, in order; as it is written."""
        same = self._by_name.get(name.rpartition("/")[2].lower(), ())
        return [path for path in same if path == name or path.endswith("/" + name)]

    def resolve(self, origin: str, reference: str) -> str | None:
        """A path written in a file, relative to that file's folder; None where it names no tracked, read file."""
        if not reference or reference.startswith(("/", "~")) or "\0" in reference:
            return None
        path = posixpath.normpath(posixpath.join(posixpath.dirname(origin), reference))
        return path if path in self.path_set else None

    def open(self, path: str, limit: int | None = None) -> SourceFile:
        """Reads a tracked file at the commit.

        Raises:
            UnreadableError: It is missing, not a regular file, or larger than the limit.
        """
        limit = size_limit(path) if limit is None else limit
        data = self.files.read(path, limit) if self.files is not None else read_regular(self.root, path, limit)
        return SourceFile(path, data)

    def read(self, path: str, limit: int | None = None) -> SourceFile | None:
        """A tracked file that another file refers to, or None where it isn't tracked or can't be read; remembered."""
        if path not in self.path_set:
            return None
        if path not in self._cache:
            try:
                self._cache[path] = self.open(path, limit)
            except UnreadableError:
                self._cache[path] = None
        return self._cache[path]

    def close(self) -> None:
        """Ends what committed content is read through."""
        if self.files is not None:
            self.files.close()

    def size(self, path: str) -> int:
        """The bytes of a tracked file (also of one that isn't read); 0 where it is missing."""
        try:
            status = os.lstat(self.root / path)
        except (OSError, ValueError):
            return 0
        return status.st_size if stat.S_ISREG(status.st_mode) else 0


_Given = TypeVarTuple("_Given")
_Found = TypeVar("_Found")


def remembered(
    find: Callable[[RepositoryView, *_Given], _Found],
) -> Callable[[RepositoryView, *_Given], _Found]:
    """Makes a function find what depends on a repository and its arguments alone once, for as long as the view lives.

    What it returns is shared: nobody may change it.
    """

    @wraps(find)
    def once(repository: RepositoryView, *given: *_Given) -> _Found:
        known, key = repository._remembered, (find, *given)
        if key not in known:
            known[key] = find(repository, *given)
        found: _Found = known[key]
        return found

    return once
