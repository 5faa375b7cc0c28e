"""What each cell of an executed notebook took, from the times that nbclient wrote into it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mlx_tui.formats.notebook import NotebookError, joined_text
from mlx_tui.reproduction.attempt_files import AttemptFiles
from mlx_tui.reproduction.model import Plan, StepKind
from mlx_tui.reproduction.notebook_numbers import read_cells
from mlx_tui.reproduction.reference import executed_notebook


@dataclass(frozen=True, slots=True)
class CellTime:
    """One code cell that isn't empty.

    Attributes:
        notebook: The notebook's path as the plan names it; raw text.
        cell: Its number among them, from 1, as the log counts.
        source: Its first line; raw text.
        seconds: What it took; None where it didn't run to its end.
        failed: Whether it raised an exception.
    """

    notebook: str
    cell: int
    source: str
    seconds: float | None
    failed: bool


def read_cell_times(files: AttemptFiles, plan: Plan) -> tuple[CellTime, ...]:
    """The cells of an attempt's notebooks, in the order in which they ran; none where no notebook was executed."""
    found: list[CellTime] = []
    for number, step in enumerate(plan.candidate.steps, 1):
        if step.kind is StepKind.NOTEBOOK:
            try:
                found += _cells(step.text, executed_notebook(files.executed, number, step))
            except (NotebookError, OSError):
                continue
    return tuple(found)


def _cells(notebook: str, path: Path) -> list[CellTime]:
    code = [cell for cell in read_cells(path) if cell.get("cell_type") == "code"]
    sources = [(cell, joined_text(cell.get("source"))) for cell in code]
    return [
        CellTime(notebook, number, source.strip().splitlines()[0], _seconds(cell.get("metadata")), _failed(cell))
        for number, (cell, source) in enumerate((pair for pair in sources if pair[1].strip()), 1)
    ]


def _seconds(metadata: object) -> float | None:
    """From the kernel's start of the cell to its reply."""
    times = metadata.get("execution") if isinstance(metadata, dict) else None
    if not isinstance(times, dict):
        return None
    try:
        began, ended = (
            datetime.fromisoformat(str(times[key])) for key in ("iopub.execute_input", "shell.execute_reply")
        )
        return round((ended - began).total_seconds(), 3)
    except (KeyError, ValueError, TypeError):
        return None


def _failed(cell: dict[str, object]) -> bool:
    outputs = cell.get("outputs")
    found = outputs if isinstance(outputs, list) else []
    return any(isinstance(output, dict) and output.get("output_type") == "error" for output in found)
