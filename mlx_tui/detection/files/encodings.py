"""Text files whose encoding can't be told: what doesn't decode is read as U+FFFD, and said."""

import posixpath
from collections.abc import Iterator

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.files import dependencies, readme
from mlx_tui.detection.model import Anomaly, Finding
from mlx_tui.detection.source import RepositoryView, SourceFile

_SUFFIXES = frozenset(
    [
        *(".in", ".yml", ".yaml", ".toml", ".cfg", ".ini", ".env", ".sh", ".bash", ".r", ".rmd"),
        *(".java", ".scala", ".kt", ".lock", ".mk", ".gradle", ".sbt", ".service", ".dvc"),
    ]
)
_NAMES = frozenset({"mlproject", "makefile", "dockerfile", "pipfile", "description", "jenkinsfile", "procfile", ".env"})
_REPLACEMENT = "\ufffd"


def wants(path: str) -> bool:
    """Whether the file is text by its name."""
    name = posixpath.basename(path).lower()
    known = posixpath.splitext(name)[1] in _SUFFIXES or name in _NAMES
    return known or dependencies.wants(path) or readme.wants(path)


def match(file: SourceFile, repository: RepositoryView, codebook: Codebook) -> Iterator[Finding | Anomaly]:
    """Yields an anomaly where bytes don't decode by the byte-order mark, else as UTF-8."""
    if file.data.isascii():
        return
    unread = file.text.count(_REPLACEMENT) - file.data.count(_REPLACEMENT.encode())
    if unread > 0:
        message = f"{unread} place(s) are not UTF-8, and no byte-order mark tells the encoding"
        yield Anomaly(file.path, "encoding", message)
