"""What a git repository on disk says of itself: its commit, its date, its origin."""

import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

from mlx_tui.corpus.git_process import GitError, run_git

_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_MAX_FILE = 10_000_000


def is_sha(text: str) -> bool:
    """Whether a text is a full object name (SHA-1 or SHA-256, lower case)."""
    return _SHA.fullmatch(text) is not None


def git_folder(path: Path) -> Path | None:
    """The git directory of a work tree (or the folder itself where it is bare); None where it is neither.

    Format: gitrepository-layout(5); a linked work tree has a file `.git` with `gitdir: <path>`.
    """
    dot = path / ".git"
    if dot.is_dir():
        return dot
    if dot.is_file():
        named = _read(dot).removeprefix("gitdir:").strip()
        folder = path / named
        return folder if named and folder.is_dir() else None
    bare = (path / "HEAD").is_file() and (path / "objects").is_dir() and (path / "refs").is_dir()
    return path if bare else None


def head_commit(path: Path) -> str:
    """The commit that a work tree stands on, read without a process where its files suffice; empty where none."""
    folder = git_folder(path)
    if folder is None:
        return ""
    text = _read(folder / "HEAD").strip()
    if is_sha(text):
        return text
    name = text.removeprefix("ref:").strip()
    if not text.startswith("ref:") or ".." in name or not name.startswith("refs/"):
        return ""
    common = _read(folder / "commondir").strip()
    for place in [folder, folder / common] if common else [folder]:
        sha = _read(place / name).strip()
        if is_sha(sha):
            return sha
        for line in _read(place / "packed-refs").splitlines():
            sha, _, ref = line.partition(" ")
            if ref == name and is_sha(sha):
                return sha
    return _head_by_git(path)


def _head_by_git(path: Path) -> str:
    """Asks git, for a reference storage that isn't files."""
    try:
        return run_git(path, "rev-parse", "--verify", "--quiet", "HEAD^{commit}").decode().strip()
    except GitError:
        return ""


def commit_date(path: Path, commit: str) -> datetime | None:
    """A commit's committer date in its own time zone; None where the repository lacks the commit.

    Format: the commit object, `committer <name> <<email>> <seconds since the epoch> <±hhmm>`.
    """
    if not is_sha(commit):
        return None
    try:
        data = run_git(path, "cat-file", "commit", commit)
    except GitError:
        return None
    found = re.search(rb"^committer .*> (-?\d+) ([+-])(\d\d)(\d\d)$", data.partition(b"\n\n")[0], re.MULTILINE)
    if not found:
        return None
    offset = timedelta(hours=int(found[3]), minutes=int(found[4])) * (-1 if found[2] == b"-" else 1)
    try:
        return datetime.fromtimestamp(int(found[1]), timezone(offset))
    except (ValueError, OverflowError, OSError):
        return None


def origin_url(path: Path) -> str:
    """The URL of a work tree's remote `origin`; empty where it has none."""
    if git_folder(path) is None:
        return ""
    try:
        return run_git(path, "config", "--local", "--no-includes", "--get", "remote.origin.url").decode().strip()
    except (GitError, UnicodeDecodeError):
        return ""


def _read(path: Path) -> str:
    """The text of a regular file of bounded size; empty where there is none."""
    try:
        if not path.is_file() or path.stat().st_size > _MAX_FILE:
            return ""
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""
