"""Recorded results of an experiment that a new attempt can be compared with."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mlx_tui.formats.notebook import NotebookError
from mlx_tui.json_file import read_json
from mlx_tui.reproduction.attempt_files import AttemptFiles
from mlx_tui.reproduction.captured_database import read_database
from mlx_tui.reproduction.captured_files import read_file_store
from mlx_tui.reproduction.model import Attempt, CapturedRun, CapturedRuns, Outcome, Plan, Step, StepKind
from mlx_tui.reproduction.notebook_numbers import read_numbers

COMMITTED = "committed run"
NOTEBOOK = "notebook output"
EARLIER = "earlier attempt"
_DATABASE = re.compile(r"(?i)ml(?:flow|runs).*\.(?:db|sqlite3?)")
_RAN = frozenset([Outcome.EXECUTED, Outcome.REPRODUCED, Outcome.DIFFERS])


@dataclass(frozen=True, slots=True)
class Reference:
    """Results to compare with.

    Attributes:
        source: `committed run`, `notebook output` or `earlier attempt`.
        path: A file or folder of the repository, or an attempt's id.
        runs: MLflow runs, for a committed run or an earlier attempt.
        numbers: Printed numbers by name, of executed notebooks.
        freeze: The exact environment where it is known, else empty.
    """

    source: str
    path: str
    runs: tuple[CapturedRun, ...] = ()
    numbers: tuple[tuple[str, float], ...] = ()
    freeze: str = ""


def find_references(work: Path, plan: Plan, earlier: Sequence[Attempt]) -> list[Reference]:
    """Finds all references of a plan, the one that says most first.

    Args:
        work: The repository's files as committed: call it before the experiment runs there.
        plan: The plan.
        earlier: Other attempts of the repository, oldest first.
    """
    found = [*_committed(work), *_notebooks(work, plan)]
    for attempt in earlier:
        if same_experiment(attempt, plan) and (reference := earlier_reference(attempt)) is not None:
            found.append(reference)
            break
    return found


def same_experiment(attempt: Attempt, plan: Plan) -> bool:
    """Whether an attempt ran the same steps on the same commit, to their end."""
    return (
        attempt.state.outcome in _RAN
        and attempt.plan.commit == plan.commit
        and attempt.plan.candidate.steps == plan.candidate.steps
    )


def earlier_reference(attempt: Attempt) -> Reference | None:
    """What an attempt captured, as a reference; None where it captured no metric."""
    files = AttemptFiles(Path(attempt.folder))
    try:
        runs = read_json(files.runs, CapturedRuns).runs
        freeze = exact_environment(files, attempt.plan)
    except (OSError, ValueError):
        return None
    numbers = notebook_results(files.executed, attempt.plan)
    if not numbers and not any(run.metrics for run in runs):
        return None
    return Reference(EARLIER, attempt.state.id, runs, tuple(numbers.items()), freeze)


def exact_environment(files: AttemptFiles, plan: Plan) -> str:
    """Interpreter and exact packages of an attempt; empty where they aren't known."""
    return f"python {plan.environment.python_used}\n{files.freeze.read_text()}" if files.freeze.is_file() else ""


def notebook_results(folder: Path, plan: Plan, *, in_repository: bool = False) -> dict[str, float]:
    """The printed numbers of a plan's notebooks.

    Args:
        folder: Where the executed notebooks are, or the repository's root.
        plan: The plan.
        in_repository: Whether `folder` is the repository's root.
    """
    found: dict[str, float] = {}
    notebooks = [
        (number, step) for number, step in enumerate(plan.candidate.steps, 1) if step.kind is StepKind.NOTEBOOK
    ]
    for number, step in notebooks:
        path = folder / step.workdir / step.text if in_repository else executed_notebook(folder, number, step)
        prefix = f"{Path(step.text).name} " if len(notebooks) > 1 else ""
        try:
            found |= {prefix + name: value for name, value in read_numbers(path).items()}
        except (NotebookError, OSError):
            continue
    return found


def executed_notebook(folder: Path, number: int, step: Step) -> Path:
    """Where the executed notebook of a step is kept; `number` is the step's, from 1."""
    return folder / f"{number}-{Path(step.text).name}"


def _notebooks(work: Path, plan: Plan) -> list[Reference]:
    numbers = notebook_results(work, plan, in_repository=True)
    if not numbers:
        return []
    path = next(step.text for step in plan.candidate.steps if step.kind is StepKind.NOTEBOOK)
    return [Reference(NOTEBOOK, path, numbers=tuple(numbers.items()))]


def _committed(work: Path) -> list[Reference]:
    """Stores of MLflow that are part of the repository."""
    found = []
    for root, folders, names in os.walk(work):
        folders[:] = sorted(folder for folder in folders if folder != ".git")
        here = Path(root)
        stores = [(here / name, read_file_store(here / name).runs) for name in folders if _is_store(here / name)]
        stores += [
            (here / name, read_database(here / name).runs)
            for name in sorted(names)
            if _DATABASE.fullmatch(name) and (here / name).is_file() and not (here / name).is_symlink()
        ]
        for path, runs in stores:
            if any(run.metrics for run in runs):
                found.append(Reference(COMMITTED, path.relative_to(work).as_posix(), runs))
        folders[:] = [folder for folder in folders if not _is_store(here / folder)]
    return found


def _is_store(folder: Path) -> bool:
    """Whether a folder is a file store of MLflow: `mlruns`, or one that holds the default experiment."""
    return folder.name == "mlruns" or (folder / "0" / "meta.yaml").is_file()
