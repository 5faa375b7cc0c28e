"""The parts of a report from which a paper's methods section is written: who decided what, and how it was measured."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from mlx_tui import __version__
from mlx_tui.annotation.model import Judgement, Verdict
from mlx_tui.annotation.results import RepositoryResult
from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.mlflow_interface import sampled_versions
from mlx_tui.safe_text import safe_text
from mlx_tui.statistics.report_model import Section, Table
from mlx_tui.statistics.summary import CorpusStatistics

_DECISIONS = {Verdict.INCLUDED, Verdict.EXCLUDED}
_FORK_COLUMN = "isfork"
"""SEART-GHS's column, in lower case."""


def decision_sections(results: Sequence[RepositoryResult]) -> list[Section]:
    """Every decision to include or exclude a repository, and those that may count twice; without any, nothing."""
    return [section for section in (_decisions(results), _duplicates(results)) if section is not None]


def method_sections(
    s: CorpusStatistics, results: Sequence[RepositoryResult], codebook: Codebook, made_on: date
) -> list[Section]:
    """How it was measured, on which repositories, and who judged."""
    sections = (_method(codebook, made_on), _states(s), _annotators(results))
    return [section for section in sections if section is not None]


def _decisions(results: Sequence[RepositoryResult]) -> Section | None:
    decisions = [j for result in results for j in result.judgements if not j.key.feature and j.verdict in _DECISIONS]
    if not decisions:
        return None
    rows = tuple(
        (
            *(safe_text(j.key.repo), j.verdict.value, safe_text(j.key.annotator), f"{j.annotated_at:%Y-%m-%d}"),
            safe_text(j.note.replace("\n", " · ")),
        )
        for j in sorted(decisions, key=lambda j: (j.key.repo, j.annotated_at))
    )
    return Section(
        "Decisions on repositories",
        ("Every annotator's decision; the majority counts.",),
        table=Table(("repository", "decision", "by", "on", "because"), rows),
    )


def _duplicates(results: Sequence[RepositoryResult]) -> Section | None:
    """Repositories of which one is counted twice: at one commit, or forks by the corpus's own account."""
    at: dict[str, list[str]] = defaultdict(list)
    forks = []
    for result in results:
        if result.included and result.commit:
            at[result.commit].append(safe_text(result.repo))
        if result.included and any(n.lower() == _FORK_COLUMN and v.lower() == "true" for n, v in result.columns):
            forks.append(safe_text(result.repo))
    same = [(", ".join(repos), f"one commit, {commit[:10]}") for commit, repos in at.items() if len(repos) > 1]
    rows = (*same, *((repo, "a fork, as the corpus's column isFork says") for repo in forks))
    if not rows:
        return None
    return Section(
        "Duplicates and forks among the included",
        (
            "Each of them counts in the shares. Exclude what is the same project twice. A fork that went on by itself "
            "stands at a commit of its own, and is known here by the corpus's columns alone.",
        ),
        table=Table(("repositories", "why"), rows),
    )


def _method(codebook: Codebook, made_on: date) -> Section:
    undetected = [feature.id for feature in codebook.features if not feature.detected]
    missing = (
        (f"Not detected by this version, so unknown unless judged: {', '.join(undetected)}.",) if undetected else ()
    )
    versions = sampled_versions()
    return Section(
        "How it was measured",
        (
            f"Codebook {codebook.identity} (SHA-256 {codebook.hash}), {len(codebook.features)} features; "
            f"mlx-tui {__version__}; {made_on:%Y-%m-%d}. Every repository was read at one pinned commit, which "
            "results.csv names.",
            f"Which versions of MLflow a repository can run on was told from MLflow's interface in {len(versions)} "
            f"versions: {', '.join(versions)}.",
            "Shares are over the included repositories of which the answer is known (n). Intervals are Wilson score "
            "intervals at 95 % (Wilson 1927); they speak of sampling alone, not of the detector's errors, but where "
            "it says corrected.",
            "Where several annotators judged one thing, the majority decides; where they are evenly split, the "
            "program's own answer stands. A judgement on a feature as a whole wins over those on its findings.",
            *missing,
        ),
    )


def _states(s: CorpusStatistics) -> Section:
    rows = (
        ("in the corpus", s.repositories),
        ("excluded by decision", s.excluded),
        ("included and scanned", s.scanned),
        ("included, without a clone", s.failed),
        ("included, not scanned", s.unscanned),
    )
    return Section(
        "Repositories by state",
        table=Table(("state", "repositories"), tuple((name, str(count)) for name, count in rows), frozenset({1})),
    )


def _annotators(results: Sequence[RepositoryResult]) -> Section | None:
    by: dict[str, list[Judgement]] = defaultdict(list)
    for result in results:
        for judgement in result.judgements:
            by[judgement.key.annotator].append(judgement)
    if not by:
        return None
    rows = []
    for annotator, judgements in sorted(by.items()):
        days = sorted(judgement.annotated_at for judgement in judgements)
        repositories = len({judgement.key.repo for judgement in judgements})
        span = (f"{days[0]:%Y-%m-%d}", f"{days[-1]:%Y-%m-%d}")
        rows.append((safe_text(annotator), str(len(judgements)), str(repositories), *span))
    columns = ("annotator", "judgements", "repositories", "from", "to")
    return Section("Annotators", table=Table(columns, tuple(rows), frozenset({1, 2})))
