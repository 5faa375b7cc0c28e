"""How far annotators agree in a study, on what counts in its statistics, and what was left out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mlx_tui.annotation.agreement import Agreement, agreement, is_verdict
from mlx_tui.annotation.model import Judgement
from mlx_tui.annotation.results import RepositoryResult


@dataclass(frozen=True, slots=True)
class StudyAgreement:
    """The agreement of a study's annotators.

    Attributes:
        rows: Of each pair of annotators on each feature.
        counted: Verdicts that hold at the pinned commits of included repositories: those of the statistics.
        excluded: Left out: of repositories that are excluded.
        outdated: Left out: their line changed, or their evidence is gone.
        elsewhere: Left out: of other commits of repositories that aren't scanned or were judged anew, and of
            repositories that aren't in the corpus.
    """

    rows: tuple[Agreement, ...]
    counted: int
    excluded: int
    outdated: int
    elsewhere: int


def agreement_of(results: Sequence[RepositoryResult], given: Iterable[Judgement]) -> StudyAgreement:
    """Measures agreement as the statistics do, and counts what they leave out.

    Args:
        results: Of all repositories of the study.
        given: All judgements, of whatever repository and commit.
    """
    included = [judgement for result in results if result.included for judgement in result.judgements]
    counted = _verdicts(included)
    excluded = sum(_verdicts(result.judgements) for result in results if not result.included)
    outdated = sum(_verdicts(result.outdated) for result in results)
    elsewhere = max(0, _verdicts(given) - counted - excluded - outdated)
    return StudyAgreement(agreement(included), counted, excluded, outdated, elsewhere)


def _verdicts(judgements: Iterable[Judgement]) -> int:
    return sum(map(is_verdict, judgements))
