"""One run of a plan: prepare, build the environment, run the steps, collect."""

import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from mlx_tui.json_file import read_json, write_json
from mlx_tui.reproduction import notebook_step, redirect
from mlx_tui.reproduction.attempt_files import AttemptFiles, StateKeeper
from mlx_tui.reproduction.attempt_log import AttemptLog
from mlx_tui.reproduction.attempts import list_attempts
from mlx_tui.reproduction.build_environment import BuildResult
from mlx_tui.reproduction.collecting import collect
from mlx_tui.reproduction.guarded import Confines, Ended, run_guarded
from mlx_tui.reproduction.isolation import Sandbox, bwrap_problem, certificate_paths, interpreter_paths, wrap
from mlx_tui.reproduction.log_index import LogIndex
from mlx_tui.reproduction.model import Attempt, Cause, Isolation, Outcome, Phase, Plan, Step, StepKind
from mlx_tui.reproduction.outcome import Deeds, Verdict, build_failed, classify
from mlx_tui.reproduction.project_names import read_project_names
from mlx_tui.reproduction.reference import Reference, executed_notebook, find_references
from mlx_tui.reproduction.variables import install_environment, run_environment
from mlx_tui.reproduction.watching import Limits, Stop
from mlx_tui.reproduction.work_copy import CopyError, copy_commit

