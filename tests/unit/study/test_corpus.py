"""A study's repositories: two programs at once, pins that move, names and tokens."""

import shutil
import subprocess
import sys
import threading
from pathlib import Path

from mlx_tui.corpus.clone_cache import CloneCache
from mlx_tui.corpus.clones_file import read_clones
from mlx_tui.corpus.model import CloneStatus, FetchProgress
from mlx_tui.study import Study

PIN_ONE = """
import sys
import threading
from pathlib import Path
from mlx_tui.study import Study
Study(Path(sys.argv[1])).corpus.fetch([sys.argv[2]])
"""


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    return subprocess.run(
        ["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


def make_repository(folder: Path) -> Path:
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    (folder / "train.py").write_text("import mlflow\n")
    git(folder, "add", "train.py")
    git(folder, "commit", "--quiet", "--message", f"first in {folder}")  # no two tests share a commit
    return folder


def test_programs_that_fetch_at_once_keep_each_others_pins(demo_study):
    (demo_study.path / "clones.csv").unlink()
    names = [entry.repo for entry in demo_study.corpus.entries()][:6]
    running = [subprocess.Popen([sys.executable, "-c", PIN_ONE, demo_study.path, name]) for name in names]
    assert [program.wait(timeout=60) for program in running] == [0] * len(names)
    assert [clone.repo for clone in read_clones(demo_study.path / "clones.csv") if clone.commit] == names


def test_a_pin_that_another_program_made_in_the_meantime_stays(demo_study):
    (demo_study.path / "clones.csv").unlink()

    def fetch_another(progress):
        if progress.clone and progress.repo == "chatty":
            Study(demo_study.path).corpus.fetch(["lookalike"])

    demo_study.corpus.fetch(["chatty"], on_progress=fetch_another)
    pinned = {clone.repo for clone in read_clones(demo_study.path / "clones.csv") if clone.commit}
    assert pinned == {"chatty", "lookalike"}


def test_programs_that_add_at_once_keep_each_others_rows(tmp_path):
    Study.create(tmp_path)
    code = "import sys; from pathlib import Path; from mlx_tui.study import Study; Study(Path(sys.argv[1])).corpus.add("
    running = [
        subprocess.Popen([sys.executable, "-c", f"{code}['https://github.com/o/n{number}'])", tmp_path])
        for number in range(6)
    ]
    assert [program.wait(timeout=60) for program in running] == [0] * 6
    assert sorted(entry.repo for entry in Study(tmp_path).corpus.entries()) == [f"o/n{number}" for number in range(6)]


def test_a_read_only_study_with_nothing_to_fetch_is_left_alone(demo_study):
    before = (demo_study.path / "clones.csv").stat().st_mtime_ns
    assert demo_study.corpus.fetch() == ()
    assert (demo_study.path / "clones.csv").stat().st_mtime_ns == before


def test_an_update_pins_the_newest_and_a_failed_one_keeps_the_pin(tmp_path):
    source = make_repository(tmp_path / "source")
    study = Study.create(tmp_path / "study")
    study.corpus.add([str(source)])
    (first,) = study.corpus.fetch()
    git(source, "commit", "--quiet", "--allow-empty", "--message", f"more in {source}")
    assert study.corpus.fetch() == ()
    (second,) = study.corpus.fetch(update=True)
    assert second.commit != first.commit
    assert study.corpus.clone("source").commit == second.commit
    shutil.rmtree(source)
    (failed,) = study.corpus.fetch(update=True)
    assert failed.status is CloneStatus.FAILED
    kept = study.corpus.clone("source")
    assert (kept.commit, kept.status) == (second.commit, CloneStatus.READY)


def test_a_commit_that_the_corpus_names_wins_over_an_earlier_pin(tmp_path):
    source = make_repository(tmp_path / "source")
    study = Study.create(tmp_path / "study")
    study.corpus.add([str(source)])
    (first,) = study.corpus.fetch()
    git(source, "commit", "--quiet", "--allow-empty", "--message", f"more in {source}")
    newer = git(source, "rev-parse", "HEAD")
    (study.path / "corpus.csv").write_text(f"url,ref\n{source},{newer.upper()}\n")
    assert study.corpus.clone("source").status is CloneStatus.MISSING
    (second,) = study.corpus.fetch()
    assert (first.commit != newer, second.commit) == (True, newer)
    assert study.corpus.clone("source").status is CloneStatus.READY


def test_no_token_of_a_url_reaches_the_results(tmp_path):
    study = Study.create(tmp_path)
    study.corpus.add(["https://me:secret@git.example.org/o/n", "ssh://git@git.example.org/o/m"])
    assert [result.url for result in study.results()] == [
        "https://git.example.org/o/n",
        "ssh://git@git.example.org/o/m",
    ]


def test_what_a_stopped_fetch_left_is_missing_and_fetched_later(scanned_demo: Path, tmp_path: Path) -> None:
    study = Study.create(tmp_path / "study")
    study.corpus.add([str(scanned_demo / "sample-repositories" / name) for name in ("chatty", "ci-dvc", "lookalike")])
    study.corpus.cache = CloneCache(tmp_path / "cache")
    stop = threading.Event()

    def stop_after_one(progress: FetchProgress) -> None:
        if progress.clone is not None:
            stop.set()

    study.corpus.fetch(["chatty"], on_progress=stop_after_one, cancelled=stop)
    study.corpus.fetch(cancelled=stop)
    told = [(clone.repo, clone.status, clone.error) for clone in Study(study.path).corpus.clones()]
    assert [each[1:] for each in told if each[0] != "chatty"] == [(CloneStatus.MISSING, "")] * 2
    assert all(clone.status is CloneStatus.READY for clone in study.corpus.fetch())
