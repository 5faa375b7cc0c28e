"""Runs the plans of many repositories, a few at once, and goes on where it was stopped.

Attempts are created one by one, as others end: who is killed leaves those that run, and nothing that waits. Called
again, it waits for those that still run, and starts those of which no attempt came to its own end.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mlx_tui.annotation.results import reproduction_of
from mlx_tui.corpus.model import Clone
from mlx_tui.reproduction.attempts import AttemptError
from mlx_tui.reproduction.model import Attempt, Plan
from mlx_tui.reproduction.plan_key import plan_key
from mlx_tui.statistics.summary import reproduction_statistics
from mlx_tui.study.attempts import Attempts, new_series
from mlx_tui.study.errors import StudyError
from mlx_tui.study.standing import is_finished, no_entry_point_before, standing

POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """Something happened.

    Attributes:
        repo: `owner/name`.
        done: Repositories of which nothing is left to do.
        total: Of how many.
        attempt: The attempt whose phase changed, or that was made before; None where there is none.
        before: Whether it was made before, so that it isn't made again.
        error: Why the repository can't be tried; empty otherwise.
    """

    repo: str
    done: int
    total: int
    attempt: Attempt | None = None
    before: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What came of a batch.

    Attributes:
        attempts: Those that count, made now or before, in the order of the repositories.
        errors: `(repository, why it can't be tried)`.
        left: Repositories that weren't begun, because the batch was stopped.
    """

    attempts: tuple[Attempt, ...]
    errors: tuple[tuple[str, str], ...]
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """How a batch is run.

    Attributes:
        repeat: How many times each plan is run; 0 for what was chosen for the repository, else once.
        at_once: How many attempts run at the same time.
        again: Whether plans are run again of which an attempt came to its own end.
    """

    repeat: int = 0
    at_once: int = 1
    again: bool = False


@dataclass(frozen=True, slots=True)
class _Start:
    plan: Plan
    series: str
    number: int


