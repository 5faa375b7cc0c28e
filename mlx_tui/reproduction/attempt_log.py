"""The log of an attempt: raw bytes, with credentials in URLs redacted and a limit on its size."""

import re
from datetime import UTC, datetime
from pathlib import Path

LIMIT = 1 << 30
"""Bytes of a log, 1 GiB."""

_USERINFO = re.compile(rb"(://)[^\s/@\"'<>]{1,256}@")
# The beginning of a URL at the end of what was read: whether it holds credentials shows with the next bytes.
_UNDECIDED = re.compile(rb":(?:/(?:/[^\s/@\"'<>]{0,256})?)?\Z")


class LogFull(Exception):  # noqa: N818 - a state, no error
    """The log has reached its limit; what was written beyond it is lost."""


def redact(data: bytes) -> bytes:
    """Replaces user name and password of every URL by `***`."""
    return _USERINFO.sub(rb"\1***@", data) if b"@" in data else data


class AttemptLog:
    """Appends to the log of an attempt.

    Args:
        path: The file.
        limit: Bytes after which it is full.
    """

    def __init__(self, path: Path, limit: int = LIMIT) -> None:
        self._stream = path.open("ab", buffering=0)
        self._size = self._stream.tell()
        self._limit = limit
        self._undecided = b""
        self._line_open = False

    def close(self) -> None:
        """Writes what is held back, and closes the file."""
        self.flush()
        self._stream.close()

    def write(self, data: bytes) -> None:
        """Appends output.

        Raises:
            LogFull: The limit is reached.
            OSError: The disk is full, ….
        """
        data = redact(self._undecided + data)
        match = _UNDECIDED.search(data, max(0, len(data) - 300))
        cut = match.start() if match else len(data)
        self._undecided = data[cut:]
        self._append(data[:cut])

    def flush(self) -> None:
        """Writes what is held back."""
        data, self._undecided = self._undecided, b""
        self._append(data)

    def heading(self, text: str) -> None:
        """Appends a line of our own, marked and with the time, on a line of its own."""
        self.note(f"{text} [{datetime.now(UTC):%Y-%m-%d %H:%M:%S}Z]")

    def note(self, text: str) -> None:
        """Appends a line of our own without the time."""
        self.flush()
        line = redact(f"=== {text}\n".encode(errors="replace"))
        self._append(b"\n" + line if self._line_open else line, ours=True)

    def _append(self, data: bytes, ours: bool = False) -> None:
        room = len(data) if ours else max(0, self._limit - self._size)
        kept = data[:room]
        if kept:
            view = memoryview(kept)
            while view:
                view = view[self._stream.write(view) :]
            self._size += len(kept)
            self._line_open = not kept.endswith(b"\n")
        if len(kept) < len(data):
            raise LogFull
