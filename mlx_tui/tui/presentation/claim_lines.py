"""Claim and reality in a line a kind: what the code says that it logs, beside what was logged."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from mlx_tui.annotation.claims import Claim, ClaimState
from mlx_tui.safe_text import safe_text
from mlx_tui.tui.presentation.charts import ChartLine
from mlx_tui.tui.text import fit

CLAIM_SIGNS = {
    ClaimState.MET: ("✓", "good"),
    ClaimState.PARTLY: ("~", "warn"),
    ClaimState.UNMET: ("✗", "bad"),
    ClaimState.NOT_RUN: ("·", "muted"),
    ClaimState.UNFORESEEN: ("+", "accent"),
}
MOST_LINES = 4
"""So many lines are taken by a claim; an attempt's details have all of it."""
MOST_NAMES = 8
"""So many names of a kind are written out."""
_KIND = 12


def names_text(names: Sequence[str]) -> str:
    """The names, the first of them where they are many."""
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more


def said_of(claim: Claim) -> str:
    """What became of a claim, and what was logged."""
    if claim.state is ClaimState.NOT_RUN:
        return "not run by this plan"
    return f"{claim.state.value}; logged {names_text(claim.logged) or 'nothing'}"


def missing_names(claim: Claim) -> str:
    """What the code that was run spells out and wasn't logged; empty for nothing."""
    return "" if claim.state is ClaimState.NOT_RUN else names_text(claim.missing)


def claim_lines(claims: Sequence[Claim] | None, width: int) -> list[ChartLine]:
    """Says what became of each claim.

    Args:
        claims: Of an attempt; None where the repository wasn't scanned or nothing was captured.
        width: Cells that there are.
    """
    if claims is None:
        return []
    heading: ChartLine = (("", ""),)
    title: ChartLine = ((fit("claim and reality", width), "strong"),)
    return [heading, title, *(line for claim in claims for line in _lines(claim, width))]


def _lines(claim: Claim, width: int) -> Iterator[ChartLine]:
    """One claim: its kind at the left, what became of it in a column beside that."""
    sign, role = CLAIM_SIGNS[claim.state]
    said = said_of(claim)
    if missing := missing_names(claim):
        said += f"; not logged: {missing}"
    room = max(1, width - _KIND - 3)
    for number, line in enumerate(wrap(safe_text(said), room)[:MOST_LINES]):
        before: ChartLine = ((f"{sign} ", role), (fit(claim.what, _KIND) + " ", "strong"))
        indent: ChartLine = ((" " * (_KIND + 3), ""),)
        yield (*(indent if number else before), (fit(line, room), role))
