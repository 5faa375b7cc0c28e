"""What people said of repositories that holds at their pinned commits."""

from collections.abc import Iterable, Sequence

from mlx_tui.annotation.carrying import Holding, judgements_at
from mlx_tui.annotation.model import Judgement
from mlx_tui.corpus.model import Clone
from mlx_tui.study.scans import Scans


def holdings(clones: Iterable[Clone], judgements: Iterable[Judgement], scans: Scans) -> dict[str, Holding]:
    """The judgements of each repository as they stand at its pinned commit, by the repository's name.

    Args:
        clones: The repositories.
        judgements: Of any repository, at whatever commits.
        scans: A scan is looked up only where judgements are of another commit.
    """
    by_repo = {clone.repo: clone for clone in clones}
    given: dict[str, list[Judgement]] = {repo: [] for repo in by_repo}
    for judgement in judgements:
        if judgement.key.repo in given:
            given[judgement.key.repo].append(judgement)
    return {repo: _holding(clone, given[repo], scans) for repo, clone in by_repo.items()}


def _holding(clone: Clone, given: Sequence[Judgement], scans: Scans) -> Holding:
    moved = any(judgement.key.commit != clone.commit for judgement in given)
    scan = scans.of(clone) if moved else None
    return judgements_at(clone.commit, given, scan.findings if scan else None)
