"""What a screen says where there is nothing to show, where something is broken, and before something is destroyed."""

import os
from pathlib import Path

import pytest
from textual import events

from mlx_tui.study import Study
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.screens.corpus import CorpusScreen
from mlx_tui.tui.screens.modals import Confirm, TextPrompt

from .support import screen_text, until, until_shown


async def test_repositories_are_added_fetched_scanned_and_removed(scanned_demo: Path, tmp_path: Path) -> None:
    app = MlxTuiApp(Study.create(tmp_path / "study"))
    samples = scanned_demo / "sample-repositories"
    async with app.run_test(size=(140, 30), notifications=True) as pilot:
        await until_shown(pilot, "A adds some")
        await pilot.press("D")
        await until_shown(pilot, "no repository is selected")
        await pilot.press("A")
        await until(pilot, lambda: isinstance(app.screen, TextPrompt))
        await pilot.press(*f"{samples / 'lookalike'} {samples / 'client-api'}", "enter")
        await until_shown(pilot, "added 2 repositories; f clones what is missing")
        await pilot.press("A")
        await until(pilot, lambda: isinstance(app.screen, TextPrompt))
        await pilot.press(*"/nowhere/at/all", "enter")
        await until_shown(pilot, "nothing was changed:")
        await until_shown(pilot, "client-api")
        await pilot.press("D")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("D", "enter", "space")  # the key that asked doesn't say yes
        assert isinstance(app.screen, Confirm) and len(app.study.corpus.entries()) == 2
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, CorpusScreen))
        assert len(app.study.corpus.entries()) == 2
        await pilot.press("D")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: len(app.study.corpus.entries()) == 1)
        await until_shown(pilot, "removed ")


async def test_a_column_of_repositories_that_is_pasted_is_added_whole(scanned_demo: Path, tmp_path: Path) -> None:
    app = MlxTuiApp(Study.create(tmp_path / "study"))
    samples = scanned_demo / "sample-repositories"
    async with app.run_test(size=(140, 30), notifications=True) as pilot:
        await until_shown(pilot, "A adds some")
        await pilot.press("A")
        await until(pilot, lambda: isinstance(app.screen, TextPrompt))
        app.post_message(events.Paste(f"{samples / 'lookalike'}\r{samples / 'client-api'}\r"))
        await pilot.press("enter")
        await until_shown(pilot, "added 2 repositories")
        assert len(app.study.corpus.entries()) == 2


async def test_the_cache_is_pruned_after_a_question(demo_study: Study, tmp_path: Path, scanned_demo: Path) -> None:
    (entry, *rest) = demo_study.corpus.entries()
    unused = demo_study.corpus.clone(entry.repo).path
    app = MlxTuiApp(demo_study)
    pruned: list[set[Path]] = []

    class Cache(type(demo_study.corpus.cache)):  # type: ignore[misc]
        """The clones of the other tests stay."""

        def prune(self, keep: set[Path]) -> tuple[Path, ...]:
            pruned.append(set(keep))
            return (unused,) if unused else ()

    demo_study.corpus.cache.__class__ = Cache
    async with app.run_test(size=(140, 30)) as pilot:
        await until_shown(pilot, entry.repo)
        demo_study.corpus.remove(entry.repo)
        screen = app.screen
        assert isinstance(screen, CorpusScreen)
        screen.do_prune()
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        assert "MB) from the cache?" in screen_text(app) and pruned == []
        await pilot.press("y")
        await until_shown(pilot, "deleted 1 clone from the cache")
        assert unused not in pruned[0] and len(pruned[0]) == len(rest)


