"""What the list of attempts opens on, its share of the screen, and what is said where it is left."""

from dataclasses import replace
from datetime import timedelta

from mlx_tui.reproduction.model import Attempt, Outcome, Phase
from mlx_tui.study import Study
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.presentation.attempts_view import count_text, first_row, leaving_text, table_height
from mlx_tui.tui.presentation.no_metrics import no_metrics_text, no_repeats_text

from .attempt_making import NOW, make_attempt
from .support import screen_text, until, until_shown


def made(study: Study, phase: Phase, minutes: int) -> Attempt:
    outcome = Outcome.EXECUTED if phase is Phase.FINISHED else None
    at = NOW + timedelta(minutes=minutes)
    attempt = make_attempt(study, "chatty", phase=Phase.FINISHED, outcome=outcome, created_at=at)
    return replace(attempt, state=replace(attempt.state, phase=phase))


def test_the_list_opens_on_what_runs_else_on_what_is_new_else_where_it_was(demo_study: Study) -> None:
    old, older = made(demo_study, Phase.FINISHED, 0), made(demo_study, Phase.FINISHED, 1)
    ended = [old, older]
    later, before = NOW + timedelta(minutes=5), NOW - timedelta(minutes=5)
    assert first_row(ended, old.folder, later) == old.folder
    assert first_row(ended, old.folder, before) == older.folder
    assert first_row(ended, "gone", later) == first_row(ended, "", None) == older.folder
    running, queued = made(demo_study, Phase.RUNNING, 2), made(demo_study, Phase.QUEUED, 3)
    assert first_row([*ended, running, queued], old.folder, later) == running.folder
    assert first_row([*ended, running, queued], queued.folder, later) == queued.folder
    assert first_row([], "", None) == ""
    assert count_text([*ended, running, queued]) == "4 attempts · ⟳ 1 running, 1 queued"


def test_the_table_is_as_high_as_its_rows_up_to_a_share() -> None:
    assert [table_height(rows, 21) for rows in (1, 2, 7, 50)] == [2, 3, 8, 8]
    assert table_height(50, 8) == 5


def test_what_goes_on_is_told_with_how_to_see_and_end_it(demo_study: Study) -> None:
    one, two = made(demo_study, Phase.RUNNING, 0), made(demo_study, Phase.QUEUED, 1)
    assert leaving_text([], "s") == ""
    assert f"mlx-tui cancel --study s {one.state.id} " in leaving_text([one], "s")
    told = leaving_text([one, two], "s")
    assert told.startswith("2 attempts go on") and "mlx-tui attempts --study s " in told


def test_why_there_are_no_metrics(demo_study: Study) -> None:
    attempt = made(demo_study, Phase.RUNNING, 0)
    assert "No metrics yet" in no_metrics_text(attempt)
    failed = replace(attempt, state=replace(attempt.state, phase=Phase.FINISHED, outcome=Outcome.FAILED))
    assert no_metrics_text(failed) == "No metrics: none was logged before it failed."
    ran = replace(failed, state=replace(failed.state, outcome=Outcome.EXECUTED, runs=1))
    assert "1 run, without any metric" in no_metrics_text(ran)
    logged = replace(failed, state=replace(failed.state, metrics=2))
    assert "Nothing to compare" in no_repeats_text(logged)


async def test_a_log_has_the_room_that_a_short_table_leaves(app: MlxTuiApp) -> None:
    log = b"".join(b"line %d\n" % number for number in range(50))
    for _ in range(2):
        make_attempt(app.study, "chatty", log, phase=Phase.FINISHED, outcome=Outcome.EXECUTED)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "▸ executed")
        await pilot.press("a")
        await until_shown(pilot, "line 49")
        await until(pilot, lambda: sum(" line " in line for line in screen_text(app).splitlines()) >= 16)


async def test_search_tells_its_hits_and_escape_leaves_nothing_of_it(app: MlxTuiApp) -> None:
    log = b"".join(b"line %d\n" % number for number in range(50))
    make_attempt(app.study, "chatty", log, phase=Phase.FINISHED, outcome=Outcome.EXECUTED)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "▸ executed")
        await pilot.press("a")
        await until_shown(pilot, "line 49")
        await pilot.press("enter")
        await until_shown(pilot, "log: 50 lines · at the end")
        await pilot.press("g", "slash", *"line 1", "enter")
        await until_shown(pilot, "“line 1” 1/11 · n next")
        await pilot.press("n")
        await until_shown(pilot, "“line 1” 2/11")
        footer = screen_text(app).splitlines()[-1]
        assert "n next hit" in footer and "N previous hit" in footer
        await pilot.press("escape")
        await until(pilot, lambda: "line 1”" not in screen_text(app) and "log: lines" in screen_text(app))
        assert "n next hit" not in screen_text(app)
        await pilot.press("tab")
        await until_shown(pilot, "No metrics: MLflow recorded no run")
