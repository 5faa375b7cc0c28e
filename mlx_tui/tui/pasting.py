"""What is pasted is text to the last sign: no escape sequence in it is taken for a key, and no line is lost unsaid."""

import re
import sys
from collections.abc import Iterable

from textual import _xterm_parser
from textual.driver import Driver
from textual.message import Message

from mlx_tui.safe_text import safe_text

ESCAPE = "\x1b"
START, END = _xterm_parser.BRACKETED_PASTE_START, _xterm_parser.BRACKETED_PASTE_END

# All that `str.splitlines` ends a line at, and what parts the cells of a row.
_BREAKS = re.compile("[\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")


class PasteFilter:
    """Makes the escapes visible that stand between the marks of a paste, however what comes is cut into pieces."""

    def __init__(self) -> None:
        """Starts outside a paste."""
        self._inside = False
        self._tail = ""  # what came last and may begin a mark; outside a paste it was passed on: it may be a key

    def feed(self, data: str) -> str:
        """Returns what is to be read of what came; empty where a mark must be awaited first."""
        passed = []
        while data:
            text, known = self._tail + data, 0 if self._inside else len(self._tail)
            mark = END if self._inside else START
            before, found, data = text.partition(mark)
            self._tail = "" if found else _beginning(before, mark)
            if self._inside:
                text = before.removesuffix(self._tail).replace(ESCAPE, safe_text(ESCAPE)) + found
            else:
                text = (before + found)[known:]
            passed.append(text)
            self._inside ^= bool(found)
        return "".join(passed)


def line_ends(text: str) -> str:
    """Returns a paste with the line ends of a text: terminals and tmux send a carriage return for each."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def on_one_line(text: str) -> str:
    """Returns all lines and cells of a paste with spaces between; also at its end, where another may be pasted."""
    return _BREAKS.sub(" ", text)


def first_line(text: str) -> tuple[str, int]:
    """Returns the first line of a paste that isn't empty, and how many come after it that say something."""
    lines = [line for line in text.splitlines() if line] or [""]
    return lines[0], sum(bool(line.strip()) for line in lines[1:])


def _beginning(text: str, mark: str) -> str:
    """Returns the end of a text with which a mark may begin."""
    return next((mark[:size] for size in range(len(mark) - 1, 0, -1) if text.endswith(mark[:size])), "")


class PastingParser(_xterm_parser.XTermParser):
    """Textual's parser of what a terminal sends, behind the filter."""

    def __init__(self, debug: bool = False) -> None:
        """Starts outside a paste."""
        super().__init__(debug)
        self._pastes = PasteFilter()

    def feed(self, data: str) -> Iterable[Message]:
        """Reads what came."""
        passed = self._pastes.feed(data)
        return () if data and not passed else super().feed(passed)  # nothing at all would be the end of the input


def guard_pastes(driver: type[Driver]) -> None:
    """Has a driver read by that parser; it makes its own where nothing else can be handed in."""
    names = vars(sys.modules[driver.__module__])
    if "XTermParser" in names:
        names["XTermParser"] = PastingParser
