"""One run of a plan: prepare, build the environment, run the steps, collect."""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mlx_tui.json_file import read_json, write_json
from mlx_tui.reproduction.attempt_files import AttemptFiles, StateKeeper
from mlx_tui.reproduction.attempt_log import AttemptLog
from mlx_tui.reproduction.attempts import list_attempts
from mlx_tui.reproduction.build_environment import BuildResult
from mlx_tui.reproduction.collecting import collect
from mlx_tui.reproduction.image_facts import ImageFacts
from mlx_tui.reproduction.install_failure import InstallFailure
from mlx_tui.reproduction.isolation import isolation_problem
from mlx_tui.reproduction.leftovers import remove_folders
from mlx_tui.reproduction.log_index import last_lines, line_count
from mlx_tui.reproduction.model import (
    Attempt,
    Cause,
    Ending,
    EnvironmentSpec,
    Outcome,
    Phase,
    Plan,
)
from mlx_tui.reproduction.outcome import Deeds, Verdict, build_failed, classify, short
from mlx_tui.reproduction.project_names import installed_names, read_project_names
from mlx_tui.reproduction.reference import Reference, find_references
from mlx_tui.reproduction.repairs.edits import apply_edits
from mlx_tui.reproduction.repairs.failure import Failure
from mlx_tui.reproduction.repairs.ladder import MOST, next_repair
from mlx_tui.reproduction.repairs.look import look
from mlx_tui.reproduction.step_run import StepRunner
from mlx_tui.reproduction.watching import Stop
from mlx_tui.reproduction.work_copy import CopyError, copy_commit, file_stamps, files_written

ENVIRONMENT_SECONDS = 3600
"""For building environments, those of repairs and the first together: each step of a ladder can take minutes."""
LAST_LINES = 20_000
"""So many lines from the end of a phase's log are looked at for what went wrong."""


