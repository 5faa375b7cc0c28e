"""Where one is in a log, in a line."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LogPlace:
    """What is seen of a log.

    Attributes:
        lines: How many it has.
        first: Number of the first that is seen, from 1.
        last: Number of the last that is seen.
        at_end: Whether the last one is in sight, and stays there while the log grows.
    """

    lines: int
    first: int
    last: int
    at_end: bool


@dataclass(frozen=True, slots=True)
class LogKeys:
    """How the keys are labelled that are told beside a log."""

    follow: str
    next: str
    previous: str
    ends_search: str


@dataclass(frozen=True, slots=True)
class LogHits:
    """What a search found.

    Attributes:
        text: What is looked for.
        at: Which of the hits one is at, from 1; 0 for none of those that are counted.
        count: How many lines have it; None before they are counted.
        more: Whether there are more than were counted.
    """

    text: str
    at: int
    count: int | None
    more: bool = False


def place_text(place: LogPlace, keys: LogKeys, *, grows: bool) -> str:
    """Says how long a log is, what of it is seen, and whether its end is followed.

    Args:
        place: What is seen.
        keys: How keys are labelled.
        grows: Whether what writes it still runs.
    """
    if not place.lines:
        return "log: nothing was written yet" if grows else "log: nothing was written"
    if place.at_end:
        lines = f"log: {place.lines:,} {'line' if place.lines == 1 else 'lines'}"
        return f"{lines} · following" if grows else lines if place.first == 1 else f"{lines} · at the end"
    seen = f"log: lines {place.first:,} to {place.last:,} of {place.lines:,}"
    return f"{seen} · paused: {keys.follow} follows again" if grows else seen


def hits_text(hits: LogHits, keys: LogKeys) -> str:
    """Says which hit of how many one is at, and what goes on."""
    if hits.count == 0:
        return f"“{hits.text}” isn't in the log · {keys.ends_search} ends the search"
    count = "…" if hits.count is None else f"{hits.count:,}{'+' if hits.more else ''}"
    at = f"{hits.at:,}/{count}" if hits.at else f"{count} lines"
    return f"“{hits.text}” {at} · {keys.next} next · {keys.previous} previous · {keys.ends_search} ends the search"
