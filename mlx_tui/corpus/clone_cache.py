"""The clone cache: work trees at a pinned commit, shared by all studies.

Layout: `<root>/<host>/<owner>/<name>/<commit>`, with `local` as the host of folders. A clone is made in a temporary
folder beside its place and renamed when it is whole, so a folder that has a commit's name is always complete.
"""

import os
import re
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from mlx_tui.corpus.cloning import TEMPORARY, check_source, damage_of, discard, fetch_into, sweep, times_of
from mlx_tui.corpus.failures import Failure, reason_of
from mlx_tui.corpus.git import commit_date, is_sha
from mlx_tui.corpus.git_process import GitCancelled, GitError
from mlx_tui.corpus.model import Clone, CloneStatus, CorpusEntry, FetchProgress
from mlx_tui.corpus.urls import host_and_path, local_folder, redacted
from mlx_tui.safe_text import safe_text

_LOCK = ".lock"
_UNSAFE = re.compile(r"[^\w.~+-]")


@dataclass(frozen=True, slots=True)
class CachedClone:
    """A clone in the cache; `size` in bytes, `fetched_at` in UTC."""

    path: Path
    commit: str
    size: int
    fetched_at: datetime | None


class CloneCache:
    """The clones below a folder. Several programs and threads may use one folder at the same time.

    Args:
        root: The folder; made when the first clone is.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()

    def folder(self, url: str) -> Path:
        """Where the clones of a repository are, one folder a commit."""
        return Path(self._folder_name(url))

    def locate(self, entry: CorpusEntry, clone: Clone) -> Clone:
        """The clone with its path where the cache holds its commit; `missing` where it doesn't and nothing failed."""
        path = self._whole(entry.url, clone.commit)
        if path:
            return replace(clone, path=path, status=CloneStatus.READY, error="")
        status = CloneStatus.FAILED if clone.error else CloneStatus.MISSING
        return clone if clone.path is None and clone.status is status else replace(clone, path=None, status=status)

    def fetch(
        self,
        entry: CorpusEntry,
        pinned_commit: str,
        on_progress: Callable[[FetchProgress], None],
        cancelled: threading.Event,
    ) -> Clone:
        """Clones a repository at its pinned commit, or at its ref's newest where none is pinned.

        A commit that is there is answered without the network. Nothing that is wrong with a repository raises: the
        clone has the status `failed` and says why, or `missing` where it was cancelled.

        Args:
            entry: The repository.
            pinned_commit: Full SHA; empty for the newest of the entry's ref or default branch.
            on_progress: Called with each step.
            cancelled: Set it to stop; git is ended and nothing half is left.
        """
        clone = Clone(entry.repo, entry.url, pinned_commit)
        try:
            wanted = pinned_commit or (entry.ref if is_sha(entry.ref) else "")
            path = self._whole(entry.url, wanted)
            if path is None:
                check_source(entry.url)
                with self._locked(entry, on_progress, cancelled) as folder:
                    path = self._whole(entry.url, wanted) or fetch_into(entry, wanted, folder, on_progress, cancelled)
            return _ready(clone, path)
        except GitCancelled:
            return clone
        except (GitError, Failure, OSError) as error:
            reason = safe_text(redacted(reason_of(error, entry, self.root)))
            return replace(clone, status=CloneStatus.FAILED, error=reason)

    def listing(self) -> tuple[CachedClone, ...]:
        """Every clone in the cache, with the space that it takes."""
        return tuple(
            CachedClone(path, path.name, _size(path), times_of(path)[1]) for path in sorted(_clones(self.root))
        )

    def verify(self) -> tuple[tuple[Path, str], ...]:
        """Checks every clone against its commit; returns the damaged ones, each with what is wrong."""
        found = ((path, damage_of(path)) for path in sorted(_clones(self.root)))
        return tuple((path, safe_text(wrong)) for path, wrong in found if wrong)

    def prune(self, keep: Collection[Path]) -> tuple[Path, ...]:
        """Deletes the clones that aren't to be kept, and what killed fetches left; returns what was deleted.

        A repository that another program is fetching is left alone.
        """
        deleted: list[Path] = []
        for folder in sorted({path.parent for path in _clones(self.root)} | set(_folders_in_work(self.root))):
            with suppress(Timeout), FileLock(folder / _LOCK, timeout=1):
                sweep(folder)
                for path in sorted(folder.iterdir()):
                    if is_sha(path.name) and path not in keep:
                        discard(path)
                        deleted.append(path)
        return tuple(deleted)

    def _whole(self, url: str, commit: str) -> Path | None:
        if not is_sha(commit):
            return None
        # Text, not Path: a study of ten thousand repositories asks this ten thousand times before its first screen.
        path = f"{self._folder_name(url)}/{commit}"
        return Path(path) if os.path.isdir(path) else None  # noqa: PTH112

    def _folder_name(self, url: str) -> str:
        local = local_folder(url)
        if local is not None:
            return f"{self.root}/local/{_component(local.name)}"
        host, path = host_and_path(url)
        return "/".join((str(self.root), _component(host), *(_component(part) for part in path.split("/") if part)))

    @contextmanager
    def _locked(
        self, entry: CorpusEntry, on_progress: Callable[[FetchProgress], None], cancelled: threading.Event
    ) -> Iterator[Path]:
        """Holds the repository's folder for this program and thread alone; what killed ones left is swept."""
        folder = self.folder(entry.url)
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / _LOCK)
        told = False
        while not lock.is_locked:
            if cancelled.is_set():
                raise GitCancelled
            try:
                lock.acquire(timeout=0.2, poll_interval=0.05)
            except Timeout:
                if not told:
                    on_progress(FetchProgress(entry.repo, "waiting for another program that fetches it"))
                    told = True
        try:
            sweep(folder)
            yield folder
        finally:
            lock.release()


def _component(name: str) -> str:
    """A part of a URL as the name of one folder: never hidden, never above, never too long."""
    return _UNSAFE.sub("_", name).lstrip(".")[:120] or "_"


def _ready(clone: Clone, path: Path) -> Clone:
    committed_at, fetched_at = times_of(path)
    return replace(
        clone,
        commit=path.name,
        committed_at=committed_at or commit_date(path, path.name),
        path=path,
        status=CloneStatus.READY,
        fetched_at=fetched_at,
    )


def _clones(root: Path) -> Iterator[Path]:
    """Every folder that has a commit's name; nothing inside of one is looked at."""
    for folder, names, _ in os.walk(root):
        for name in [name for name in names if is_sha(name)]:
            yield Path(folder, name)
        names[:] = [name for name in names if not is_sha(name) and not name.startswith(".")]


def _folders_in_work(root: Path) -> Iterator[Path]:
    """Every folder in which a temporary one is."""
    for folder, names, _ in os.walk(root):
        if any(name.startswith(TEMPORARY) for name in names):
            yield Path(folder)
        names[:] = [name for name in names if not is_sha(name) and not name.startswith(".")]


def _size(path: Path) -> int:
    return sum(file.lstat().st_size for file in path.rglob("*") if file.is_file() or file.is_symlink())
