from datetime import UTC, datetime
from pathlib import Path

import pytest
from attempt_support import plan_of

from mlx_tui.reproduction.model import (
    Attempt,
    AttemptState,
    CapturedMetric,
    CapturedRun,
    CapturedRuns,
    Comparison,
    Isolation,
    MetricComparison,
    MetricPoint,
    MetricVerdict,
    Outcome,
    Phase,
    Plan,
)
from mlx_tui.reproduction.repeats import are_repeats, repeated_metrics


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return plan_of(tmp_path, "print(1)", Isolation.NONE)


def attempt(plan: Plan, outcome: Outcome, **state: object) -> Attempt:
    known = AttemptState("id", plan.repo, plan.commit, Phase.FINISHED, outcome, ended_at=datetime.now(UTC), **state)  # type: ignore[arg-type]
    return Attempt("folder", plan, known)


def captured(**values: float | None) -> CapturedRuns:
    metrics = tuple(CapturedMetric(name, (MetricPoint(0, 0, value),)) for name, value in values.items())
    return CapturedRuns("3.1", (), (CapturedRun("r", "", "", "FINISHED", "", (), metrics, (), ()),), ())


def test_only_what_ran_the_same_to_its_end_is_a_repeat(plan: Plan) -> None:
    one, other = attempt(plan, Outcome.EXECUTED), attempt(plan, Outcome.DIFFERS)
    assert are_repeats(one, other) and are_repeats(one, one)
    failed = attempt(plan, Outcome.FAILED)
    assert not are_repeats(one, failed) and not are_repeats(failed, failed)


def test_metrics_come_with_every_value_and_the_reference(plan: Plan) -> None:
    metric = MetricComparison("rmse", 0.5, 0.7, MetricVerdict.DIFFERENT)
    missing = MetricComparison("auc", 0.9, None, MetricVerdict.MISSING)
    compared = Comparison("committed run", "mlruns", 0.0, (metric, missing))
    metrics = repeated_metrics(
        [
            (attempt(plan, Outcome.EXECUTED), captured(rmse=0.5, mae=1.0, nan=None)),
            (attempt(plan, Outcome.DIFFERS, comparison=compared), captured(rmse=0.7, mae=2.0)),
            (attempt(plan, Outcome.EXECUTED), None),
        ]
    )
    assert [(each.name, each.reference, each.values) for each in metrics] == [
        ("rmse", 0.5, (0.5, 0.7)),
        ("mae", None, (1.0, 2.0)),
    ]
