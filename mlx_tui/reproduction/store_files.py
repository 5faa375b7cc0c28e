"""The files of a store that MLflow wrote, or that somebody hostile did: only regular ones, and so much of them."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from mlx_tui.formats.yaml_lines import Entry, YamlError, compose, entries, scalar

MAX_READ = 1 << 28
"""At most so many bytes of one store are read, whatever number of files it has."""
MAX_DOCUMENT = 1 << 20
MAX_FILES = 5000
"""At most so many files of one folder are listed."""
MAX_LISTED = 200_000
"""At most so many files of one store are listed: ten thousand runs can name one folder as theirs."""

Meta = dict[str, str]


class StoreFiles:
    """Reads the files of one store, until as much is read as of a store is.

    Attributes:
        cut: Whether there was more than is read.
    """

    def __init__(self) -> None:
        self._left, self._listed = MAX_READ, 0
        self.cut = False

    def read(self, path: Path, most: int = MAX_READ) -> str:
        """The text of a regular file, up to a number of bytes; empty where it can't be read."""
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except (OSError, ValueError):
            return ""
        with os.fdopen(handle, "rb") as stream:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                return ""
            self.cut |= status.st_size > self._left
            data = stream.read(min(most, self._left))
        self._left -= len(data)
        return data.decode("utf-8", "replace")

    def meta(self, folder: Path) -> Meta:
        """The texts of the mapping in a folder's `meta.yaml`; empty where there is none that can be read."""
        return {entry.key: text for entry in self.document(folder) if (text := scalar(entry.node)) is not None}

    def document(self, folder: Path) -> list[Entry]:
        """The entries of the mapping in a folder's `meta.yaml`; none where there is none that can be read."""
        try:
            return list(entries(compose(self.read(folder / "meta.yaml", MAX_DOCUMENT))))
        except YamlError:
            return []

    def folders(self, root: Path) -> list[Path]:
        """The folders in a folder, in order; links aren't followed."""
        if root.is_symlink():
            return []
        try:
            with os.scandir(root) as found:
                return sorted(Path(entry.path) for entry in found if entry.is_dir(follow_symlinks=False))
        except OSError:
            return []

    def files(self, root: Path) -> Iterator[tuple[str, Path]]:
        """The regular files below a folder, with their path relative to it; links aren't followed."""
        count = 0
        for parent, folders, names in os.walk(root):
            folders.sort()
            for name in sorted(names):
                path = Path(parent, name)
                if not is_regular(path):
                    continue
                count += 1
                self._listed += 1
                if count > MAX_FILES or self._listed > MAX_LISTED:
                    self.cut = True
                    return
                yield plain_name(path.relative_to(root).as_posix()), path

    def artifacts(self, folder: Path | None, inside: Path) -> Iterator[str]:
        """Paths of the artifacts in a folder, relative to it; nothing unless the folder lies inside another."""
        if folder is not None and _is_folder_in(folder, inside):
            yield from (name for name, _ in self.files(folder))


def is_regular(path: Path) -> bool:
    """Whether a path is a regular file and no link."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (OSError, ValueError):
        return False


def plain_name(name: str) -> str:
    r"""A file's name as text that JSON can hold: a byte that isn't UTF-8 is written `\xff`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def local_path(uri: str) -> Path | None:
    """The path that an artifact URI names on this machine, if it names one."""
    if uri.startswith("/"):
        return Path(uri)
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


def _is_folder_in(folder: Path, inside: Path) -> bool:
    """Whether a path names a folder in another; what is no path at all names none."""
    try:
        return folder.is_dir() and folder.resolve().is_relative_to(inside.resolve())
    except (OSError, ValueError, RuntimeError):  # RuntimeError: links that go in a circle
        return False
