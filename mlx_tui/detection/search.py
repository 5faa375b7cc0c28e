"""Looks for a text in a repository at its commit: in the files that a scan reads, as they were committed."""

import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mlx_tui.detection.repository import open_repository
from mlx_tui.detection.source import SourceFile
from mlx_tui.formats.notebook import NotebookError, parse_script
from mlx_tui.text_files import UnreadableError

MAX_HITS = 10_000
"""So many hits of one repository are kept."""
MAX_TEXT = 300
"""Of a longer line, what is around the hit."""
SECONDS = 30.0
"""Processor time for one repository: some expressions never come to an end."""
_LOOKED_AT = 8_000
_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for.

    Attributes:
        text: Plain text, or a regular expression of Python's `re`.
        regex: Whether it is one; `^` and `$` stand for a line's ends.
        ignore_case: Whether upper and lower case are alike.
    """

    text: str
    regex: bool = False
    ignore_case: bool = False

    def pattern(self) -> re.Pattern[str]:
        """The compiled expression.

        Raises:
            ValueError: The text is empty or no regular expression.
        """
        if not self.text:
            raise ValueError("there is nothing to look for")
        flags = re.MULTILINE | (re.IGNORECASE if self.ignore_case else re.NOFLAG)
        try:
            return re.compile(self.text if self.regex else re.escape(self.text), flags)
        except (re.error, RecursionError, OverflowError) as error:
            raise ValueError(f"{self.text} is no regular expression: {error}") from error


@dataclass(frozen=True, slots=True)
class Hit:
    """A line in which the text is; all texts are raw.

    Attributes:
        repo: The repository.
        commit: Its commit.
        path: The file.
        cell: The notebook's cell; None outside notebooks.
        line: The line, from 1.
        text: The line without its indentation; of a long one what is around the hit.
    """

    repo: str
    commit: str
    path: str
    cell: int | None
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class RepositoryHits:
    """What was found in a repository.

    Attributes:
        hits: In the order of files and lines.
        files: How many files were looked into.
        more: Why there may be more hits; empty where these are all.
    """

    hits: tuple[Hit, ...]
    files: int
    more: str = ""


class _OutOfTimeError(Exception):
    pass


def search_repository(repo: str, path: Path, commit: str, query: Query) -> RepositoryHits:
    """Finds the lines in which a text is; in a notebook, those of its cells' sources.

    Args:
        repo: `owner/name`.
        path: A work tree of it.
        commit: The full SHA that is read.
        query: What to look for.

    Raises:
        GitError: The commit can't be listed.
        ValueError: The query is empty or no regular expression.
    """
    pattern = query.pattern()
    view, _ = open_repository(path, commit)
    hits: list[Hit] = []
    files, more = 0, ""
    try:
        with _limited(SECONDS):
            for name in view.paths:
                try:
                    file = view.open(name)
                except UnreadableError:
                    continue
                files += 1
                for cell, text in _texts(file):
                    hits += (Hit(repo, commit, name, cell, line, told) for line, told in find_lines(pattern, text))
                if len(hits) >= MAX_HITS:
                    more = f"the first {MAX_HITS:,} hits"
                    break
    except _OutOfTimeError:
        more = f"stopped after {SECONDS:.0f} s: the expression takes too long"
    finally:
        view.close()
    return RepositoryHits(tuple(hits[:MAX_HITS]), files, more)


def find_lines(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, str]]:
    """Yields the number and the text of each line in which a hit begins, once; hits of no character don't count."""
    number, counted, ends_at = 1, 0, -1
    for match in pattern.finditer(text):
        start = match.start()
        if start <= ends_at or start == match.end():
            continue
        number += text.count("\n", counted, start)
        counted = start
        begins_at = text.rfind("\n", 0, start) + 1
        ends_at = text.find("\n", start)
        ends_at = len(text) if ends_at < 0 else ends_at
        if ends_at - begins_at > MAX_TEXT:
            begins_at = max(begins_at, start - MAX_TEXT // 3)
        yield number, text[begins_at : min(ends_at, begins_at + MAX_TEXT)].strip()


def _texts(file: SourceFile) -> Iterator[tuple[int | None, str]]:
    """A file's text, a notebook's cells; nothing of what isn't text."""
    if b"\0" in file.data[:_LOOKED_AT] and not file.data.startswith(_MARKS):
        return
    if file.suffix == ".ipynb":
        try:
            cells = parse_script(file.data).cells
        except NotebookError:
            pass  # its text is what can be read of it
        else:
            yield from ((cell.index, cell.source.replace("\r\n", "\n").replace("\r", "\n")) for cell in cells)
            return
    yield None, file.text


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raises after so much processor time, also within a match; only a process's main thread can be limited so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise _OutOfTimeError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
