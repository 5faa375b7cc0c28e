"""Reading what a repository's screen shows: for a worker, without a widget."""

from mlx_tui.annotation.effective import effective_readiness
from mlx_tui.study import Study, StudyError
from mlx_tui.study.blind import own, unaided
from mlx_tui.study.places import Place
from mlx_tui.tui.presentation.blind import blind_rows
from mlx_tui.tui.presentation.evidence import evidence_rows
from mlx_tui.tui.screens.repository_events import Loaded


class NotScannedError(Exception):
    """The repository wasn't scanned at its commit."""


def read_repository(study: Study, repo: str, *, blind: bool, elsewhere: int | None) -> Loaded:
    """Reads scan and judgements.

    Args:
        study: The study.
        repo: A repository of it.
        blind: Whether the program's answer is left out.
        elsewhere: How much is left to judge in the other repositories; None where it must be counted.

    Raises:
        NotScannedError: It wasn't scanned.
        CorpusError, StudyError, JournalError, OSError: It can't be read.
    """
    clone = study.corpus.clone(repo)
    scan = study.scans.of(clone)
    if scan is None:
        raise NotScannedError(f"{repo} wasn't scanned at its commit")
    annotator, codebook = study.annotations.annotator, study.codebook
    holding = study.judgements_of(clone)
    here = holding.judgements
    outdated = len(own(holding.outdated, annotator) if blind else holding.outdated)
    if elsewhere is None:
        elsewhere = sum(each.left for each in study.progress(blind=blind) if each.repo != clone.repo)
    rows = blind_rows(codebook, unaided(here, annotator)) if blind else evidence_rows(codebook, scan, here, annotator)
    ready = None if blind else effective_readiness(codebook.features, scan.findings, here)
    return Loaded(
        *(clone, scan, rows),
        blind=blind,
        elsewhere=elsewhere,
        outdated=outdated,
        readiness=ready,
        has_page=_has_page(study, repo),
    )


def _has_page(study: Study, repo: str) -> bool:
    try:
        return bool(study.files.page(repo, Place("README.md", None, 1)))
    except StudyError:
        return False
