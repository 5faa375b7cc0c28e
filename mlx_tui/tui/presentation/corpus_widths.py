"""How wide the columns of the corpus have to be for what its rows hold."""

from collections.abc import Sequence
from dataclasses import dataclass

from mlx_tui.study.results import READING
from mlx_tui.tui.presentation.corpus_row import CorpusRow
from mlx_tui.tui.presentation.marks import outcome_text

SORTED = 1
"""A cell for the sign of a sort behind a heading."""


@dataclass(frozen=True, slots=True)
class Widths:
    """Cells that the longest texts of some columns take, with the heading and a sort's sign.

    Attributes:
        repo: Of the longest name, without the heading.
        outcome: Of outcomes and phases.
        judged: Of judged findings and all.
        state: Of the states of fetching and scanning.
    """

    repo: int = 0
    outcome: int = len("outcome") + SORTED
    judged: int = len("judged") + SORTED
    state: int = len("state") + SORTED


LEAST = Widths()


def state_text(row: CorpusRow) -> str:
    """Whether a repository was fetched and scanned."""
    if not row.result.included:
        return "excluded"
    if row.result.scan_state.startswith("failed"):
        return "failed"
    if row.result.scan_state == READING:
        return "…"
    return row.result.scan_state if row.result.commit else "to fetch"


def widths_of(rows: Sequence[CorpusRow]) -> Widths:
    """Measures rows; takes some milliseconds for 10,000."""
    outcomes = {(None if row.running else row.result.reproduction.outcome) for row in rows}
    phases = {row.running.phase for row in rows if row.running}
    shown = [outcome_text(outcome)[0] for outcome in outcomes] + [outcome_text(None, phase)[0] for phase in phases]
    most = max((row.result.findings for row in rows), default=0)
    return Widths(
        max((len(row.result.repo) for row in rows), default=0),
        max([LEAST.outcome, *map(len, shown)]),
        max(LEAST.judged, len(f"{most}/{most}")),
        max([LEAST.state, *map(len, {state_text(row) for row in rows})]),
    )
