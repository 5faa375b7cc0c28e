"""What a report says: the statistics of a corpus in words, tables and bars."""

from collections.abc import Sequence
from datetime import date

from mlx_tui import __version__
from mlx_tui.annotation.results import RepositoryResult
from mlx_tui.counted import counted
from mlx_tui.detection.codebook import Codebook
from mlx_tui.safe_text import safe_text
from mlx_tui.statistics.report_method import decision_sections, method_sections
from mlx_tui.statistics.report_model import (
    Report,
    Section,
    Table,
    words,
)
from mlx_tui.statistics.report_sections import findings_sections
from mlx_tui.statistics.summary import CorpusStatistics

MAX_REPOSITORIES = 500
"""How many repositories a report lists by name."""


def report_content(
    statistics: CorpusStatistics, results: Sequence[RepositoryResult], codebook: Codebook, made_on: date
) -> Report:
    """Says in words and tables what a corpus's statistics are.

    Args:
        statistics: Of `results`.
        results: One for each repository.
        codebook: What was looked for.
        made_on: The report's date.
    """
    lead = (
        f"{counted(statistics.repositories, 'repository')}, {statistics.excluded} of them excluded; "
        f"{statistics.scanned} scanned, {statistics.failed} without a clone, {statistics.unscanned} not scanned. "
        f"Codebook {codebook.identity}, mlx-tui {__version__}, {made_on:%Y-%m-%d}."
    )
    sections = (
        *findings_sections(statistics, codebook),
        *_left_out(results),
        *decision_sections(results),
        _repositories(results),
        *method_sections(statistics, results, codebook, made_on),
    )
    return Report("Traceability and reproducibility of a corpus", lead, sections)


def _left_out(results: Sequence[RepositoryResult]) -> list[Section]:
    rows = [
        (
            safe_text(result.repo),
            "excluded" if not result.included else safe_text(result.scan_state),
            _line(result.notes),
        )
        for result in results
        if not result.included or result.scan_state.startswith("failed")
    ]
    return [Section("Repositories left out", table=_cut(("repository", "why", "note"), rows))] if rows else []


def _repositories(results: Sequence[RepositoryResult]) -> Section:
    rows = [
        (
            safe_text(result.repo),
            result.commit[:10],
            _yes_no(result.baseline_substring),
            "–" if result.readiness is None else str(result.readiness.score),
            words(result.reproduction.outcome or "–"),
            words(result.reproduction.cause or ""),
            f"{result.judged}/{result.findings}",
        )
        for result in results
        if result.included
    ]
    more = (
        (f"The first {MAX_REPOSITORIES} of {len(rows)}; all are in results.csv.",)
        if len(rows) > MAX_REPOSITORIES
        else ()
    )
    columns = ("repository", "commit", "baseline", "readiness", "outcome", "cause", "judged")
    return Section("Repositories", more, table=_cut(columns, rows, frozenset({3, 6})), folded=True)


def _cut(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]], numeric: frozenset[int] = frozenset()) -> Table:
    return Table(columns, tuple(rows[:MAX_REPOSITORIES]), numeric)


def _line(text: str) -> str:
    return safe_text(text.replace("\n", " · "))


def _yes_no(value: bool | None) -> str:
    return "–" if value is None else "yes" if value else "no"
