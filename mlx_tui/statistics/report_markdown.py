"""The report as Markdown (CommonMark with tables)."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from mlx_tui.annotation.results import RepositoryResult
from mlx_tui.detection.codebook import Codebook
from mlx_tui.statistics.report_content import report_content
from mlx_tui.statistics.report_model import Section, Table
from mlx_tui.statistics.summary import CorpusStatistics

# Inside a word an underscore is just that; everywhere else these begin markup, also that of raw HTML.
_MARKUP = re.compile(r"[\\`*\[\]<>|~&!#]|(?<![^\W_])_|_(?![^\W_])")


def markdown_report(
    statistics: CorpusStatistics, results: Sequence[RepositoryResult], codebook: Codebook, *, made_on: date
) -> str:
    """Writes the report.

    Args:
        statistics: Of `results`.
        results: One for each repository.
        codebook: What was looked for.
        made_on: The report's date.
    """
    report = report_content(statistics, results, codebook, made_on)
    lines = [f"# {report.title}", "", escape_markdown(report.lead), ""]
    for section in report.sections:
        lines += _section(section)
    return "\n".join(lines)


def escape_markdown(text: str) -> str:
    """Text on one line that shows as it is wherever inline Markdown is read."""
    text = _MARKUP.sub(lambda match: "\\" + match[0], text.replace("\n", " "))
    return re.sub(r"(?i)\b(https?|ftp|www|mailto)([:.])", r"\1\\\2", text)


def _section(section: Section) -> Iterator[str]:
    yield from (f"## {section.title}", "")
    for paragraph in section.text:
        yield from (escape_markdown(paragraph), "")
    if section.table:
        yield from _table(section.table)
        yield ""


def _table(table: Table) -> Iterator[str]:
    yield _row(table.columns)
    yield _line("---:" if index in table.numeric else "---" for index in range(len(table.columns)))
    yield from map(_row, table.rows)


def _row(cells: Sequence[str]) -> str:
    return _line(escape_markdown(cell) for cell in cells)


def _line(cells: "Iterator[str]") -> str:
    return f"| {' | '.join(cells)} |"
