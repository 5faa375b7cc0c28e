"""The sample corpus's expected outcomes hold under `--repeat 3`, in real environments."""

import threading
from pathlib import Path

import pytest

from mlx_tui.corpus.entries import read_corpus
from mlx_tui.reproduction.model import Attempt, MetricVerdict, Outcome
from mlx_tui.study import Study
from mlx_tui.study.batch import Batch, BatchOptions

REPEATS = 3


def expected(study: Study, repo: str) -> str:
    (entry,) = [entry for entry in read_corpus(study.path / "corpus.csv") if entry.repo == repo]
    return dict(entry.columns)["expected_outcome"]


def repeated(study: Study, repo: str) -> tuple[Attempt, ...]:
    options = BatchOptions(REPEATS, at_once=1)
    batch = Batch(study.attempts, [study.corpus.clone(repo)], study.attempts.plan, options)
    return batch.run(threading.Event()).attempts


@pytest.mark.attempt
@pytest.mark.parametrize(
    ("repo", "later", "verdict"),
    [
        ("sklearn-mlproject", Outcome.REPRODUCED, MetricVerdict.IDENTICAL),
        ("noisy-mlp", Outcome.DIFFERS, MetricVerdict.WITHIN_SPREAD),
        ("missing-module", Outcome.FAILED, None),
    ],
)
def test_the_first_ends_as_expected_and_the_others_agree_or_differ_with_it(
    demo_folder: Path, repo: str, later: Outcome, verdict: MetricVerdict | None
) -> None:
    study = Study(demo_folder)
    attempts = repeated(study, repo)
    outcomes = [attempt.state.outcome for attempt in attempts]
    assert outcomes == [Outcome(expected(study, repo)), later, later], [one.state.reason for one in attempts]
    comparison = attempts[-1].state.comparison
    assert (comparison is None) is (verdict is None)
    if comparison is not None:
        assert {metric.verdict for metric in comparison.metrics} == {verdict}
        spreads = [metric.spread for metric in comparison.metrics]
        assert all(spread is not None and spread.count == REPEATS for spread in spreads)
