"""A study as somebody sees it who judges without the program's answer and without other people's judgements."""

from collections.abc import Iterable
from dataclasses import replace

from mlx_tui.annotation.model import Judgement
from mlx_tui.annotation.progress import Item, left_of
from mlx_tui.annotation.results import RepositoryResult, repository_result
from mlx_tui.detection.codebook import Codebook


def blind_result(result: RepositoryResult, codebook: Codebook, annotator: str) -> RepositoryResult:
    """A repository's result of which only the annotator's own judgements are known.

    Presence is what the annotator said of it; readiness, baseline and anomalies are the program's answers. What an
    attempt came to is none: it stays.

    Args:
        result: Everything that is known.
        codebook: What is looked for.
        annotator: Whose judgements are known.
    """
    mine = unaided(result.judgements, annotator)
    known = repository_result(
        codebook, repo=result.repo, url=result.url, commit=result.commit, columns=result.columns, judgements=mine
    )
    items = [Item(feature.id) for feature in codebook.features] if result.scanned else []
    return replace(
        known,
        scan_state=result.scan_state,
        reproduction=result.reproduction,
        judged=len(items) - len(left_of(items, mine)),
        findings=len(items),
    )


def own(judgements: Iterable[Judgement], annotator: str) -> tuple[Judgement, ...]:
    """The judgements of one annotator."""
    return tuple(judgement for judgement in judgements if judgement.key.annotator == annotator)


def unaided(judgements: Iterable[Judgement], annotator: str) -> tuple[Judgement, ...]:
    """The judgements of one annotator that tell nothing of the program's findings: none that followed one of these."""
    return tuple(each for each in own(judgements, annotator) if not each.given_at or not each.key.feature)
