"""Columns of the corpus that few need at a glance: what else is known of attempts, findings and notes."""

from mlx_tui.tui.presentation.corpus_row import CorpusColumn, CorpusRow
from mlx_tui.tui.presentation.plan_text import short_duration
from mlx_tui.tui.widgets.table_model import Cell


def _cause(row: CorpusRow) -> str:
    cause = row.result.reproduction.cause
    return cause.value.replace("_", " ") if cause else ""


def _seconds(row: CorpusRow) -> Cell:
    seconds = row.result.reproduction.seconds
    return Cell("" if seconds is None else short_duration(round(seconds)))


MORE_COLUMNS = (
    CorpusColumn(
        "cause",
        "cause",
        18,
        lambda row: Cell(_cause(row)),
        lambda row: _cause(row) or None,
        description="Why the attempt that counts failed",
        searchable=True,
        least=8,
    ),
    CorpusColumn(
        "duration",
        "took",
        8,
        _seconds,
        lambda row: row.result.reproduction.seconds,
        align="right",
        description="How long the attempt that counts took, environment and run",
        descending=True,
    ),
    CorpusColumn(
        "attempts",
        "tries",
        5,
        lambda row: Cell(str(row.result.reproduction.attempts or "")),
        lambda row: row.result.reproduction.attempts,
        align="right",
        description="How many attempts there are",
        descending=True,
    ),
    CorpusColumn(
        "findings",
        "found",
        5,
        lambda row: Cell("?", "warn") if not row.result.scanned else Cell(str(row.result.findings)),
        lambda row: None if not row.result.scanned else row.result.findings,
        align="right",
        description="How many findings there are, those of wrappers left out",
        descending=True,
    ),
    CorpusColumn(
        "anomalies",
        "odd",
        4,
        lambda row: Cell(str(row.result.anomalies or ""), "warn"),
        lambda row: row.result.anomalies,
        align="right",
        description="Anomalies: files that couldn't be read as what they claim to be",
        descending=True,
    ),
    CorpusColumn(
        "url",
        "url",
        40,
        lambda row: Cell(row.result.url),
        lambda row: row.result.url.casefold(),
        keep_end=True,
        description="Where it comes from",
        searchable=True,
        hidden=True,
        least=12,
    ),
    CorpusColumn(
        "notes",
        "notes",
        0,
        lambda row: Cell(row.result.notes.replace("\n", " · ")),
        lambda row: row.result.notes.casefold() or None,
        description="The notes on the repository",
        searchable=True,
    ),
)
