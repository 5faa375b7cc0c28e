"""One row of the table."""

import csv
import io
from dataclasses import replace

import pytest

from mlx_tui.annotation.effective import Presence
from mlx_tui.annotation.model import Verdict
from mlx_tui.annotation.results import RepositoryResult, repository_result, reproduction_of
from mlx_tui.annotation.tables import results_csv
from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.model import Anomaly, RepositoryScan, Tier
from mlx_tui.reproduction.model import (
    Attempt,
    AttemptState,
    Candidate,
    Cause,
    CommandSource,
    Deviation,
    EnvironmentSpec,
    Isolation,
    Outcome,
    Phase,
    Plan,
)
from mlx_tui.reproduction.variables import standing_deviations

PYTHON = Deviation("python", "3.8", "3.11.7", "3.8 isn't here")


def attempt(
    number: int,
    outcome: Outcome | None,
    cause: Cause | None = None,
    series: str = "",
    deviations: tuple[Deviation, ...] = (),
) -> Attempt:
    environment = EnvironmentSpec(
        "requirements", "requirements.txt", "", "/usr/bin/python3", "3.11.7", (), as_of="2024-08-18T19:08:29Z"
    )
    candidate = Candidate((), CommandSource.USER)
    plan = Plan("o/n", "c" * 40, "/clone", candidate, environment, deviations, (), Isolation.NONE, True, 60)
    phase = Phase.FINISHED if outcome else Phase.RUNNING
    state = AttemptState(
        str(number), "o/n", "c" * 40, phase, outcome, cause, series=series, environment_seconds=number, run_seconds=0.5
    )
    return Attempt(f"/attempts/{number}", plan, state)


def result(codebook: Codebook, make, **arguments) -> RepositoryResult:
    return repository_result(codebook, repo="o/n", url="https://example.org/o/n", commit=make.commit, **arguments)


def presence(found: RepositoryResult, feature: str) -> Presence:
    return next(item.presence for item in found.features if item.feature == feature)


def test_a_repository_without_scan_is_unknown_throughout(codebook: Codebook, make) -> None:
    found = result(codebook, make)
    assert (found.scan_state, found.baseline_substring, found.readiness, found.anomalies) == (
        "unscanned",
        None,
        None,
        None,
    )
    assert {item.presence for item in (*found.features, *found.dimensions)} == {Presence.UNKNOWN}
    assert found.included
    assert result(codebook, make, clone_error="no such repository").scan_state == "failed: no such repository"


def test_features_and_dimensions_are_in_the_codebooks_order(codebook: Codebook, make) -> None:
    found = result(codebook, make, scan=make.scan())
    assert [item.feature for item in found.features] == [feature.id for feature in codebook.features]
    dimensions = dict.fromkeys(feature.dimension for feature in codebook.features)
    assert [item.dimension for item in found.dimensions] == list(dimensions)


def test_readiness_and_dimensions_follow_the_judgements(codebook: Codebook, make) -> None:
    scan = make.scan(
        make.finding("dependencies.declared", tier=Tier.FILE), make.finding("parameters.logged", 3), baseline=True
    )
    before = result(codebook, make, scan=scan)
    assert before.readiness is not None
    assert (before.readiness.score, before.findings, before.judged) == (2, 2, 0)
    judgements = [
        make.judgement("parameters.logged", Verdict.REJECTED, 3),
        make.judgement("execution.seeded", Verdict.MISSED, 9),
    ]
    after = result(codebook, make, scan=scan, judgements=judgements)
    assert after.readiness is not None
    assert [c.name for c in after.readiness.conditions if c.met] == ["dependencies declared", "a seed"]
    assert presence(after, "parameters.logged") is Presence.ABSENT
    assert (after.judged, after.findings, after.judgements) == (1, 2, tuple(judgements))
    dimensions = {item.dimension: item.presence for item in after.dimensions}
    assert dimensions["parameters"] is Presence.ABSENT
    assert dimensions["execution"] is Presence.PRESENT


def test_judgements_of_another_commit_count_for_nothing(codebook: Codebook, make) -> None:
    scan = make.scan(make.finding("parameters.logged", excerpt="mlflow.log_param(name, 1)"))
    other = make.judgement("parameters.logged", Verdict.REJECTED, 1, commit="d" * 40)
    found = result(codebook, make, scan=scan, judgements=[other])
    assert presence(found, "parameters.logged") is Presence.PRESENT
    assert found.outdated == (other,)


def test_exclusion_and_notes(codebook: Codebook, make) -> None:
    excluded = make.judgement("", Verdict.EXCLUDED, note="a tutorial")
    found = result(codebook, make, judgements=[excluded])
    assert (found.included, found.notes) == (False, "a tutorial")
    included = make.judgement("", Verdict.INCLUDED, by="bob", note="research all the same")
    found = result(codebook, make, judgements=[excluded, included])
    assert (found.included, found.notes) == (True, "alice: a tutorial\nbob: research all the same")


def test_anomalies_are_counted(codebook: Codebook, make) -> None:
    scan = RepositoryScan("o/n", make.commit, "1.0", (), (Anomaly("MLproject", "unparseable", "not YAML"),), False, 3)
    assert result(codebook, make, scan=scan).anomalies == 1


@pytest.mark.parametrize(
    ("attempts", "outcome"),
    [
        ([], None),
        ([attempt(1, None)], None),
        ([attempt(1, Outcome.FAILED, Cause.CODE), attempt(2, Outcome.EXECUTED)], Outcome.EXECUTED),
        ([attempt(1, Outcome.EXECUTED), attempt(2, Outcome.CANCELLED), attempt(3, None)], Outcome.EXECUTED),
        ([attempt(1, Outcome.CANCELLED), attempt(2, Outcome.INTERRUPTED)], Outcome.INTERRUPTED),
        ([attempt(1, Outcome.DIFFERS, series="a"), attempt(2, Outcome.REPRODUCED, series="a")], Outcome.DIFFERS),
        ([attempt(1, Outcome.DIFFERS, series="a"), attempt(2, Outcome.REPRODUCED, series="b")], Outcome.REPRODUCED),
        ([attempt(1, Outcome.DIFFERS), attempt(2, Outcome.REPRODUCED)], Outcome.REPRODUCED),
    ],
)
def test_the_attempt_that_counts(attempts: list[Attempt], outcome: Outcome | None) -> None:
    found = reproduction_of(attempts)
    assert (found.outcome, found.attempts) == (outcome, len(attempts))


def test_duration_cause_and_deviations() -> None:
    standing = standing_deviations(Isolation.NONE, True)
    found = reproduction_of([attempt(4, Outcome.FAILED, Cause.NETWORK, deviations=(PYTHON, *standing))])
    assert (found.seconds, found.cause) == (4.5, Cause.NETWORK)
    assert found.deviations == ("python: asked 3.8, used 3.11.7",)


def test_what_the_attempt_that_counts_ran_in_is_a_row_of_cells(codebook: Codebook, make) -> None:
    older, counts = attempt(1, Outcome.FAILED), attempt(2, Outcome.EXECUTED)
    older = replace(older, plan=replace(older.plan, isolation=Isolation.BWRAP))
    found = result(codebook, make, scan=make.scan(), attempts=(older, counts))
    unrun = result(codebook, make, scan=make.scan())
    header, ran, nothing = csv.reader(io.StringIO(results_csv((found, unrun), codebook).decode()), strict=True)
    names = ("environment", "python", "as_of", "isolation")
    assert [ran[header.index(name)] for name in names] == ["requirements", "3.11.7", "2024-08-18", "none"]
    assert [nothing[header.index(name)] for name in names] == ["", "", "", ""]
