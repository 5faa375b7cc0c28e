"""Everything that is told of one attempt."""

from dataclasses import dataclass

from mlx_tui.annotation.claims import Claim
from mlx_tui.reproduction.model import Attempt, CapturedRuns
from mlx_tui.reproduction.notebook_cells import CellTime


@dataclass(frozen=True, slots=True)
class AttemptReport:
    """One attempt with what it captured.

    Attributes:
        attempt: The attempt.
        captured: What MLflow recorded; None where the run wasn't reached or goes on.
        claims: What the code claims beside what was logged; None where nothing was captured, or where the repository
            isn't scanned at the commit that ran.
        cells: The cells of its notebooks with their times.
    """

    attempt: Attempt
    captured: CapturedRuns | None
    claims: tuple[Claim, ...] | None
    cells: tuple[CellTime, ...]