async def test_leaving_with_judgements_that_are_not_on_disk_asks(app: MlxTuiApp) -> None:
    study = app.study
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await until_shown(pilot, "6/6")
        (study.path / "annotations.csv").unlink(missing_ok=True)
        (study.path / "annotations.csv").mkdir()  # nothing can be written there, by root neither
        await pilot.press("enter")
        await until_shown(pilot, "left to judge")
        await pilot.press("c")
        await until_shown(pilot, "Not saved")
        await pilot.press("q")
        await until_shown(pilot, "Leave with 1 judgement not saved?")
        await pilot.press("q", "escape")
        await until(pilot, lambda: not isinstance(app.screen, Confirm))
        await pilot.press("ctrl+q")  # the key that Textual keeps asks too
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, Confirm))
        (study.path / "annotations.csv").rmdir()
        await pilot.press("u")
        await until_shown(pilot, "saved: unsure")
        await pilot.press("q")
        await until(pilot, lambda: not app.is_running)
    assert "confirmed" in (study.path / "annotations.csv").read_text()


async def test_a_report_is_written_where_one_says(app: MlxTuiApp) -> None:
    async with app.run_test(size=(160, 30), notifications=True) as pilot:
        await until_shown(pilot, "6/6")
        await pilot.press("O")
        await until(pilot, lambda: isinstance(app.screen, TextPrompt))
        await pilot.press("enter")
        await until_shown(pilot, "report.html")
        await until(pilot, lambda: (app.study.path / "report.html").exists())
        await pilot.press("O")
        await until(pilot, lambda: isinstance(app.screen, TextPrompt))
        await pilot.press(*(["backspace"] * 12), *"report.pdf", "enter")
        await until_shown(pilot, "a report is a .html or a .md file")


async def test_what_an_older_codebook_scanned_is_told_so(app: MlxTuiApp) -> None:
    (app.study.path / "own.toml").write_text(
        (Path(__file__).parents[2] / "mlx_tui" / "detection" / "codebook.toml").read_text()
        + "\n# another codebook than that of the scans\n"
    )
    (app.study.path / "mlx-tui.toml").write_text('codebook = "own.toml"\n')
    changed = MlxTuiApp(Study(app.study.path))
    async with changed.run_test(size=(120, 30), notifications=True) as pilot:
        await until_shown(pilot, "14 to scan again: new codebook")
        await pilot.press("j")
        await until_shown(pilot, "scanned with an older codebook or detector: d scans it again")
        await pilot.press("d")
        await until_shown(pilot, "scanned 14 repositories")
        await until(pilot, lambda: "to scan again" not in screen_text(changed))


async def test_a_corpus_that_cannot_be_read_is_told_and_read_again(app: MlxTuiApp) -> None:
    good = (app.study.path / "corpus.csv").read_text()
    (app.study.path / "corpus.csv").write_text("nonsense\n1\n")
    async with app.run_test(size=(120, 24)) as pilot:
        await until_shown(pilot, "The study can't be read.")
        assert "corpus.csv" in screen_text(app) and "^r reads it again" in screen_text(app)
        await pilot.resize_terminal(100, 24)
        await until(pilot, lambda: app.screen.size.width == 100)
        assert "The study can't be read." in screen_text(app)
        (app.study.path / "corpus.csv").write_text(good)
        await pilot.press("ctrl+r")
        await until_shown(pilot, "sklearn-mlproject")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_study_that_cannot_be_written_says_so_when_it_matters(app: MlxTuiApp) -> None:
    app.study.path.chmod(0o500)
    try:
        async with app.run_test(size=(100, 30), notifications=True) as pilot:
            await until_shown(pilot, "6/6")
            await pilot.press("enter")
            await until_shown(pilot, "left to judge")
            await pilot.press("c")
            await until_shown(pilot, "Not saved")
    finally:
        app.study.path.chmod(0o700)


async def test_no_attempts_no_hits_and_nothing_to_judge_say_what_to_do(app: MlxTuiApp) -> None:
    async with app.run_test(size=(100, 24)) as pilot:
        await until_shown(pilot, "6/6")
        await pilot.press("/", *"nosuchthing", "enter")
        await until_shown(pilot, "No row fits the filter")
        await pilot.press("escape", "a")
        await until_shown(pilot, "Nothing was run yet.")
        assert "r there runs it" in screen_text(app)