ENVIRONMENT_SECONDS = 3600
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
        self._asked_to_stop = asked_to_stop
        self._status = 0
        self._stop: Stop | None = None
        self._commit_date = ""
        self._references: list[Reference] = []

    def run(self) -> Verdict:
        """Goes through the phases as far as they succeed; returns how the attempt ended."""
        return self._prepare() or self._build() or self._run_and_collect()

    def _prepare(self) -> Verdict | None:
        self._enter(Phase.PREPARING)
        if self._plan.isolation is Isolation.BWRAP and (problem := bwrap_problem()):
            reason = f"the plan asks for bubblewrap, which doesn't work here: {problem}"
            return Verdict(Outcome.FAILED, Cause.ENVIRONMENT, reason)
        try:
            self._commit_date = copy_commit(Path(self._plan.clone), self._plan.commit, self._files.work)
        except CopyError as error:
            return Verdict(Outcome.FAILED, Cause.CLONE, f"the commit can't be checked out: {error}")
        for folder in (self._files.home, self._files.temporary, self._files.store, self._files.executed):
            folder.mkdir()
        self._references = find_references(self._files.work, self._plan, self._earlier())
        return None

    def _build(self) -> Verdict | None:
        self._enter(Phase.ENVIRONMENT)
        first = self._line_count() + 1
        confines = self._confines(self._files.folder, install_environment(self._files), Limits(ENVIRONMENT_SECONDS))
        command = [sys.executable, "-m", "mlx_tui.reproduction.environment_step"]
        command += [str(self._files.folder), self._commit_date]
        ended = self._guarded(command, confines)
        self._keeper.save(replace(self._keeper.state, environment_seconds=round(ended.seconds, 3)))
        result = self._build_result()
        if ended.stop is None and ended.status == 0 and result is not None:
            return None
        verdict = classify(Phase.ENVIRONMENT, ended.status, ended.stop, self._lines(first), self._first(first))
        return verdict if ended.stop is not None or result is None else build_failed(verdict, result)

    def _build_result(self) -> BuildResult | None:
        """What became of the environment; what was done otherwise than planned goes into the plan."""
        if not self._files.build_result.is_file():
            return None
        result = read_json(self._files.build_result, BuildResult)
        if result.built:
            deviations = (*self._plan.deviations, *result.deviations)
            self._plan = replace(self._plan, environment=result.spec, deviations=deviations)
            write_json(self._files.plan, self._plan)
            for deviation in result.deviations:
                self._log.note(
                    f"{deviation.subject}: {deviation.used} instead of {deviation.asked}: {deviation.reason}"
                )
        return result

    def _run_and_collect(self) -> Verdict:
        self._enter(Phase.RUNNING)
        first = self._line_count() + 1
        began = time.time()
        missing = self._run_steps()
        seconds = time.time() - began
        self._keeper.save(replace(self._keeper.state, run_seconds=round(seconds, 3)))
        if missing is not None:
            return missing
        self._enter(Phase.COLLECTING)
        series = self._keeper.state.series
        collected = collect(self._files, self._plan, self._references, self._earlier(), series)
        lines = self._lines(first)
        deeds = Deeds(
            len(collected.captured.runs),
            _files_written(self._files.work, began),
            any(line.strip() and not line.startswith("=== ") for line in lines),
        )
        names = read_project_names(self._files.work, self._files.environment)
        verdict = classify(Phase.RUNNING, self._status, self._stop, lines, self._first(first), names, deeds)
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
        redirect.install(self._files.environment)
        environment = run_environment(
            self._files, self._plan.network, redirect.variables(self._files.store, self._files.environment)
        )
        # Another job beside it can double a run's time: the load is part of what the duration means.
        self._log.note(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
        steps = self._plan.candidate.steps
        deadline = time.monotonic() + self._plan.timeout
        for number, step in enumerate(steps, 1):
            cwd = (self._files.work / step.workdir).resolve()
            if not cwd.is_dir() or not cwd.is_relative_to(self._files.work.resolve()):
                return Verdict(Outcome.FAILED, Cause.NO_ENTRY_POINT, f"there is no folder {step.workdir}")
            self._keeper.save(replace(self._keeper.state, step=number))
            self._log.heading(f"step {number} of {len(steps)}, in {step.workdir}: {step.text}")
            ended = self._run_step(step, cwd, environment, deadline - time.monotonic())
            self._status, self._stop = ended.status, ended.stop
            self._keeper.save(replace(self._keeper.state, exit_status=ended.status))
            if ended.stop is not None or ended.status != 0:
                break
        return None

    def _run_step(self, step: Step, cwd: Path, environment: Mapping[str, str], seconds: float) -> Ended:
        limits = Limits(max(seconds, 0.1), self._plan.memory)
        if step.kind is StepKind.COMMAND:
            command, readable = ["/bin/sh", "-c", step.text], tuple[Path, ...]()
        else:
            number = self._plan.candidate.steps.index(step) + 1
            output = executed_notebook(self._files.executed, number, step)
            command, readable = notebook_step.command(step.text, output, self._files)
        if self._plan.isolation is Isolation.BWRAP:
            command = wrap(command, self._sandbox(cwd, environment, readable))
        return self._guarded(command, self._confines(cwd, environment, limits))

    def _sandbox(self, cwd: Path, environment: Mapping[str, str], readable: tuple[Path, ...]) -> Sandbox:
        files = self._files
        return Sandbox(
            cwd=cwd,
            writable=(files.work, files.store, files.executed, files.home),
            readable=(
                *readable,
                *certificate_paths(environment),
                *interpreter_paths(files.environment),
                files.environment,
            ),
            temporary=files.temporary,
            network=self._plan.network,
        )

    def _confines(self, cwd: Path, environment: Mapping[str, str], limits: Limits) -> Confines:
        files = self._files
        folders = (files.work, files.store, files.executed, files.home, files.temporary)
        return Confines(cwd, environment, limits, folders, files.transient)

    def _guarded(self, command: list[str], confines: Confines) -> Ended:
        ended = run_guarded(command, confines, self._log, self._asked_to_stop)
        told = f"exit status {ended.status} after {ended.seconds:.1f} s"
        if ended.stop is not None:
            told += f", stopped: {ended.stop}"
        if ended.left:
            told += f"; {ended.left} processes it had left running were ended"
        self._log.note(told)
        return ended

    def _earlier(self) -> list[Attempt]:
        """The repository's other attempts, oldest first; those of the same series first of all."""
        state = self._keeper.state
        found = list_attempts(self._files.folder.parent.parent, state.repo)
        others = [attempt for attempt in found if attempt.state.id != state.id]
        return sorted(others, key=lambda attempt: not state.series or attempt.state.series != state.series)

    def _enter(self, phase: Phase) -> None:
        self._keeper.enter(phase)
        self._log.heading(phase)

    def _line_count(self) -> int:
        with LogIndex(self._files.log) as index:
            index.refresh()
            return index.line_count

    def _first(self, first: int) -> int:
        return max(first, self._line_count() - LAST_LINES + 1)

    def _lines(self, first: int) -> list[str]:
        """The log's lines from one on, counted from 1, or the last of them."""
        with LogIndex(self._files.log) as index:
            index.refresh()
            return index.lines(self._first(first) - 1, index.line_count)


def _files_written(work: Path, since: float) -> int:
    """How many files of the working copy were written since a time, git's and Python's own left out."""
    count = 0
    for root, folders, names in os.walk(work):
        folders[:] = [folder for folder in folders if folder not in {".git", "__pycache__"}]
        for name in names:
            try:
                count += Path(root, name).lstat().st_mtime >= since - 0.01
            except OSError:
                continue
    return count
