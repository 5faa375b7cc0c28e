"""Typed JSON files, replaced atomically: a reader sees the old content or the new, never a part."""

import errno
import fcntl
import os
import secrets
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec

T = TypeVar("T")

_YOUNG_SECONDS = 60.0
"""So long after it was made a temporary file is left alone, whether its writer has locked it yet or not."""


def replace_file(path: Path, data: bytes) -> None:
    """Writes a file so that after a crash it holds the old content or the new, whole; see `replacing`.

    Raises:
        OSError: The folder is read-only, the disk is full, …; the target is as it was. It names the target.
    """
    with replacing(path) as stream:
        stream.write(data)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Gives a stream whose content replaces a file once the block ends without an error.

    The data go to a temporary file in the same folder, are fsynced, and are renamed over the target; then the
    folder is fsynced, so that the rename itself is durable. A link stays one, and a file keeps its permissions. What
    is no regular file, such as `/dev/stdout`, is written to. What a writer that was killed left of it is removed.

    Raises:
        OSError: As of `replace_file`.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as stream:
            yield stream
        return
    target = Path(os.path.realpath(path))
    name = f".{target.name[:50]}."  # short enough for a name of any length
    sweep(target.parent, name)
    temporary = target.with_name(f"{name}{secrets.token_hex(6)}.tmp")
    try:
        with _durable(temporary, _mode(target)) as stream:
            yield stream
        temporary.replace(target)
    except OSError as error:
        with suppress(OSError):  # where nothing could be made, there is nothing to remove
            temporary.unlink()
        if error.filename in {None, str(temporary)}:
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise
    except BaseException:
        with suppress(OSError):  # where nothing could be made, there is nothing to remove
            temporary.unlink()
        raise
    sync_folder(target.parent)


def sweep(folder: Path, beginning: str = ".") -> None:
    """Removes the temporary files of writers that were killed; those of writers at work, who lock them, stay.

    Args:
        folder: Where they lie.
        beginning: What their names begin with.
    """
    try:
        with os.scandir(folder) as found:
            left = [entry.path for entry in found if entry.name.startswith(beginning) and entry.name.endswith(".tmp")]
    except OSError:
        return
    for path in left:
        with suppress(OSError):
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                if abs(time.time() - os.fstat(handle).st_mtime) > _YOUNG_SECONDS:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    os.unlink(path)  # noqa: PTH108 - the other calls take a text too
            finally:
                os.close(handle)


def sync_folder(folder: Path) -> None:
    """Makes what was renamed in a folder durable, where its file system can."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(handle)


def _mode(path: Path) -> int | None:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return None


@contextmanager
def _durable(path: Path, mode: int | None) -> Iterator[BinaryIO]:
    """A new file, on disk when the block ends; without a mode, as the umask says."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666), "wb") as stream:
        with suppress(OSError):  # some file systems lock nothing; their leftovers stay
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
        if mode is not None:
            os.fchmod(stream.fileno(), mode)
        yield stream
        stream.flush()
        os.fsync(stream.fileno())


def write_json(path: Path, value: object) -> None:
    """Writes a dataclass (or any value msgspec encodes) as indented JSON, atomically."""
    replace_file(path, msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n")


def read_json(path: Path, kind: type[T]) -> T:
    """Reads a JSON file into a dataclass.

    Raises:
        OSError: The file can't be read.
        msgspec.DecodeError: The file isn't JSON, or not of that shape.
    """
    prepare(kind)
    return msgspec.json.decode(path.read_bytes(), type=kind)


_prepared: set[object] = set()
_preparing = threading.Lock()


def prepare(kind: object) -> None:
    """Lets msgspec look at a type before it is used in several threads.

    msgspec does so at the type's first use and keeps what it found; two threads at that moment crash the program.
    """
    with _preparing:
        if kind not in _prepared:
            msgspec.json.Decoder(kind)
            _prepared.add(kind)
