"""The statistics of a corpus, counted by hand."""

from dataclasses import replace

from mlx_tui.annotation.results import RepositoryResult
from mlx_tui.detection.codebook import Codebook
from mlx_tui.reproduction.model import Cause, Outcome
from mlx_tui.statistics.baseline import BaselineComparison
from mlx_tui.statistics.prevalence import Proportion
from mlx_tui.statistics.summary import CorpusStatistics, FeatureStatistics, summarize


def feature(statistics: CorpusStatistics, identifier: str) -> FeatureStatistics:
    return next(item for item in statistics.features if item.feature == identifier)


def test_counts_of_repositories(results: tuple[RepositoryResult, ...], codebook: Codebook) -> None:
    s = summarize(results, codebook)
    assert (s.repositories, s.excluded, s.scanned, s.failed) == (6, 1, 4, 1)


def test_prevalence_is_over_included_repositories_of_which_it_is_known(
    results: tuple[RepositoryResult, ...], codebook: Codebook
) -> None:
    s = summarize(results, codebook)
    parameters, metrics = feature(s, "parameters.logged"), feature(s, "metrics.logged")
    assert (parameters.prevalence.present, parameters.prevalence.unknown) == (Proportion(2, 4), 1)
    assert metrics.prevalence.present == Proportion(1, 4)  # o/two's was rejected, o/six is excluded
    dimensions = {item.dimension: item.prevalence.present for item in s.dimensions}
    assert (dimensions["parameters"], dimensions["dependencies"]) == (Proportion(2, 4), Proportion(1, 4))


def test_baseline_beside_the_detector(results: tuple[RepositoryResult, ...], codebook: Codebook) -> None:
    s = summarize(results, codebook)
    assert s.baseline == Proportion(3, 4)
    assert s.comparison == BaselineComparison(both=2, baseline_only=1, detector_only=1, neither=0)
    assert s.comparison.n == 4


def test_readiness(results: tuple[RepositoryResult, ...], codebook: Codebook) -> None:
    s = summarize(results, codebook)
    assert s.readiness == (1, 3, 0, 0, 0, 0, 0)
    assert dict(s.conditions)["parameters known"] == Proportion(2, 4)


def test_three_numbers(results: tuple[RepositoryResult, ...], codebook: Codebook) -> None:
    r = summarize(results, codebook).reproduction
    assert r.attempted == 3
    assert r.as_is == Proportion(2, 3)
    assert r.after_repairs == Proportion(0, 3)
    assert r.with_deviations == Proportion(1, 3)
    assert r.metrics_equal == Proportion(1, 3)
    assert r.compared == 1
    assert dict(r.outcomes) == {Outcome.REPRODUCED: 1, Outcome.EXECUTED: 1, Outcome.FAILED: 1}
    assert r.causes == ((Cause.MISSING_DATA, 1),)
    assert r.median_seconds == 12.0
    assert r.foreseen == Proportion(2, 3)  # each plan foresaw that it runs
    assert r.causes_foreseen == Proportion(0, 1)


def test_what_ran_after_repairs_is_a_number_of_its_own(
    results: tuple[RepositoryResult, ...], codebook: Codebook
) -> None:
    repaired = replace(results[1], reproduction=replace(results[1].reproduction, repairs=("setuptools<81",)))
    r = summarize((results[0], repaired, *results[2:]), codebook).reproduction
    assert (r.as_is, r.after_repairs) == (Proportion(1, 3), Proportion(1, 3))


def test_judging_precision_and_agreement(results: tuple[RepositoryResult, ...], codebook: Codebook) -> None:
    s = summarize(results, codebook)
    assert (s.judged, s.findings) == (3, 6)
    assert s.precision == Proportion(1, 2)  # one confirmed, one rejected; where alice and bob differ nobody decided
    (pair,) = s.agreement
    assert (pair.feature, pair.annotators, pair.n, pair.raw) == ("parameters.logged", ("alice", "bob"), 2, 0.5)


def test_an_empty_corpus_has_statistics(codebook: Codebook) -> None:
    s = summarize((), codebook)
    assert s.repositories == 0
    assert s.baseline == Proportion(0, 0)
    assert s.readiness == (0,) * 7
