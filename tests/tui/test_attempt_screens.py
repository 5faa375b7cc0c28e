"""Attempts and one attempt; a real attempt runs in the last test alone."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from mlx_tui.json_file import write_json
from mlx_tui.reproduction.model import (
    Attempt,
    CapturedDataset,
    CapturedMetric,
    CapturedRun,
    CapturedRuns,
    Cause,
    Comparison,
    KeyValue,
    MetricComparison,
    MetricPoint,
    MetricVerdict,
    ModelVersion,
    Outcome,
    Phase,
    Spread,
    UsageSample,
)
from mlx_tui.study import Study
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.screens.attempt import AttemptScreen
from mlx_tui.tui.screens.attempts import AttemptsScreen
from mlx_tui.tui.screens.modals import Confirm
from mlx_tui.tui.screens.plan import PlanScreen
from mlx_tui.tui.widgets.log_view import LogView

from .attempt_making import NOW, finish, make_attempt, run_with, running
from .support import obeyed, screen_text, until, until_shown


async def test_a_running_attempt_is_followed_and_its_end_is_shown(app: MlxTuiApp) -> None:
    attempt = running(app.study, "client-api", b"first line\n")
    async with app.run_test(size=(140, 40)) as pilot:
        await until_shown(pilot, "⟳ running")
        app.push_screen(AttemptScreen(attempt))
        await until_shown(pilot, "first line")
        with (Path(attempt.folder) / "log").open("ab") as log:
            log.write(b"second \x1b[31mline\x1b[0m \x1b]0;x\x07\nValueError: boom\n")
        await until_shown(pilot, "second line")
        metrics = (
            MetricComparison("rmse[x]", 0.5, 0.5, MetricVerdict.IDENTICAL),
            MetricComparison("mae", 0.5, 0.7, MetricVerdict.DIFFERENT),
        )
        finish(
            attempt,
            outcome=Outcome.DIFFERS,
            reason="1 of 2 metrics differs",
            evidence_line=3,
            comparison=Comparison("committed run", "mlruns", 1e-6, metrics),
        )
        await until_shown(pilot, "≠ differs")
        text = screen_text(app)
        assert "1 of 2 metrics differs" in text and "rmse[x]" in text and "≠ different" in text
        await pilot.press("e")
        await until_shown(pilot, "3▶ValueError: boom")
        assert obeyed(screen_text(app)) == []


async def test_the_metrics_have_columns_for_a_reference_where_there_is_one(app: MlxTuiApp) -> None:
    attempt = running(app.study, "client-api", b"first line\n")
    write_json(Path(attempt.folder) / "runs.json", run_with(rmse=0.25))
    async with app.run_test(size=(160, 40)) as pilot:
        await until_shown(pilot, "⟳ running")
        app.push_screen(AttemptScreen(attempt))
        await until_shown(pilot, "0.25")
        assert "rmse" in screen_text(app)
        assert "reference" not in screen_text(app) and "compared" not in screen_text(app)
        metrics = (MetricComparison("rmse", 0.5, 0.25, MetricVerdict.DIFFERENT),)
        finish(attempt, outcome=Outcome.DIFFERS, comparison=Comparison("committed run", "mlruns", 1e-6, metrics))
        await until_shown(pilot, "≠ different")
        assert "reference" in screen_text(app) and "compared" in screen_text(app)


async def test_details_show_claim_and_reality_the_spread_and_what_was_captured(app: MlxTuiApp) -> None:
    metrics = (
        MetricComparison("accuracy", 0.8, 0.9, MetricVerdict.WITHIN_SPREAD, Spread(3, 0.85, 0.05, 0.8, 0.9)),
        MetricComparison("gone", 0.5, None, MetricVerdict.MISSING),
    )
    attempt = make_attempt(
        app.study,
        "sklearn-mlproject",
        phase=Phase.FINISHED,
        outcome=Outcome.DIFFERS,
        comparison=Comparison("earlier attempt", "before", 0.0, metrics),
    )
    point = (MetricPoint(0, 0, 0.9),)
    run = CapturedRun(
        "r1",
        "[red]elastic",
        "Default",
        "FINISHED",
        "",
        (KeyValue("c", "0.5"),),
        (CapturedMetric("accuracy", point),),
        (),
        ("report.txt",),
        (CapturedDataset("wine", "d", "local", "", "training"),),
    )
    version = ModelVersion("cultivars", 2, "r1", "None", ("champion",))
    captured = CapturedRuns("3.1.0", ("http://host\x1b[2J:5000",), (run,), ("cultivars",), (version,))
    write_json(Path(attempt.folder) / "runs.json", captured)
    async with app.run_test(size=(150, 60)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        app.push_screen(AttemptScreen(attempt))
        await until_shown(pilot, "≠ differs")
        await pilot.press("i")
        await until_shown(pilot, "Claim and reality")
        text = screen_text(app)
    assert "only identical values count as equal" in text
    assert "~ accuracy: 0.9, reference 0.8: within spread; 3 repeats: mean 0.85, standard deviation 0.05" in text
    assert "∅ gone: missing, reference 0.5" in text
    assert "~ metrics: partly; logged accuracy" in text and "not logged: cv_accuracy, path_accuracy" in text
    assert "✗ models: unmet; logged nothing" in text and "+ datasets: unforeseen; logged wine" in text
    assert "[red]elastic (Default, FINISHED): 1 parameter, 1 metric, 1 artifact, 1 dataset" in text
    assert "model cultivars version 2, champion" in text
    assert obeyed(text) == []


async def test_leaving_and_coming_back_finds_the_attempt_still_followed(app: MlxTuiApp) -> None:
    attempt = running(app.study, "client-api", b"before\n")
    async with app.run_test(size=(120, 30)) as pilot:
        await until_shown(pilot, "⟳ running")
    again = MlxTuiApp(Study(app.study.path))
    async with again.run_test(size=(120, 30)) as pilot:
        await until_shown(pilot, "⟳ running")
        await pilot.press("a")
        await until(pilot, lambda: isinstance(again.screen, AttemptsScreen) and again.screen.attempts)
        await pilot.press("enter")
        await until_shown(pilot, "before")
        with (Path(attempt.folder) / "log").open("ab") as log:
            log.write(b"after\n")
        await until_shown(pilot, "after")
        assert again.screen.query_one(LogView).following


async def test_the_list_of_attempts(app: MlxTuiApp) -> None:
    make_attempt(app.study, "client-api", phase=Phase.FINISHED, outcome=Outcome.REPRODUCED, created_at=NOW)
    make_attempt(
        app.study,
        "missing-data",
        phase=Phase.FINISHED,
        outcome=Outcome.FAILED,
        cause=Cause.MISSING_DATA,
        reason="FileNotFoundError: [Errno 2] data/[x].csv",
        started_at=NOW,
        ended_at=NOW + timedelta(seconds=90),
        run_seconds=83.0,
    )
    async with app.run_test(size=(160, 30)) as pilot:
        await until_shown(pilot, "✗ failed")
        await pilot.press("a")
        await until_shown(pilot, "1m 23s")
        text = screen_text(app)
        assert "missing_data: FileNotFoundError: [Errno 2] data/[x].csv" in text
        assert "✓ reproduced" in text and "2 attempts" in text


async def test_where_a_filter_leaves_no_attempt_no_log_is_shown(app: MlxTuiApp) -> None:
    make_attempt(app.study, "chatty", b"log of chatty\n", phase=Phase.FINISHED, outcome=Outcome.EXECUTED)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "▸ executed")
        await pilot.press("a")
        await until_shown(pilot, "log of chatty ")
        await pilot.press("slash", *"zzz", "enter")
        await until_shown(pilot, "no log: no attempt fits the filter")
        assert "log of chatty" not in screen_text(app)
        await pilot.press("escape")
        await until_shown(pilot, "log of chatty ")


async def test_at_80_cells_no_column_of_the_attempts_is_cut(app: MlxTuiApp) -> None:
    for seconds, outcome in ((83, Outcome.REPRODUCED), (359_999, Outcome.TIMED_OUT), (3_000_000, Outcome.INTERRUPTED)):
        made = make_attempt(
            app.study,
            "sklearn-mlproject",
            phase=Phase.FINISHED,
            outcome=outcome,
            started_at=NOW,
            ended_at=NOW + timedelta(seconds=seconds),
        )
        (Path(made.folder) / "usage.jsonl").write_bytes(usage_line(float(seconds), 12_300_000_000, 0))
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("a")
        _, heading, *rows = (line.rstrip() for line in screen_text(app).splitlines()[:5])
        assert heading.split() == ["repository", "state", "took", "metrics", "begun▼", "no.", "›"]
        assert "…" not in "".join(rows)
        await pilot.press(*["l"] * 8)
        await until_shown(pilot, "34d 17h")
        _, heading, *rows = (line.rstrip() for line in screen_text(app).splitlines()[:5])
        assert "‹" in heading and "memory" in heading and "why" in heading and "›" not in heading
        assert "…" not in "".join(rows) and "99h 59m" in "".join(rows)


def usage_line(seconds: float, memory: int, at: int) -> bytes:
    sample = UsageSample(NOW + timedelta(seconds=at), seconds, memory, 512_000_000, 2)
    return msgspec.json.encode(sample) + b"\n"


async def test_what_an_attempt_uses_and_its_log_beside_the_list(app: MlxTuiApp) -> None:
    attempt = running(app.study, "client-api", b"from the log of client-api\n")
    usage = Path(attempt.folder) / "usage.jsonl"
    usage.write_bytes(usage_line(1.0, 100_000_000, 0) + usage_line(2.75, 212_000_000, 1))
    ended = make_attempt(app.study, "chatty", b"log of the other\n", phase=Phase.FINISHED, outcome=Outcome.EXECUTED)
    (Path(ended.folder) / "usage.jsonl").write_bytes(usage_line(83.0, 0, 0))
    async with app.run_test(size=(160, 45)) as pilot:
        await until_shown(pilot, "⟳ running")
        await pilot.press("a")
        await until_shown(pilot, "175 %")
        text = screen_text(app)
        assert "212 MB" in text and "1m 23s" in text and "512 MB" in text
        await until_shown(pilot, "from the log of client-api")  # it runs: the list opens on it
        await pilot.press("k")
        await until_shown(pilot, "log of the other")
        await pilot.press("j")
        await until_shown(pilot, "from the log of client-api")
        assert "log of the other" not in screen_text(app)
        with (Path(attempt.folder) / "log").open("ab") as log:
            log.write(b"one more line\n")
        await until_shown(pilot, "one more line")
        with usage.open("ab") as more:
            more.write(usage_line(2.75, 300_000_000, 2))
        await until_shown(pilot, "300 MB")
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "one more line" in screen_text(app) and " 0 %" in screen_text(app))
        await pilot.resize_terminal(40, 12)
        await until(pilot, lambda: "one more line" not in screen_text(app) and "client-api" in screen_text(app))


async def test_repeats_are_compared_in_a_chart(app: MlxTuiApp) -> None:
    for number, value in enumerate((0.5, 0.6, 0.9), 1):
        attempt = make_attempt(
            app.study, "client-api", phase=Phase.FINISHED, outcome=Outcome.EXECUTED, repeat=number, series="s"
        )
        write_json(Path(attempt.folder) / "runs.json", run_with(rmse=value, mae=2.0))
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("a")
        await until_shown(pilot, "3 attempts")
        assert "0.5 … 0.9" not in screen_text(app)
        await pilot.press("tab")
        await until_shown(pilot, "0.5 … 0.9 · 3 repeats, vary")
        assert "2 · 3 repeats, identical" in screen_text(app)
        assert "claim and reality" in screen_text(app)
        assert "✓ runs         met; logged r" in screen_text(app)
        line = next(line for line in screen_text(app).splitlines() if line.strip().startswith("●──"))
        assert line.count("●") == 3
        await pilot.resize_terminal(40, 12)
        await until(pilot, lambda: "rmse" in screen_text(app) and "client-api" not in screen_text(app))
        await pilot.press("escape")
        await until(pilot, lambda: "client-api" in screen_text(app))
        await pilot.resize_terminal(300, 80)
        await until_shown(pilot, "0.5 … 0.9 · 3 repeats, vary")


async def test_charts_without_unicode(app: MlxTuiApp, demo_folder: Path) -> None:
    attempt = make_attempt(app.study, "client-api", phase=Phase.FINISHED, outcome=Outcome.EXECUTED)
    write_json(Path(attempt.folder) / "runs.json", run_with(rmse=0.5))
    (demo_folder / "mlx-tui.toml").write_text("ascii = true\n")
    plain = MlxTuiApp(Study(demo_folder))
    async with plain.run_test(size=(160, 45)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("a")
        await until_shown(pilot, "--o--")


async def test_cancelling_asks_and_takes_another_key(app: MlxTuiApp, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = running(app.study, "client-api")
    cancelled: list[str] = []

    def cancel(which: Attempt) -> Attempt:
        cancelled.append(which.state.id)
        finish(attempt, outcome=Outcome.CANCELLED, reason="cancelled by the user")
        return app.study.attempts.read(attempt)

    monkeypatch.setattr(app.study.attempts, "cancel", cancel)  # a real one would end this process
    async with app.run_test(size=(120, 30), notifications=True) as pilot:
        await until_shown(pilot, "⟳ running")
        app.push_screen(AttemptScreen(attempt))
        await until(pilot, lambda: isinstance(app.screen, AttemptScreen))
        await pilot.press("x", "x", "x")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        assert cancelled == []
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, AttemptScreen))
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until_shown(pilot, "■ cancelled")
        assert cancelled == [attempt.state.id]
        await pilot.press("x")
        await until_shown(pilot, "it has ended already")


@pytest.mark.attempt
async def test_running_a_command_from_the_interface_to_its_end(app: MlxTuiApp) -> None:
    async with app.run_test(size=(140, 40)) as pilot:
        await until_shown(pilot, "lookalike")
        screen = PlanScreen("missing-module")
        app.push_screen(screen)
        await until(pilot, lambda: screen.plan is not None)
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, AttemptScreen))
        for _ in range(10):  # building the environment may take a minute
            try:
                await until_shown(pilot, "✗ failed")
            except AssertionError:
                continue
            break
        assert "missing_module" in screen_text(app)
        await pilot.press("e")
        await until_shown(pilot, "▶")
        await pilot.press("escape", "escape")
        await until_shown(pilot, "✗ failed")
