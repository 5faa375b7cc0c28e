"""Finds Python tracebacks in the text of a log: the interpreter's own, IPython's, and those behind a prefix."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_LINE = 4000
"""What a line holds beyond is not looked at: patterns stay fast whatever a hostile program prints."""

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_HEADER = re.compile(r"Traceback \(most recent call last\):?\s*$")
_NAME_BEFORE = re.compile(r"(?<![\w.])[\w.]++\s{2,}+$")
_NAME = re.compile(r"[A-Za-z_][\w.]*")
_FRAME = re.compile(r'^\s*File "(?P<path>[^"]*)", line (?P<line>\d+)(?:, in (?P<function>.*))?$')
_IPYTHON_FRAME = re.compile(r"^(?:File )?(?P<path>/[^\s:]*\.py)(?::(?P<line>\d+))?,? in (?P<function>[^\n]*)$")
_CELL_FRAME = re.compile(r"^(?:Cell |Input )?In\s?\[(?P<cell>\d+)\], (?:line|in <cell line: )\s?(?P<line>\d+)")
_EXCEPTION = re.compile(r"^(?P<name>[A-Za-z_][\w.]*)(?::\s?(?P<message>.*))?$")


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame of a traceback: path as printed (`cell 3` in a notebook), line from 1, function."""

    path: str
    line: int
    function: str


@dataclass(frozen=True, slots=True)
class Traceback:
    """A traceback.

    Attributes:
        exception: Name of the exception's class, possibly dotted.
        message: Its text, first line.
        frames: Outermost first.
        line: Index in the given lines of the line that names the exception.
        begins: Index of its first line.
    """

    exception: str
    message: str
    frames: tuple[Frame, ...]
    line: int
    begins: int = 0

    @property
    def kind(self) -> str:
        """The class's own name, without its module."""
        return self.exception.rpartition(".")[2]


def plain(line: str) -> str:
    """A line without ANSI escape sequences, and of what was redrawn with a carriage return only the last state."""
    return _ANSI.sub("", line[:LONGEST_LINE]).rstrip("\r").rpartition("\r")[2]


def find_tracebacks(lines: Sequence[str]) -> list[Traceback]:
    """Finds all tracebacks, in the order in which they were printed.

    Args:
        lines: Lines of a log, as `plain` gives them.
    """
    headers = [(number, *header) for number, line in enumerate(lines) if (header := _header(line))]
    found = []
    for position, (number, prefix, name) in enumerate(headers):
        stop = headers[position + 1][0] if position + 1 < len(headers) else len(lines)
        block = lines[number + 1 : min(stop, number + 1000)]
        parsed = _ipython(block, name) if name else _standard(block, prefix)
        if parsed is not None:
            exception, message, frames, offset = parsed
            found.append(Traceback(exception, message, tuple(frames), number + 1 + offset, number))
    return found


def _header(line: str) -> tuple[str, str] | None:
    """What stands before a traceback's first words: a prefix, and the exception's name as IPython writes it."""
    header = _HEADER.search(line) if "Traceback (most" in line else None
    if header is None:
        return None
    before = line[: header.start()]
    last = _NAME_BEFORE.search(before)
    name = _NAME.search(last[0]) if last else None
    return (before, "") if name is None or last is None else (before[: last.start() + name.start()], name[0])


def _standard(block: Sequence[str], prefix: str) -> tuple[str, str, list[Frame], int] | None:
    """The interpreter's form: frames are indented, the first line that isn't names the exception."""
    frames: list[Frame] = []
    for offset, line in enumerate(block):
        text = line[len(prefix) :] if line.startswith(prefix) else line
        if match := _FRAME.match(text):
            frames.append(Frame(match["path"], int(match["line"]), match["function"] or ""))
        elif text[:1] not in {"", " ", "\t"} and (match := _EXCEPTION.match(text)):
            return match["name"], match["message"] or "", frames, offset
    return None


def _ipython(block: Sequence[str], name: str) -> tuple[str, str, list[Frame], int] | None:
    """IPython's form: the header names the exception, and a line that begins with the name ends it."""
    frames: list[Frame] = []
    for offset, line in enumerate(block):
        if match := _IPYTHON_FRAME.match(line) or _FRAME.match(line):
            frames.append(Frame(match["path"], int(match["line"] or 0), match["function"] or ""))
        elif match := _CELL_FRAME.match(line):
            frames.append(Frame(f"cell {match['cell']}", int(match["line"]), ""))
        elif line == name or line.startswith((f"{name}:", f"{name.rpartition('.')[2]}:")):
            return name, line.partition(":")[2].strip(), frames, offset
    return None
