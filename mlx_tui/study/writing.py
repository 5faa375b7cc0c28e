"""What a study writes for others to read: its CSVs and reports, told step by step and replaced whole or not at all."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mlx_tui.annotation.results import RepositoryResult
from mlx_tui.annotation.tables import findings_csv, results_csv
from mlx_tui.json_file import replace_file
from mlx_tui.study.errors import NotScanned, StudyError
from mlx_tui.study.steps import Steps

if TYPE_CHECKING:
    from mlx_tui.study.study import Study

FINDINGS = "findings.csv"
RESULTS = "results.csv"
SUFFIXES = (".html", ".md")
"""What a report may be."""
PART = 100


def write_csvs(study: "Study", steps: Steps) -> tuple[Path, Path]:
    """Writes `findings.csv` and `results.csv`; both are made before the first is replaced.

    Raises:
        NotScanned: There are such files, and repositories that aren't scanned here with this codebook: what the files
            hold of them would be lost.
        WritingStopped: It was cancelled.
        OSError: One can't be written; it is as it was.
    """
    findings, results = study.path / FINDINGS, study.path / RESULTS
    pinned = [clone for clone in study.corpus.clones() if clone.commit]
    scans = [scan for clone in pinned if (scan := study.scans.of(clone))]
    if findings.exists() and len(scans) < len(pinned):
        raise NotScanned(
            f"the CSVs stay as they are: {len(pinned) - len(scans)} of {len(pinned)} repositories aren't "
            "fetched here and scanned with this codebook; `mlx-tui fetch` and `mlx-tui scan` do it"
        )
    steps.expect(len(study.corpus.entries()) + len(scans))
    rows = results_of(study, steps)
    made = findings_csv(steps.each(FINDINGS, scans), (judgement for row in rows for judgement in row.judgements))
    also_made = results_csv(rows, study.codebook)
    steps.check()
    replace_file(findings, made)
    replace_file(results, also_made)
    return findings, results


def write_report(study: "Study", path: Path, steps: Steps) -> None:
    """Writes the statistics as Markdown or as one HTML page, by the path's suffix.

    Raises:
        StudyError: The suffix is neither `.md` nor `.html`.
        WritingStopped: It was cancelled.
        OSError: The file can't be written; it is as it was.
    """
    if path.suffix not in SUFFIXES:
        raise StudyError(f"{path}: a report is a .html or a .md file")
    steps.expect(len(study.corpus.entries()))
    made = report(study, path.suffix, results_of(study, steps)).encode()
    steps.check()
    replace_file(path, made)


def report(study: "Study", suffix: str, results: tuple[RepositoryResult, ...]) -> str:
    """The statistics as Markdown (`.md`) or as one HTML page (`.html`)."""
    from mlx_tui.statistics.report_html import html_report
    from mlx_tui.statistics.report_markdown import markdown_report
    from mlx_tui.statistics.summary import summarize

    made_on = datetime.now(UTC).date()
    write = {".md": markdown_report, ".html": html_report}[suffix]
    return write(summarize(results, study.codebook), results, study.codebook, made_on=made_on)


def results_of(study: "Study", steps: Steps) -> tuple[RepositoryResult, ...]:
    """One result a repository, each a step."""
    results = (result for part in study.rows.parts(PART) for result in part)
    return tuple(steps.each("reading the repositories", results))
