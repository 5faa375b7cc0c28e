"""One row of the table: everything that is known of a repository."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from mlx_tui.annotation.carrying import judgements_at
from mlx_tui.annotation.claims import Claim, compare_claims
from mlx_tui.annotation.effective import FeatureResult, Presence, decide, effective_features
from mlx_tui.annotation.model import Judgement
from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.derived import Readiness, readiness
from mlx_tui.detection.model import RepositoryScan, VersionRange
from mlx_tui.reproduction.foresight import Foreseen, foreseen
from mlx_tui.reproduction.model import SAYS_NOTHING, Attempt, CapturedRuns, Cause, Isolation, Outcome
from mlx_tui.reproduction.variables import standing_deviations

SCANNED = "scanned"
"""The scan state of a repository that was scanned at its commit."""


@dataclass(frozen=True, slots=True)
class DimensionResult:
    """A dimension in one repository: present when one of its features is."""

    dimension: str
    presence: Presence


@dataclass(frozen=True, slots=True)
class Reproduction:
    """What the attempts at a repository say of it.

    Attributes:
        attempts: How many there are.
        outcome: Of the attempt that counts (`reproduction_of`); None where none finished.
        cause: Why it failed.
        reason: Its outcome in a sentence.
        seconds: What it took, environment and run (`AttemptState.took`); None where none finished.
        environment: What its environment was read from (`EnvironmentSpec.source`); empty where none finished.
        python: The version of its interpreter.
        as_of: Date before which versions that the project leaves open must have been published; empty for today's.
        isolation: Which isolation it ran in; None where none finished.
        deviations: What it did otherwise than the repository asks, without what every attempt does to capture runs and
            to protect the user.
        repairs: Named repairs without which it didn't run; attempts make none unless they are asked to.
        foreseen: What its plan foresaw, beside how it ended before repairs; None where it foresaw nothing.
    """

    attempts: int = 0
    outcome: Outcome | None = None
    cause: Cause | None = None
    reason: str = ""
    seconds: float | None = None
    environment: str = ""
    python: str = ""
    as_of: str = ""
    isolation: Isolation | None = None
    deviations: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()
    foreseen: Foreseen | None = None


@dataclass(frozen=True, slots=True)
class RepositoryResult:
    """One repository: a row of the table and of `results.csv`.

    Attributes:
        repo: `owner/name`.
        url: Where it comes from.
        commit: Full SHA; empty while there is no clone.
        scan_state: `unscanned`, `scanned`, or `failed: ` and why.
        features: One for each feature of the codebook, in its order.
        dimensions: One for each dimension, in the codebook's order.
        baseline_substring: The original study's test; None while unscanned.
        readiness: On the effective presence; None while unscanned.
        anomalies: How many; None while unscanned.
        reproduction: What the attempts say.
        judged: Findings that somebody judged.
        findings: Findings in all, those of tier `wrapper` left out.
        included: Whether the repository counts in the study's statistics.
        notes: The notes on the repository, oldest first, one a line; with names where several people wrote them.
        columns: The corpus's own columns as (name, text).
        judgements: What people said of it that holds at this commit.
        outdated: What they said of it at other commits and holds no more (`judgements_at`).
        versions: The versions of MLflow on which it can run; without bounds while unscanned.
        claims: What the code claims beside what the attempt that counts logged.
    """

    repo: str
    url: str
    commit: str
    scan_state: str
    features: tuple[FeatureResult, ...]
    dimensions: tuple[DimensionResult, ...]
    baseline_substring: bool | None
    readiness: Readiness | None
    anomalies: int | None
    reproduction: Reproduction
    judged: int
    findings: int
    included: bool
    notes: str
    columns: tuple[tuple[str, str], ...]
    judgements: tuple[Judgement, ...] = ()
    outdated: tuple[Judgement, ...] = ()
    versions: VersionRange = field(default_factory=VersionRange)
    claims: tuple[Claim, ...] = ()

    @property
    def scanned(self) -> bool:
        """Whether it was scanned at its commit."""
        return self.scan_state == SCANNED


def repository_result(
    codebook: Codebook,
    *,
    repo: str,
    url: str,
    commit: str,
    columns: tuple[tuple[str, str], ...] = (),
    clone_error: str = "",
    scan: RepositoryScan | None = None,
    judgements: Sequence[Judgement] = (),
    attempts: Sequence[Attempt] = (),
    captured: CapturedRuns | None = None,
) -> RepositoryResult:
    """Puts together what is known of a repository.

    Args:
        codebook: What was looked for.
        repo: `owner/name`.
        url: Where it comes from.
        commit: The pinned commit.
        columns: The corpus's own columns.
        clone_error: Why there is no clone; empty otherwise.
        scan: The scan at that commit; None where there is none.
        judgements: Of this repository; those of other commits count where they hold at this one.
        attempts: Of this repository, oldest first.
        captured: What the attempt that counts captured, at that commit; None where nothing is known of it.
    """
    holding = judgements_at(commit, judgements, scan.findings if scan else None)
    here = holding.judgements
    features = effective_features(codebook.features, scan.findings if scan else None, here)
    present = {result.feature for result in features if result.presence is Presence.PRESENT}
    on_repository = [judgement for judgement in here if not judgement.key.feature]
    return RepositoryResult(
        repo=repo,
        url=url,
        commit=commit,
        scan_state=SCANNED if scan else f"failed: {clone_error}" if clone_error else "unscanned",
        features=features,
        dimensions=_dimensions(codebook, features),
        baseline_substring=scan.baseline_substring if scan else None,
        readiness=readiness(present) if scan else None,
        anomalies=len(scan.anomalies) if scan else None,
        reproduction=reproduction_of(attempts),
        judged=sum(result.judged for result in features),
        findings=sum(result.count or 0 for result in features),
        included=decide(judgement.verdict for judgement in on_repository) is not False,
        notes=_notes(on_repository),
        columns=columns,
        judgements=here,
        outdated=holding.outdated,
        versions=scan.versions if scan else VersionRange(),
        claims=compare_claims(scan.findings, captured) if scan and captured else (),
    )


def counting_attempt(attempts: Sequence[Attempt]) -> Attempt | None:
    """The attempt that speaks for a repository; None where none finished.

    The newest attempt that came to its own end counts; one that was cancelled or interrupted only where there is no
    other. Where repeats of one series were made, one that differs makes the series differ.

    Args:
        attempts: Of one repository, oldest first.
    """
    finished = [attempt for attempt in attempts if attempt.state.outcome is not None]
    own_end = [a for a in finished if a.state.outcome not in SAYS_NOTHING]
    if not finished:
        return None
    counts = (own_end or finished)[-1]
    for attempt in own_end:
        same_series = attempt.state.series and attempt.state.series == counts.state.series
        if same_series and attempt.state.outcome is Outcome.DIFFERS:
            counts = attempt
    return counts


def reproduction_of(attempts: Sequence[Attempt]) -> Reproduction:
    """What attempts say together; see `counting_attempt`.

    Args:
        attempts: Of one repository, oldest first.
    """
    counts = counting_attempt(attempts)
    if counts is None:
        return Reproduction(attempts=len(attempts))
    state, plan = counts.state, counts.plan
    standing = standing_deviations(plan.isolation, plan.network)
    return Reproduction(
        attempts=len(attempts),
        outcome=state.outcome,
        cause=state.cause,
        reason=state.reason,
        seconds=state.took,
        environment=plan.environment.source,
        python=plan.environment.python_used,
        as_of=plan.environment.as_of[: len("2024-01-31")],
        isolation=plan.isolation,
        deviations=tuple(f"{d.subject}: asked {d.asked}, used {d.used}" for d in plan.deviations if d not in standing),
        repairs=tuple(repair.name for repair in state.repairs),
        foreseen=foreseen(counts),
    )


def _dimensions(codebook: Codebook, features: Sequence[FeatureResult]) -> tuple[DimensionResult, ...]:
    """Present where a feature is, else unknown where one is unknown; `features` are in the codebook's order."""
    found: dict[str, Presence] = {}
    for feature, result in zip(codebook.features, features, strict=True):
        known = found.setdefault(feature.dimension, result.presence)
        if known is not Presence.PRESENT and result.presence is not Presence.ABSENT:
            found[feature.dimension] = result.presence
    return tuple(_dimension(dimension, presence) for dimension, presence in found.items())


@cache
def _dimension(dimension: str, presence: Presence) -> DimensionResult:
    return DimensionResult(dimension, presence)


def _notes(judgements: Sequence[Judgement]) -> str:
    noted = sorted((j for j in judgements if j.note.strip()), key=lambda j: j.annotated_at)
    several = len({judgement.key.annotator for judgement in noted}) > 1
    return "\n".join(f"{j.key.annotator}: {j.note}" if several else j.note for j in noted)
