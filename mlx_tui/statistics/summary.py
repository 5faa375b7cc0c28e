"""The statistics of a corpus: pure numbers, from which screens and reports are made."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from mlx_tui.annotation.agreement import Agreement, agreement
from mlx_tui.annotation.effective import FeatureResult
from mlx_tui.annotation.results import RepositoryResult, Reproduction
from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.derived import CONDITIONS
from mlx_tui.reproduction.foresight import tally
from mlx_tui.reproduction.model import RAN_TO_ITS_END, SAYS_NOTHING, Cause, Outcome
from mlx_tui.statistics.baseline import BaselineComparison, baseline, compare
from mlx_tui.statistics.claims import ClaimStatistics, claim_statistics
from mlx_tui.statistics.prevalence import Prevalence, Proportion, prevalence
from mlx_tui.statistics.validation import Validation


@dataclass(frozen=True, slots=True)
class FeatureStatistics:
    """A feature in the corpus.

    Attributes:
        feature: The feature's id.
        prevalence: Repositories that have it, after judgements.
        findings: Findings in all.
        judged: Findings that somebody judged.
        precision: Confirmed findings of those confirmed or rejected.
        missed: Places that the program missed, as far as people found them.
        validation: The detector's answers beside what people decided, one for each repository.
    """

    feature: str
    prevalence: Prevalence
    findings: int
    judged: int
    precision: Proportion
    missed: int
    validation: Validation


@dataclass(frozen=True, slots=True)
class DimensionStatistics:
    """A dimension in the corpus."""

    dimension: str
    prevalence: Prevalence


@dataclass(frozen=True, slots=True)
class ReproductionStatistics:
    """What came of the attempts; one for each repository, that which counts.

    Attributes:
        attempted: Repositories with an attempt that came to its own end (not cancelled, not interrupted).
        as_is: Of those, ran to the end, nothing repaired.
        after_repairs: Of those, ran to the end after named repairs.
        metrics_equal: Of those, ran to the end with metrics equal to a recorded reference.
        compared: How many had a reference to compare with.
        with_deviations: Of those attempted, ran to the end (repaired or not) with something done otherwise than the
            repository asks: another interpreter, versions left open taken as of a date, a package that isn't declared.
        outcomes: How many ended so, most frequent first.
        causes: Why they failed, most frequent first.
        median_seconds: Of the attempts that came to their own end; None without any.
        foreseen: Of the attempts whose plan foresaw an outcome, ran or failed as it says, before repairs.
        causes_foreseen: Of those that failed, before repairs, failed for the very cause that the plan says.
    """

    attempted: int
    as_is: Proportion
    after_repairs: Proportion
    metrics_equal: Proportion
    compared: int
    with_deviations: Proportion
    outcomes: tuple[tuple[Outcome, int], ...]
    causes: tuple[tuple[Cause, int], ...]
    median_seconds: float | None
    foreseen: Proportion
    causes_foreseen: Proportion


@dataclass(frozen=True, slots=True)
class CorpusStatistics:
    """The statistics of a corpus. All but the first two fields are over the repositories that are included.

    Attributes:
        repositories: In the corpus.
        excluded: Left out by judgement.
        scanned: Included and scanned.
        failed: Included, but without a clone.
        unscanned: Included, with a clone or not fetched yet, and not scanned.
        features: In the codebook's order.
        dimensions: In the codebook's order.
        baseline: Repositories that pass the original study's substring test.
        comparison: That test beside the detector.
        readiness: How many repositories have readiness 0, 1, … 6.
        conditions: For each condition of readiness, its name and how many repositories meet it.
        reproduction: What came of the attempts.
        findings: In all.
        judged: Findings that somebody judged.
        precision: Confirmed findings of those confirmed or rejected.
        agreement: Of each pair of annotators on each feature.
        claims: What the code claims beside what was logged, a kind each; without kinds that nobody claims or logs.
    """

    repositories: int
    excluded: int
    scanned: int
    failed: int
    unscanned: int
    features: tuple[FeatureStatistics, ...]
    dimensions: tuple[DimensionStatistics, ...]
    baseline: Proportion
    comparison: BaselineComparison
    readiness: tuple[int, ...]
    conditions: tuple[tuple[str, Proportion], ...]
    reproduction: ReproductionStatistics
    findings: int
    judged: int
    precision: Proportion
    agreement: tuple[Agreement, ...]
    claims: tuple[ClaimStatistics, ...] = ()


def summarize(results: Sequence[RepositoryResult], codebook: Codebook) -> CorpusStatistics:
    """Summarizes a corpus.

    Args:
        results: One for each repository, made with the same codebook.
        codebook: What was looked for.
    """
    included = [result for result in results if result.included]
    known = [result.readiness for result in included if result.readiness is not None]
    scores = Counter(readiness.score for readiness in known)
    features = _features(included, codebook)
    return CorpusStatistics(
        repositories=len(results),
        excluded=len(results) - len(included),
        scanned=len(known),
        failed=sum(result.scan_state.startswith("failed") for result in included),
        unscanned=sum(result.scan_state == "unscanned" for result in included),
        features=features,
        dimensions=_dimensions(included),
        baseline=baseline(included),
        comparison=compare(included, codebook),
        readiness=tuple(scores[score] for score in range(len(CONDITIONS) + 1)),
        conditions=tuple(
            (name, Proportion(sum(readiness.conditions[index].met for readiness in known), len(known)))
            for index, (name, _) in enumerate(CONDITIONS)
        ),
        reproduction=reproduction_statistics([result.reproduction for result in included]),
        findings=sum(feature.findings for feature in features),
        judged=sum(feature.judged for feature in features),
        precision=Proportion(sum(f.precision.count for f in features), sum(f.precision.n for f in features)),
        agreement=agreement(judgement for result in included for judgement in result.judgements),
        claims=claim_statistics(included),
    )


def _features(included: Sequence[RepositoryResult], codebook: Codebook) -> tuple[FeatureStatistics, ...]:
    return tuple(
        _feature(feature.id, [result.features[index] for result in included])
        for index, feature in enumerate(codebook.features)
    )


def _feature(feature: str, column: Sequence[FeatureResult]) -> FeatureStatistics:
    confirmed = sum(result.confirmed for result in column)
    return FeatureStatistics(
        feature=feature,
        prevalence=prevalence(result.presence for result in column),
        findings=sum(result.count or 0 for result in column),
        judged=sum(result.judged for result in column),
        precision=Proportion(confirmed, confirmed + sum(result.rejected for result in column)),
        missed=sum(result.missed for result in column),
        validation=_validation(column),
    )


def _validation(column: Sequence[FeatureResult]) -> Validation:
    answered = [(bool(result.count), result.decided) for result in column if result.count is not None]
    decided = Counter(pair for pair in answered if pair[1] is not None)
    return Validation(
        Proportion(sum(yes for yes, _ in answered), len(answered)),
        Proportion(decided[True, True], decided[True, True] + decided[True, False]),
        Proportion(decided[False, True], decided[False, True] + decided[False, False]),
    )


def _dimensions(included: Sequence[RepositoryResult]) -> tuple[DimensionStatistics, ...]:
    rows = [result.dimensions for result in included]
    return tuple(
        DimensionStatistics(column[0].dimension, prevalence(result.presence for result in column))
        for column in zip(*rows, strict=True)
    )


def reproduction_statistics(reproductions: Sequence[Reproduction]) -> ReproductionStatistics:
    """What came of the attempts at some repositories, one for each."""
    tried = [reproduction for reproduction in reproductions if reproduction.outcome is not None]
    ended = [reproduction for reproduction in tried if reproduction.outcome not in SAYS_NOTHING]
    ran = [reproduction for reproduction in ended if reproduction.outcome in RAN_TO_ITS_END]
    outcomes = Counter(reproduction.outcome for reproduction in tried if reproduction.outcome)
    causes = Counter(reproduction.cause for reproduction in ended if reproduction.cause)
    seconds = [reproduction.seconds for reproduction in ended if reproduction.seconds is not None]
    foresight = tally(reproduction.foreseen for reproduction in ended)
    n = len(ended)
    return ReproductionStatistics(
        attempted=n,
        as_is=Proportion(sum(not reproduction.repairs for reproduction in ran), n),
        after_repairs=Proportion(sum(bool(reproduction.repairs) for reproduction in ran), n),
        metrics_equal=Proportion(outcomes[Outcome.REPRODUCED], n),
        compared=outcomes[Outcome.REPRODUCED] + outcomes[Outcome.DIFFERS],
        with_deviations=Proportion(sum(bool(reproduction.deviations) for reproduction in ran), n),
        outcomes=tuple(outcomes.most_common()),
        causes=tuple(causes.most_common()),
        median_seconds=median(seconds) if seconds else None,
        foreseen=Proportion(foresight.right, foresight.told),
        causes_foreseen=Proportion(foresight.causes_right, foresight.failed),
    )
