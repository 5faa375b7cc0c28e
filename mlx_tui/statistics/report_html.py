"""The report as one HTML page that needs nothing else: no script, no font, no picture from elsewhere."""

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape

from mlx_tui.annotation.results import RepositoryResult
from mlx_tui.detection.codebook import Codebook
from mlx_tui.statistics.charts import bar_chart
from mlx_tui.statistics.report_content import report_content
from mlx_tui.statistics.report_model import Section, Table
from mlx_tui.statistics.summary import CorpusStatistics

_STYLE = """
:root { color-scheme: light dark; --paper: #fff; --ink: #1c2228; --muted: #5b6670; --rule: #d8dee4; --bar: #3f7cac;
  --whisker: #1c2228; --band: #f5f7f9; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181c; --ink: #e4e8ec; --muted: #9aa6b1; --rule: #323a42;
  --bar: #4f94c9; --whisker: #f2f4f6; --band: #1b2126; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 2.5rem 1.5rem 4rem; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .6rem; }
h2 { font-size: 1.2rem; margin: 2.6rem 0 .6rem; padding-top: .8rem; border-top: 1px solid var(--rule); }
p { margin: .5rem 0; max-width: 48rem; }
.lead { color: var(--muted); }
.scroll { overflow-x: auto; margin: .9rem 0; }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
th, td { padding: .28rem .8rem; text-align: left; border-bottom: 1px solid var(--rule); vertical-align: top;
  overflow-wrap: anywhere; min-width: 3.5rem; }
th { font-weight: 600; white-space: nowrap; border-bottom: 2px solid var(--rule); }
tbody tr:nth-child(even) { background: var(--band); }
.number { text-align: right; white-space: nowrap; }
summary { cursor: pointer; color: var(--muted); margin: .8rem 0; }
.chart { display: block; width: 100%; min-width: 36rem; max-width: 860px; height: auto; font-size: 13px; }
.chart text { fill: var(--ink); }
.chart .heading { font-weight: 600; }
.chart .axis, .chart .unknown { fill: var(--muted); font-size: 12px; }
.chart .unknown { font-style: italic; }
.grid { stroke: var(--rule); }
.bar { fill: var(--bar); }
.whisker { stroke: var(--whisker); stroke-width: 1.5; fill: none; }
@media print {
  :root { color-scheme: light; --paper: #fff; --ink: #000; --muted: #444; --rule: #bbb; --bar: #8fb3cf;
    --whisker: #000; --band: #fff; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  h1 { font-size: 18pt; }
  h2 { font-size: 13pt; margin-top: 18pt; }
  h2, section > p { break-after: avoid; }
  tr, .chart, section > p { break-inside: avoid; }
  .chart { max-height: 21cm; min-width: 0; }
  table { font-size: 8.5pt; line-height: 1.3; }
  th, td { padding: .1rem .6rem; }
  thead { display: table-header-group; }
  summary { display: none; }
  details::details-content { content-visibility: visible; display: block; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
# A page that can't load anything can't send anything either, whatever a repository's name holds.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def html_report(
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
    body = "\n".join(line for section in report.sections for line in _section(section))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(report.title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{escape(report.title)}</h1>
<p class="lead">{escape(report.lead)}</p>
{body}
</body>
</html>
"""


def _section(section: Section) -> Iterator[str]:
    yield f"<section><h2>{escape(section.title)}</h2>"
    yield from (f"<p>{escape(paragraph)}</p>" for paragraph in section.text)
    if section.chart:
        yield f'<div class="scroll">{bar_chart(section.chart, section.title)}</div>'
    if section.table:
        yield from _table(section.table, summary="Numbers" if section.chart else "Show all" if section.folded else "")
    yield "</section>"


def _table(table: Table, summary: str) -> Iterator[str]:
    if summary:
        yield f"<details><summary>{escape(summary)}</summary>"
    yield '<div class="scroll"><table><thead>'
    yield _row(table.columns, table.numeric, "th")
    yield "</thead><tbody>"
    yield from (_row(row, table.numeric, "td") for row in table.rows)
    yield "</tbody></table></div>"
    if summary:
        yield "</details>"


def _row(cells: Sequence[str], numeric: frozenset[int], tag: str) -> str:
    marked = (
        f'<{tag} class="number">{escape(cell)}</{tag}>' if index in numeric else f"<{tag}>{escape(cell)}</{tag}>"
        for index, cell in enumerate(cells)
    )
    return f"<tr>{''.join(marked)}</tr>"
