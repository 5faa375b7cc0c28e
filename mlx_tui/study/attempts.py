"""The reproduction attempts of a study."""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import msgspec

from mlx_tui.config import Options
from mlx_tui.corpus.model import Clone, CloneStatus
from mlx_tui.json_file import read_json
from mlx_tui.reproduction import attempts as store
from mlx_tui.reproduction.attempt_files import AttemptFiles
from mlx_tui.reproduction.model import Attempt, Candidate, CapturedRuns, ParameterValue, Plan
from mlx_tui.reproduction.plan_options import PlanOptions
from mlx_tui.study.errors import StudyError
from mlx_tui.study.plan_choices import PlanChoice, PlanChoices
from mlx_tui.study.plan_ways import Way, ways

if TYPE_CHECKING:
    from mlx_tui.reproduction.repeats import RepeatedMetric

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
        self._choices = PlanChoices(folder)

    def choice(self, clone: Clone) -> PlanChoice:
        """What was chosen for a repository's plan at this commit, else what the study's options say.

        Change single fields with `dataclasses.replace`.
        """
        return self._choices.get(clone.repo, clone.commit) or self.default_choice(clone)

    def default_choice(self, clone: Clone) -> PlanChoice:
        """What holds where nothing was chosen: the study's options."""
        given = self._options
        options = PlanOptions(timeout=given.timeout, isolation=given.isolation, network=given.network)
        return PlanChoice(clone.repo, clone.commit, options)

    def keep_choice(self, choice: PlanChoice) -> None:
        """Keeps a choice with the study; the repository's next plans follow it.

        Raises:
            OSError: It can't be written; the one before stands.
        """
        self._choices.keep(choice)

    def forget_choice(self, clone: Clone) -> bool:
        """Removes what was chosen for a repository; returns whether there was something."""
        return self._choices.forget(clone.repo)

    def parameters(self, clone: Clone, candidate: Candidate) -> tuple[ParameterValue, ...]:
        """The parameters of a candidate: of an MLproject's entry points, or flags of its commands.

        Raises:
            StudyError: The clone isn't there.
        """
        from mlx_tui.reproduction.parameters import known_parameters  # what finds commands

        return known_parameters(_work_tree(clone), candidate)

    def with_parameters(self, clone: Clone, candidate: Candidate, given: Sequence[ParameterValue]) -> Candidate:
        """The candidate with other values for some parameters.

        Raises:
            StudyError: The clone isn't there, or the candidate has no such parameter.
        """
        from mlx_tui.reproduction.parameters import ParameterError, with_parameters

        try:
            return with_parameters(_work_tree(clone), candidate, given)
        except ParameterError as error:
            raise StudyError(str(error)) from error

    def candidates(self, clone: Clone) -> tuple[Candidate, ...]:
        """The ways to run a repository, best first.

        Raises:
            StudyError: Its clone isn't there.
        """
        from mlx_tui.reproduction.candidates import find_candidates

        return find_candidates(_work_tree(clone))

    def ways(self, clone: Clone, choice: PlanChoice | None = None) -> tuple[Way, ...]:
        """The ways to run a repository, as the plan's screen lists them: what a person wrote, then what was found.

        Args:
            clone: The repository.
            choice: What is asked; by default what was chosen before, else what the study's options say.

        Raises:
            StudyError: Its clone isn't there.
        """
        from mlx_tui.reproduction.plan import find_ways

        choice = choice or self.choice(clone)
        found, first = find_ways(_work_tree(clone), repair=choice.options.repair)
        return ways(found, choice.written, first, choice.candidate)

    def plan(self, clone: Clone, choice: PlanChoice | None = None) -> Plan:
        """How a repository would be run.

        Args:
            clone: The repository.
            choice: What is asked; by default what was chosen before, else what the study's options say.

        Raises:
            StudyError: Its clone isn't there, the options make no sense, or this machine lacks what they ask for.
            NoCandidate: Nothing in it says how it is run.
        """
        # What finds commands: not needed to show a table.
        from mlx_tui.reproduction.interpreters import NoInterpreter
        from mlx_tui.reproduction.isolation import IsolationError
        from mlx_tui.reproduction.plan import NoCandidate, make_plan

        choice = choice or self.choice(clone)
        try:
            return make_plan(clone.repo, clone.commit, _work_tree(clone), choice.options, choice.candidate)
        except NoCandidate:
            raise
        except (ValueError, IsolationError, NoInterpreter) as error:
            raise StudyError(str(error)) from error

    def start(self, plan: Plan, repeat: int = 1) -> tuple[Attempt, ...]:
        """Starts attempts of a plan; they run in processes of their own and outlive this one.

        Args:
            plan: What to run.
            repeat: How many times, one after the other.

        Returns:
            The attempts, as they were created.

        Raises:
            AttemptError: One can't be created or started.
        """
        series = new_series()
        attempts = [store.create_attempt(self.root, plan, series, number) for number in range(1, repeat + 1)]
        for attempt in attempts:
            store.start_attempt(attempt, self._options.attempts_at_once)
        return tuple(attempts)

    def start_one(self, plan: Plan, series: str, number: int, at_once: int = 0) -> Attempt:
        """Starts one attempt of a series.

        Args:
            plan: What to run.
            series: The id that its repeats share.
            number: Which of them, from 1.
            at_once: How many attempts may run at the same time; 0 for the study's option.

        Raises:
            AttemptError: It can't be created or started.
        """
        attempt = store.create_attempt(self.root, plan, series, number)
        store.start_attempt(attempt, at_once or self._options.attempts_at_once)
        return attempt

    @property
    def at_once(self) -> int:
        """How many attempts may run at the same time, by the study's option."""
        return self._options.attempts_at_once

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

    def repeats(self, attempt: Attempt, among: Sequence[Attempt] | None = None) -> "tuple[RepeatedMetric, ...]":
        """The metrics of an attempt and of all others that ran the same thing to its end, oldest first.

        Args:
            attempt: One of them.
            among: The study's attempts, where they were read already.
        """
        from mlx_tui.reproduction.repeats import are_repeats, repeated_metrics

        found = self.list(attempt.state.repo) if among is None else among
        same = [other for other in found if are_repeats(attempt, other)]
        return repeated_metrics([(each, self.captured(each)) for each in same])

    def named(self, repo: str) -> tuple[Attempt, ...]:
        """The attempts at a repository, by `owner/name` or, where only one fits, by `name` alone; oldest first.

        Raises:
            StudyError: Several repositories of that name were tried.
        """
        attempts = self.list()
        repos = {attempt.state.repo for attempt in attempts}
        found = {repo} & repos or {name for name in repos if name.rpartition("/")[2] == repo}
        if len(found) > 1:
            raise StudyError(
                f"{repo} is the name of several repositories ({', '.join(sorted(found))}): give the owner too"
            )
        return tuple(attempt for attempt in attempts if attempt.state.repo in found)

    def find(self, identifier: str) -> Attempt:
        """An attempt by its id, by the beginning of its id where only one fits, or the newest one of a repository.

        Raises:
            StudyError: No attempt, or several.
        """
        of_repository = self.named(identifier)
        if of_repository:
            return of_repository[-1]
        found = [attempt for attempt in self.list() if attempt.state.id.startswith(identifier)]
        exact = [attempt for attempt in found if attempt.state.id == identifier]
        if len(exact or found) != 1:
            many = f"{len(found) or 'no'} attempts have an id that begins with {identifier}"
            raise StudyError(f"{many}; `mlx-tui attempts` lists them")
        return (exact or found)[0]

    def cancel_all(self, attempts: Sequence[Attempt]) -> tuple[Attempt, ...]:
        """Ends several attempts at the same time; returns them as they are then, also those that take long to end."""
        for attempt in attempts:
            with contextlib.suppress(store.AttemptError):
                store.ask_to_cancel(attempt)
        return tuple(self._cancelled(attempt) for attempt in attempts)

    def _cancelled(self, attempt: Attempt) -> Attempt:
        try:
            return store.cancel_attempt(attempt)
        except store.AttemptError:
            return attempt

    def cancel(self, attempt: Attempt) -> Attempt:
        """Ends an attempt and every process of it; returns it as it is then."""
        return store.cancel_attempt(attempt)


def new_series() -> str:
    """An id that attempts which belong together share."""
    return uuid4().hex[:8]


def _work_tree(clone: Clone) -> Path:
    if clone.status is not CloneStatus.READY or clone.path is None:
        raise StudyError(f"{clone.repo} has no clone: {clone.error or 'run `mlx-tui fetch`'}")
    return clone.path
