"""How far the writing of a study's files is, and a way to stop it before anything is replaced."""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from mlx_tui.study.errors import StudyError

T = TypeVar("T")


class WritingStopped(StudyError):  # noqa: N818 - it is no error: somebody asked for it
    """Writing was stopped on purpose; the files are as they were."""


@dataclass(frozen=True, slots=True)
class WritingProgress:
    """One step of writing is done.

    Attributes:
        what: What is being made, such as `findings.csv`.
        done: How many steps are done, this one included.
        total: Of how many.
    """

    what: str
    done: int
    total: int


class Steps:
    """Counts the steps of writing, tells each, and stops between two.

    Args:
        on_progress: Called in the thread that writes, once a step.
        cancelled: Set it to stop.
    """

    def __init__(
        self,
        on_progress: Callable[[WritingProgress], None] = lambda progress: None,
        cancelled: threading.Event | None = None,
    ) -> None:
        self._tell = on_progress
        self._cancelled = cancelled or threading.Event()
        self._done = self._total = 0

    def expect(self, total: int) -> None:
        """Says how many steps there will be, after those that were expected before."""
        self._total += total

    def each(self, what: str, items: Iterable[T]) -> Iterator[T]:
        """Passes items on; each is a step, done when the next one is asked for.

        Raises:
            WritingStopped: It was cancelled.
        """
        for item in items:
            self.check()
            yield item
            self._done += 1
            self._tell(WritingProgress(what, self._done, self._total))
        self.check()

    def check(self) -> None:
        """Stops where that was asked for.

        Raises:
            WritingStopped: It was cancelled.
        """
        if self._cancelled.is_set():
            raise WritingStopped("stopped: what was there before stays as it was")
