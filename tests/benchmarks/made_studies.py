"""Studies of any size for the benchmarks: unscanned, scanned, or of small real git repositories."""

import os
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from mlx_tui.corpus.clone_cache import CloneCache
from mlx_tui.corpus.clones_file import write_clones
from mlx_tui.corpus.entries import write_corpus
from mlx_tui.corpus.model import Clone, CloneStatus, CorpusEntry
from mlx_tui.demo import create_demo
from mlx_tui.detection.cache import ScanCache
from mlx_tui.paths import cache_dir
from mlx_tui.study import Study

OWN_COLUMNS = ("stars", "language", "domain")


def entry(number: int) -> CorpusEntry:
    """The row of a made-up repository."""
    cells = (str(number * 7919 % 5003), ("Python", "Jupyter Notebook", "R")[number % 3], f"domain {number % 17}")
    repo = f"owner{number % 997}/repository-{number}"
    return CorpusEntry(repo, f"https://example.org/{repo}", columns=tuple(zip(OWN_COLUMNS, cells, strict=True)))


def unscanned_study(folder: Path, count: int) -> Path:
    """A study whose repositories were never fetched."""
    Study.create(folder)
    write_corpus(folder / "corpus.csv", tuple(entry(number) for number in range(count)))
    return folder


def scanned_study(folder: Path, count: int) -> Path:
    """A study whose repositories are fetched and scanned: each has the cached scan of a sample repository.

    The cache that `MLX_TUI_CACHE_DIR` names is filled: name one of the benchmark's own.
    """
    demo = create_demo(folder / "demo")
    demo.corpus.fetch()
    real = demo.scan(jobs=1)
    os.fsync = lambda descriptor: None  # making 10,000 scans durable isn't what is measured
    clones, scans = CloneCache(cache_dir() / "clones"), ScanCache(cache_dir() / "scans")
    pins = []
    for number in range(count):
        row, commit = entry(number), f"{number + 1:040x}"
        (clones.folder(row.url) / commit).mkdir(parents=True, exist_ok=True)
        scans.put(replace(real[number % len(real)], repo=row.repo, commit=commit))
        pins.append(Clone(row.repo, row.url, commit, datetime.now(UTC), status=CloneStatus.READY))
    unscanned_study(folder, count)
    write_clones(folder / "clones.csv", pins)
    return folder


def git_study(folder: Path, count: int, files: int = 0) -> Path:
    """A study of git repositories on this machine, with the files of the sample corpus in turn; none is fetched.

    Args:
        folder: Of the study.
        count: How many repositories.
        files: So many modules more in each, no two alike, so that a scan takes its time and nothing is known before.
    """
    demo = create_demo(folder / "demo")
    trees = [Path(entry.url) for entry in demo.corpus.entries()]
    modules = sorted(path.read_text() for tree in trees for path in tree.rglob("*.py") if path.stat().st_size > 500)
    git = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
    sources = []
    for number in range(count):
        target = folder / "sources" / f"repository-{number}"
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            command = ["git", "clone", "--quiet", "--local", str(trees[number % len(trees)]), str(target)]
            subprocess.run(command, check=True, env=git)
            if files:
                add_modules(target, [modules[each % len(modules)] for each in range(files)], git)
        sources.append(CorpusEntry(target.name, f"file://{target}"))
    Study.create(folder)
    write_corpus(folder / "corpus.csv", sources)
    return folder


def add_modules(repository: Path, texts: list[str], environment: dict[str, str]) -> None:
    """Commits some modules that no other repository has."""
    package = repository / "more"
    package.mkdir()
    for number, text in enumerate(texts):
        (package / f"module_{number}.py").write_text(f"{text}\n# module {number} of {repository.name}\n")
    someone = ["-c", "user.name=Someone", "-c", "user.email=someone@example.org"]
    for command in (
        ["-c", "core.safecrlf=false", "add", "more"],
        [*someone, "commit", "--quiet", "--message", "More modules"],
    ):
        subprocess.run(["git", "-C", str(repository), *command], check=True, env=environment)
