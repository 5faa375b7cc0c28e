"""`results.csv` and `findings.csv`: tables for pandas and spreadsheets, written by the program, never read back.

RFC 4180, UTF-8. Text passes `csv_cell`: no formula, no control character. Unknown is an empty cell. Whole numbers stay
whole numbers, truth values are `True` and `False`, as pandas reads them by itself.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from mlx_tui.annotation.cells import note_cell
from mlx_tui.annotation.claims import ClaimState
from mlx_tui.annotation.model import Judgement
from mlx_tui.annotation.results import RepositoryResult
from mlx_tui.annotation.timestamps import format_timestamp
from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.derived import CONDITIONS
from mlx_tui.detection.model import RepositoryScan, VersionRange
from mlx_tui.json_file import replace_file
from mlx_tui.safe_text import csv_cell, safe_text

FINDINGS_COLUMNS = (
    "repo",
    "commit",
    "feature",
    "path",
    "cell",
    "line",
    "tier",
    "value",
    "excerpt",
    "verdict",
    "note",
    "annotator",
    "annotated_at",
    "rule",
    "explanation",
    "judged_commit",
)
_Place = tuple[str, str, str, str, int | None, int | None]
_PRESENCE = "presence."
_DIMENSION = "dimension."
_READINESS = "readiness."
_CLAIMS = "claims."


def results_columns(codebook: Codebook, own: Sequence[str] = ()) -> tuple[str, ...]:
    """The columns of `results.csv`.

    Args:
        codebook: Its features and dimensions are columns.
        own: The corpus's own columns; those whose name is taken come as `corpus.<name>`.
    """
    fixed = (
        *("repo", "url", "commit", "scan_state", "included", "baseline_substring", "readiness"),
        *("mlflow_min", "mlflow_max", "mlflow_declared"),
        *(
            "outcome",
            "cause",
            "reason",
            "seconds",
            "attempts",
            "environment",
            "python",
            "as_of",
            "isolation",
            "deviations",
            "repairs",
            *(f"{_CLAIMS}{state}" for state in ClaimState),
            "judged",
            "outdated",
            "findings",
            "anomalies",
        ),
        "notes",
    )
    dimensions = dict.fromkeys(feature.dimension for feature in codebook.features)
    ours = (
        *fixed,
        *(f"{_READINESS}{name.replace(' ', '_')}" for name, _ in CONDITIONS),
        *(f"{_DIMENSION}{dimension}" for dimension in dimensions),
        *(feature.id for feature in codebook.features),
        *(f"{_PRESENCE}{feature.id}" for feature in codebook.features),
    )
    return (*ours, *(f"corpus.{name}" if name in ours else name for name in own))


def results_csv(results: Sequence[RepositoryResult], codebook: Codebook) -> bytes:
    """The text of `results.csv`: one row a repository."""
    own = tuple(dict.fromkeys(name for result in results for name, _ in result.columns))
    header = [csv_cell(name) for name in results_columns(codebook, own)]
    return csv_bytes(header, (_result_row(result, own) for result in results))


def write_findings_csv(path: Path, scans: Iterable[RepositoryScan], judgements: Iterable[Judgement]) -> None:
    """Writes one row a finding, with its judgement, atomically; see `findings_csv`.

    Raises:
        OSError: It can't be written; the file is as it was.
    """
    replace_file(path, findings_csv(scans, judgements))


def findings_csv(scans: Iterable[RepositoryScan], judgements: Iterable[Judgement]) -> bytes:
    """The text of `findings.csv`: one row a finding, with its judgement; a scan is asked for when its rows are due.

    Where several annotators judged a finding, its row holds all their verdicts, in order of time, joined with `; `.
    """
    by_place: dict[_Place, list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        key = judgement.key
        by_place[key.repo, key.commit, key.feature, key.path, key.cell, key.line].append(judgement)
    return csv_bytes(FINDINGS_COLUMNS, (row for scan in scans for row in _finding_rows(scan, by_place)))


def _result_row(result: RepositoryResult, own: Sequence[str]) -> list[object]:
    reproduction, named = result.reproduction, dict(result.columns)
    conditions = result.readiness.conditions if result.readiness else (None,) * len(CONDITIONS)
    return [
        *map(csv_cell, (result.repo, result.url, result.commit, result.scan_state)),
        result.included,
        result.baseline_substring,
        result.readiness.score if result.readiness else None,
        *_version_cells(result.versions),
        reproduction.outcome,
        reproduction.cause,
        csv_cell(reproduction.reason),
        None if reproduction.seconds is None else round(reproduction.seconds, 3),
        reproduction.attempts,
        *map(csv_cell, (reproduction.environment, reproduction.python, reproduction.as_of)),
        reproduction.isolation,
        csv_cell("; ".join(reproduction.deviations)),
        csv_cell("; ".join(reproduction.repairs)),
        *("; ".join(claim.what for claim in result.claims if claim.state is state) for state in ClaimState),
        result.judged,
        len(result.outdated),
        result.findings,
        result.anomalies,
        note_cell(result.notes),
        *(condition.met if condition else None for condition in conditions),
        *(dimension.presence.value for dimension in result.dimensions),
        *(feature.count for feature in result.features),
        *(feature.presence.value for feature in result.features),
        *(csv_cell(named.get(name, "")) for name in own),
    ]


def _version_cells(versions: VersionRange) -> tuple[str | None, str | None, str]:
    declared = dict.fromkeys(item.requirement for item in versions.declared)
    return (
        versions.lower.version if versions.lower else None,
        versions.upper.version if versions.upper else None,
        csv_cell("; ".join(declared)),
    )


def _finding_rows(scan: RepositoryScan, judgements: Mapping[_Place, Sequence[Judgement]]) -> Iterator[list[object]]:
    for finding in scan.findings:
        place = (scan.repo, scan.commit, finding.feature, safe_text(finding.path), finding.cell, finding.line)
        judged = sorted(judgements.get(place, ()), key=lambda judgement: judgement.annotated_at)
        yield [
            *map(csv_cell, (scan.repo, scan.commit, finding.feature, finding.path)),
            finding.cell,
            finding.line,
            finding.tier.value,
            csv_cell(finding.value),
            csv_cell(finding.excerpt),
            "; ".join(judgement.verdict.value for judgement in judged),
            note_cell("\n".join(judgement.note for judgement in judged if judgement.note)),
            csv_cell("; ".join(judgement.key.annotator for judgement in judged)),
            "; ".join(format_timestamp(judgement.annotated_at) for judgement in judged),
            csv_cell(finding.rule),
            csv_cell(finding.explanation),
            "; ".join(csv_cell(judgement.given_at or judgement.key.commit) for judgement in judged),
        ]


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table as RFC 4180 has it, in UTF-8; text cells have passed `csv_cell`."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()
