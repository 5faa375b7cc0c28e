"""Small repositories written into a folder and given to the matchers of files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mlx_tui.detection.codebook import Codebook, load_codebook
from mlx_tui.detection.file_matchers import FILE_MATCHERS, REPOSITORY_MATCHERS
from mlx_tui.detection.model import Anomaly, Finding
from mlx_tui.detection.source import RepositoryView

Files = dict[str, str | bytes]
Scan = Callable[[Files], "Found"]


class Found:
    """What the matchers found in a repository."""

    def __init__(self, items: list[Finding | Anomaly]) -> None:
        self.findings = [item for item in items if isinstance(item, Finding)]
        self.anomalies = [item for item in items if isinstance(item, Anomaly)]

    def at(self, feature: str) -> set[str]:
        return {finding.place for finding in self.findings if finding.feature == feature}

    def values(self, feature: str) -> set[str]:
        return {finding.value for finding in self.findings if finding.feature == feature}

    @property
    def features(self) -> set[str]:
        return {finding.feature for finding in self.findings}


@pytest.fixture(scope="session")
def codebook() -> Codebook:
    return load_codebook()


@pytest.fixture
def scan(tmp_path: Path, codebook: Codebook) -> Scan:
    def run(files: Files) -> Found:
        for name, content in files.items():
            target = tmp_path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content if isinstance(content, bytes) else content.encode())
        names = tuple(sorted(files))
        view = RepositoryView(tmp_path, names, names)
        items: list[Finding | Anomaly] = []
        for name in names:
            for matcher in FILE_MATCHERS:
                if matcher.wants(name):
                    items.extend(matcher.match(view.open(name), view, codebook))
        for repository_matcher in REPOSITORY_MATCHERS:
            items.extend(repository_matcher.match_repository(view, codebook))
        return Found(items)

    return run
