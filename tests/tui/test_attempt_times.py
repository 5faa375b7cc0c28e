"""What an attempt took has one name and one number, on the screens and in results.csv; waiting is told apart."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mlx_tui.annotation.results import reproduction_of
from mlx_tui.reproduction.model import AttemptState, Outcome, Phase, Repair
from mlx_tui.study import Study
from mlx_tui.tui.presentation.attempt_columns import ATTEMPT_COLUMNS
from mlx_tui.tui.presentation.attempt_text import attempt_lines, spent_text, time_texts
from mlx_tui.tui.presentation.corpus_more import MORE_COLUMNS

from .attempt_making import make_attempt

ASKED = datetime(2024, 5, 1, 12, tzinfo=UTC)
STATE = AttemptState(
    id="1",
    repo="a/b",
    commit="0" * 40,
    phase=Phase.FINISHED,
    created_at=ASKED,
    started_at=ASKED + timedelta(seconds=107),
    ended_at=ASKED + timedelta(seconds=160),
    environment_seconds=8.1,
    run_seconds=37.7,
)
NOW = ASKED + timedelta(seconds=130)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (STATE, ["took 45.8 s", "waited 1 min 47 s"]),
        (replace(STATE, created_at=STATE.started_at), ["took 45.8 s"]),
        (
            replace(STATE, phase=Phase.RUNNING, ended_at=None, run_seconds=0.0),
            ["23 s so far", "waited 1 min 47 s"],
        ),
        (replace(STATE, phase=Phase.QUEUED, started_at=None, ended_at=None), ["waits 2 min 10 s"]),
        (
            replace(STATE, started_at=None, environment_seconds=0.0, run_seconds=0.0, outcome=Outcome.CANCELLED),
            ["took 0 s", "waited 2 min 40 s"],
        ),
    ],
)
def test_waiting_and_working_are_told_apart(state: AttemptState, told: list[str]) -> None:
    assert time_texts(state, NOW) == told


def test_on_what_the_time_was_spent() -> None:
    assert spent_text(STATE) == "environment 8.1 s, run 37.7 s"
    assert spent_text(replace(STATE, repairs=(Repair("retry", "", ""),))) == "environment 8.1 s, last run 37.7 s"
    assert spent_text(replace(STATE, run_seconds=0.0)) == "environment 8.1 s"
    assert spent_text(replace(STATE, environment_seconds=0.0, run_seconds=0.0)) == ""


def test_table_screen_and_csv_have_one_number(demo_study: Study) -> None:
    made = make_attempt(demo_study, "client-api", phase=Phase.FINISHED, outcome=Outcome.EXECUTED)
    attempt = replace(made, state=replace(STATE, id=made.state.id, repo="client-api", outcome=Outcome.EXECUTED))
    seconds = reproduction_of([attempt]).seconds
    assert seconds == pytest.approx(45.8)
    took = next(column for column in ATTEMPT_COLUMNS if column.title == "took")
    assert took.key(attempt) == seconds and took.cell(attempt).text == "45.8 s"
    assert "took 45.8 s" in attempt_lines(attempt, NOW)[0][0]
    assert "seconds" in took.names
    assert "took" in [column.title for column in MORE_COLUMNS]
