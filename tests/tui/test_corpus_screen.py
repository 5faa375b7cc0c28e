import re
from dataclasses import replace
from pathlib import Path

import pytest

from mlx_tui.json_file import write_json
from mlx_tui.reproduction.model import Outcome, Phase
from mlx_tui.study import Study
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.screens.corpus import CorpusScreen
from mlx_tui.tui.screens.help import HelpScreen
from mlx_tui.tui.screens.repository import RepositoryScreen
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.table_state import TableState
from mlx_tui.view_state import read_state, state_file

from .attempt_making import make_attempt, running
from .support import screen_text, until, until_shown


async def test_the_sample_corpus_is_shown_sorted_and_filtered(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        assert "14 repositories" in screen_text(app)
        table = app.screen.query_one(FilteredTable).table
        await pilot.press("l", "s")
        scores = [row.result.readiness.score for row in map(table.model.at, range(14)) if row and row.result.readiness]
        assert scores == sorted(scores, reverse=True) and len(scores) == 14
        await pilot.press("/", *"params>0 !noisy", "enter")
        shown = [row.result.repo for row in map(table.model.at, range(len(table.model.view))) if row]
        assert "lookalike" not in shown and "noisy-mlp" not in shown and "client-api" in shown
        await until_shown(pilot, f"{len(shown)} of 14 repositories")
        await pilot.press("escape")
        await until(pilot, lambda: len(table.model.view) == 14)


async def test_columns_for_each_feature_and_what_the_cell_means(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("v")
        table = app.screen.query_one(FilteredTable).table
        assert {feature.id for feature in app.study.codebook.features} <= {column.id for column in table.model.columns}
        assert "parameters" not in {column.id for column in table.model.columns}
        await pilot.press("l", "l", "l", "l")
        await until_shown(pilot, "usage.mlflow")


async def test_opening_a_repository_and_coming_back(app: MlxTuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("j", "enter")
        await until(pilot, lambda: isinstance(app.screen, RepositoryScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, CorpusScreen))
        assert app.screen.query_one(FilteredTable).table.cursor == 1


async def test_an_empty_study_says_what_to_do(tmp_path: Path) -> None:
    app = MlxTuiApp(Study.create(tmp_path / "study"))
    async with app.run_test(notifications=True, size=(80, 24)) as pilot:
        await until_shown(pilot, "mlx-tui add")
        await pilot.press("f")
        await until_shown(pilot, "no repositories yet")


async def test_fetching_and_scanning_from_the_interface(scanned_demo: Path, tmp_path: Path) -> None:
    study = Study.create(tmp_path / "study")
    study.corpus.add([str(scanned_demo / "sample-repositories" / name) for name in ("lookalike", "client-api")])
    app = MlxTuiApp(study)
    async with app.run_test(notifications=True, size=(120, 24)) as pilot:
        await until_shown(pilot, "lookalike")
        await pilot.press("enter")
        await until_shown(pilot, "wasn't fetched yet")
        await pilot.press("f")
        await until_shown(pilot, "fetched 2; d detects features")
        await pilot.press("d")
        await until_shown(pilot, "scanned 2 repositories")
        await until(
            pilot, lambda: all(row.result.readiness for row in app.screen.query_one(FilteredTable).table.model.rows)
        )


async def test_a_repository_that_cannot_be_fetched_says_why(tmp_path: Path) -> None:
    study = Study.create(tmp_path / "study")
    (study.path / "corpus.csv").write_text(f"url\nfile://{tmp_path}/nowhere/at-all\n")
    app = MlxTuiApp(study)
    async with app.run_test(notifications=True, size=(120, 24)) as pilot:
        await until_shown(pilot, "at-all")
        await pilot.press("f")
        await until_shown(pilot, "failed 1: at-all: the folder ")
        await pilot.press("l")
        await until_shown(pilot, "failed: ")


async def test_help_lists_the_keys_and_is_searched(app: MlxTuiApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await pilot.press("/", *"false positive", "enter")
        await until_shown(pilot, "reject")
        assert "confirm" not in screen_text(app)
        await pilot.press("escape", "escape")
        await until(pilot, lambda: isinstance(app.screen, CorpusScreen))


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (160, 45)])
async def test_help_begins_with_what_to_do_here_and_cuts_no_text(app: MlxTuiApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await until_shown(pilot, "── What to do here")
        table = app.screen.query_one(FilteredTable).table
        widths = dict(zip([column.id for column in table.model.columns], table.widths(), strict=True))
        rows = table.model.rows
        assert all(len(row.text) <= widths["does"] for row in rows)
        assert all(len(row.title) <= widths.get("action", 40) for row in rows)
        told = " ".join(row.text for row in rows)
        assert "Clones the marked repositories, or all that are missing." in told
        assert "Not now: nothing is being fetched, scanned, run or written." in told
        assert "Rows with it in repo, outcome, state, commit, domain, topic, expected_outcome, expected_cause." in told
        places = list(dict.fromkeys(row.where for row in rows))
        assert places[:4] == ["What to do here", "Corpus: this screen", "Everywhere", "In a table"]


async def test_the_command_palette_does_an_action(app: MlxTuiApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("ctrl+p")
        await pilot.press(*"Switches between a column")
        await until_shown(pilot, "features")
        await pilot.press("enter")
        table = app.screen_stack[1].query_one(FilteredTable).table
        await until(pilot, lambda: any(column.id == "usage.mlflow" for column in table.model.columns))


async def test_small_and_large_terminals_and_both_themes(app: MlxTuiApp) -> None:
    async with app.run_test(size=(40, 12)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        assert "? help" in screen_text(app)
        await pilot.press("T")
        assert not app.current_theme.dark
        for size in [(80, 24), (200, 50), (300, 80), (20, 5), (80, 24)]:
            await pilot.resize_terminal(*size)
            await pilot.pause()
        await until_shown(pilot, "? help")


async def test_quitting(app: MlxTuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("q")
        await until(pilot, lambda: not app.is_running or app._exit)


async def test_a_repository_is_left_out_with_a_reason_and_taken_in_again(app: MlxTuiApp) -> None:
    async with app.run_test(size=(140, 30)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        table = app.screen.query_one(FilteredTable).table
        await pilot.press("i")
        await until_shown(pilot, "left out of the statistics?")
        await pilot.press(*"a fork", "f2")
        await until_shown(pilot, "saved: excluded: sklearn-mlproject")
        await until(pilot, lambda: not table.model.rows[0].result.included)
        assert "a fork" in (app.study.path / "annotations.csv").read_text()
        assert app.study.statistics().excluded == 1
        await pilot.press("i")
        await until(pilot, lambda: table.model.rows[0].result.included)
        await pilot.press("e")
        await until_shown(pilot, "a fork")
        await pilot.press("end", *" no more", "f2")
        await until(pilot, lambda: table.model.rows[0].result.notes == "a fork no more")


async def test_columns_are_chosen_from_a_list_of_all(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        table = app.screen.query_one(FilteredTable).table
        await pilot.press("C", "/", *"parameters.logged", "enter", "space")
        await until(pilot, lambda: "parameters.logged" in [column.id for column in table.model.columns])
        await pilot.press("P")
        await until(pilot, lambda: [column.id for column in table.model.columns[:2]] == ["repo", "parameters.logged"])
        await until_shown(pilot, "▌ pinned")
        await pilot.press("escape", "/", *"domain", "enter", "enter")
        await until(pilot, lambda: "domain" not in [column.id for column in table.model.columns])
        await pilot.press("R")
        await until(pilot, lambda: "domain" in [column.id for column in table.model.columns])
        assert "parameters.logged" not in [column.id for column in table.model.columns]
        await pilot.press("escape", "escape")
        await until(pilot, lambda: isinstance(app.screen, CorpusScreen))


async def test_the_first_columns_fit_80_cells_and_fewer(app: MlxTuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        heading = screen_text(app).splitlines()[1]
        assert heading.rstrip() == "repository         rdy outcome  judged use cod prm met art mod dat env dep trk ›"
        await pilot.resize_terminal(40, 12)
        await until(pilot, lambda: screen_text(app).splitlines()[1].split()[:3] == ["repository", "rdy", "outcome"])


async def test_the_column_of_outcomes_grows_with_what_it_holds(app: MlxTuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "rdy outcome  judged use")
        make_attempt(app.study, "client-api", phase=Phase.FINISHED, outcome=Outcome.REPRODUCED)
        app.open_screen.reload()
        await until_shown(pilot, "✓ reproduced")
        assert "rdy outcome      judged use" in screen_text(app)


@pytest.mark.parametrize("outcome", Outcome)
async def test_every_outcome_is_whole_at_80_cells_beside_what_is_judged(app: MlxTuiApp, outcome: Outcome) -> None:
    make_attempt(app.study, "client-api", phase=Phase.FINISHED, outcome=outcome)
    async with app.run_test(size=(80, 24)) as pilot:
        told = outcome.value.replace("_", " ")
        await until_shown(pilot, told)
        (line,) = (line for line in screen_text(app).splitlines() if line.startswith("client-api"))
        assert re.match(r" +\d+/\d+ ", line.partition(told)[2])


async def test_every_phase_is_whole_at_80_cells(app: MlxTuiApp) -> None:
    attempt = running(app.study, "client-api")
    write_json(Path(attempt.folder) / "state.json", replace(attempt.state, phase=Phase.ENVIRONMENT))
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "⟳ environment ")


async def test_the_table_is_found_as_it_was_left(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("v", "l", "s", "l", "minus", "greater_than_sign", "/", *"a", "enter", "j", "j", "j")
        left = app.screen.query_one(FilteredTable).table
        await until(pilot, lambda: left.cursor == 3)
        state = left.state
    again = MlxTuiApp(Study(app.study.path))
    async with again.run_test(size=(120, 30)) as pilot:
        await until_shown(pilot, "repositories")
        table = again.screen.query_one(FilteredTable).table
        await until(pilot, lambda: table.state == state and table.cursor == 3)
        assert again.screen.query_one(FilteredTable).line.value == "a"
        assert "usage.mlflow" in [column.id for column in table.model.columns]
        await pilot.press("escape")
        await until(pilot, lambda: len(table.model.view) == 14)
    other = MlxTuiApp(Study.create(app.study.path.parent / "other"))
    async with other.run_test(size=(120, 30)) as pilot:
        await until_shown(pilot, "mlx-tui add")


async def test_a_broken_state_is_told_and_passed_over(app: MlxTuiApp) -> None:
    path = state_file(app.study.path, "corpus-table")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('{"layout": 3')
    async with app.run_test(notifications=True, size=(120, 30)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await until_shown(pilot, "can't be read")
        await pilot.press("j")
    assert read_state(app.study.path, "corpus-table", TableState) is not None


async def test_marked_repositories_are_decided_on_at_once_and_undone_at_once(app: MlxTuiApp) -> None:
    async with app.run_test(size=(140, 30)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        rows = app.screen.query_one(FilteredTable).table.model
        await pilot.press("space", "space", "space", "i")
        await until_shown(pilot, "Why are 3 repositories left out")
        await pilot.press(*"too small", "f2")
        await until_shown(pilot, "saved: excluded: 3 repositories")
        await until(pilot, lambda: [row.result.included for row in rows.rows].count(False) == 3)
        assert (app.study.path / "annotations.csv").read_text().count("too small") == 3
        await pilot.press("e")
        await until_shown(pilot, "added to the notes that they have")
        await pilot.press(*"seen", "f2")
        await until(pilot, lambda: [row.result.notes for row in rows.rows].count("too small\nseen") == 3)
        await pilot.press("z")
        await until_shown(pilot, "taken back")
        await until(pilot, lambda: [row.result.notes for row in rows.rows].count("too small") == 3)
        await pilot.press("z")
        await until(pilot, lambda: all(row.result.included for row in rows.rows))
        await pilot.press("Z")
        await until(pilot, lambda: [row.result.included for row in rows.rows].count(False) == 3)
        await pilot.press("i")
        await until(pilot, lambda: all(row.result.included for row in rows.rows))
        assert {row.result.notes for row in rows.rows if row.result.notes} == {"too small"}
