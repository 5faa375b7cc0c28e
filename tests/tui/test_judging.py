"""Judging at speed: where the cursor goes, what is left, undo across screens, and going on where one stopped."""

import json
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.widgets import Input

from mlx_tui.annotation.model import Verdict
from mlx_tui.annotation.progress import Progress
from mlx_tui.study import Study
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.judging_app import next_to_judge
from mlx_tui.tui.position import Position, read_position
from mlx_tui.tui.screens.missed import MissedPrompt
from mlx_tui.tui.screens.modals import NoteEditor
from mlx_tui.tui.screens.repository import RepositoryScreen
from mlx_tui.view_state import state_file

from .support import screen_text, until, until_shown
from .test_repository_screen import current, judgements, open_repository


def judge_all(study: Study, repo: str, but: int = 0) -> None:
    """Judges all findings of a repository but the last few."""
    scan = study.scan_of(repo)
    assert scan is not None
    findings = list(scan.findings)
    for finding in findings[: len(findings) - but]:
        study.judge(repo, finding.feature, Verdict.CONFIRMED, finding=finding)


def study_with(demo_folder: Path, options: str) -> Study:
    (demo_folder / "mlx-tui.toml").write_text(options)
    return Study(demo_folder)


async def test_what_is_left_is_counted_here_and_in_the_study(app: MlxTuiApp) -> None:
    total = sum(each.left for each in app.study.progress())
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_repository(pilot, "lookalike")
        here = sum(row.open for row in screen.rows)
        await until_shown(pilot, f"{here} left to judge, {total} in the study")
        await pilot.press("c")
        await until_shown(pilot, f"{here - 1} left to judge, {total - 1} in the study")
        await pilot.press("z")
        await until_shown(pilot, f"{here} left to judge, {total} in the study")


@pytest.mark.parametrize(
    ("options", "expected"),
    [("", 2), ('after_verdict = "next_unjudged"', 2), ('after_verdict = "next"', 1), ('after_verdict = "stay"', 0)],
)
async def test_the_cursor_goes_where_the_options_say(demo_folder: Path, options: str, expected: int) -> None:
    study = study_with(demo_folder, options)
    app = MlxTuiApp(study)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_repository(pilot, "client-api")
        findings = [row for row in screen.rows if row.open]
        screen.table.move_to_key(findings[1].key)
        await pilot.press("u")
        await until(pilot, lambda: len(judgements(study)) == 1)
        screen.table.move_to_key(findings[0].key)
        await pilot.press("c")
        await until_shown(pilot, "saved: confirmed")
        await until(pilot, lambda: current(screen).key == findings[expected].key)


async def test_marked_rows_are_judged_at_once_and_taken_back_at_once(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_repository(pilot, "client-api")
        await pilot.press("space", "space", "space", "r")
        await until_shown(pilot, "saved: rejected 3 findings")
        await until(pilot, lambda: [row["verdict"] for row in judgements(app.study)] == ["rejected"] * 3)
        assert not screen.table.model.marked
        await pilot.press("z")
        await until(pilot, lambda: judgements(app.study) == [])
        await until_shown(pilot, "taken back: ")
        await pilot.press("Z")
        await until(pilot, lambda: len(judgements(app.study)) == 3)


async def test_what_was_taken_back_is_under_the_cursor_and_open_again(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_repository(pilot, "client-api")
        first = current(screen)
        await pilot.press("c", "c", "c")
        await until(pilot, lambda: len(judgements(app.study)) == 3)
        await pilot.press("z", "z", "z")
        await until(pilot, lambda: judgements(app.study) == [] and current(screen).key == first.key)
        await until(pilot, lambda: current(screen).open)
        await pilot.press("r", "r")
        await until(pilot, lambda: [row["verdict"] for row in judgements(app.study)] == ["rejected"] * 2)
        assert {row["feature"] for row in judgements(app.study)} == {first.feature.id}


async def test_undo_goes_back_across_repositories_and_names_the_place(app: MlxTuiApp) -> None:
    async with app.run_test(size=(140, 40)) as pilot:
        screen = await open_repository(pilot, "lookalike")
        await pilot.press("c")
        await until_shown(pilot, "saved: confirmed")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not screen)
        other = await open_repository(pilot, "client-api")
        total = sum(each.left for each in app.study.progress())
        await until_shown(pilot, f"{total} in the study")
        await pilot.press("z")
        await until_shown(pilot, " in lookalike")
        await until(pilot, lambda: judgements(app.study) == [])
        await until_shown(pilot, f"{total + 1} in the study")
        assert app.screen is other


async def test_going_on_leads_to_the_next_repository(app: MlxTuiApp) -> None:
    judge_all(app.study, "lookalike", but=1)
    names = [each.repo for each in app.study.progress()]
    after = names[names.index("lookalike") + 1]
    async with app.run_test(size=(140, 40)) as pilot:
        screen = await open_repository(pilot, "lookalike")
        assert current(screen).open
        await pilot.press("c")
        await until_shown(pilot, "all judged here, ")
        await until_shown(pilot, ": . goes on")
        await pilot.press("full_stop")
        await until(pilot, lambda: isinstance(app.screen, RepositoryScreen) and app.screen.repo == after)
        following = app.screen
        assert isinstance(following, RepositoryScreen)
        await until(pilot, lambda: following.rows and current(following).open)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, RepositoryScreen))


