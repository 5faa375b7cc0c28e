"""The filter of a repository's findings looks where a person would: feature, path, code, value, verdict and note."""

import pytest

from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.presentation.evidence import EvidenceRow
from mlx_tui.tui.screens.repository import RepositoryScreen

from .support import screen_text, until, until_shown
from .test_repository_screen import open_repository


def found(screen: RepositoryScreen) -> list[EvidenceRow]:
    return [row for row in screen.shown() if row.finding is not None]


async def test_words_and_columns_find_code_feature_path_and_verdict(app: MlxTuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_repository(pilot, "client-api")
        everything = [row for row in screen.rows if row.finding is not None]

        async def filtered(line: str) -> list[EvidenceRow]:
            await pilot.press("slash", *line, "enter")
            await until(pilot, lambda: screen.table.model.query == line)
            return found(screen)

        await pilot.press("slash")
        await until_shown(pilot, "words are looked for in finding, feature, dimension, path")
        await pilot.press("escape")
        excerpt = next(row.finding.excerpt for row in everything if row.finding and " " not in row.finding.excerpt)
        rows = await filtered(excerpt)
        assert rows and all(row.finding and excerpt in row.finding.excerpt for row in rows)
        assert len(rows) < len(everything)
        rows = await filtered("feature:metrics path:.py")
        assert rows == [
            row
            for row in everything
            if row.finding and row.feature.id.startswith("metrics.") and ".py" in row.finding.path
        ]
        assert rows and len(rows) < len(everything)
        await pilot.press("escape")
        await until(pilot, lambda: len(found(screen)) == len(everything))
        await pilot.press("g", "n", "r")
        await until_shown(pilot, "saved: rejected")
        await until(pilot, lambda: sum(row.mine is not None for row in screen.rows) == 1)
        (rejected,) = await filtered("verdict:rejected")
        assert rejected.mine is not None
        left = await filtered("verdict:unjudged")
        assert len(left) == sum(row.open for row in screen.rows) < len(everything)


@pytest.mark.parametrize("word", ["metrics.logged", "Metrics logged", "metrics", "code version", "code_version"])
async def test_a_finding_is_found_by_its_feature_and_dimension_as_the_heading_is(app: MlxTuiApp, word: str) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_repository(pilot, "client-api")
        wanted = {row.feature.id for row in screen.rows if word.split()[0].lower() in f"{row.feature.id}"}
        everything = list(screen.rows)
        await pilot.press("slash", *f'"{word}"', "enter")
        await until(pilot, lambda: 0 < len(screen.shown()) < len(everything))
        shown = set(screen.shown())
        for row in everything:
            if word in (
                row.feature.id,
                row.feature.title,
                row.feature.dimension,
                row.feature.dimension.replace("_", " "),
            ):
                assert row in shown
        assert wanted and any(row.finding is not None for row in shown)


async def test_who_judges_blind_finds_nothing_by_what_the_program_answered(app: MlxTuiApp) -> None:
    app.blind = True
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_repository(pilot, "client-api")
        names = {name for column in screen.table.model.available for name in column.names}
        assert not names & {"excerpt", "value", "tier"}
        await pilot.press("c")
        await until_shown(pilot, "saved: present")
        await pilot.press("slash", *"answer:present", "enter")
        await until(pilot, lambda: len(screen.shown()) == 1)
        assert "unjudged" not in screen_text(app)
