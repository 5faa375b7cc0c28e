"""Lists a repository's tracked files at a commit, through git with everything switched off that could run code."""

import hashlib
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from mlx_tui.detection.model import Anomaly
from mlx_tui.detection.source import RepositoryView
from mlx_tui.detection.tool_output import excluded_folders, is_excluded
from mlx_tui.git_environment import git_environment
from mlx_tui.text_files import UnreadableError, read_regular

_REGULAR = (b"100644", b"100755")
_SHA1_DIGITS = 40


class GitError(Exception):
    """Git can't list the commit; the message says why."""


def open_repository(root: Path, commit: str) -> tuple[RepositoryView, list[Anomaly]]:
    """Lists what is tracked at a commit, and what of it is read.

    Args:
        root: A work tree.
        commit: The commit's full SHA.

    Returns:
        The view that matchers get, and the anomalies of what is left out.

    Raises:
        GitError: The commit can't be listed.
    """
    blobs, anomalies = _parse_tree(_listing(root, commit))
    tracked = tuple(sorted(blobs))
    folders = excluded_folders(tracked)
    anomalies += [Anomaly(path, "vendored", why) for path, why in folders.vendored.items()]
    paths = tuple(path for path in tracked if not is_excluded(path, folders))
    return RepositoryView(root, tracked, paths, CommittedFiles(root, blobs)), anomalies


def tracked_files(root: Path, commit: str) -> tuple[str, ...]:
    """The tracked regular files of a commit, in order.

    Raises:
        GitError: The commit can't be listed.
    """
    return tuple(sorted(_parse_tree(_listing(root, commit))[0]))


class CommittedFiles:
    """Reads tracked files as they were committed: from the work tree where the bytes there are the committed ones.

    What differs (changed, missing, or converted at checkout) comes from one `git cat-file --batch`, started when it is
    first needed.
    """

    def __init__(self, root: Path, blobs: Mapping[str, str]) -> None:
        self._root, self._blobs = root, blobs
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, path: str, limit: int) -> bytes:
        """The content of a tracked path.

        Raises:
            UnreadableError: The clone lacks it, or it is larger than the limit.
        """
        try:
            data = read_regular(self._root, path, limit)
        except UnreadableError:
            return self._read_blob(path, limit)
        return data if _object_name(data, self._blobs[path]) == self._blobs[path] else self._read_blob(path, limit)

    def _read_blob(self, path: str, limit: int) -> bytes:
        if self._process is None:
            self._process = _start(self._root, ["cat-file", "--batch"], stdin=subprocess.PIPE)
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None
        try:
            stdin.write(self._blobs[path].encode("ascii") + b"\n")
            stdin.flush()
            header = stdout.readline().split()
        except (OSError, KeyError) as error:
            raise UnreadableError("missing", "git can't give the file's content") from error
        if len(header) != 3:
            raise UnreadableError("missing", "the clone lacks the file's content")
        size = int(header[2])
        if size > limit:
            self.close()  # the rest would have to be read to ask for another
            raise UnreadableError("too_large", f"{size} bytes, more than the {limit} that are read")
        return stdout.read(size + 1)[:size]

    def close(self) -> None:
        """Ends git."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _object_name(data: bytes, like: str) -> str:
    """The name that git gives a file with these bytes, by the hash that another name was made with."""
    digest = hashlib.sha1(usedforsecurity=False) if len(like) == _SHA1_DIGITS else hashlib.sha256()
    digest.update(b"blob %d\0" % len(data))
    digest.update(data)
    return digest.hexdigest()


def _parse_tree(listing: bytes) -> tuple[dict[str, str], list[Anomaly]]:
    blobs: dict[str, str] = {}
    anomalies = []
    for mode, sha, name in _entries(listing):
        path = name.decode("utf-8", "backslashreplace")
        if not _is_utf8(name):  # neither JSON nor a CSV can hold such a name
            anomalies.append(Anomaly(path, "encoding", "its name isn't UTF-8: not read"))
        elif mode in _REGULAR:
            blobs[path] = sha
        else:
            kind = "a symbolic link" if mode == b"120000" else "a submodule"
            anomalies.append(Anomaly(path, "not_regular", f"{kind}: not followed"))
    return blobs, anomalies


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _entries(listing: bytes) -> Iterator[tuple[bytes, str, bytes]]:
    for record in listing.split(b"\0"):
        if record:
            attributes, _, name = record.partition(b"\t")
            mode, _, sha = attributes.split(b" ", 2)
            yield mode, sha.decode("ascii"), name


def _start(
    root: Path, arguments: list[str], *, stdin: int = subprocess.DEVNULL, stderr: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    # -C instead of a folder for the child, and descriptors that close themselves: the process starts without a fork.
    return subprocess.Popen(
        [_git(), "-C", str(root), *arguments],
        env=_environment(),
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=stderr,
        close_fds=False,
    )


@cache
def _environment() -> dict[str, str]:
    settings = {
        "core.quotePath": "false",
        "core.untrackedCache": "false",
        "diff.external": "",
        "protocol.allow": "never",
    }
    return {**git_environment(settings), "GIT_LITERAL_PATHSPECS": "1"}


@cache
def _git() -> str:
    return shutil.which("git") or "git"


def _listing(root: Path, commit: str) -> bytes:
    try:
        process = _start(root, ["ls-tree", "-r", "-z", "--full-tree", commit], stderr=subprocess.PIPE)
    except OSError as error:
        raise GitError(f"git ls-tree failed: {error}") from error
    listing, complaint = process.communicate()
    if process.returncode:
        raise GitError(complaint.decode("utf-8", "replace").strip() or "git ls-tree failed")
    return listing
