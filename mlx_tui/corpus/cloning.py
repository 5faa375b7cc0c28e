"""Making, checking and deleting one clone: a work tree of depth 1 in a folder that bears its commit's name.

A clone is made in a temporary folder beside its place and renamed when it is whole.
"""

import os
import secrets
import shutil
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from mlx_tui.corpus.failures import Failure
from mlx_tui.corpus.git import commit_date, git_folder, head_commit
from mlx_tui.corpus.git_process import GitError, run_git
from mlx_tui.corpus.model import CorpusEntry, FetchProgress
from mlx_tui.corpus.urls import local_folder
from mlx_tui.json_file import sync_folder
from mlx_tui.safe_text import safe_text

TEMPORARY = ".fetching-"
_FETCHED = "mlx-tui-fetched"
"""A file in the clone's git folder: the commit's date and the time of the fetch, so that neither needs a process."""


def check_source(url: str) -> None:
    """Refuses a folder that can't be cloned.

    Raises:
        Failure: It doesn't exist, or is no repository.
    """
    folder = local_folder(url)
    if folder is not None and not folder.is_dir():
        raise Failure(f"the folder {folder} doesn't exist; correct its `url` in corpus.csv")
    if folder is not None and git_folder(folder) is None:
        raise Failure(f"the folder {folder} isn't a git repository")


def fetch_into(
    entry: CorpusEntry,
    commit: str,
    folder: Path,
    on_progress: Callable[[FetchProgress], None],
    cancelled: threading.Event,
) -> Path:
    """Fetches into a temporary folder and renames it to its commit's name; the folder is locked."""
    building = folder / f"{TEMPORARY}{os.getpid()}-{secrets.token_hex(4)}"
    building.mkdir()

    def tell(message: str, fraction: float) -> None:
        on_progress(FetchProgress(entry.repo, safe_text(message), fraction))

    try:
        on_progress(FetchProgress(entry.repo, "connecting"))
        found = _build(building, _source(entry.url), commit or entry.ref, tell, cancelled)
        target = folder / found
        if not target.is_dir():
            building.rename(target)
            sync_folder(folder)
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


def times_of(path: Path) -> tuple[datetime | None, datetime | None]:
    """The commit's date, and when it was fetched; None where the clone doesn't say."""
    try:
        committed, _, fetched = (path / ".git" / _FETCHED).read_text("utf-8").partition("\n")
        return datetime.fromisoformat(committed) if committed else None, datetime.fromisoformat(fetched.strip())
    except (OSError, ValueError):
        return None, None


def damage_of(path: Path) -> str:
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


def sweep(folder: Path) -> None:
    """Removes what a killed fetch or prune left; the folder is locked, so nobody else is at it."""
    for path in folder.glob(f"{TEMPORARY}*"):
        shutil.rmtree(path, ignore_errors=True)


def discard(path: Path) -> None:
    """Deletes a clone so that no half of it ever has a commit's name."""
    gone = path.with_name(f"{TEMPORARY}{path.name}")
    path.rename(gone)
    shutil.rmtree(gone)
