"""What detection yields: features, findings, anomalies and the scan of one repository."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Tier(StrEnum):
    """How a finding relates to MLflow (`docs/csv-reference.md`)."""

    DIRECT = "direct"
    """A call that resolves to MLflow."""
    INTEGRATION = "integration"
    """A library that logs to MLflow."""
    WRAPPER = "wrapper"
    """A call of the repository's own function that leads to a direct call; never counted into presence."""
    FILE = "file"
    """A file, a key in one, or a command."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A traceability feature of the codebook.

    Attributes:
        id: Stable id, `dimension.name`.
        title: A few words for a column's heading.
        dimension: The part of the research question it belongs to.
        definition: When it is present.
        excludes: What doesn't count.
        detected: Whether this version of the program detects it; where not, its presence is unknown, never absent.
    """

    id: str
    title: str
    dimension: str
    definition: str
    excludes: str = ""
    detected: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """One piece of evidence of a feature.

    Attributes:
        feature: The feature's id.
        path: File within the repository, `/`-separated, as git names it (raw: pass it through `safe_text` to show it).
        cell: Notebook cell counted from 0 over all cells; None outside notebooks.
        line: Line from 1, within the cell for a notebook.
        tier: How it relates to MLflow.
        value: The feature's value where it has one (a URI's class, a version, a key); raw text.
        excerpt: The line of evidence, without its indentation; raw text.
        rule: Id of the codebook's rule that matched.
        explanation: How the name was resolved or why the rule matched, for a person.
    """

    feature: str
    path: str
    cell: int | None
    line: int
    tier: Tier
    value: str = ""
    excerpt: str = ""
    rule: str = ""
    explanation: str = ""

    @property
    def place(self) -> str:
        """`path:line`, or `path#cell:line` in a notebook."""
        cell = "" if self.cell is None else f"#{self.cell}"
        return f"{self.path}{cell}:{self.line}"


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Something that kept a file from being read as what it claims to be.

    Attributes:
        path: File within the repository, raw.
        kind: `unparseable`, `notebook`, `encoding`, `too_large`, `missing`, `not_regular`, `vendored`,
            `mlflow_version_conflict`, …
        message: What is wrong, for a person.
    """

    path: str
    kind: str
    message: str


class Direction(StrEnum):
    """Which end of a range of versions a bound sets."""

    LOWER = "lower"
    UPPER = "upper"


@dataclass(frozen=True, slots=True)
class VersionBound:
    """A call that MLflow's interface has in some of the sampled versions only (`mlflow_interface.json`).

    Attributes:
        version: The first (or, for an upper bound, the last) sampled version in which it can run.
        absent: The sampled version next to it, in which it can't; the truth lies between the two.
        direction: Which end it sets.
        name: What is called, `mlflow.autolog`, or an argument of it, `mlflow.autolog(log_datasets=)`.
        path: File within the repository, raw.
        cell: Notebook cell from 0; None outside notebooks.
        line: Line from 1, within the cell for a notebook.
    """

    version: str
    absent: str
    direction: Direction
    name: str
    path: str
    cell: int | None
    line: int

    @property
    def place(self) -> str:
        """`path:line`, or `path#cell:line` in a notebook."""
        cell = "" if self.cell is None else f"#{self.cell}"
        return f"{self.path}{cell}:{self.line}"


@dataclass(frozen=True, slots=True)
class DeclaredVersion:
    """MLflow in a list of dependencies or in a lock file.

    Attributes:
        package: `mlflow` or `mlflow-skinny`.
        specifier: The versions that it allows (PEP 440); empty for any, or where that can't be told.
        path: File within the repository, raw.
        line: Line from 1.
    """

    package: str
    specifier: str
    path: str
    line: int

    @property
    def requirement(self) -> str:
        """`mlflow>=1.2,<2`."""
        return f"{self.package}{self.specifier}"

    @property
    def place(self) -> str:
        """`path:line`."""
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class VersionRange:
    """The versions of MLflow on which a repository can run.

    Attributes:
        lower: The call that needs the newest interface; None where no call sets a lower bound.
        upper: The call that needs the oldest interface; None where no call sets an upper bound.
        declared: What the dependency files say, in order of path and line.
    """

    lower: VersionBound | None = None
    upper: VersionBound | None = None
    declared: tuple[DeclaredVersion, ...] = ()


@dataclass(frozen=True, slots=True)
class RepositoryScan:
    """The scan of one repository at one commit: a pure function of (clone, commit, codebook).

    Attributes:
        repo: `owner/name`.
        commit: The full SHA that was read.
        codebook: The codebook's version and hash, `1.0+1a2b3c4d`.
        findings: In order of path, cell, line, feature; those of a scan from the cache are unpacked at each look.
        anomalies: In order of path.
        baseline_substring: The original study's test: a tracked `.py` or `.ipynb` contains `log_param`, `autolog` or
            `log_metric` as text.
        files: How many tracked files were looked at.
        versions: The versions of MLflow on which it can run.
    """

    repo: str
    commit: str
    codebook: str
    findings: Sequence[Finding]
    anomalies: tuple[Anomaly, ...]
    baseline_substring: bool
    files: int
    versions: VersionRange = VersionRange()
