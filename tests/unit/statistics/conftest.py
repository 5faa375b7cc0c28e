"""A small corpus whose statistics can be counted by hand."""

from datetime import UTC, datetime

import pytest

from mlx_tui.annotation.model import Judgement, JudgementKey, Verdict
from mlx_tui.annotation.results import RepositoryResult, repository_result
from mlx_tui.detection.codebook import Codebook, load_codebook
from mlx_tui.detection.model import Finding, RepositoryScan, Tier
from mlx_tui.reproduction.model import (
    Attempt,
    AttemptState,
    Candidate,
    Cause,
    CommandSource,
    Deviation,
    Ending,
    EnvironmentSpec,
    Foresight,
    Isolation,
    Outcome,
    Phase,
    Plan,
)

COMMIT = "c" * 40
WHEN = datetime(2026, 11, 22, 12, tzinfo=UTC)


def finding(feature: str, line: int = 1, tier: Tier = Tier.DIRECT) -> Finding:
    return Finding(feature, "train.py", None, line, tier, excerpt=f"line {line}")


def scan(repo: str, *findings: Finding, baseline: bool = False) -> RepositoryScan:
    return RepositoryScan(repo, COMMIT, "1.0+00000000", findings, (), baseline, 10)


def judged(repo: str, feature: str, verdict: Verdict, line: int | None = None, by: str = "alice", note: str = ""):
    path = "" if line is None else "train.py"
    return Judgement(JudgementKey(repo, COMMIT, feature, path, None, line, by), verdict, note, "", WHEN)


def attempt(
    repo: str, outcome: Outcome | None, cause: Cause | None = None, *, minutes: int = 0, deviates: bool = False
):
    deviations = (Deviation("interpreter", "3.8", "3.11", "3.8 isn't here"),) if deviates else ()
    environment = EnvironmentSpec("requirements", "requirements.txt", "3.8", "/usr/bin/python3", "3.11.7", ())
    plan = Plan(
        repo,
        COMMIT,
        "/clone",
        Candidate((), CommandSource.README),
        environment,
        deviations,
        (),
        Isolation.NONE,
        False,
        60,
        foresight=Foresight(),
    )
    state = AttemptState(
        f"{minutes:04}",
        repo,
        COMMIT,
        Phase.FINISHED,
        outcome,
        cause,
        environment_seconds=2.0,
        run_seconds=float(minutes),
        as_planned=Ending(outcome, cause) if outcome else None,
    )
    return Attempt(f"/attempts/{minutes}", plan, state)


@pytest.fixture(scope="session")
def codebook() -> Codebook:
    return load_codebook()


@pytest.fixture
def answered(codebook: Codebook):
    """Makes a repository in which `metrics.logged` was found or not, with a decision on the feature as a whole."""

    def make(name: str, found: bool, verdict: Verdict | None) -> RepositoryResult:
        return repository_result(
            codebook,
            repo=name,
            url="",
            commit=COMMIT,
            scan=scan(name, *([finding("metrics.logged")] if found else [])),
            judgements=[judged(name, "metrics.logged", verdict)] if verdict else [],
        )

    return make


@pytest.fixture
def results(codebook: Codebook) -> tuple[RepositoryResult, ...]:
    """Six repositories: five included, four of them scanned."""

    def result(name: str, *, scanned=None, judgements=(), attempts=(), error=""):
        return repository_result(
            codebook,
            repo=name,
            url=f"https://example.org/{name}",
            commit=COMMIT,
            columns=(("stars", "12"),),
            clone_error=error,
            scan=scanned,
            judgements=judgements,
            attempts=attempts,
        )

    return (
        result(
            "o/one",
            scanned=scan("o/one", finding("parameters.logged"), finding("parameters.logged", 2), baseline=True),
            judgements=(
                judged("o/one", "parameters.logged", Verdict.CONFIRMED, 1),
                judged("o/one", "parameters.logged", Verdict.CONFIRMED, 1, by="bob"),
                judged("o/one", "parameters.logged", Verdict.CONFIRMED, 2),
                judged("o/one", "parameters.logged", Verdict.REJECTED, 2, by="bob"),
            ),
            attempts=(attempt("o/one", Outcome.REPRODUCED, minutes=10),),
        ),
        result(
            "o/two",
            scanned=scan("o/two", finding("parameters.logged"), finding("metrics.logged", 3), baseline=True),
            judgements=(judged("o/two", "metrics.logged", Verdict.REJECTED, 3),),
            attempts=(attempt("o/two", Outcome.EXECUTED, minutes=20, deviates=True),),
        ),
        result(
            "o/three",
            scanned=scan("o/three", finding("dependencies.declared", tier=Tier.FILE), baseline=True),
            attempts=(attempt("o/three", Outcome.FAILED, Cause.MISSING_DATA, minutes=1),),
        ),
        result("o/four", scanned=scan("o/four", finding("metrics.logged"))),
        result("o/five", error="the repository isn't there"),
        result(
            "o/six",
            scanned=scan("o/six", finding("metrics.logged")),
            judgements=(judged("o/six", "", Verdict.EXCLUDED, note="a tutorial\n<b>not research</b>"),),
            attempts=(attempt("o/six", Outcome.FAILED, Cause.CODE),),
        ),
    )
