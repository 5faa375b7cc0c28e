"""Everything that is told of one attempt, in lines: how it ended, what was logged, claimed, compared, and took time."""

from collections.abc import Iterator
from datetime import datetime

from mlx_tui.annotation.claims import Claim
from mlx_tui.counted import counted
from mlx_tui.reproduction.model import CapturedRuns, Comparison, MetricComparison
from mlx_tui.reproduction.notebook_cells import CellTime
from mlx_tui.study.attempt_report import AttemptReport
from mlx_tui.tui.presentation.attempt_text import attempt_lines
from mlx_tui.tui.presentation.claim_lines import CLAIM_SIGNS, missing_names, names_text, said_of
from mlx_tui.tui.presentation.marks import METRIC
from mlx_tui.tui.presentation.plan_text import Line, duration


def detail_lines(report: AttemptReport, now: datetime, *, blind: bool = False) -> Iterator[Line]:
    """Yields what is known of an attempt line by line; where one judges blind, not what the findings claim."""
    state = report.attempt.state
    yield "Outcome", "title"
    yield from ((f"  {text}", role) for text, role in attempt_lines(report.attempt, now))
    for repair in state.repairs:
        yield f"  repair {repair.name}: {repair.did} (because: {repair.why})", "muted"
    if state.comparison is not None:
        yield from _comparison(state.comparison)
    if report.claims is not None and not blind:
        yield from _claims(report.claims)
    if report.captured is not None:
        yield from _captured(report.captured)
    if report.cells:
        yield from _cells(report.cells)


def tolerance_text(comparison: Comparison) -> str:
    """Returns how near values must be to count as equal."""
    if not comparison.relative_tolerance:
        return "the environment is the same: only identical values count as equal"
    return f"another environment: equal within a relative {comparison.relative_tolerance:g}"


def _comparison(comparison: Comparison) -> Iterator[Line]:
    yield "", ""
    yield f"Compared with {comparison.source} {comparison.path}", "title"
    yield f"  {tolerance_text(comparison)}", "muted"
    yield from map(_metric, comparison.metrics)


def _metric(metric: MetricComparison) -> Line:
    sign, role = METRIC[metric.verdict]
    value = "missing" if metric.value is None else repr(metric.value)
    text = f"  {sign} {metric.name}: {value}, reference {metric.reference!r}: {metric.verdict.value.replace('_', ' ')}"
    if metric.spread is not None:
        spread = metric.spread
        text += (
            f"; {spread.count} repeats: mean {spread.mean:.6g}, standard deviation {spread.deviation:.3g}, "
            f"{spread.low:.6g} to {spread.high:.6g}"
        )
    return text, role


def _claims(claims: tuple[Claim, ...]) -> Iterator[Line]:
    yield "", ""
    yield "Claim and reality: what the code says that it logs, and what was logged", "title"
    for claim in claims:
        yield from _claim(claim)
    if not claims:
        yield "  the code claims nothing, and nothing was logged", "muted"


def _claim(claim: Claim) -> Iterator[Line]:
    sign, role = CLAIM_SIGNS[claim.state]
    yield f"  {sign} {claim.what}: {said_of(claim)}", role
    if missing := missing_names(claim):
        yield f"      not logged: {missing}", role
    if claim.places:
        yield f"      claimed at {names_text(claim.places)}", "muted"


def _captured(captured: CapturedRuns) -> Iterator[Line]:
    yield "", ""
    version = f" by MLflow {captured.mlflow_version}" if captured.mlflow_version else ""
    yield f"Captured{version}: {counted(len(captured.runs), 'run')}", "title"
    for run in captured.runs:
        kinds = (
            (len(run.params), "parameter"),
            (len(run.metrics), "metric"),
            (len(run.tags), "tag"),
            (len(run.artifacts), "artifact"),
            (len(run.datasets), "dataset"),
        )
        nested = ", nested" if run.parent_run_id else ""
        held = ", ".join(counted(number, kind) for number, kind in kinds if number)
        yield f"  {run.name or run.run_id} ({run.experiment}, {run.status}{nested}): {held or 'nothing'}", ""
    for version_of in captured.model_versions:
        aliases = f", {', '.join(version_of.aliases)}" if version_of.aliases else ""
        yield f"  model {version_of.name} version {version_of.version}{aliases}", ""
    if captured.cut:
        yield "  there is more in the store than is read", "warn"
    for uri in captured.asked_uris:
        yield f"  asked for {uri}; its runs are in the attempt's own store", "muted"


def _cells(cells: tuple[CellTime, ...]) -> Iterator[Line]:
    yield "", ""
    yield "Cells of the notebook, and what each took", "title"
    notebook = ""
    for cell in cells:
        if cell.notebook != notebook:
            notebook = cell.notebook
            yield f"  {notebook}", "strong"
        took = "didn't end" if cell.seconds is None else _took(cell.seconds)
        yield f"  {cell.cell:>4}  {took:>12}  {cell.source}", "bad" if cell.failed else ""


def _took(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds < 60 else duration(round(seconds))