class AttemptRun:
    """Runs a plan in an attempt's folder.

    Args:
        files: The attempt's files.
        plan: What is run.
        keeper: Holds and writes the state.
        log: The attempt's log.
        asked_to_stop: Called several times a second; a value ends what runs.
    """

    def __init__(
        self,
        files: AttemptFiles,
        plan: Plan,
        keeper: StateKeeper,
        log: AttemptLog,
        asked_to_stop: Callable[[], Stop | None],
    ) -> None:
        self._files = files
        self._plan = plan
        self._keeper = keeper
        self._log = log
        self._runner = StepRunner(files, log, asked_to_stop)
        self._status = 0
        self._stop: Stop | None = None
        self._commit_date = ""
        self._references: list[Reference] = []
        self._first_line = 1
        self._install: InstallFailure | None = None
        self._built: EnvironmentSpec | None = None
        self._image: ImageFacts | None = None

    def run(self) -> Verdict:
        """Goes through the phases as far as they succeed, with the repairs that the plan asks for.

        Returns:
            How the last run ended.
        """
        verdict = self._prepare() or self._build() or self._run_and_collect()
        ended = Ending(verdict.outcome, verdict.cause)
        self._keeper.save(replace(self._keeper.state, as_planned=ended))
        failure, withdrawn = self._look(verdict), frozenset[str]()
        while failure is not None and (plan := self._next(failure, withdrawn)) is not None:
            again = self._again(plan, ran=failure.step > 0)
            if again is None:
                withdrawn |= {plan.repairs[-1].name}
            else:
                verdict, failure = again, self._look(again)
        return verdict

    def _look(self, verdict: Verdict) -> Failure | None:
        """What a repair is chosen by; None where none is wanted."""
        state = self._keeper.state
        if not self._plan.repair or verdict.outcome is not Outcome.FAILED or state.phase is Phase.PREPARING:
            return None
        phase = Phase.ENVIRONMENT if self._built is None else Phase.RUNNING
        first, lines = last_lines(self._files.log, self._first_line, LAST_LINES)
        return look(self._files, self._plan, verdict, phase, state.step, lines, first, self._install)

    def _next(self, failure: Failure, withdrawn: frozenset[str]) -> Plan | None:
        """The plan with the next repair; None where none answers, or no time is left to build another environment."""
        if self._building_seconds_left() > 0:
            return next_repair(self._plan, failure, withdrawn)
        self._log.heading(f"no repair is tried any more: building took the {ENVIRONMENT_SECONDS} s that there are")
        return None

    def _again(self, plan: Plan, *, ran: bool) -> Verdict | None:
        """Runs a repaired plan in a fresh copy; None where its environment can't be built, and the plan before ran."""
        before, repair = self._plan, plan.repairs[-1]
        step = self._keeper.state.step
        self._adopt(plan, f"repair: {repair.name}", 0)
        tried = len(plan.repairs)
        self._log.heading(f"repair {tried} of at most {MOST}: {repair.name}: {repair.did}; because: {repair.why}")
        self._empty(self._files.home, self._files.temporary)  # what ran could have configured the installer there
        if plan.environment != self._built and (failed := self._build()) is not None:
            if not ran or failed.outcome is not Outcome.FAILED:
                return failed
            self._adopt(before, f"withdrawn: {repair.name}", step)
            self._log.heading(f"repair withdrawn, the environment can't be built with it: {repair.name}")
            return None
        return self._prepare() or self._run_and_collect()

    def _adopt(self, plan: Plan, detail: str, step: int) -> None:
        self._plan = plan
        write_json(self._files.plan, plan)
        state = replace(self._keeper.state, phase=Phase.PREPARING, repairs=plan.repairs, step=step)
        self._keeper.save(replace(state, isolation=plan.isolation), detail)

    def _prepare(self) -> Verdict | None:
        """Makes the working copy and the attempt's folders; anew for each run."""
        self._enter(Phase.PREPARING)
        if problem := isolation_problem(self._plan):
            return Verdict(Outcome.FAILED, Cause.ENVIRONMENT, short(problem))
        remove_folders((self._files.work,))
        try:
            self._commit_date = copy_commit(Path(self._plan.clone), self._plan.commit, self._files.work)
            self._references = find_references(self._files.work, self._plan, self._earlier())
            self._empty(self._files.home, self._files.temporary, self._files.store, self._files.executed)
            apply_edits(self._files.work, self._plan.edits, self._files.home)
        except CopyError as error:
            return Verdict(Outcome.FAILED, Cause.CLONE, f"the commit can't be checked out: {error}")
        return None

    @staticmethod
    def _empty(*folders: Path) -> None:
        remove_folders(folders)
        for folder in folders:
            folder.mkdir()

    def _build(self) -> Verdict | None:
        self._enter(Phase.ENVIRONMENT)
        first = self._first_line = line_count(self._files.log) + 1
        self._built = self._install = None
        self._files.build_result.unlink(missing_ok=True)
        ended = self._runner.run_build(self._plan, self._commit_date, self._building_seconds_left())
        seconds = self._keeper.state.environment_seconds + ended.seconds
        self._keeper.save(replace(self._keeper.state, environment_seconds=round(seconds, 3)))
        result = self._build_result()
        if ended.stop is None and ended.status == 0 and result is not None:
            self._built = self._plan.environment
            self._image = read_json(self._files.image, ImageFacts) if self._plan.container else None
            return None
        number, lines = last_lines(self._files.log, first, LAST_LINES)
        verdict = classify(Phase.ENVIRONMENT, ended.status, ended.stop, lines, number)
        return verdict if ended.stop is not None or result is None else build_failed(verdict, result)

    def _building_seconds_left(self) -> float:
        return ENVIRONMENT_SECONDS - self._keeper.state.environment_seconds

    def _build_result(self) -> BuildResult | None:
        """What became of the environment; what was done otherwise than planned goes into the plan."""
        if not self._files.build_result.is_file():
            return None
        result = read_json(self._files.build_result, BuildResult)
        self._install = result.failure
        if result.built:
            new = [deviation for deviation in result.deviations if deviation not in self._plan.deviations]
            deviations = (*self._plan.deviations, *new)
            self._plan = replace(self._plan, environment=result.spec, deviations=deviations)
            write_json(self._files.plan, self._plan)
            for deviation in result.deviations:
                self._log.note(
                    f"{deviation.subject}: {deviation.used} instead of {deviation.asked}: {deviation.reason}"
                )
        return result

    def _run_and_collect(self) -> Verdict:
        self._enter(Phase.RUNNING)
        first = self._first_line = line_count(self._files.log) + 1
        before, began = file_stamps(self._files.work), time.monotonic()
        missing = self._run_steps()
        seconds = time.monotonic() - began
        self._keeper.save(replace(self._keeper.state, run_seconds=round(seconds, 3)))
        if missing is not None:
            return missing
        self._enter(Phase.COLLECTING)
        series = self._keeper.state.series
        collected = collect(self._files, self._plan, self._references, self._earlier(), series)
        number, lines = last_lines(self._files.log, first, LAST_LINES)
        deeds = Deeds(
            len(collected.captured.runs),
            files_written(self._files.work, before),
            any(line.strip() and not line.startswith("=== ") for line in lines),
        )
        image = self._image
        names = read_project_names(
            self._files.work, image.modules if image is not None else installed_names(self._files.environment)
        )
        verdict = classify(Phase.RUNNING, self._status, self._stop, lines, number, names, deeds)
        self._keeper.save(
            replace(
                self._keeper.state,
                runs=len(collected.captured.runs),
                metrics=len({metric.name for run in collected.captured.runs for metric in run.metrics}),
                comparison=collected.comparison,
            )
        )
        return collected.judged(verdict)

    def _run_steps(self) -> Verdict | None:
        """Runs the steps in order until one doesn't succeed."""
        environment = self._runner.variables(self._plan, self._image)
        # Another job beside it can double a run's time: the load is part of what the duration means.
        self._log.note(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
        steps = self._plan.candidate.steps
        deadline = time.monotonic() + self._plan.timeout
        for number, step in enumerate(steps, 1):
            if not self._runner.has_folder(step):
                return Verdict(Outcome.FAILED, Cause.NO_ENTRY_POINT, f"there is no folder {step.workdir}")
            self._keeper.save(replace(self._keeper.state, step=number))
            self._log.heading(f"step {number} of {len(steps)}, in {step.workdir}: {step.text}")
            ended = self._runner.run_step(self._plan, number, environment, deadline - time.monotonic(), self._image)
            self._status, self._stop = ended.status, ended.stop
            self._keeper.save(replace(self._keeper.state, exit_status=ended.status))
            if ended.stop is not None or ended.status != 0:
                break
        return None

    def _earlier(self) -> list[Attempt]:
        """The repository's other attempts, oldest first; those of the same series first of all."""
        state = self._keeper.state
        found = list_attempts(self._files.folder.parent.parent, state.repo)
        others = [attempt for attempt in found if attempt.state.id != state.id]
        return sorted(others, key=lambda attempt: not state.series or attempt.state.series != state.series)

    def _enter(self, phase: Phase) -> None:
        self._keeper.enter(phase)
        self._log.heading(phase)
