"""Ways to run the experiment, made of the commands that a place shows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from mlx_tui.reproduction.model import ParameterValue, Step, StepKind
from mlx_tui.reproduction.worktree import folder_of

_PREPARES = re.compile(r"prepar|process|download|data|featur|split|ingest|extract|generat|clean|etl|load|setup", re.I)

# File names that leave it to their folder to say what is done.
_UNTELLING = frozenset({"index", "__main__", "run"})


@dataclass(frozen=True, slots=True)
class Resolved:
    """A command that can run in the clone.

    Attributes:
        steps: What to run, in order.
        line: Where the command was read, from 1.
        target: The file, module or project that it runs.
        leads_to_mlflow: Whether that leads to MLflow; None where that can't be told.
        parameters: Values that were put in.
        missing: Parameters without a value.
    """

    steps: tuple[Step, ...]
    line: int
    target: str
    leads_to_mlflow: bool | None
    parameters: tuple[ParameterValue, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def prepares(self) -> bool:
        """Whether its name says that it prepares data for others."""
        path = PurePosixPath(self.target)
        return bool(_PREPARES.search(path.parent.name if path.stem in _UNTELLING else path.name))


def any_leads(values: Iterable[bool | None]) -> bool | None:
    """Whether one of several leads to MLflow: True if one does, else None if that can't be told of one."""
    known = list(values)
    return True if True in known else (None if None in known else False)


def notebook_step(path: str) -> Step:
    """The step that executes a notebook in its own folder."""
    return Step(StepKind.NOTEBOOK, PurePosixPath(path).name, folder_of(path))


def together(found: list[Resolved], line: int, target: str) -> Resolved | None:
    """Several resolved commands as one, in order, up to the last that leads to MLflow; None where there are none."""
    last = max((index for index, item in enumerate(found) if item.leads_to_mlflow), default=len(found) - 1)
    kept = found[: last + 1]
    if not kept:
        return None
    return Resolved(
        tuple(dict.fromkeys(step for item in kept for step in item.steps)),
        line,
        target,
        any_leads(item.leads_to_mlflow for item in kept),
        tuple(dict.fromkeys(value for item in kept for value in item.parameters)),
        tuple(dict.fromkeys(name for item in kept for name in item.missing)),
    )


def alternatives(blocks: list[list[Resolved]]) -> list[Resolved]:
    """Makes ways to run of blocks of commands.

    Different targets within a block are steps of one way; the same target twice is two ways. A way that leads to
    MLflow is preceded by what earlier blocks prepare.
    """
    found: list[Resolved] = []
    before: list[Resolved] = []
    for block in blocks:
        targets = [item.target for item in block]
        ways = [block] if len(set(targets)) == len(targets) else [[item] for item in block]
        for way in ways:
            leading = any(item.leads_to_mlflow for item in way)
            chained = [*(item for item in before if item.target not in targets), *way] if leading else way
            resolved = together(chained, way[0].line, way[-1].target) if way else None
            if resolved:
                found.append(resolved)
        before += [item for item in block if item.prepares and not item.leads_to_mlflow]
    return found
