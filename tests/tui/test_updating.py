"""The newest commits are fetched after a question, and what moved on is told."""

import subprocess
from pathlib import Path

from mlx_tui.study import Study
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.screens.modals import Confirm

from .support import until, until_shown


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@b.c", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path, text: str) -> str:
    (folder / "train.py").write_text(text)
    git(folder, "add", ".")
    git(folder, "commit", "-qm", text)
    return git(folder, "rev-parse", "HEAD")


async def test_repositories_move_on_to_their_newest_commits(tmp_path: Path) -> None:
    study = Study.create(tmp_path / "study")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        git(tmp_path / name, "init", "-q")
        commit(tmp_path / name, "import mlflow\n")
        study.corpus.add([f"file://{tmp_path / name}"])
    study.corpus.fetch()
    old = {clone.repo: clone.commit for clone in study.corpus.clones()}
    newest = commit(tmp_path / "one", "import mlflow\nmlflow.log_param('a', 1)\n")
    app = MlxTuiApp(study)
    async with app.run_test(size=(140, 24), notifications=True) as pilot:
        await until_shown(pilot, "2 repositories")
        await pilot.press("U")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await until_shown(pilot, "Fetch the newest commits of all repositories?")
        await pilot.press("U", "escape")
        await until(pilot, lambda: not isinstance(app.screen, Confirm))
        assert {clone.repo: clone.commit for clone in study.corpus.clones()} == old
        await pilot.press("U")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until_shown(pilot, "1 of 2 moved on to a newer commit; d scans them")
        commits = {clone.commit for clone in study.corpus.clones()}
        assert newest in commits and len(commits & set(old.values())) == 1
