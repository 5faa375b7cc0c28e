"""How many attempts of a study run at once: numbered locks, given out in order of arrival.

The kernel drops a lock when its holder dies, so that nothing has to be cleaned up after a crash.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout

FOLDER = ".slots"
POLL_SECONDS = 0.2


@contextlib.contextmanager
def slot(attempts_root: Path, identifier: str, at_once: int, given_up: Callable[[], bool]) -> Iterator[bool]:
    """Waits for one of `at_once` slots and holds it.

    Args:
        attempts_root: The study's `attempts` folder.
        identifier: Id of the attempt; older ones, whose id sorts before, go first.
        at_once: How many slots there are, at least 1.
        given_up: Called while waiting; true ends the wait.

    Yields:
        Whether a slot is held; false where the wait was given up.
    """
    folder = attempts_root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    ticket = FileLock(folder / f"{identifier}.ticket")
    ticket.acquire()
    try:
        held = _wait(folder, Path(ticket.lock_file), at_once, given_up)
    finally:
        Path(ticket.lock_file).unlink(missing_ok=True)
        ticket.release()
    try:
        yield held is not None
    finally:
        if held is not None:
            held.release()


def _wait(folder: Path, ticket: Path, at_once: int, given_up: Callable[[], bool]) -> FileLock | None:
    while not given_up():
        if not _somebody_before(folder, ticket):
            for number in range(max(at_once, 1)):
                lock = FileLock(folder / f"{number}.slot")
                with contextlib.suppress(Timeout):
                    lock.acquire(blocking=False)
                    return lock
        time.sleep(POLL_SECONDS)
    return None


def _somebody_before(folder: Path, ticket: Path) -> bool:
    """Whether an older attempt waits; tickets of dead ones are removed."""
    for other in sorted(folder.glob("*.ticket")):
        if other.name >= ticket.name:
            break
        lock = FileLock(other)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            return True
        other.unlink(missing_ok=True)
        lock.release()
    return False
