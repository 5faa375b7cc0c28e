"""The working copy of an attempt: the files of one commit with their history, without remotes and hooks."""

import os
import subprocess
from contextlib import suppress
from pathlib import Path

from mlx_tui.git_environment import git_environment

GIT_SECONDS = 900

_SETTINGS = {"advice.detachedHead": "false", "protocol.version": "2"}


class CopyError(RuntimeError):
    """The working copy can't be made; the message is git's."""


def copy_commit(clone: Path, commit: str, target: Path) -> str:
    """Checks a commit of a local clone out into a new folder that is a git repository of its own.

    The copy has one branch, `main`, at the commit: a user who clones is on a branch, and code asks for its name.
    Objects are copied, not linked, so that nothing that runs there can change the clone. Files of Git LFS stay
    pointers and submodules stay empty.

    Args:
        clone: Work tree or bare repository, possibly shallow.
        commit: Full SHA.
        target: A folder that doesn't exist.

    Returns:
        The commit's date, RFC 3339.

    Raises:
        CopyError: git refuses; the message says why.
    """
    target.mkdir(parents=True)
    _git(target, "init", "--quiet", "--template=", "--initial-branch=main")
    fetch = ("fetch", "--quiet", "--no-tags", "--update-shallow")
    try:
        _git(target, *fetch, str(clone.absolute()), commit)
    except CopyError:  # something of the history is missing, as in partial or damaged clones
        _git(target, *fetch, "--depth=1", str(clone.absolute()), commit)
    _git(target, "update-ref", "refs/heads/main", commit)
    _git(target, "reset", "--quiet", "--hard", "main")
    (target / ".git" / "FETCH_HEAD").unlink(missing_ok=True)
    return _git(target, "show", "--no-patch", "--format=%cI", "main")


def add_remote(work: Path, name: str) -> None:
    """Gives a working copy a remote of its own, a bare repository in its `.git`, at the same commit.

    Raises:
        CopyError: git refuses.
    """
    bare = work / ".git" / f"{name}.git"
    _git(work, "init", "--quiet", "--bare", "--template=", "--initial-branch=main", str(bare))
    _git(bare, "config", "receive.shallowUpdate", "true")
    _git(work, "remote", "add", name, str(bare))
    _git(work, "push", "--quiet", "--set-upstream", name, "main")


def file_stamps(work: Path) -> dict[str, tuple[int, int, int]]:
    """What tells of each file of the working copy whether it was written since, git's and Python's own left out.

    Returns:
        Inode, time of change in ns, and size, by path. A time alone would depend on how the clock is set.
    """
    found: dict[str, tuple[int, int, int]] = {}
    for root, folders, names in os.walk(work):
        folders[:] = [folder for folder in folders if folder not in {".git", "__pycache__"}]
        for name in names:
            path = Path(root, name)
            with suppress(OSError):
                status = path.lstat()
                found[str(path)] = (status.st_ino, status.st_mtime_ns, status.st_size)
    return found


def files_written(work: Path, before: dict[str, tuple[int, int, int]]) -> int:
    """How many files of the working copy are new or another than they were."""
    return len(file_stamps(work).items() - before.items())


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(
            command,
            env=git_environment(_SETTINGS, "file"),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=GIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CopyError(str(error)) from error
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit status {done.returncode}"]
        # Of a failed fetch, the last lines are general advice.
        reason = next((line for line in lines if line.startswith(("fatal: ", "error: "))), lines[-1])
        raise CopyError(f"git {arguments[0]}: {reason}")
    return done.stdout.decode(errors="replace").strip()
