"""What is told of an attempt beside its outcome: what was logged, and how that compares."""

from dataclasses import replace

from mlx_tui.reproduction.collecting import Collected
from mlx_tui.reproduction.model import (
    CapturedMetric,
    CapturedRun,
    CapturedRuns,
    Cause,
    Comparison,
    MetricComparison,
    MetricPoint,
    MetricVerdict,
    Outcome,
)
from mlx_tui.reproduction.outcome import Verdict

FAILED = Verdict(Outcome.FAILED, Cause.CODE, "NameError: name 'result' is not defined (main.py:70)", 12)
RUN = CapturedRun("1", "r", "e", "FINISHED", "", (), (CapturedMetric("m", (MetricPoint(0, 0, 1.0),)),), (), ())


def collected(*runs: CapturedRun, comparison: Comparison | None = None) -> Collected:
    return Collected(CapturedRuns("2.0", (), runs, ()), comparison)


def test_what_was_logged_before_a_failure_is_told_with_how_it_compares() -> None:
    comparison = Comparison(
        "committed run", "mlflow.db", 1e-6, (MetricComparison("m", 1.0, 1.0, MetricVerdict.IDENTICAL),)
    )
    verdict = collected(RUN, comparison=comparison).judged(FAILED)
    assert replace(verdict, reason=FAILED.reason) == FAILED  # it failed all the same
    assert verdict.reason == (
        "NameError: name 'result' is not defined (main.py:70); before that 1 run was logged to the end: "
        "the only metric is identical with that of committed run mlflow.db"
    )
    assert collected(RUN, RUN).judged(FAILED).reason.endswith("; before that 2 runs were logged to the end")


def test_runs_that_failed_or_logged_nothing_are_no_results() -> None:
    assert collected(replace(RUN, status="FAILED"), replace(RUN, metrics=())).judged(FAILED) == FAILED
    assert collected().judged(FAILED) == FAILED
