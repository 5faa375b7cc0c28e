"""Long work that is under way: since when, how far, and whether it is to stop."""

import threading
import time
from dataclasses import dataclass, field

from mlx_tui.tui.presentation.corpus_text import estimate_text

TOLD_SECONDS = 0.1
"""How often a step of long work is shown."""


@dataclass(slots=True)
class LongJob:
    """Long work of a thread.

    Attributes:
        what: What it does, as in "still writing report.html".
        stop: Set it to stop the work.
        began: When it began, in seconds of the monotonic clock.
    """

    what: str
    stop: threading.Event = field(default_factory=threading.Event)
    began: float = field(default_factory=time.monotonic)
    _told_at: float = 0.0

    def is_due(self) -> bool:
        """Whether a step is shown: so often as can be read, since each one costs the interface a paint."""
        now = time.monotonic()
        if now - self._told_at < TOLD_SECONDS:
            return False
        self._told_at = now
        return True

    def estimate(self, done: int, total: int) -> str:
        """Says how long the rest may take; nothing while that can't be told."""
        return estimate_text(done, total, time.monotonic() - self.began)
