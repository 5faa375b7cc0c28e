"""Where judging stopped, remembered for the next session."""

from dataclasses import dataclass
from pathlib import Path

from mlx_tui.safe_text import safe_text
from mlx_tui.tui.presentation.evidence import EvidenceRow
from mlx_tui.view_state import read_state, write_state

PART = "position"


@dataclass(frozen=True, slots=True)
class Position:
    """A row of the evidence in a repository.

    Attributes:
        repo: The repository.
        feature: The feature.
        path: The finding's file, safe text; empty for the feature's own line.
        cell: The finding's cell; None outside notebooks.
        line: The finding's line; 0 for the feature's own line.
    """

    repo: str
    feature: str
    path: str = ""
    cell: int | None = None
    line: int = 0

    @property
    def text(self) -> str:
        """For a person."""
        cell = "" if self.cell is None else f"#{self.cell}"
        return f"{self.path}{cell}:{self.line} in {self.repo}" if self.path else f"{self.feature} in {self.repo}"


def position_of(repo: str, row: EvidenceRow) -> Position:
    """The position of a row."""
    found = row.finding
    if found is None:
        return Position(repo, row.feature.id)
    return Position(repo, row.feature.id, safe_text(found.path), found.cell, found.line)


def read_position(study: Path) -> Position | None:
    """The position that is remembered of a study."""
    return read_state(study, PART, Position)


def write_position(study: Path, position: Position) -> None:
    """Remembers a position of a study."""
    write_state(study, PART, position)
