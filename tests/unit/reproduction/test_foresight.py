"""Which outcome needs make likely, and how often that was right."""

import pytest

from mlx_tui.reproduction.foresight import Foreseen, foresee, foreseen, tally
from mlx_tui.reproduction.model import (
    Attempt,
    AttemptState,
    Candidate,
    Cause,
    CommandSource,
    Ending,
    EnvironmentSpec,
    Foresight,
    Isolation,
    Need,
    NeedKind,
    Outcome,
    Phase,
    Plan,
)

MODULE = Need(NeedKind.MODULE, "x", "a.py:1", False)
DATA = Need(NeedKind.DATA, "y", "a.py:2", False)


def test_the_first_kind_that_is_not_met_decides() -> None:
    assert foresee((DATA, MODULE)) == (Foresight(Cause.MISSING_MODULE), "fails, missing_module: x")
    unknown = Need(NeedKind.PATH, "/z", "a.py:3", None)
    assert foresee((DATA, unknown)) == (Foresight(Cause.MISSING_DATA), "fails, missing_data: y")
    assert foresee((unknown,)) == (Foresight(), "runs")


def attempt(expected: Foresight | None, as_planned: Ending | None, outcome: Outcome = Outcome.EXECUTED) -> Attempt:
    spec = EnvironmentSpec("none", "", "", "/usr/bin/python3", "3.11.7", ())
    plan = Plan(
        "o/n", "0" * 40, "/clone", Candidate((), CommandSource.USER), spec, (), (), Isolation.NONE, True, 60,
        foresight=expected,
    )  # fmt: skip
    state = AttemptState("1", "o/n", "0" * 40, Phase.FINISHED, outcome, as_planned=as_planned)
    return Attempt("/attempts/1", plan, state)


@pytest.mark.parametrize(
    ("expected", "ended", "right", "cause_right"),
    [
        (None, Ending(Outcome.REPRODUCED), True, False),
        (None, Ending(Outcome.FAILED, Cause.CODE), False, False),
        (None, Ending(Outcome.TIMED_OUT), False, False),
        (Cause.NETWORK, Ending(Outcome.FAILED, Cause.NETWORK), True, True),
        (Cause.NETWORK, Ending(Outcome.FAILED, Cause.CODE), True, False),
        (Cause.NETWORK, Ending(Outcome.EXECUTED), False, False),
        (Cause.NETWORK, Ending(Outcome.TIMED_OUT), False, False),
    ],
)
def test_foresight_beside_the_end(expected: Cause | None, ended: Ending, right: bool, cause_right: bool) -> None:
    found = foreseen(attempt(Foresight(expected), ended))
    assert found is not None
    assert (found.right, found.cause_right) == (right, cause_right)


def test_what_was_repaired_counts_as_it_ended_before() -> None:
    repaired = attempt(Foresight(Cause.MISSING_MODULE), Ending(Outcome.FAILED, Cause.MISSING_MODULE))
    assert repaired.state.outcome is Outcome.EXECUTED
    assert foreseen(repaired) == Foreseen(Foresight(Cause.MISSING_MODULE), repaired.state.as_planned or Ending(""))


def test_nothing_is_said_of_what_foresaw_nothing_or_did_not_end_by_itself() -> None:
    assert foreseen(attempt(None, Ending(Outcome.EXECUTED))) is None
    assert foreseen(attempt(Foresight(), None)) is None
    assert foreseen(attempt(Foresight(), Ending(Outcome.CANCELLED))) is None


def test_tally() -> None:
    ends = [
        (None, Ending(Outcome.EXECUTED)),
        (None, Ending(Outcome.FAILED, Cause.CODE)),
        (Cause.NETWORK, Ending(Outcome.FAILED, Cause.NETWORK)),
    ]
    found = [foreseen(attempt(Foresight(cause), ended)) for cause, ended in ends]
    counted = tally([*found, None])
    assert (counted.told, counted.right, counted.failed, counted.causes_right) == (3, 2, 2, 1)
