"""What was judged at another commit, on a repository's screen."""

from mlx_tui.annotation.model import Verdict
from mlx_tui.study import Study
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.screens.repository import RepositoryScreen

from .support import screen_text, until, until_shown

OLD = "a" * 40


async def test_a_verdict_that_followed_its_line_is_shown_with_its_commit_and_the_others_are_counted(
    app: MlxTuiApp,
) -> None:
    scan = app.study.scan_of("client-api")
    assert scan is not None
    finding = next(finding for finding in scan.findings if finding.feature == "metrics.logged")
    other = Study(app.study.path)
    other.judge("client-api", finding.feature, Verdict.CONFIRMED, finding=finding)
    other.judge("client-api", "data.versioned", Verdict.CONFIRMED)
    path = other.annotations.journal.path
    path.write_text(path.read_text().replace(scan.commit, OLD))
    async with app.run_test(size=(120, 40)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        screen = RepositoryScreen("client-api")
        app.push_screen(screen)
        await until_shown(pilot, "1 judgement outdated")
        row = next(row for row in screen.rows if row.finding == finding)
        assert row.mine is not None and row.mine.given_at == OLD
        screen.move_to(row)
        await until(pilot, lambda: f"at {OLD[:8]}" in screen_text(app))
