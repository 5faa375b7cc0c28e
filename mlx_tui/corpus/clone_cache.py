"""The clone cache: work trees at a pinned commit, shared by all studies.

Layout: `<root>/<host>/<owner>/<name>/<commit>`, with `local` as the host of folders. A clone is made in a temporary
folder beside its place and renamed when it is whole, so a folder that has a commit's name is always complete.
"""

import os
import secrets
import shutil
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from mlx_tui.corpus.failures import Failure, reason_of
from mlx_tui.corpus.git import GitCancelled, GitError, commit_date, head_commit, is_sha, run_git
from mlx_tui.corpus.model import Clone, CloneStatus, CorpusEntry, FetchProgress
from mlx_tui.corpus.urls import host_and_path, local_folder, redacted
from mlx_tui.safe_text import safe_text

_TEMPORARY = ".fetching-"
_LOCK = ".lock"
_FETCHED = "mlx-tui-fetched"
"""A file in the clone's git folder: the commit's date and the time of the fetch, so that neither needs a process."""


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
        local = local_folder(url)
        if local is not None:
            return self.root / "local" / _component(local.name)
        host, path = host_and_path(url)
        return self.root.joinpath(_component(host), *(_component(part) for part in path.split("/") if part))

    def locate(self, entry: CorpusEntry, clone: Clone) -> Clone:
        """The clone with its path where the cache holds its commit; `missing` where it doesn't and nothing failed."""
        path = self._whole(entry.url, clone.commit)
        if path:
            return replace(clone, path=path, status=CloneStatus.READY, error="")
        return replace(clone, path=None, status=CloneStatus.FAILED if clone.error else CloneStatus.MISSING)

    def fetch(
        self,
        entry: CorpusEntry,
        pinned_commit: str,
        on_progress: Callable[[FetchProgress], None],
        cancelled: threading.Event,
    ) -> Clone:
        """Clones a repository at its pinned commit, or at its ref's newest where none is pinned.

        A commit that is there is answered without the network. Nothing that is wrong with a repository raises: the
        clone has the status `failed` and says why.

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
                _check_source(entry.url)
                with self._locked(entry, on_progress, cancelled) as folder:
                    path = self._whole(entry.url, wanted) or _fetch(entry, wanted, folder, on_progress, cancelled)
            return _ready(clone, path)
        except (GitError, GitCancelled, Failure, OSError) as error:
            reason = safe_text(redacted(reason_of(error, entry, self.root)))
            return replace(clone, status=CloneStatus.FAILED, error=reason)

    def listing(self) -> tuple[CachedClone, ...]:
        """Every clone in the cache, with the space that it takes."""
        return tuple(CachedClone(path, path.name, _size(path), _stamp(path)[1]) for path in sorted(_clones(self.root)))

    def verify(self) -> tuple[tuple[Path, str], ...]:
        """Checks every clone against its commit; returns the damaged ones, each with what is wrong."""
        found = ((path, _damage(path)) for path in sorted(_clones(self.root)))
        return tuple((path, safe_text(wrong)) for path, wrong in found if wrong)

    def prune(self, keep: Collection[Path]) -> tuple[Path, ...]:
        """Deletes the clones that aren't to be kept, and what killed fetches left; returns what was deleted."""
        deleted = []
        for folder in sorted({path.parent for path in _clones(self.root)} | set(_folders_in_work(self.root))):
            with FileLock(folder / _LOCK):
                _sweep(folder)
                for path in sorted(folder.iterdir()):
                    if is_sha(path.name) and path not in keep:
                        _discard(path)
                        deleted.append(path)
        return tuple(deleted)

    def _whole(self, url: str, commit: str) -> Path | None:
        if not is_sha(commit):
            return None
        path = self.folder(url) / commit
        return path if path.is_dir() else None

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
            _sweep(folder)
            yield folder
        finally:
            lock.release()


def _component(name: str) -> str:
    """A part of a URL as the name of one folder: never hidden, never above, never too long."""
    return "".join(c if c.isalnum() or c in "-_.~+" else "_" for c in name).lstrip(".")[:120] or "_"


def _check_source(url: str) -> None:
    folder = local_folder(url)
    if folder is not None and not folder.is_dir():
        raise Failure(f"the folder {folder} doesn't exist; correct its `url` in corpus.csv")
    if folder is not None and not head_commit(folder):
        raise Failure(f"the folder {folder} isn't a git repository with a commit")


