import csv

import pytest
from textual.pilot import Pilot

from mlx_tui.annotation.store import SaveError
from mlx_tui.detection.model import Tier
from mlx_tui.study import Study
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.presentation.evidence import EvidenceRow
from mlx_tui.tui.screens.missed import MissedPrompt
from mlx_tui.tui.screens.modals import NoteEditor
from mlx_tui.tui.screens.repository import RepositoryScreen
from mlx_tui.tui.widgets.code_view import CodeView

from .support import obeyed, screen_text, until, until_shown


async def open_repository(pilot: Pilot[None], repo: str) -> RepositoryScreen:
    app = pilot.app
    assert isinstance(app, MlxTuiApp)
    await until_shown(pilot, "sklearn-mlproject")
    screen = RepositoryScreen(repo)
    app.push_screen(screen)
    await until(pilot, lambda: screen.rows and screen.query_one(CodeView).document.path)
    await until(pilot, lambda: screen.query_one(CodeView).evidence is not None)
    return screen


def judgements(study: Study) -> list[dict[str, str]]:
    with (study.path / "annotations.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def current(screen: RepositoryScreen) -> EvidenceRow:
    row = screen.table.current
    assert row is not None
    return row


async def test_findings_their_code_and_features_without_any(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_repository(pilot, "client-api")
        text = screen_text(app)
        assert "● " in text or "●" in text
        finding = current(screen).finding
        assert finding is not None and finding.place in text
        assert finding.excerpt[:30] in text and "▶" in text
        assert "Why:" in text and "Present when:" in text
        shown = {row.feature.id for row in screen.rows}
        assert shown == {feature.id for feature in app.study.codebook.features}
        assert any(row.finding is None and not row.result.count for row in screen.rows)


async def test_next_and_previous_go_across_features_and_files(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_repository(pilot, "autolog-notebook")
        findings = [row for row in screen.rows if row.finding is not None]
        seen = [current(screen).key]
        for _ in findings[1:]:
            await pilot.press("n")
            seen.append(current(screen).key)
            path = current(screen).finding.path  # type: ignore[union-attr]
            await until(pilot, lambda path=path: screen.query_one(CodeView).document.path == path)
        assert seen == [row.key for row in findings]
        assert len({row.finding.path for row in findings if row.finding}) > 1
        await pilot.press("n")
        assert "last finding" in screen_text(app)
        await pilot.press("N")
        assert current(screen).key == findings[-2].key


async def test_a_judgement_is_on_disk_before_the_screen_says_saved(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_repository(pilot, "client-api")
        first = current(screen)
        await pilot.press("c")
        await until_shown(pilot, "saved: confirmed")
        row = judgements(app.study)[0]
        assert (row["verdict"], row["feature"], row["annotator"]) == ("confirmed", first.feature.id, "tester")
        assert current(screen).key != first.key and current(screen).open
        await pilot.press("r", "u")
        await until(
            pilot, lambda: [row["verdict"] for row in judgements(app.study)] == ["confirmed", "rejected", "unsure"]
        )
        await until(
            pilot, lambda: [row.mine.verdict for row in screen.rows if row.mine] == ["confirmed", "rejected", "unsure"]
        )
        await until_shown(pilot, "✗")


async def test_keys_in_quick_succession_judge_one_finding_each_in_order(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_repository(pilot, "client-api")
        open_before = [row for row in screen.rows if row.open]
        await pilot.press(*"crcrcr")
        await until(pilot, lambda: len(judgements(app.study)) == 6)
        await until(pilot, lambda: sum(row.mine is not None for row in screen.rows) == 6)
        judged = [row for row in screen.rows if row.mine is not None]
        assert [row.key for row in judged] == [row.key for row in open_before[:6]]
        assert [row.mine.verdict for row in judged if row.mine] == ["confirmed", "rejected"] * 3


async def test_undo_and_redo(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await open_repository(pilot, "client-api")
        await pilot.press("c")
        await until_shown(pilot, "saved: confirmed")
        (row,) = judgements(app.study)
        await pilot.press("z")
        await until_shown(pilot, f"taken back: {row['feature']} at {row['path']}:")
        assert judgements(app.study) == []
        await pilot.press("Z")
        await until_shown(pilot, "made again")
        assert len(judgements(app.study)) == 1


async def test_a_note_is_kept_with_its_finding(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_repository(pilot, "client-api")
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, NoteEditor))
        await pilot.press(*"why [b]so", "f2")
        await until(pilot, lambda: judgements(app.study)[0]["note"] == "why [b]so")
        await until_shown(pilot, "✎ why [b]so")
        await pilot.press("c")
        await until(pilot, lambda: judgements(app.study)[0]["verdict"] == "confirmed")
        assert judgements(app.study)[0]["note"] == "why [b]so"
        assert screen.rows


async def test_a_missed_finding_is_added_at_the_line_under_the_cursor(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_repository(pilot, "client-api")
        await pilot.press("m")
        await until(pilot, lambda: isinstance(app.screen, MissedPrompt))
        prompt = app.screen
        prompt.query_one("#feature").value = "no.such"  # type: ignore[attr-defined]
        await pilot.press("enter")
        await until_shown(pilot, "no feature no.such")
        prompt.query_one("#feature").value = "execution.seeded"  # type: ignore[attr-defined]
        place = prompt.query_one("#place").value.rpartition(":")[0] + ":1"  # type: ignore[attr-defined]
        prompt.query_one("#place").value = place  # type: ignore[attr-defined]
        await pilot.press("enter")
        await until(pilot, lambda: judgements(app.study)[0]["verdict"] == "missed")
        assert judgements(app.study)[0]["line"] == "1"
        await until(pilot, lambda: any(row.missed for row in screen.rows))
        missed = next(row for row in screen.rows if row.missed)
        assert missed.feature.id == "execution.seeded"
        screen.table.move_to_key(missed.key)
        await pilot.press("c")
        await until_shown(pilot, "saved: missed execution.seeded")
        assert screen.table.move_to_key(missed.key)
        await pilot.press("r")
        await until(pilot, lambda: judgements(app.study)[0]["verdict"] == "rejected")
        await until(
            pilot, lambda: any(row.missed and row.mine and row.mine.verdict == "rejected" for row in screen.rows)
        )
        assert screen.table.move_to_key(missed.key)
        await until_shown(pilot, "(not found)")


async def test_what_was_typed_of_a_missed_finding_stays_until_it_is_saved(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await open_repository(pilot, "client-api")
        await pilot.press("m")
        await until(pilot, lambda: isinstance(app.screen, MissedPrompt))
        app.screen.query_one("#feature").value = "execution.seeded"  # type: ignore[attr-defined]
        app.screen.query_one("#place").value = "no/such/file.py:1"  # type: ignore[attr-defined]
        await pilot.press("tab", "tab", *"my note", "enter")
        await until_shown(pilot, "not saved: missed")
        await pilot.press("m")
        await until(pilot, lambda: isinstance(app.screen, MissedPrompt))
        await until_shown(pilot, "my note")


async def test_a_feature_without_findings_is_judged_as_a_whole(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_repository(pilot, "client-api")
        absent = next(row for row in screen.rows if row.finding is None and not row.result.count)
        assert screen.table.move_to_key(absent.key)
        await pilot.press("c")
        await until(pilot, lambda: judgements(app.study)[0]["feature"] == absent.feature.id)
        assert judgements(app.study)[0]["path"] == ""
        await until(
            pilot,
            lambda: any(r.feature.id == absent.feature.id and r.result.presence == "present" for r in screen.rows),
        )


async def test_what_cannot_be_saved_is_told_and_stays(app: MlxTuiApp, monkeypatch: pytest.MonkeyPatch) -> None:
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        screen = await open_repository(pilot, "client-api")
        store = app.study.annotations.journal._store
        with monkeypatch.context() as patch:

            def full(*_: object) -> None:
                raise SaveError("No space left on device")

            patch.setattr(store, "write", full)
            await pilot.press("c")
            await until_shown(pilot, "not saved: confirmed")
            await until_shown(pilot, "No space left on device")
            assert len(app.study.annotations.journal.pending) == 1
        await pilot.press("r")
        await until_shown(pilot, "saved: rejected")
        assert [row["verdict"] for row in judgements(app.study)] == ["confirmed", "rejected"]
        assert screen.rows


async def test_the_csvs_follow_the_judgements(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await open_repository(pilot, "client-api")
        await pilot.press("c")
        findings = app.study.path / "findings.csv"
        await until(pilot, lambda: ",confirmed," in findings.read_text(encoding="utf-8-sig"))


async def test_a_hostile_repository_reaches_no_terminal(app: MlxTuiApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await open_repository(pilot, "hostile")
        for row in screen.rows:
            if row.finding is not None:
                screen.table.move_to_key(row.key)
                await pilot.pause()
                assert obeyed(screen_text(app)) == []


async def test_a_low_terminal_shows_some_code_and_opens_it_by_enter(app: MlxTuiApp) -> None:
    async with app.run_test(size=(40, 12)) as pilot:
        screen = await open_repository(pilot, "client-api")
        assert screen.code.region.height >= 3 and "enter code" in screen_text(app)
        await pilot.press("enter")
        await pilot.pause()
        assert screen.code.region.height >= 8 and screen.focused is screen.query_one(CodeView)
        await pilot.press("escape")
        await pilot.pause()
        assert screen.focused is screen.table


async def test_calls_of_wrappers_are_shown_and_not_counted_as_left(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_repository(pilot, "sklearn-mlproject")
        wrappers = [row for row in screen.rows if row.finding is not None and row.finding.tier is Tier.WRAPPER]
        assert not any(row.open for row in wrappers)
        assert f"{sum(row.open for row in screen.rows)} left to judge" in screen_text(app)


async def test_versions_and_anomalies_of_a_hostile_repository(app: MlxTuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_repository(pilot, "hostile")
        assert "anomalies, v shows them" in screen_text(app)
        await pilot.press("v")
        await until_shown(pilot, "Versions of MLflow")
        assert not obeyed(screen_text(app))
        scan = app.study.scan_of("hostile")
        assert scan is not None and any(anomaly.path == "MLproject" for anomaly in scan.anomalies)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)


async def test_all_marked_findings_get_one_verdict_and_one_undo(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_repository(pilot, "client-api")
        await pilot.press("ctrl+a")
        marked = screen.table.model.marked_rows()
        findings = [row for row in marked if row.finding is not None]
        assert len(marked) > len(findings) > 1, "headings are marked too"
        await pilot.press("r")
        await until_shown(pilot, f"saved: rejected {len(findings)} findings")
        assert {row["verdict"] for row in judgements(app.study)} == {"rejected"}
        assert len(judgements(app.study)) == len(
            {row.finding and row.finding.place + row.feature.id for row in findings}
        )
        assert not screen.table.model.marked
        await pilot.press("z")
        await until(pilot, lambda: not judgements(app.study))
        await until_shown(pilot, "taken back")


async def test_what_is_told_lasts_until_the_next_key_and_covers_nothing(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        screen = await open_repository(pilot, "client-api")
        await pilot.press("z")
        await until_shown(pilot, "nothing to take back in this session; c r u on a finding")
        assert not screen.query("Toast")
        await pilot.press("down")
        await until_shown(pilot, "findings judged")
        await pilot.press("w")
        await until_shown(pilot, "comes from no forge")
        await pilot.press("c")
        await until_shown(pilot, "saved: confirmed")
        await pilot.press("tab")
        await until(pilot, lambda: "1 of " in screen_text(app) and "saved" not in screen_text(app))
        assert not screen.query("Toast")


async def test_what_was_missed_is_proposed_by_what_the_cursors_are_on(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_repository(pilot, "client-api")
        place = screen.place_under_cursor()
        assert (screen.proposal().feature, screen.proposal().place) == ("", place)
        absent = next(row for row in screen.rows if row.finding is None and not row.result.count)
        screen.table.move_to_key(absent.key)
        await pilot.pause()
        assert (screen.proposal().feature, screen.proposal().place) == (absent.feature.id, "")
        await pilot.press("tab", "j")
        proposal = screen.proposal()
        assert proposal.feature == absent.feature.id and proposal.place == screen.place_under_cursor() != place
