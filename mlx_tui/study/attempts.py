"""The reproduction attempts of a study."""

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import msgspec

from mlx_tui.config import Options
from mlx_tui.corpus.model import Clone, CloneStatus
from mlx_tui.json_file import read_json
from mlx_tui.reproduction import attempts as store
from mlx_tui.reproduction.attempt_files import AttemptFiles
from mlx_tui.reproduction.model import Attempt, Candidate, CapturedRuns, Plan
from mlx_tui.study.errors import StudyError

if TYPE_CHECKING:
    from mlx_tui.reproduction.plan import PlanOptions

ATTEMPTS = "attempts"


class Attempts:
    """Plans and attempts of a study.

    Args:
        folder: The study's folder.
        options: The study's options.
    """

    def __init__(self, folder: Path, options: Options) -> None:
        self.root = folder / ATTEMPTS
        self._options = options

    def plan_options(self) -> "PlanOptions":
        """What the study's options say of a plan; change single fields with `dataclasses.replace`."""
        from mlx_tui.reproduction.plan import PlanOptions

        return PlanOptions(
            timeout=self._options.timeout, isolation=self._options.isolation, network=self._options.network
        )

    def candidates(self, clone: Clone) -> tuple[Candidate, ...]:
        """The ways to run a repository, best first.

        Raises:
            StudyError: Its clone isn't there.
        """
        from mlx_tui.reproduction.candidates import find_candidates

        return find_candidates(_work_tree(clone))

    def plan(self, clone: Clone, options: "PlanOptions | None" = None, candidate: Candidate | None = None) -> Plan:
        """How a repository would be run.

        Raises:
            StudyError: Its clone isn't there.
            NoCandidate: Nothing in it says how it is run.
        """
        from mlx_tui.reproduction.plan import make_plan  # what finds commands: not needed to show a table

        return make_plan(clone.repo, clone.commit, _work_tree(clone), options or self.plan_options(), candidate)

    def start(self, plan: Plan, repeat: int = 1) -> tuple[Attempt, ...]:
        """Starts attempts of a plan; they run in processes of their own and outlive this one.

        Args:
            plan: What to run.
            repeat: How many times, one after the other.

        Returns:
            The attempts, as they were created.
        """
        series = uuid4().hex[:8]
        attempts = [store.create_attempt(self.root, plan, series, number) for number in range(1, repeat + 1)]
        for attempt in attempts:
            store.start_attempt(attempt, self._options.attempts_at_once)
        return tuple(attempts)

    def record_no_entry_point(self, clone: Clone, reason: str) -> Attempt:
        """Records that a repository was tried and nothing in it says how it is run.

        Raises:
            StudyError: Its clone isn't there.
        """
        return store.record_no_entry_point(self.root, clone.repo, clone.commit, _work_tree(clone), reason)

    def list(self, repo: str | None = None) -> tuple[Attempt, ...]:
        """Every attempt, or those of one repository, oldest first."""
        return tuple(store.list_attempts(self.root, repo))

    def read(self, attempt: Attempt) -> Attempt:
        """The attempt as it is now."""
        return store.read_attempt(Path(attempt.folder))

    def captured(self, attempt: Attempt) -> CapturedRuns | None:
        """What MLflow recorded during an attempt; None where nothing was collected yet."""
        try:
            return read_json(AttemptFiles(Path(attempt.folder)).runs, CapturedRuns)
        except (OSError, msgspec.DecodeError):
            return None

    def find(self, identifier: str) -> Attempt:
        """An attempt by its id, by the beginning of its id where only one fits, or the newest one of a repository.

        Raises:
            StudyError: No attempt, or several.
        """
        attempts = self.list()
        of_repository = [attempt for attempt in attempts if attempt.state.repo == identifier]
        if of_repository:
            return of_repository[-1]
        found = [attempt for attempt in attempts if attempt.state.id.startswith(identifier)]
        exact = [attempt for attempt in found if attempt.state.id == identifier]
        if len(exact or found) != 1:
            many = f"{len(found) or 'no'} attempts have an id that begins with {identifier}"
            raise StudyError(f"{many}; `mlx-tui attempts` lists them")
        return (exact or found)[0]

    def cancel(self, attempt: Attempt) -> Attempt:
        """Ends an attempt and every process of it; returns it as it is then."""
        return store.cancel_attempt(attempt)


def _work_tree(clone: Clone) -> Path:
    if clone.status is not CloneStatus.READY or clone.path is None:
        raise StudyError(f"{clone.repo} has no clone: {clone.error or 'run `mlx-tui fetch`'}")
    return clone.path
