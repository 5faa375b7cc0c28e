"""Keeping what the interface remembers: in a thread of its own, so that no key waits for a busy disk."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from mlx_tui.view_state import read_state, write_state

T = TypeVar("T")


class Keeper:
    """Writes in the order of the calls; what is on its way to the disk is read from memory.

    Args:
        study: The study's folder.
    """

    def __init__(self, study: Path) -> None:
        self._study = study
        self._latest: dict[str, object] = {}
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="keeping")

    def keep(self, part: str, value: object) -> None:
        """Keeps a part of how the study is looked at.

        Args:
            part: As of `write_state`.
            value: A frozen dataclass.
        """
        self._latest[part] = value
        self.do(lambda: self._write(part, value))

    def kept(self, part: str, kind: type[T]) -> T | None:
        """Returns what was kept of a part last, by this program or by one before; None as `read_state` does."""
        latest = self._latest.get(part)
        return latest if isinstance(latest, kind) else read_state(self._study, part, kind)

    def do(self, work: Callable[[], object]) -> None:
        """Does other work of this kind; none once it is closed."""
        with suppress(RuntimeError):
            self._thread.submit(work)

    def close(self) -> None:
        """Waits until everything is on disk."""
        self._thread.shutdown(wait=True)

    def _write(self, part: str, value: object) -> None:
        if self._latest[part] is value:  # else a newer one follows
            write_state(self._study, part, value)