def _fetch(
    entry: CorpusEntry,
    commit: str,
    folder: Path,
    on_progress: Callable[[FetchProgress], None],
    cancelled: threading.Event,
) -> Path:
    """Fetches into a temporary folder and renames it to its commit's name; the folder is locked."""
    building = folder / f"{_TEMPORARY}{os.getpid()}-{secrets.token_hex(4)}"
    building.mkdir()

    def tell(message: str, fraction: float) -> None:
        on_progress(FetchProgress(entry.repo, safe_text(message), fraction))

    try:
        on_progress(FetchProgress(entry.repo, "connecting"))
        found = _build(building, _source(entry.url), commit or entry.ref, tell, cancelled)
        target = folder / found
        if not target.is_dir():
            building.rename(target)
            _sync(folder)
        return target
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _source(url: str) -> str:
    """The URL as git takes it: a folder by `file://`, so that nothing is shared with it by hard links."""
    folder = local_folder(url)
    return url if folder is None else folder.absolute().as_uri()


def _build(
    building: Path, source: str, ref: str, tell: Callable[[str, float], None], cancelled: threading.Event
) -> str:
    """Makes a work tree of depth 1 with no symbolic links; returns its commit."""
    run_git(building, "init", "--quiet", "--template=", "--initial-branch=main")
    run_git(building, "config", "core.symlinks", "false")
    run_git(building, "remote", "add", "--", "origin", source)
    fetch = ("fetch", "--progress", "--depth=1", "--no-tags", "--no-recurse-submodules", "--", "origin")
    run_git(building, *fetch, ref or "HEAD", on_progress=tell, cancelled=cancelled)
    commit = run_git(building, "rev-parse", "--verify", "FETCH_HEAD^{commit}").decode().strip()
    run_git(building, "checkout", "--quiet", "--progress", "--detach", commit, on_progress=tell, cancelled=cancelled)
    when = commit_date(building, commit)
    stamp = f"{when.isoformat() if when else ''}\n{datetime.now(UTC).isoformat(timespec='seconds')}\n"
    (building / ".git" / _FETCHED).write_text(stamp, "utf-8")
    return commit


def _ready(clone: Clone, path: Path) -> Clone:
    committed_at, fetched_at = _stamp(path)
    return replace(
        clone,
        commit=path.name,
        committed_at=committed_at or commit_date(path, path.name),
        path=path,
        status=CloneStatus.READY,
        fetched_at=fetched_at,
    )


def _stamp(path: Path) -> tuple[datetime | None, datetime | None]:
    try:
        committed, _, fetched = (path / ".git" / _FETCHED).read_text("utf-8").partition("\n")
        return datetime.fromisoformat(committed) if committed else None, datetime.fromisoformat(fetched.strip())
    except (OSError, ValueError):
        return None, None


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(folder: Path) -> None:
    """Removes what a killed fetch or prune left; the folder is locked, so nobody else is at it."""
    for path in folder.glob(f"{_TEMPORARY}*"):
        shutil.rmtree(path, ignore_errors=True)


def _discard(path: Path) -> None:
    """Deletes a clone so that no half of it ever has a commit's name."""
    gone = path.with_name(f"{_TEMPORARY}{path.name}")
    path.rename(gone)
    shutil.rmtree(gone)


def _clones(root: Path) -> Iterator[Path]:
    """Every folder that has a commit's name; nothing inside of one is looked at."""
    for folder, names, _ in os.walk(root):
        for name in [name for name in names if is_sha(name)]:
            yield Path(folder, name)
        names[:] = [name for name in names if not is_sha(name) and not name.startswith(".")]


def _folders_in_work(root: Path) -> Iterator[Path]:
    """Every folder in which a temporary one is."""
    for folder, names, _ in os.walk(root):
        if any(name.startswith(_TEMPORARY) for name in names):
            yield Path(folder)
        names[:] = [name for name in names if not is_sha(name) and not name.startswith(".")]


def _size(path: Path) -> int:
    return sum(file.lstat().st_size for file in path.rglob("*") if file.is_file() or file.is_symlink())


def _damage(path: Path) -> str:
    """What is wrong with a clone; empty where nothing is."""
    if head_commit(path) != path.name:
        return "stands on another commit"
    try:
        run_git(path, "fsck", "--no-dangling", "--no-progress")
        changed = run_git(path, "status", "--porcelain", "-z", "--ignored", "--untracked-files=all")
    except GitError as error:
        return str(error).splitlines()[0]
    files = [line[3:].decode("utf-8", "replace") for line in changed.split(b"\0") if line]
    return f"{len(files)} files were changed: {', '.join(files[:3])}" if files else ""
