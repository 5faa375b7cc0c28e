"""The ways to run a repository: what the program found, and what a person wrote."""

from collections.abc import Sequence
from dataclasses import dataclass

from mlx_tui.reproduction.command_text import candidate_source
from mlx_tui.reproduction.model import Candidate, CommandSource


@dataclass(frozen=True, slots=True)
class Way:
    """A way to run a repository.

    Attributes:
        candidate: What is run.
        chosen: Whether it is what is run where nothing else is said.
        own: Whether a person wrote it.
    """

    candidate: Candidate
    chosen: bool = False
    own: bool = False


def ways(
    found: Sequence[Candidate], written: Sequence[Candidate], first: Candidate | None, chosen: Candidate | None
) -> tuple[Way, ...]:
    """Returns the ways to run a repository: those that a person wrote, then those that were found, best first.

    Args:
        found: What the program found.
        written: What a person wrote.
        first: What is run where nothing is chosen; it may be none of those found, as where a file had to be mended.
        chosen: What a person chose; None where nothing.
    """
    rows = dict.fromkeys(each for each in written if each not in found)
    if chosen is not None and chosen not in found:
        rows.setdefault(chosen)
    own = set(rows)
    if first is not None and first not in found:
        rows.setdefault(first)
    rows |= dict.fromkeys(found)
    marked = chosen or first
    return tuple(Way(candidate, candidate == marked, candidate in own) for candidate in rows)


def way_key(way: Way) -> str:
    """Returns by what a way is known when it is listed anew."""
    return repr(way.candidate)


def way_source(way: Way) -> str:
    """Returns where a way was read from, or whose it is."""
    if way.own and way.candidate.source is not CommandSource.USER:
        return f"{candidate_source(way.candidate)}, changed"
    return candidate_source(way.candidate)
