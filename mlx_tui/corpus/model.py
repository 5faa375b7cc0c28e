"""The repositories of a study and the state of their clones."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path


@dataclass(frozen=True, slots=True)
class CorpusEntry:
    """One row of `corpus.csv`.

    Attributes:
        repo: `owner/name`, derived from the URL; for a folder, the folder's name. Unique within a study.
        url: https, ssh, `file://` or a path.
        ref: Branch, tag or commit; empty for the default branch.
        columns: Every other column as (name, text), in the file's order.
    """

    repo: str
    url: str
    ref: str = ""
    columns: tuple[tuple[str, str], ...] = ()


class CloneStatus(StrEnum):
    """Whether a repository's clone can be read."""

    MISSING = "missing"
    """Not fetched yet."""
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Clone:
    """A repository of the study at its pinned commit; one row of `clones.csv`.

    Attributes:
        repo: `owner/name`.
        url: Where it was fetched from.
        commit: Full SHA; empty while missing.
        committed_at: The commit's date; None while missing.
        path: The work tree; None while missing.
        status: Whether it can be read.
        error: Why it failed, and what to do; empty otherwise.
        fetched_at: When it was fetched, UTC; None while missing.
    """

    repo: str
    url: str
    commit: str = ""
    committed_at: datetime | None = None
    path: Path | None = None
    status: CloneStatus = CloneStatus.MISSING
    error: str = ""
    fetched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FetchProgress:
    """A step of fetching one repository, for a progress display.

    Attributes:
        repo: `owner/name`.
        message: What is happening (`receiving objects`), safe text.
        fraction: 0 to 1, or None where unknown.
        clone: Set once, when this repository is done (ready or failed).
    """

    repo: str
    message: str
    fraction: float | None = None
    clone: Clone | None = field(default=None)
