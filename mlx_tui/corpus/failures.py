"""Why a repository couldn't be fetched, in a sentence that says what to do."""

import errno
import re
from pathlib import Path

from mlx_tui.corpus.model import CorpusEntry
from mlx_tui.corpus.urls import host_and_path


class Failure(Exception):  # noqa: N818 (its text is the reason)
    """A repository can't be fetched; the message is the reason."""


# What git and its transports write to stderr (git 2.39, curl, OpenSSH), in the order in which it is looked for.
_REASONS: tuple[tuple[str, str], ...] = (
    (r"No space left on device|Disk quota exceeded", "the disk is full: free space below {cache}, then fetch again"),
    (
        r"terminal prompts disabled|Authentication failed|could not read (?:Username|Password)|\b40[13]\b",
        "{host} asks for credentials: the repository doesn't exist, or it is private (then use its ssh URL with a key)",
    ),
    (
        r"Permission denied \(|Host key verification failed|no matching host key|Too many authentication failures",
        "{host} refused the ssh connection: it needs a key that is loaded (ssh-add) and a known host (ssh {host})",
    ),
    (
        r"[Rr]epository .*not found|does not appear to be a git repository|repository not exported|"
        r"returned error: 404|does not exist",
        "not found on {host}: correct its `url` in corpus.csv, or `mlx-tui remove` it",
    ),
    (
        r"couldn't find remote ref HEAD",
        "its default branch has no commit: the repository is empty, or needs a branch in the column `ref`",
    ),
    (
        r"couldn't find remote ref|not our ref|no such remote ref|Server does not allow request for unadvertised",
        "it has no {ref}: give a branch, a tag or a full commit in the column `ref`",
    ),
    (
        r"Could not resolve host|Name or service not known|Temporary failure in name resolution",
        "{host} can't be found: check the network, or the host's name",
    ),
    (
        r"possible repository corruption|bad object|loose object .* is corrupt|did not send all necessary objects",
        "the repository at its source is damaged ({line}); `mlx-tui scan PATH` reads a work tree as it is",
    ),
    (r"returned error: 429", "{host} was asked too often: wait a while, then fetch again with fewer jobs"),
    (
        r"timed out|Operation too slow|Connection refused|Failed to connect|Connection reset|unreachable|"
        r"early EOF|unexpected disconnect|RPC failed|SSL|gnutls|returned error: 5\d\d|hung up",
        "the network failed ({line}): fetch again later",
    ),
    (r"transport '.*' not allowed", "its kind of URL isn't fetched: use https, ssh or a folder"),
    (r"dubious ownership", "the folder belongs to another user, and this git refuses to read it"),
    (r"File name too long|Invalid path|unable to create file", "a file of it can't be written here ({line})"),
)


def reason_of(error: Exception, entry: CorpusEntry, cache: Path) -> str:
    """A sentence for a person: what is wrong, and what to do.

    Args:
        error: What ended the fetch.
        entry: The repository.
        cache: The cache's folder.
    """
    if isinstance(error, OSError):
        return _of_system(error, cache)
    text = str(error)
    words = {
        "host": host_and_path(entry.url)[0] or "this machine",
        "ref": f"`{entry.ref}`" if entry.ref else "such commit any more",
        "cache": str(cache),
    }
    for pattern, reason in _REASONS:
        found = re.search(pattern, text)
        if found:
            return reason.format(**words, line=_line_of(text, found.start()))
    return _last_line(text) if isinstance(error, Failure) else f"git: {_last_line(text)}"


def _of_system(error: OSError, cache: Path) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk is full: free space below {cache}, then fetch again"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"the clone cache {cache} can't be written: set MLX_TUI_CACHE_DIR to a folder of yours"
    return f"{error.strerror or error}: {error.filename or cache}"


def _line_of(text: str, position: int) -> str:
    """Git's line around a position, without its prefix."""
    start = max(text.rfind("\n", 0, position), text.rfind("\r", 0, position)) + 1
    return _last_line(re.split(r"[\r\n]", text[start:], maxsplit=1)[0])


def _last_line(text: str) -> str:
    """Git's own message: its last line that says fatal or error, else its last."""
    lines = [line.strip() for line in re.split(r"[\r\n]+", text) if line.strip()]
    told = [line for line in lines if line.startswith(("fatal:", "error:", "remote:", "ERROR:"))]
    return re.sub(r"^(fatal|error|remote|ssh): ", "", (told or lines or [""])[-1])[:300]
