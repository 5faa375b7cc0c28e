"""How the list of attempts is shown: its share of the screen, the row it opens on, and what is said above it."""

from collections.abc import Sequence
from datetime import datetime

from mlx_tui.counted import counted
from mlx_tui.reproduction.model import Attempt, Phase

LEAST_ROWS = 5
"""So many rows, with the heading, the table has where there are as many attempts."""


def table_height(attempts: int, room: int) -> int:
    """Returns how high the table is: as its rows, up to two fifths of the room; the log has the rest.

    Args:
        attempts: How many rows there are.
        room: Rows of the screen for table and log.
    """
    return min(max(attempts, 1) + 1, max(LEAST_ROWS, room * 2 // 5))


def first_row(attempts: Sequence[Attempt], left: str, left_at: datetime | None) -> str:
    """Returns the folder of the attempt on which the list opens.

    Args:
        attempts: Oldest first.
        left: Folder of the one where the list was left; empty where it wasn't yet.
        left_at: When that was; None where it isn't known.

    Returns:
        What runs, else what is newer than when the list was left, else where it was left, else the newest.
    """
    under_way = [attempt for attempt in attempts if attempt.state.phase is not Phase.FINISHED]
    begun = [attempt for attempt in under_way if attempt.state.phase is not Phase.QUEUED]
    if under_way:
        known = {attempt.folder for attempt in under_way}
        return left if left in known else (begun or under_way)[-1].folder
    newest = max(attempts, key=lambda attempt: attempt.state.id, default=None)
    if newest is None:
        return ""
    made = newest.state.created_at
    is_news = left_at is None or made is None or made > left_at
    return newest.folder if is_news or left not in {attempt.folder for attempt in attempts} else left


def count_text(attempts: Sequence[Attempt]) -> str:
    """Says how many attempts there are, and how many of them run and wait."""
    phases = [attempt.state.phase for attempt in attempts]
    queued = phases.count(Phase.QUEUED)
    running = len(phases) - queued - phases.count(Phase.FINISHED)
    parts = [f"{running} running"] * (running > 0) + [f"{queued} queued"] * (queued > 0)
    return counted(len(attempts), "attempt") + (f" · ⟳ {', '.join(parts)}" if parts else "")


def log_title(attempt: Attempt) -> str:
    """Says of what the log beside the list is, and why it is empty where nothing was written."""
    said = f"log of {attempt.state.repo} {attempt.state.id}"
    return f"{said} · waits for others to end" if attempt.state.phase is Phase.QUEUED else said


def leaving_text(attempts: Sequence[Attempt], study: str) -> str:
    """Says which attempts go on after the program was left, and how to see and end them; empty where none does.

    Args:
        attempts: Those that are under way.
        study: The study's folder, as a shell takes it.
    """
    if not attempts:
        return ""
    goes = "goes" if len(attempts) == 1 else "go"
    which = attempts[0].state.id if len(attempts) == 1 else "ID"
    return (
        f"{counted(len(attempts), 'attempt')} {goes} on in the background.\n"
        f"  mlx-tui attempts --study {study}   lists all\n"
        f"  mlx-tui cancel --study {study} {which}   ends one\n"
    )
