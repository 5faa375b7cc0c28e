"""What a person chose for a repository's plan; kept with the study, one JSON file a repository in `plans/`."""

import contextlib
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from mlx_tui.json_file import read_json, write_json
from mlx_tui.reproduction.attempts import attempt_folder
from mlx_tui.reproduction.model import Candidate
from mlx_tui.reproduction.plan_options import PlanOptions

PLANS = "plans"


@dataclass(frozen=True, slots=True)
class PlanChoice:
    """A choice.

    Attributes:
        repo: `owner/name`.
        commit: The commit for which it was made; it holds for no other.
        options: The options.
        candidate: What is run; None for the first that was found.
        repeat: How many times.
        written: The commands that a person wrote for this repository, the newest first; they stay listed until they
            are removed.
    """

    repo: str
    commit: str
    options: PlanOptions
    candidate: Candidate | None = None
    repeat: int = 1
    written: tuple[Candidate, ...] = ()


def with_written(choice: PlanChoice, candidate: Candidate, before: Candidate | None) -> PlanChoice:
    """The choice of a command that a person wrote; where it was made of an earlier one of theirs, in its place."""
    others = tuple(each for each in choice.written if each not in (candidate, before))
    return replace(choice, candidate=candidate, written=(candidate, *others))


def without_written(choice: PlanChoice, candidate: Candidate) -> PlanChoice:
    """The choice without a command that a person wrote; where it was chosen, nothing is."""
    written = tuple(each for each in choice.written if each != candidate)
    chosen = None if choice.candidate == candidate else choice.candidate
    return replace(choice, candidate=chosen, written=written)


class PlanChoices:
    """The choices of a study.

    Args:
        folder: The study's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._root = folder / PLANS

    def get(self, repo: str, commit: str) -> PlanChoice | None:
        """The choice for a repository at a commit; None where there is none that can be read."""
        with contextlib.suppress(OSError, msgspec.DecodeError):
            choice = read_json(self._path(repo), PlanChoice)
            if (choice.repo, choice.commit) == (repo, commit):
                return choice
        return None

    def keep(self, choice: PlanChoice) -> None:
        """Writes a choice.

        Raises:
            OSError: It can't be written; the one before stands.
        """
        self._root.mkdir(exist_ok=True)
        write_json(self._path(choice.repo), choice)

    def forget(self, repo: str) -> bool:
        """Removes a repository's choice; returns whether there was one."""
        path = self._path(repo)
        there = path.exists()
        path.unlink(missing_ok=True)
        return there

    def _path(self, repo: str) -> Path:
        return self._root / f"{attempt_folder(self._root, repo).name}.json"