async def test_going_on_from_a_judged_finding_finds_the_next_open_one(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_repository(pilot, "client-api")
        await pilot.press("c", "c")
        await until(pilot, lambda: sum(row.mine is not None for row in screen.rows) == 2)
        screen.table.move_to_key(next(row for row in screen.rows if row.mine).key)
        await pilot.press("full_stop")
        assert current(screen).key == next(row for row in screen.rows if row.open).key


async def test_a_later_session_goes_on_where_this_one_stopped(demo_study: Any) -> None:
    app = MlxTuiApp(demo_study)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_repository(pilot, "noisy-mlp")
        await pilot.press("n", "n", "n", "n")
        stopped = current(screen)
    assert stopped.finding is not None
    position = read_position(demo_study.path)
    assert position is not None and position.repo == "noisy-mlp" and position.line == stopped.finding.line
    later = MlxTuiApp(Study(demo_study.path))
    async with later.run_test(size=(120, 40), notifications=True) as pilot:
        await until_shown(pilot, "You stopped at ")
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("full_stop")
        await until(pilot, lambda: isinstance(later.screen, RepositoryScreen) and later.screen.rows)
        again = later.screen
        assert isinstance(again, RepositoryScreen) and again.repo == "noisy-mlp"
        await until(pilot, lambda: current(again).key == stopped.key)


def test_the_next_repository_goes_round_and_ends() -> None:
    progress = [Progress("a", 3, 1), Progress("b", 3, 0), Progress("c", 3, 2)]
    assert next_to_judge(progress, "a", None) == progress[2]
    assert next_to_judge(progress, "c", None) == progress[0]
    assert next_to_judge(progress, "", Position("b", "f")) == progress[2]
    assert next_to_judge(progress, "", Position("gone", "f")) == progress[0]
    assert next_to_judge([Progress("a", 3, 0)], "", None) is None
    assert next_to_judge([], "", None) is None


async def test_nothing_left_is_told(app: MlxTuiApp) -> None:
    for each in app.study.progress():
        judge_all(app.study, each.repo)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("full_stop")
        await until_shown(pilot, "everything is judged")


async def test_a_filter_that_hides_what_is_left_says_so(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        screen = await open_repository(pilot, "client-api")
        await pilot.press("slash", *"beyond", "enter")
        await until(pilot, lambda: len(screen.table.model.view) < len(screen.rows))
        while any(row.open for row in screen.shown()):
            await pilot.press("c")
            await pilot.app.workers.wait_for_complete()
            await pilot.pause(0.05)
        await pilot.press("full_stop")
        await until_shown(pilot, "nothing that the filter shows is left to judge")


async def test_a_note_has_several_lines_and_keeps_them(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await open_repository(pilot, "client-api")
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, NoteEditor))
        await pilot.press(*"one", "enter", *"two =1", "f2")
        await until_shown(pilot, "saved: note on")
        assert judgements(app.study)[0]["note"] == "one\ntwo =1"
        await until_shown(pilot, "✎ one")
        await until_shown(pilot, "two =1")
        again = Study(app.study.path).annotations.journal.judgements()
        assert again[0].note == "one\ntwo =1" and again[0].verdict is Verdict.NOTE


async def test_a_note_that_is_pasted_keeps_its_lines(app: MlxTuiApp) -> None:
    """Tmux sends a carriage return for each line end."""
    async with app.run_test(size=(120, 40)) as pilot:
        await open_repository(pilot, "client-api")
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, NoteEditor))
        app.post_message(events.Paste("one\rtwo\r\nthree"))
        await pilot.press("f2")
        await until_shown(pilot, "saved: note on")
        assert judgements(app.study)[0]["note"] == "one\ntwo\nthree"


async def test_undoing_a_note_says_that_the_judgement_stands(app: MlxTuiApp) -> None:
    async with app.run_test(size=(140, 40)) as pilot:
        screen = await open_repository(pilot, "client-api")
        first = current(screen)
        await pilot.press("c")
        await until_shown(pilot, "saved: confirmed")
        screen.table.move_to_key(first.key)
        await until(pilot, lambda: current(screen).mine is not None)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, NoteEditor))
        await pilot.press(*"why", "f2")
        await until_shown(pilot, "saved: note on")
        await pilot.press("z")
        await until_shown(pilot, f"note taken back: {first.feature.id} at ")
        assert [(row["verdict"], row["note"]) for row in judgements(app.study)] == [("confirmed", "")]
        await pilot.press("Z")
        await until_shown(pilot, f"note made again: {first.feature.id} at ")
        await pilot.press("z", "z")
        await until(pilot, lambda: judgements(app.study) == [])
        await until(pilot, lambda: "taken back: " in screen_text(app) and "note taken" not in screen_text(app))


async def test_a_missed_finding_starts_at_the_line_under_the_cursor_and_asks_for_the_feature(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_repository(pilot, "client-api")
        await pilot.press("tab", "j", "j", "m")
        await until(pilot, lambda: isinstance(app.screen, MissedPrompt))
        focused = app.focused
        assert isinstance(focused, Input) and focused.id == "feature"
        assert focused.value == ""
        place = app.screen.query_one("#place", Input).value
        assert place == screen.place_under_cursor()
        await pilot.press(*"execution.seeded", "enter")
        await until(pilot, lambda: judgements(app.study)[0]["verdict"] == "missed")
        row = judgements(app.study)[0]
        assert (row["feature"], f"{row['path']}:{row['line']}") == ("execution.seeded", place)


async def test_the_position_is_a_convenience(app: MlxTuiApp) -> None:
    path = state_file(app.study.path, "position")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"repo": "gone", "feature": "x\x1b[2J[/red]", "path": "\x1b]0;t\x07", "line": 3}))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await until_shown(pilot, "You stopped at ␛]0;t␇:3 in gone")
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("full_stop")
        await until(pilot, lambda: isinstance(app.screen, RepositoryScreen))
        assert "\x1b" not in screen_text(app)
