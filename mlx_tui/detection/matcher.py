"""The plug-in contract of matchers. The scanner turns any exception of a matcher into an anomaly `internal`."""

from collections.abc import Iterator
from typing import Protocol

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.model import Anomaly, DeclaredVersion, Finding
from mlx_tui.detection.source import RepositoryView, SourceFile


class FileMatcher(Protocol):
    """Finds the evidence in one kind of file; a module with these two functions is one."""

    def wants(self, path: str) -> bool:
        """Whether files of this path are this matcher's; cheap, from the path alone."""

    def match(
        self, file: SourceFile, repository: RepositoryView, codebook: Codebook
    ) -> Iterator[Finding | Anomaly | DeclaredVersion]:
        """Yields what one file shows."""


class RepositoryMatcher(Protocol):
    """Finds evidence that no single file shows (a committed store, a folder's layout)."""

    def match_repository(self, repository: RepositoryView, codebook: Codebook) -> Iterator[Finding | Anomaly]:
        """Yields what the repository as a whole shows."""
