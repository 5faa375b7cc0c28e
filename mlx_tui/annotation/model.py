"""Human work: judgements of findings, of features and of repositories."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What a person says."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    """A false positive."""
    UNSURE = "unsure"
    MISSED = "missed"
    """Present, but the program didn't find it; added by hand with its place."""
    INCLUDED = "included"
    """The repository belongs to the study."""
    EXCLUDED = "excluded"
    """The repository is left out of the study's statistics; the note says why."""
    NOTE = "note"
    """Only a note."""


@dataclass(frozen=True, slots=True)
class JudgementKey:
    """What a judgement is about, and whose it is. Two judgements with one key are versions of each other.

    `feature` empty: about the repository. `path` empty: about the feature as a whole. `cell` is None outside notebooks,
    `line` is None where `path` is empty. Texts are safe (`safe_text`), so that keys survive the CSV.
    """

    repo: str
    commit: str
    feature: str
    path: str
    cell: int | None
    line: int | None
    annotator: str

    @property
    def place(self) -> str:
        """`path:line`, or `path#cell:line` in a notebook; empty where it isn't about a place."""
        cell = "" if self.cell is None else f"#{self.cell}"
        line = "" if self.line is None else f":{self.line}"
        return f"{self.path}{cell}{line}" if self.path else ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One row of `annotations.csv`.

    Attributes:
        key: What it is about, and whose it is.
        verdict: What the annotator says.
        note: Free text; may be empty.
        excerpt_hash: SHA-256 (first 16 hex digits) of the judged line without its indentation, so that a judgement can
            be carried over to another commit; empty where there is none.
        annotated_at: When, timezone-aware, in UTC, to the microsecond.
        given_at: The commit at which it was given, where it is carried over to another; never written.
    """

    key: JudgementKey
    verdict: Verdict
    note: str
    excerpt_hash: str
    annotated_at: datetime
    given_at: str = ""
