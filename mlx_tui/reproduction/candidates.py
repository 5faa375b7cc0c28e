"""The ways to run a repository's experiment, most likely first."""

from dataclasses import replace
from pathlib import Path

from mlx_tui.reproduction.code_index import CodeIndex
from mlx_tui.reproduction.entry_points.code import from_notebooks, from_scripts
from mlx_tui.reproduction.entry_points.declared import (
    from_ci,
    from_dvc,
    from_kedro,
    from_mlprojects,
    from_readmes,
    from_tasks,
)
from mlx_tui.reproduction.entry_points.found import Found, PassedOver
from mlx_tui.reproduction.entry_points.resolver import Resolver
from mlx_tui.reproduction.model import Candidate, CommandSource
from mlx_tui.reproduction.worktree import WorkTree

MAX_CANDIDATES = 50

# The order that would have found the command of most of 24 real repositories: what is declared first.
_ORDER = (
    CommandSource.MLPROJECT,
    CommandSource.CI,
    CommandSource.TASK,
    CommandSource.DVC,
    CommandSource.README,
)


class Discovery:
    """What was found in a clone.

    Attributes:
        tree: The clone's files.
        index: Its Python code.
        found: Every way to run it, ranked.
        passed_over: What looked like one and wasn't taken, with the reason.
        mended: MLproject files that were read without their HTML comments.

    Args:
        clone: The repository's work tree.
        tolerant: Whether an MLproject that can't be read otherwise is read without its HTML comments.
    """

    def __init__(self, clone: Path, *, tolerant: bool = False) -> None:
        self.tree = WorkTree(clone)
        self.index = CodeIndex(self.tree)
        resolver = Resolver(self.index, tolerant=tolerant)
        declared = (from_mlprojects, from_ci, from_tasks, from_kedro, from_dvc, from_readmes)
        found = [item for source in declared for item in source(resolver)]
        found += [*from_scripts(self.index), *from_notebooks(self.index)]
        self.mended = frozenset(project.path for project in resolver.projects if project.mended)
        self.passed_over: tuple[PassedOver, ...] = tuple(resolver.passed_over)
        self.found: tuple[Found, ...] = rank(found)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The candidates in order; the reason says where one can't run as it is."""
        return tuple(_explained(item) for item in self.found)

    @property
    def complete(self) -> tuple[Candidate, ...]:
        """The candidates that can run as they are."""
        return tuple(_explained(item) for item in self.found if not item.missing)

    @property
    def uses_mlflow(self) -> bool:
        """Whether any of the clone's Python code, or what configures it, uses MLflow."""
        files = [*self.index.scripts.values(), *self.index.notebooks.values()]
        return any(file.source.uses_mlflow for file in files) or bool(self.index.mlflow_in_config)


def find_candidates(clone: Path) -> tuple[Candidate, ...]:
    """Finds the ways to run a repository's experiment, most likely first, at most `MAX_CANDIDATES`.

    Args:
        clone: The repository's work tree; nothing in it is run or imported.
    """
    return Discovery(clone).candidates


def rank(found: list[Found]) -> tuple[Found, ...]:
    """Orders candidates and drops those that run the same as an earlier one.

    Those that can run as they are come first, those that lead to MLflow before others, then what is declared before
    what only looks like an entry point, then by weight.
    """
    ordered = sorted(found, key=_key)
    kept: dict[object, Found] = {}
    for item in ordered:
        kept.setdefault(item.candidate.steps, item)
    return tuple(kept.values())[:MAX_CANDIDATES]


def _key(item: Found) -> tuple[int, int, int, int, str]:
    leads = {True: 0, None: 1, False: 2}[item.leads_to_mlflow]
    source = item.candidate.source
    order = _ORDER.index(source) if source in _ORDER else len(_ORDER)
    return (1 if item.missing else 0, leads, order, -item.weight, item.candidate.path)


def _explained(item: Found) -> Candidate:
    reason = item.candidate.reason
    if item.missing:
        reason = f"{reason}; no value for {', '.join(item.missing)}"
    elif item.leads_to_mlflow is False:
        reason = f"{reason}; no use of MLflow was found in what it runs"
    return replace(item.candidate, reason=reason.removeprefix("; "))
