"""Python files and notebooks."""

from collections.abc import Iterator

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.model import Anomaly, Finding
from mlx_tui.detection.source import RepositoryView


def match_repository(repository: RepositoryView, codebook: Codebook) -> Iterator[Finding | Anomaly]:
    """Yields what the Python of a repository shows."""
    yield from ()
