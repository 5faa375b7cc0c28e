"""Judging blind: what is hidden, what stays in sight, and what two blind annotators' agreement is."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from mlx_tui.annotation.model import Verdict
from mlx_tui.json_file import write_json
from mlx_tui.reproduction.model import Outcome, Phase
from mlx_tui.study import Study
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.presentation.blind import places_of
from mlx_tui.tui.screens.corpus import CorpusScreen
from mlx_tui.tui.screens.missed import MissedPrompt
from mlx_tui.tui.screens.modals import Confirm
from mlx_tui.tui.screens.repository import RepositoryScreen
from mlx_tui.tui.screens.statistics import StatisticsScreen

from .attempt_making import make_attempt, run_with
from .support import screen_text, until, until_shown
from .test_repository_screen import current, judgements


@pytest.fixture
def blind(demo_folder: Path, monkeypatch: pytest.MonkeyPatch) -> MlxTuiApp:
    """The interface on a study that is judged blind, in which somebody else judged already."""
    monkeypatch.setenv("MLX_TUI_ANNOTATOR", "other")
    other = Study(demo_folder)
    scan = other.scan_of("client-api")
    assert scan is not None
    for finding in scan.findings[:5]:
        other.judge("client-api", finding.feature, Verdict.REJECTED, finding=finding, note="seen by the other")
    other.judge("client-api", "usage.mlflow", Verdict.CONFIRMED, note="seen by the other")
    monkeypatch.setenv("MLX_TUI_ANNOTATOR", "tester")
    (demo_folder / "mlx-tui.toml").write_text("blind = true\n")
    return MlxTuiApp(Study(demo_folder))


async def open_blind(pilot: Pilot[None], repo: str) -> RepositoryScreen:
    app = pilot.app
    await until_shown(pilot, "sklearn-mlproject")
    screen = RepositoryScreen(repo)
    app.push_screen(screen)
    await until(pilot, lambda: screen.rows and screen.code.document.path)
    return screen


async def test_neither_the_programs_answer_nor_others_judgements_are_seen(blind: MlxTuiApp) -> None:
    scan = blind.study.scan_of("client-api")
    assert scan is not None
    async with blind.run_test(size=(160, 60)) as pilot:
        screen = await open_blind(pilot, "client-api")
        assert [row.feature.id for row in screen.rows] == [each.id for each in blind.study.codebook.features]
        assert all(row.judgements == () and row.finding is None for row in screen.rows)
        told = {finding.explanation for finding in scan.findings if finding.explanation}
        for row in screen.rows:
            screen.table.move_to_key(row.key)
            await pilot.pause()
            text = screen_text(blind)
            assert "seen by the other" not in text and "Tier:" not in text and "Rule:" not in text
            assert "●" not in text and "wrapper" not in text and "not detected" not in text
            assert f"{len(scan.findings)} findings" not in text
            assert not any(explanation in text for explanation in told if len(explanation) > 30)
            assert "judging blind" in text and f"{len(screen.rows)} features left to judge" in text
            assert "Is it present in this" in text


async def test_the_places_are_in_sight_whatever_was_found_there(blind: MlxTuiApp) -> None:
    scan = blind.study.scan_of("client-api")
    assert scan is not None
    places = places_of(scan)
    async with blind.run_test(size=(120, 40)) as pilot:
        screen = await open_blind(pilot, "client-api")
        chosen = current(screen).key
        seen = [screen.place_under_cursor()]
        for _ in places[1:]:
            await pilot.press("n")
            await until(pilot, lambda: screen.place_under_cursor() != seen[-1])
            assert "◦" in screen_text(blind) and "▶" in screen_text(blind)
            seen.append(screen.place_under_cursor())
        assert seen == [place.text for place in places]
        assert current(screen).key == chosen
        await pilot.press("n")
        await until_shown(pilot, "that was the last place")
        await pilot.press("N")
        await until(pilot, lambda: screen.place_under_cursor() == seen[-2])


async def test_a_blind_answer_goes_feature_by_feature_and_says_where(blind: MlxTuiApp) -> None:
    async with blind.run_test(size=(120, 40)) as pilot:
        screen = await open_blind(pilot, "client-api")
        features = [row.feature.id for row in screen.rows]
        scan = blind.study.scan_of("client-api")
        assert scan is not None
        found = next(finding for finding in scan.findings if finding.feature == features[0])
        while screen.place_under_cursor() != found.place:
            before = screen.place_under_cursor()
            await pilot.press("n")
            await until(pilot, lambda before=before: screen.place_under_cursor() != before)
        await pilot.press("m")
        await until(pilot, lambda: isinstance(blind.screen, MissedPrompt))
        assert "Where is the evidence?" in screen_text(blind) and "program missed" not in screen_text(blind)
        place = screen.place_under_cursor()
        await pilot.press("enter")
        await until_shown(pilot, f"saved: present {features[0]} at {place}")
        assert current(screen).feature.id == features[0]
        await pilot.press("c", "r", "u")
        await until(pilot, lambda: len([row for row in judgements(blind.study) if row["annotator"] == "tester"]) == 4)
        mine = [row for row in judgements(blind.study) if row["annotator"] == "tester"]
        assert [(row["feature"], row["verdict"], bool(row["path"])) for row in mine] == [
            (features[0], "confirmed", True),  # the program found it there too, which isn't told
            (features[0], "confirmed", False),
            (features[1], "rejected", False),
            (features[2], "unsure", False),
        ]
        await until_shown(pilot, f"{len(features) - 3} features left to judge")
        screen.table.move_to_key(features[1])
        await until_shown(pilot, "you said: absent")


async def test_a_place_that_the_program_missed_looks_like_one_that_it_found(blind: MlxTuiApp) -> None:
    async with blind.run_test(size=(120, 40)) as pilot:
        screen = await open_blind(pilot, "client-api")
        await pilot.press("m")
        await until(pilot, lambda: isinstance(blind.screen, MissedPrompt))
        feature = blind.study.codebook.features[-1].id
        blind.screen.query_one("#feature").value = feature  # type: ignore[attr-defined]
        await pilot.press("enter")
        await until_shown(pilot, f"saved: present {feature}")
        (mine,) = [row for row in judgements(blind.study) if row["annotator"] == "tester"]
        assert mine["verdict"] == "missed"
        await until(pilot, lambda: any(row.finding is not None for row in screen.rows))
        row = next(row for row in screen.rows if row.finding is not None)
        assert row.mine is not None and row.mine.verdict is Verdict.CONFIRMED and not row.missed
        screen.table.move_to_key(row.key)
        await pilot.press("r")
        await until(pilot, lambda: [j["verdict"] for j in judgements(blind.study)][-1] == "rejected")
        await pilot.press("c")
        await until(pilot, lambda: [j["verdict"] for j in judgements(blind.study)][-1] == "missed")


async def test_the_table_statistics_and_anomalies_are_hidden_too(blind: MlxTuiApp) -> None:
    async with blind.run_test(size=(160, 40), notifications=True) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        corpus = blind.screen
        assert isinstance(corpus, CorpusScreen)
        await until(pilot, lambda: corpus.rows and corpus.rows[0].result.scan_state == "scanned")
        assert all(row.result.readiness is None for row in corpus.rows)
        await until_shown(pilot, "judging blind")
        assert "6/6" not in screen_text(blind)
        await pilot.press("t")
        await until_shown(pilot, "hidden while you judge blind")
        assert blind.screen is corpus and "not scanned" not in screen_text(blind)
        await pilot.press("right", "enter")
        await until(pilot, lambda: isinstance(blind.screen, RepositoryScreen))
        await pilot.press("escape")
        await open_blind(pilot, "hostile")
        assert "anomalies" not in screen_text(blind)
        await pilot.press("v")
        await until_shown(pilot, "versions: hidden while you judge blind")


async def test_showing_the_answers_of_a_blind_study_is_asked_about(blind: MlxTuiApp) -> None:
    async with blind.run_test(size=(160, 40)) as pilot:
        screen = await open_blind(pilot, "client-api")
        await pilot.press("B")
        await until(pilot, lambda: isinstance(blind.screen, Confirm))
        await pilot.press("escape")
        assert blind.blind
        await pilot.press("B")
        await until(pilot, lambda: isinstance(blind.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: any(row.finding is not None for row in screen.rows))
        await until_shown(pilot, "seen by the other")
        assert "judging blind" not in screen_text(blind) and not screen.places
        await pilot.press("escape")
        await until(pilot, lambda: "6/6" in screen_text(blind))


async def test_the_key_hides_and_shows(app: MlxTuiApp) -> None:
    async with app.run_test(size=(160, 40)) as pilot:
        await until_shown(pilot, "6/6")
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, StatisticsScreen))
        await pilot.press("B")
        await until(pilot, lambda: isinstance(app.screen, CorpusScreen))
        await until(pilot, lambda: "6/6" not in screen_text(app) and "judging blind" in screen_text(app))
        await pilot.press("B")
        await until_shown(pilot, "6/6")


def test_two_blind_annotators_have_a_kappa(demo_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {
        "ada": {"client-api": True, "lookalike": False, "hostile": True, "chatty": False},
        "bob": {"client-api": True, "lookalike": False, "hostile": False, "chatty": False},
    }
    for name, said in answers.items():
        monkeypatch.setenv("MLX_TUI_ANNOTATOR", name)
        study = Study(demo_folder)
        for repo, present in said.items():
            study.judge(repo, "metrics.logged", Verdict.CONFIRMED if present else Verdict.REJECTED)
    (found,) = Study(demo_folder).agreement().rows
    assert (found.feature, found.n, found.raw) == ("metrics.logged", 4, 0.75)
    assert found.kappa == pytest.approx((0.75 - 0.5) / (1 - 0.5))


async def test_plans_and_attempts_tell_what_ran_and_not_what_the_program_found(blind: MlxTuiApp) -> None:
    attempt = make_attempt(blind.study, "client-api", phase=Phase.FINISHED, outcome=Outcome.EXECUTED)
    write_json(Path(attempt.folder) / "runs.json", run_with(rmse=0.5))
    async with blind.run_test(size=(160, 60)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("/", *"client-api", "enter")
        await until_shown(pilot, "1 of 14")
        await pilot.press("p")
        await until_shown(pilot, "What is run")
        assert "MLflow" not in screen_text(blind).partition("Environment")[0]
        await pilot.press("escape", "a")
        await until_shown(pilot, "▸ executed")
        await until_shown(pilot, "rmse")
        assert "logged r" not in screen_text(blind) and "logged nothing" not in screen_text(blind)
        await pilot.press("enter")
        await until_shown(pilot, "› attempt")
        await pilot.press("i")
        await until_shown(pilot, "claim and reality is hidden while you judge blind")
        assert "Captured" in screen_text(blind) and "claimed" not in screen_text(blind)
