"""A study's repositories: `corpus.csv`, the pinned commits of `clones.csv`, and their clones in the cache."""

import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from mlx_tui import paths
from mlx_tui.config import Options
from mlx_tui.corpus.additions import without_known
from mlx_tui.corpus.clone_cache import CloneCache
from mlx_tui.corpus.clones_file import read_clones, write_clones
from mlx_tui.corpus.entries import CorpusError, read_corpus, write_corpus
from mlx_tui.corpus.fetching import fetch_all
from mlx_tui.corpus.git import commit_date, head_commit, is_sha, origin_url
from mlx_tui.corpus.model import Clone, CloneStatus, CorpusEntry, FetchProgress
from mlx_tui.corpus.sources import expand
from mlx_tui.corpus.urls import repo_name
from mlx_tui.study.errors import StudyError

CORPUS = "corpus.csv"
CLONES = "clones.csv"
WRITE_SECONDS = 1.0
"""How often `clones.csv` is written while repositories are fetched: with 10,000 rows a write takes 0.2 s."""
LOCK_SECONDS = 10.0
"""How long another program's write is waited for."""

_Version = tuple[int, int, int] | None


class Corpus:
    """The repositories of a study.

    Args:
        folder: The study's folder.
        options: The study's options.
    """

    def __init__(self, folder: Path, options: Options) -> None:
        self.folder = folder
        self.cache = CloneCache(paths.cache_dir() / "clones")
        self._options = options
        self._lock = threading.RLock()
        self._read: tuple[_Version, tuple[CorpusEntry, ...]] | None = None
        self._pins: tuple[_Version, dict[str, Clone]] | None = None

    def entries(self) -> tuple[CorpusEntry, ...]:
        """The rows of `corpus.csv`; none where there is no such file.

        Raises:
            CorpusError: The file isn't a corpus; the message names the line and the column.
        """
        path = self.folder / CORPUS
        version = _version(path)
        if version is None:
            return ()
        with self._lock:
            if self._read is None or self._read[0] != version:
                self._read = (version, read_corpus(path))
            return self._read[1]

    def add(self, arguments: Iterable[str]) -> tuple[tuple[CorpusEntry, ...], tuple[CorpusEntry, ...]]:
        """Adds URLs, CSVs of URLs, and folders of clones to `corpus.csv`.

        Another repository of a name that is taken gets one that says where it is from: `gitlab.com/owner/name`.

        Returns:
            The rows that are new, and those of repositories that were there already: these change nothing.

        Raises:
            CorpusError: An argument names no repository, or another program is writing the file.
        """
        given = [entry for argument in arguments for entry in expand(argument, Path.cwd())]
        with self._writing(CORPUS):
            old = self.entries()
            new, again = without_known(old, given)
            if new:
                write_corpus(self.folder / CORPUS, (*old, *new))
            return new, again

    def remove(self, repo: str) -> None:
        """Removes a repository from `corpus.csv`; its judgements and attempts stay on disk.

        Raises:
            StudyError: The corpus has no such repository.
        """
        with self._writing(CORPUS):
            name = self.find(repo).repo
            write_corpus(self.folder / CORPUS, tuple(entry for entry in self.entries() if entry.repo != name))

    def find(self, name: str) -> CorpusEntry:
        """The corpus's row of a repository, by `owner/name` or, where only one fits, by `name` alone.

        Raises:
            StudyError: The corpus has no such repository, or several of that name.
        """
        entries = self.entries()
        found = [entry for entry in entries if entry.repo == name]
        found = found or [entry for entry in entries if entry.repo.rpartition("/")[2] == name]
        if not found:
            raise StudyError(f"{self.folder / CORPUS} has no repository {name}; `mlx-tui add` adds one.")
        if len(found) > 1:
            several = ", ".join(entry.repo for entry in found)
            raise StudyError(f"{name} is the name of several repositories ({several}): give the owner too.")
        return found[0]

    def clones(self) -> tuple[Clone, ...]:
        """The clones of the corpus's repositories, in the corpus's order; those never fetched are `missing`."""
        return self.entries_and_clones()[1]

    def entries_and_clones(self) -> tuple[tuple[CorpusEntry, ...], tuple[Clone, ...]]:
        """The rows of `corpus.csv`, and the clone of each."""
        recorded = self._recorded()
        entries = tuple(entry for entry, _ in recorded)
        return entries, tuple(self.cache.locate(entry, clone) for entry, clone in recorded)

    def _recorded(self) -> list[tuple[CorpusEntry, Clone]]:
        """Each repository with its row of `clones.csv`."""
        rows = self._rows_of_clones()
        return [(entry, _pinned(entry, rows.get(entry.repo))) for entry in self.entries()]

    def _rows_of_clones(self) -> dict[str, Clone]:
        path = self.folder / CLONES
        version = _version(path)
        with self._lock:
            if self._pins is None or self._pins[0] != version:
                self._pins = (version, {clone.repo: clone for clone in read_clones(path)})
            return self._pins[1]

    def clone(self, repo: str) -> Clone:
        """The clone of one repository.

        Raises:
            StudyError: The corpus has no such repository.
        """
        entry = self.find(repo)
        return self.clones_of([entry.repo])[entry.repo]

    def clones_of(self, names: Iterable[str]) -> dict[str, Clone]:
        """The clones of some repositories, by the names given, which are as `find` takes them.

        Raises:
            StudyError: As `find`.
        """
        wanted = {name: self.find(name).repo for name in names}
        repos = set(wanted.values())
        clones = {row.repo: self.cache.locate(row, clone) for row, clone in self._recorded() if row.repo in repos}
        return {name: clones[repo] for name, repo in wanted.items()}

    def clone_or_work_tree(self, name: str) -> Clone:
        """The clone of a repository of the corpus, or else a git work tree by its path.

        Raises:
            StudyError: It is neither.
        """
        path = Path(name)
        if (path / ".git").exists():
            return work_tree(path)
        return self.clone(name)

    def fetch(
        self,
        repos: Collection[str] | None = None,
        *,
        update: bool = False,
        on_progress: Callable[[FetchProgress], None] = lambda progress: None,
        cancelled: threading.Event | None = None,
    ) -> tuple[Clone, ...]:
        """Clones repositories at their pinned commits, several at once, and pins those that are new.

        `clones.csv` is written while they arrive, at most once a second, so that a kill loses next to nothing. What
        another program pins in the meantime stays.

        Args:
            repos: Which; None for all that aren't ready, or with `update` for all.
            update: Pin the newest commit of the ref or default branch in place of the one before; where that fails,
                the one before stays.
            on_progress: Called from worker threads.
            cancelled: Set it to stop; what was finished stays.

        Returns:
            The clones asked for: ready, failed with a reason, or missing where it was stopped before.
        """
        clones = {clone.repo: clone for clone in self.clones()}
        wanted = [
            entry
            for entry in self.entries()
            if (entry.repo in repos if repos is not None else update or not _is_ready(clones[entry.repo]))
        ]
        before = {repo: clone for repo, clone in clones.items() if clone.commit}
        fetched: dict[str, Clone] = {}
        written_at = time.monotonic()

        def keep(progress: FetchProgress) -> None:
            nonlocal written_at
            clone = progress.clone
            failed = clone is not None and clone.status is CloneStatus.FAILED
            if clone is not None and (_is_ready(clone) or (failed and not (update and clone.repo in before))):
                with self._lock:
                    fetched[clone.repo] = clone
                    if time.monotonic() - written_at >= WRITE_SECONDS:
                        self._record(fetched)
                        written_at = time.monotonic()
            on_progress(progress)

        pinned = {} if update else {repo: clone.commit for repo, clone in before.items()}
        try:
            jobs = self._options.job_count
            return tuple(fetch_all(wanted, self.cache, pinned, jobs, keep, cancelled or threading.Event()))
        finally:
            self._record(fetched)

    def _record(self, fetched: Mapping[str, Clone]) -> None:
        """Writes what was fetched into `clones.csv`, which other programs may have changed."""
        if not fetched:
            return
        with self._writing(CLONES):
            rows = [fetched.get(entry.repo, clone) for entry, clone in self._recorded()]
            write_clones(self.folder / CLONES, rows)

    @contextmanager
    def _writing(self, name: str) -> Iterator[None]:
        """Keeps the study's other threads and programs from writing one of its files."""
        with self._lock:
            try:
                with FileLock(self.folder / f".{name}.lock", timeout=LOCK_SECONDS):
                    yield
            except Timeout as error:
                raise CorpusError(f"another program is writing {self.folder / name} and doesn't finish") from error


def _pinned(entry: CorpusEntry, row: Clone | None) -> Clone:
    """A repository's row of `clones.csv`, or one for it; a commit that `corpus.csv` names wins over an earlier pin."""
    asked = entry.ref.lower() if is_sha(entry.ref.lower()) else ""
    if row is None or (asked and row.commit != asked):
        return Clone(entry.repo, entry.url, asked)
    return row


def _is_ready(clone: Clone) -> bool:
    return clone.status is CloneStatus.READY


def _version(path: Path) -> _Version:
    """What changes when a file is written; None where there is none."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def work_tree(path: Path) -> Clone:
    """A git work tree that belongs to no corpus, at its HEAD.

    Raises:
        StudyError: The path isn't a git work tree with a commit.
    """
    commit = head_commit(path) if (path / ".git").exists() else ""
    if not commit:
        raise StudyError(f"{path} isn't a git work tree with a commit")
    name = repo_name(origin_url(path) or str(path.resolve()))
    return Clone(name, str(path), commit, commit_date(path, commit), path.resolve(), CloneStatus.READY)
