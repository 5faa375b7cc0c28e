"""The files of a folder that others wrote: read safely, up to a stated size, and decoded by their byte-order mark."""

import codecs
import errno
import os
import stat
from pathlib import Path

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class UnreadableError(Exception):
    """A file can't be read.

    Attributes:
        kind: The anomaly's kind: `too_large`, `missing` or `not_regular`.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def decode(data: bytes, otherwise: str = "") -> str:
    """Decodes text by its byte-order mark, else as UTF-8.

    Args:
        data: The file's content.
        otherwise: The encoding of what isn't UTF-8; without one, what doesn't decode becomes U+FFFD.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if otherwise:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data.decode(otherwise, "replace")
    return data.decode("utf-8", "replace")


def read_regular(root: Path, path: str, limit: int) -> bytes:
    """Reads a regular file inside a folder, never through a link at its end, up to a number of bytes.

    Raises:
        UnreadableError: It is missing, outside the folder, not a regular file, or larger than the limit.
    """
    if path.startswith("/") or ".." in path.split("/"):
        raise UnreadableError("not_regular", "outside the repository")
    try:
        handle = os.open(os.path.join(root, path), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)  # noqa: PTH118
    except (OSError, ValueError) as error:
        kind = "not_regular" if isinstance(error, OSError) and error.errno == errno.ELOOP else "missing"
        raise UnreadableError(kind, f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError("not_regular", "not a regular file")
        if status.st_size > limit:
            raise UnreadableError("too_large", f"{status.st_size} bytes, more than the {limit} that are read")
        return _read(handle, status.st_size)
    finally:
        os.close(handle)


def _read(handle: int, size: int) -> bytes:
    data = os.read(handle, size)
    if len(data) == size:
        return data
    parts = [data]
    while data and sum(map(len, parts)) < size:
        data = os.read(handle, size)
        parts.append(data)
    return b"".join(parts)
