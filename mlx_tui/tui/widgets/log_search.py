"""Searching a log: from hit to hit, and how many there are; both in threads, since a log may be huge."""

from abc import abstractmethod
from bisect import bisect_left
from itertools import islice

from textual import work
from textual.message import Message
from textual.worker import get_current_worker

from mlx_tui.reproduction.log_index import LogIndex
from mlx_tui.tui.presentation.log_text import LogHits
from mlx_tui.tui.widgets.filter_line import FilterLine
from mlx_tui.tui.widgets.navigation import Navigation

MOST_HITS = 1_000
"""So many hits are counted."""


class Moved(Message):
    """The log grew, was scrolled or searched, or following started or stopped."""

    def __init__(self, view: "LogSearch") -> None:
        """Keeps the view."""
        super().__init__()
        self.view = view

    @property
    def control(self) -> "LogSearch":
        """The view."""
        return self.view


class LogSearch(Navigation):
    """A view of a log that can be searched."""

    index: LogIndex
    line: FilterLine | None

    def __init__(self, *, id: str | None = None) -> None:
        """Searches for nothing."""
        super().__init__(id=id)
        self.query_text = ""
        self.hit: int | None = None
        self._hits: list[int] | None = None
        self._more = False
        self._counted_size = -1

    @property
    def hits(self) -> LogHits | None:
        """What the search found; None where there is none."""
        if not self.query_text:
            return None
        found = self._hits or []
        at = bisect_left(found, self.hit) if self.hit is not None else len(found)
        is_counted = at < len(found) and found[at] == self.hit
        count = None if self._hits is None else len(found)
        return LogHits(self.query_text, at + 1 if is_counted else 0, count, self._more)

    def search(self, text: str) -> None:
        """Goes to the nearest hit at or below the first line that is seen; an empty text ends the search."""
        self.query_text, self.hit, self._hits, self._more, self._counted_size = text, None, None, False, -1
        self.workers.cancel_group(self, "search")
        self.workers.cancel_group(self, "count")
        self.refresh()
        self.post_message(Moved(self))
        if text:
            self._go(self.scroll_offset.y, backward=False)

    @abstractmethod
    def show_line(self, line: int) -> None:
        """Brings a line into sight."""

    def action_search(self) -> None:
        """Opens the line for what to look for; the next key is meant for it already."""
        if self.line is not None:
            self.line.open()

    def action_next(self) -> None:
        """Goes to the next hit; where nothing is searched for, asks for what."""
        if self.query_text:
            self._go((self.scroll_offset.y if self.hit is None else self.hit) + 1, backward=False)
        else:
            self.action_search()

    def action_previous(self) -> None:
        """Goes to the previous hit; where nothing is searched for, asks for what."""
        if self.query_text:
            self._go((self.scroll_offset.y if self.hit is None else self.hit) - 1, backward=True)
        else:
            self.action_search()

    def _go(self, start: int, *, backward: bool) -> None:
        self._find(self.query_text, start, backward)
        if self.index.size != self._counted_size:
            self._counted_size = self.index.size
            self._count(self.query_text)

    @work(thread=True, exclusive=True, group="search")
    def _find(self, text: str, start: int, backward: bool) -> None:
        # An index of its own: the one of the view changes while a worker reads.
        with LogIndex(self.index.path) as index:
            index.refresh()
            found = index.find(text, max(0, start), backward=backward) if start >= 0 else None
            if found is None:
                found = index.find(text, index.line_count if backward else 0, backward=backward)
        if not get_current_worker().is_cancelled:
            self.call_later(self._found, found)

    def _found(self, line: int | None) -> None:
        self.hit = line
        if line is None:
            self._hits = []
            self.post_message(Moved(self))
        else:
            self.show_line(line)

    @work(thread=True, exclusive=True, group="count")
    def _count(self, text: str) -> None:
        with LogIndex(self.index.path) as index:
            index.refresh()
            hits = list(islice(index.hits(text), MOST_HITS + 1))
        if not get_current_worker().is_cancelled:
            self.call_later(self._counted, hits)

    def _counted(self, hits: list[int]) -> None:
        self._hits, self._more = hits[:MOST_HITS], len(hits) > MOST_HITS
        self.post_message(Moved(self))
