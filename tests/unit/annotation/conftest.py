"""Findings, scans, judgements and attempts of one repository, in a few words."""

from datetime import UTC, datetime

import pytest

from mlx_tui.annotation.model import Judgement, JudgementKey, Verdict
from mlx_tui.detection.codebook import Codebook, load_codebook
from mlx_tui.detection.model import Finding, RepositoryScan, Tier

COMMIT = "c" * 40
WHEN = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Builder:
    """Makes things of the repository `o/n`."""

    commit = COMMIT

    def finding(
        self,
        feature: str,
        line: int = 1,
        path: str = "train.py",
        tier: Tier = Tier.DIRECT,
        cell: int | None = None,
        **more,
    ) -> Finding:
        return Finding(feature, path, cell, line, tier, **more)

    def scan(self, *findings: Finding, repo: str = "o/n", baseline: bool = False) -> RepositoryScan:
        return RepositoryScan(repo, COMMIT, "1.0+00000000", findings, (), baseline, 10)

    def judgement(
        self,
        feature: str,
        verdict: Verdict,
        line: int | None = None,
        by: str = "alice",
        path: str = "train.py",
        note: str = "",
        commit: str = COMMIT,
        cell: int | None = None,
    ) -> Judgement:
        key = JudgementKey("o/n", commit, feature, "" if line is None else path, cell, line, by)
        return Judgement(key, verdict, note, "", WHEN)


@pytest.fixture(scope="session")
def make() -> Builder:
    return Builder()


@pytest.fixture(scope="session")
def codebook() -> Codebook:
    return load_codebook()
