"""Repeats of one plan run one after the other, so that each is compared with those before it."""

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

from mlx_tui.reproduction.attempts import AttemptError, read_attempt
from mlx_tui.reproduction.model import AttemptState, Phase
from mlx_tui.reproduction.slots import POLL_SECONDS


def earlier_repeats(folder: Path, state: AttemptState) -> list[Path]:
    """The folders of the earlier repeats of an attempt's series that aren't finished.

    Args:
        folder: The attempt's folder.
        state: Its state.
    """
    found = []
    for other in folder.parent.glob("*/state.json") if state.series and state.repeat > 1 else ():
        with contextlib.suppress(AttemptError):
            read = read_attempt(other.parent).state
            if read.series == state.series and read.repeat < state.repeat and read.phase is not Phase.FINISHED:
                found.append(other.parent)
    return found


def _is_finished(folder: Path) -> bool:
    try:
        return read_attempt(folder).state.phase is Phase.FINISHED
    except AttemptError:  # its folder was removed
        return True


def wait_for_earlier_repeats(folder: Path, state: AttemptState, given_up: Callable[[], bool]) -> None:
    """Waits until the earlier repeats of an attempt's series are finished, or the wait is given up.

    Args:
        folder: The attempt's folder.
        state: Its state.
        given_up: Called while waiting; true ends the wait.
    """
    waiting = earlier_repeats(folder, state)  # all of them were made before the first was started
    while waiting and not given_up():
        time.sleep(POLL_SECONDS)
        waiting = [other for other in waiting if not _is_finished(other)]
