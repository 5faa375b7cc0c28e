"""Typed JSON files, replaced atomically: a reader sees the old content or the new, never a part."""

import os
import tempfile
import threading
from pathlib import Path
from typing import TypeVar

import msgspec

T = TypeVar("T")


def replace_file(path: Path, data: bytes) -> None:
    """Writes a file so that after a crash it holds the old content or the new, whole.

    The data go to a temporary file in the same folder, are fsynced, and are renamed over the target; then the
    folder is fsynced, so that the rename itself is durable.

    Raises:
        OSError: The folder is read-only, the disk is full, …; the target is as it was.
    """
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


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