class Batch:
    """The plans of some repositories.

    Args:
        attempts: The study's attempts.
        clones: Which repositories.
        make_plan: Makes the plan of one; may raise `NoCandidate` and `StudyError`.
        options: How they are run.
        on_progress: Called in the thread that calls `run`.
    """

    def __init__(
        self,
        attempts: Attempts,
        clones: Sequence[Clone],
        make_plan: Callable[[Clone], Plan],
        options: BatchOptions,
        on_progress: Callable[[BatchProgress], None] = lambda progress: None,
    ) -> None:
        self._attempts = attempts
        self._clones = list(clones)
        self._make_plan = make_plan
        self._options = options
        self._on_progress = on_progress
        self._waiting = deque(self._clones)
        self._starts: deque[_Start] = deque()
        self._running: dict[str, Attempt] = {}
        self._ended: dict[str, Attempt] = {}
        self._errors: dict[str, str] = {}

    def run(self, cancelled: threading.Event, leave: threading.Event | None = None) -> BatchResult:
        """Runs them to the end.

        Args:
            cancelled: Set it to end what runs and to start nothing more.
            leave: Set it to start nothing more, and to leave what runs to its supervisor.
        """
        leave = leave or threading.Event()
        while not cancelled.is_set() and not leave.is_set():
            self._look()
            while len(self._running) < max(self._options.at_once, 1) and self._next():
                pass
            if not self._running and not self._starts and not self._waiting:
                break
            cancelled.wait(POLL_SECONDS)
        running = tuple(self._running.values())
        left_running = self._attempts.cancel_all(running) if cancelled.is_set() else running
        self._ended |= {attempt.folder: attempt for attempt in left_running}
        self._running.clear()
        order = {clone.repo: number for number, clone in enumerate(self._clones)}
        ended = sorted(self._ended.values(), key=lambda one: (order[one.state.repo], one.state.id))
        left = dict.fromkeys([*(start.plan.repo for start in self._starts), *(clone.repo for clone in self._waiting)])
        return BatchResult(tuple(ended), tuple(self._errors.items()), tuple(left))

    def start_all(self) -> BatchResult:
        """Starts everything at once and doesn't wait: the supervisors queue, `at_once` of them run."""
        while self._next(at_once=True):
            pass
        attempts = sorted([*self._running.values(), *self._ended.values()], key=lambda one: one.state.id)
        return BatchResult(tuple(attempts), tuple(self._errors.items()), ())

    def _look(self) -> None:
        """Reads those that run; tells those whose phase changed."""
        for folder, before in list(self._running.items()):
            attempt = self._attempts.read(before)
            self._running[folder] = attempt
            if is_finished(attempt):
                self._ended[folder] = self._running.pop(folder)
            if attempt.state.phase is not before.state.phase:
                self._tell(attempt.state.repo, attempt)

    def _next(self, *, at_once: bool = False) -> bool:
        """Starts the next attempt, or plans the next repository; returns whether there was anything to do.

        Args:
            at_once: Whether to start repeats of a plan before those that come first are finished: their supervisors
                wait for each other then.
        """
        busy = {attempt.state.series for attempt in self._running.values() if not at_once}
        start = next((start for start in self._starts if start.series not in busy), None)
        if start is not None:
            self._starts.remove(start)
            try:
                attempt = self._attempts.start_one(start.plan, start.series, start.number, self._options.at_once)
            except AttemptError as error:
                self._fail(start.plan.repo, str(error))
            else:
                self._running[attempt.folder] = attempt
                self._tell(attempt.state.repo, attempt)
            return True
        if self._waiting:
            self._begin(self._waiting.popleft())
            return True
        return False

    def _begin(self, clone: Clone) -> None:
        """Plans a repository, and finds out what of it was done before."""
        from mlx_tui.reproduction.plan import NoCandidate  # what finds commands: not needed before

        made = self._attempts.list(clone.repo)
        try:
            plan = self._make_plan(clone)
        except NoCandidate as error:
            before = None if self._options.again else no_entry_point_before(made, clone.commit)
            attempt = before or self._attempts.record_no_entry_point(clone, str(error))
            self._ended[attempt.folder] = attempt
            self._tell(clone.repo, attempt, before=before is not None)
            return
        except StudyError as error:
            self._fail(clone.repo, str(error))
            return
        repeat = self._options.repeat or self._attempts.choice(clone).repeat
        stands = standing(() if self._options.again else made, plan_key(plan), repeat)
        for attempt in stands.done:
            (self._ended if is_finished(attempt) else self._running)[attempt.folder] = attempt
            self._tell(clone.repo, attempt, before=True)
        series = stands.series or new_series()
        self._starts.extend(_Start(plan, series, number) for number in stands.missing)

    def _fail(self, repo: str, text: str) -> None:
        self._errors[repo] = text
        self._on_progress(BatchProgress(repo, self._done(), len(self._clones), error=text))

    def _tell(self, repo: str, attempt: Attempt, *, before: bool = False) -> None:
        self._on_progress(BatchProgress(repo, self._done(), len(self._clones), attempt, before))

    def _done(self) -> int:
        busy = {attempt.state.repo for attempt in self._running.values()}
        busy |= {start.plan.repo for start in self._starts} | {clone.repo for clone in self._waiting}
        return sum(clone.repo not in busy for clone in self._clones)


def three_numbers(attempts: Sequence[Attempt]) -> str:
    """The three honest numbers of some attempts, a repository counted once, in a sentence."""
    by_repository: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        by_repository.setdefault(attempt.state.repo, []).append(attempt)
    counted = reproduction_statistics([reproduction_of(own) for own in by_repository.values()])
    return (
        f"Of {counted.attempted} {'repository' if counted.attempted == 1 else 'repositories'}: "
        f"{counted.as_is.count} executed as is, "
        f"{counted.after_repairs.count} after named repairs, {counted.metrics_equal.count} with metrics equal to a "
        f"recorded reference ({counted.compared} had one)."
    )


def remaining_seconds(began: float, done: int, total: int) -> float | None:
    """An estimate of what is left, from the pace so far; None before anything is done.

    Args:
        began: When the first was begun, in `time.monotonic()`.
        done: How many were done since.
        total: How many there are to do.
    """
    return (time.monotonic() - began) / done * (total - done) if done else None
