"""Claim and reality in a line a kind: what the code says that it logs, beside what was logged."""

from collections.abc import Sequence

from mlx_tui.annotation.claims import Claim, ClaimState
from mlx_tui.tui.presentation.charts import ChartLine
from mlx_tui.tui.text import fit

CLAIM_SIGNS = {
    ClaimState.MET: ("✓", "good"),
    ClaimState.PARTLY: ("~", "warn"),
    ClaimState.UNMET: ("✗", "bad"),
    ClaimState.UNFORESEEN: ("+", "accent"),
}
MOST_NAMES = 8
"""So many names of a kind are written out."""
_KIND = 12


def names_text(names: Sequence[str]) -> str:
    """The names, the first of them where they are many."""
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more


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
    return [heading, title, *(_line(claim, width) for claim in claims)]


def _line(claim: Claim, width: int) -> ChartLine:
    sign, role = CLAIM_SIGNS[claim.state]
    said = f"{claim.state.value}; logged {names_text(claim.logged) or 'nothing'}"
    if claim.missing:
        said += f"; not logged: {names_text(claim.missing)}"
    return ((f"{sign} ", role), (fit(claim.what, _KIND) + " ", "strong"), (fit(said, max(0, width - _KIND - 3)), role))
