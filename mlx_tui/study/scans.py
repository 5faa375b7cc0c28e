"""The scans of a study's clones, answered from the cache where nothing changed."""

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from mlx_tui import paths
from mlx_tui.corpus.model import Clone, CloneStatus
from mlx_tui.detection.cache import ScanCache
from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.model import RepositoryScan
from mlx_tui.execution.batch import Done, run_all
from mlx_tui.execution.garbage import without_garbage_collection
from mlx_tui.safe_text import safe_text


@dataclass(frozen=True, slots=True)
class ScanProgress:
    """One repository is done.

    Attributes:
        repo: `owner/name`.
        done: How many are done, this one included.
        total: Of how many.
        scan: Its scan; None where it failed.
        error: Why it failed; empty otherwise.
    """

    repo: str
    done: int
    total: int
    scan: RepositoryScan | None
    error: str = ""


class Scans:
    """The scans of a study.

    Args:
        codebook: What is measured with.
    """

    def __init__(self, codebook: Codebook) -> None:
        self._codebook = codebook
        self._cache = ScanCache(paths.cache_dir() / "scans")
        self._known: dict[str, RepositoryScan] = {}
        self._lock = threading.Lock()

    def of(self, clone: Clone) -> RepositoryScan | None:
        """The scan of a clone at its commit with this codebook, where one was made."""
        return self.at(clone.repo, clone.commit) if clone.status is CloneStatus.READY else None

    def at(self, repo: str, commit: str) -> RepositoryScan | None:
        """The scan of a repository at a commit with this codebook, where one was made."""
        with self._lock:
            scan = self._known.get(repo)
        if scan is None or (scan.commit, scan.codebook) != (commit, self._codebook.identity):
            scan = self._cache.get(repo, commit, self._codebook.identity)
            if scan is not None:
                self._keep(scan)
        return scan

    def run(
        self,
        clones: Collection[Clone],
        *,
        jobs: int,
        scheduler: str = "",
        use_cache: bool = True,
        on_progress: Callable[[ScanProgress], None] = lambda progress: None,
        cancelled: threading.Event | None = None,
    ) -> tuple[RepositoryScan, ...]:
        """Scans the clones that are ready.

        Args:
            clones: Which.
            jobs: How many processes.
            scheduler: Address of a Dask scheduler that does it instead; its workers must see the clones.
            use_cache: Whether a scan made before may answer.
            on_progress: Called in this thread, once a repository.
            cancelled: Set it to stop; what was finished stays.

        Returns:
            The scans in the order of `clones`, without those that failed.

        Raises:
            ExecutorError: The scheduler doesn't answer, or the extra `dask` isn't installed.
        """
        ready = [clone for clone in clones if clone.status is CloneStatus.READY]
        with without_garbage_collection():
            scans = {clone.repo: scan for clone in ready if use_cache and (scan := self.of(clone))}
        count = 0
        for count, (repo, scan) in enumerate(scans.items(), 1):
            on_progress(ScanProgress(repo, count, len(ready), scan))
        missing = _balanced([clone for clone in ready if clone.repo not in scans])
        for clone, done in self._scan(missing, jobs, scheduler, cancelled or threading.Event()):
            count += 1
            error = _error_of(done)
            if done.result is not None and not error:
                scans[clone.repo] = done.result
                self._keep(done.result)
                self._cache.put(done.result)
            on_progress(ScanProgress(clone.repo, count, len(ready), scans.get(clone.repo), error))
        return tuple(scans[clone.repo] for clone in ready if clone.repo in scans)

    def _scan(
        self, clones: Sequence[Clone], jobs: int, scheduler: str, cancelled: threading.Event
    ) -> Iterator[tuple[Clone, Done[RepositoryScan]]]:
        if not clones:
            return
        from mlx_tui.detection.scanner import scan_packed  # the matchers: not needed where the cache answers

        arguments = [(clone.repo, clone.path, clone.commit, self._codebook) for clone in clones]
        preload = [scan_packed.__module__]
        for done in run_all(
            scan_packed, arguments, jobs=jobs, scheduler=scheduler, preload=preload, cancelled=cancelled
        ):
            yield clones[done.position], done

    def _keep(self, scan: RepositoryScan) -> None:
        with self._lock:
            self._known[scan.repo] = scan


def _error_of(done: Done[RepositoryScan]) -> str:
    """Why a scan failed; one that couldn't list the commit's files knows nothing, and mustn't be taken for absence."""
    if done.result is None:
        return safe_text(f"{type(done.error).__name__}: {done.error}")
    unlisted = [anomaly.message for anomaly in done.result.anomalies if not anomaly.path and anomaly.kind == "missing"]
    return safe_text("; ".join(unlisted))


def _balanced(clones: Sequence[Clone]) -> list[Clone]:
    """Large clones first, so that none is waited for alone at the end; the two that take most memory not at once."""
    ordered = sorted(clones, key=_tracked_size, reverse=True)
    return ordered[::2] + ordered[1::2]


def _tracked_size(clone: Clone) -> int:
    """The size of git's index: a cheap measure of how much a clone tracks."""
    try:
        return (clone.path / ".git" / "index").stat().st_size if clone.path is not None else 0
    except OSError:
        return 0
