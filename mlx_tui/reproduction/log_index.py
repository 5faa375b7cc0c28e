"""Random access to the lines of a log that may be huge and still grows.

Only the number of newlines of each block of the file is kept, 16 bytes a block: a line is found by bisection and one
block is read. Nothing is mapped into memory, so a log of 1 GB costs some 130 KB.
"""

import os
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path

BLOCK = 1 << 17
LONGEST_LINE = 1 << 16
"""At most so many bytes of a line are returned."""
LARGEST_READ = 1 << 24


class LogIndex:
    r"""An incremental line index over a file of raw bytes.

    Lines end at `\n`. Of a line that was redrawn with `\r` (a progress bar), only what a terminal would show last is
    returned. The text is as untrusted as the program that wrote it: pass it through `safe_text` or an ANSI parser.

    Attributes:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        """Opens the index; nothing is read before `refresh`. The file needn't exist yet."""
        self.path = path
        self._file: int | None = None
        self._size = 0
        self._newlines = array("q")  # newlines up to and with each whole or partial block
        self._ends_with_newline = True

    def close(self) -> None:
        """Closes the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> "LogIndex":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def size(self) -> int:
        """Bytes indexed so far."""
        return self._size

    @property
    def line_count(self) -> int:
        """Lines indexed so far; a last line without its newline counts."""
        newlines = self._newlines[-1] if self._newlines else 0
        return newlines + (not self._ends_with_newline)

    def refresh(self, at_most: int | None = None) -> bool:
        """Indexes what was appended since the last call.

        Args:
            at_most: Stop after about so many bytes, so that an interface can show progress; None for all there is.

        Returns:
            Whether the index has reached the end of the file.

        Raises:
            OSError: The file can't be read (a file that doesn't exist yet is empty).
        """
        if self._file is None:
            try:
                self._file = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
            except FileNotFoundError:
                return True
        end = os.fstat(self._file).st_size
        if end < self._size:  # replaced by a shorter one: start again
            self._size, self._newlines, self._ends_with_newline = 0, array("q"), True
        stop = end if at_most is None else min(end, self._size + at_most)
        while self._size < stop and self._append_block(stop):
            pass
        return self._size >= end

    def _append_block(self, stop: int) -> bool:
        """Counts the newlines of what is new in the last, partial block, or of the next one."""
        assert self._file is not None
        wanted = min(stop - self._size, BLOCK - self._size % BLOCK)
        data = os.pread(self._file, wanted, self._size)
        if not data:
            return False
        block = self._size // BLOCK
        before = self._newlines[-1] if self._newlines else 0
        if block == len(self._newlines):
            self._newlines.append(before)
        self._newlines[block] += data.count(b"\n")
        self._size += len(data)
        self._ends_with_newline = data.endswith(b"\n")
        return True

    def line(self, number: int) -> str:
        """Returns a line without its newline.

        Args:
            number: From 0.

        Raises:
            IndexError: There is no such line yet.
        """
        if not 0 <= number < self.line_count:
            raise IndexError(f"line {number} of {self.line_count}")
        return self._text(self._start(number), self._end(number))

    def lines(self, start: int, stop: int) -> list[str]:
        """Returns the lines from `start` up to, not including, `stop`; fewer where the log ends before."""
        start, stop = max(start, 0), min(stop, self.line_count)
        if start >= stop:
            return []
        first, last = self._start(start), self._end(stop - 1)
        if last - first > LARGEST_READ:
            return [self.line(number) for number in range(start, stop)]
        return [self._shown(part) for part in self._read(first, last - first).split(b"\n")]

    def _start(self, number: int) -> int:
        return 0 if number == 0 else self._newline_offset(number) + 1

    def _end(self, number: int) -> int:
        is_last = number == self.line_count - 1
        return self._size if is_last and not self._ends_with_newline else self._newline_offset(number + 1)

    def _newline_offset(self, ordinal: int) -> int:
        """Offset of the newline with this ordinal, from 1."""
        block = bisect_left(self._newlines, ordinal)
        missing = ordinal - (self._newlines[block - 1] if block else 0)
        data = self._read(block * BLOCK, BLOCK)
        offset = -1
        for _ in range(missing):
            offset = data.index(b"\n", offset + 1)
        return block * BLOCK + offset

    def _read(self, offset: int, length: int) -> bytes:
        assert self._file is not None
        return os.pread(self._file, min(length, self._size - offset), offset)

    def _text(self, start: int, end: int) -> str:
        if end - start <= 2 * LONGEST_LINE:
            return self._shown(self._read(start, end - start))
        tail = self._read(end - LONGEST_LINE, LONGEST_LINE)
        redrawn = b"\r" in tail.rstrip(b"\r")
        return self._shown(tail if redrawn else self._read(start, 2 * LONGEST_LINE))

    @staticmethod
    def _shown(line: bytes) -> str:
        """What a terminal would show of a line, cut where it is longer than anybody reads."""
        last = line.rstrip(b"\r").rpartition(b"\r")[2]
        text = last[:LONGEST_LINE].decode("utf-8", "replace")
        return text + "…" if len(last) > LONGEST_LINE else text

    def find(self, text: str, start: int = 0, *, backward: bool = False, ignore_case: bool = True) -> int | None:
        """Searches for a text within a line.

        Args:
            text: What to look for; not a pattern.
            start: The line where the search begins, itself included.
            backward: Search towards the beginning.
            ignore_case: Whether `Error` finds `error` (ASCII letters).

        Returns:
            The number of the nearest line that shows the text, or None.
        """
        if not text or not self._newlines:
            return None
        wanted = _Wanted(text, ignore_case)
        for number in self._matches(wanted, start, backward):
            if wanted.in_text(self.line(number)):
                return number
        return None

    def hits(self, text: str, start: int = 0) -> Iterator[int]:
        """Yields every line from `start` on that shows a text, upper and lower case alike, in their order."""
        if text and self._newlines:
            wanted, before = _Wanted(text, ignore_case=True), -1
            for number in self._matches(wanted, start, backward=False):
                if number > before and wanted.in_text(self.line(number)):
                    before = number
                    yield number

    def _matches(self, wanted: "_Wanted", start: int, backward: bool) -> Iterator[int]:
        """Lines that may show what is looked for, in the order of the search."""
        last = len(self._newlines) - 1
        first_block = min(bisect_left(self._newlines, start), last) if start > 0 else 0
        # A line may begin in the block of the newline before it and go on for many blocks.
        blocks = range(min(bisect_left(self._newlines, start + 1), last), -1, -1)
        for block in blocks if backward else range(first_block, last + 1):
            found = self._matches_in(self._read(block * BLOCK, BLOCK + len(wanted.needle) - 1), wanted, block)
            due = [number for number in found if (number <= start if backward else number >= start)]
            yield from reversed(due) if backward else due

    def _matches_in(self, block_of_file: bytes, wanted: "_Wanted", block: int) -> list[int]:
        """The lines of a block that hold it; those that lie whole in the block, and show it no more, are left out."""
        data, needle = wanted.folded(block_of_file), wanted.needle
        before = self._newlines[block - 1] if block else 0
        found, number, counted = [], before, 0
        offset = data.find(needle)
        while offset >= 0:
            number += data.count(b"\n", counted, offset)
            counted = offset
            end_of_line = data.find(b"\n", offset)
            whole = (
                data[data.rfind(b"\n", 0, offset) + 1 : end_of_line] if end_of_line >= 0 and number > before else b""
            )
            if not whole or needle in whole.rstrip(b"\r").rpartition(b"\r")[2]:
                found.append(number)
            offset = data.find(needle, end_of_line) if end_of_line >= 0 else -1
        return found


class _Wanted:
    """What a search looks for, as bytes of a log and as text."""

    def __init__(self, text: str, ignore_case: bool) -> None:
        self._text, self._ignore_case = text, ignore_case
        self.needle = self.folded(text.encode())

    def folded(self, data: bytes) -> bytes:
        return data.lower() if self._ignore_case else data

    def in_text(self, shown: str) -> bool:
        return self._text in shown or (self._ignore_case and self._text.lower() in shown.lower())


def line_count(path: Path) -> int:
    """How many lines a log has now."""
    with LogIndex(path) as index:
        index.refresh()
        return index.line_count


def last_lines(path: Path, first: int, most: int) -> tuple[int, list[str]]:
    """The lines of a log from one on, or the last of them.

    Args:
        path: The log.
        first: Number of the first line that is wanted, from 1.
        most: At most so many lines.

    Returns:
        The number of the first line that is returned, and the lines.
    """
    with LogIndex(path) as index:
        index.refresh()
        number = max(first, index.line_count - most + 1)
        return number, index.lines(number - 1, index.line_count)
