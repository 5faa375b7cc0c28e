"""After the run: what MLflow captured, written to `runs.json`, and its comparison with a reference."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mlx_tui.json_file import read_json, write_json
from mlx_tui.reproduction.attempt_files import AttemptFiles
from mlx_tui.reproduction.captured import read_store
from mlx_tui.reproduction.comparison import Results, compare, outcome_of
from mlx_tui.reproduction.model import Attempt, CapturedRuns, Comparison, Outcome, Plan
from mlx_tui.reproduction.outcome import Verdict, short
from mlx_tui.reproduction.reach import reached_paths
from mlx_tui.reproduction.reference import Reference, exact_environment, notebook_results, same_experiment


@dataclass(frozen=True, slots=True)
class Collected:
    """What an attempt captured, and how it compares with a reference, if there is one."""

    captured: CapturedRuns
    comparison: Comparison | None
    unfit: tuple[str, ...] = ()
    """References that hold nothing of what the attempt ran."""

    def judged(self, verdict: Verdict) -> Verdict:
        """The verdict, made `reproduced` or `differs` by the comparison where the experiment ran to its end.

        Where it failed later, what had been logged by then is told all the same.
        """
        if verdict.outcome is Outcome.FAILED:
            return replace(verdict, reason=short(verdict.reason + self._done_before()))
        if verdict.outcome is not Outcome.EXECUTED:
            return verdict
        if self.comparison is None:
            others = f"; recorded results are of other parameters or metrics: {', '.join(self.unfit)}"
            return replace(verdict, reason=short(verdict.reason + others)) if self.unfit else verdict
        outcome, reason = outcome_of(self.comparison)
        return replace(verdict, outcome=outcome, reason=short(reason))

    def _done_before(self) -> str:
        """What was logged to its end before a failure; empty for nothing."""
        done = sum(run.status == "FINISHED" and bool(run.metrics) for run in self.captured.runs)
        if not done:
            return ""
        compared = f": {outcome_of(self.comparison)[1]}" if self.comparison else ""
        return f"; before that {done} {'run was' if done == 1 else 'runs were'} logged to the end{compared}"


def collect(
    files: AttemptFiles, plan: Plan, references: Sequence[Reference], earlier: Sequence[Attempt], series: str
) -> Collected:
    """Reads the attempt's store, writes `runs.json`, and compares with the first reference that fits.

    Args:
        files: The attempt's files.
        plan: Its plan.
        references: Found before the run.
        earlier: Other attempts of the repository, oldest first.
        series: The series whose repeats give the spread; empty for none.

    Raises:
        OSError: `runs.json` can't be written.
    """
    captured = replace(read_store(files.store), reached=reached_paths(plan))
    write_json(files.runs, captured)
    results = _results(files, plan, captured)
    repeats = [
        _results(other, attempt.plan, read_json(other.runs, CapturedRuns))
        for attempt in earlier
        if series
        and attempt.state.series == series
        and same_experiment(attempt, plan)
        and (other := AttemptFiles(Path(attempt.folder))).runs.is_file()
    ]
    unfit = []
    for reference in references:
        comparison = compare(reference, results, repeats)
        if comparison is not None:
            return Collected(captured, comparison)
        unfit.append(reference.path)
    return Collected(captured, None, tuple(unfit))


def _results(files: AttemptFiles, plan: Plan, captured: CapturedRuns) -> Results:
    return Results(captured.runs, notebook_results(files.executed, plan), exact_environment(files, plan))
