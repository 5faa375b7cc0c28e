"""Commands that tell results: status, export, report, package, crosstab."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mlx_tui.cli.corpus import cancel_on_interrupt
from mlx_tui.cli.options import HERE, JsonOption, StudyOption
from mlx_tui.cli.output import StepLine, print_json, print_table
from mlx_tui.counted import counted
from mlx_tui.error_text import error_text

if TYPE_CHECKING:
    from mlx_tui.annotation.results import RepositoryResult
    from mlx_tui.detection.codebook import Codebook
    from mlx_tui.study.steps import Steps
    from mlx_tui.study.study import Study


def register(app: typer.Typer) -> None:
    """Adds this module's commands."""
    app.command("status")(status)
    app.command("export")(export)
    app.command("report")(report)
    app.command("package")(package)
    app.command("crosstab")(crosstab)


def status(study: StudyOption = HERE, json: JsonOption = False) -> None:
    """Print the table of repositories: dimensions, readiness, outcome, what is judged."""
    from mlx_tui.study import Study

    opened = Study(study)
    if json:
        print_json(opened.results())
    else:
        print_results(opened)


def export(study: StudyOption = HERE) -> None:
    """Write findings.csv and results.csv."""
    from mlx_tui.study import Study

    opened = Study(study)
    with writing(opened) as steps:
        for path in opened.export(steps):
            typer.echo(str(path))


def report(
    output: Annotated[Path, typer.Option("-o", "--output", help="A .html or .md file.")],
    study: StudyOption = HERE,
) -> None:
    """Write the corpus's statistics as one self-contained HTML page or as Markdown."""
    from mlx_tui.study import Study

    opened = Study(study)
    with writing(opened) as steps:
        opened.write_report(output, steps)
        typer.echo(str(output))


def package(
    output: Annotated[Path, typer.Option("-o", "--output", help="A .zip file.")],
    study: StudyOption = HERE,
) -> None:
    """Pack the study for others to check: tables, codebook, report, plans, outcomes and logs; no clones."""
    from mlx_tui.study import Study

    opened = Study(study)
    refresh_csvs(opened)
    with writing(opened, scan=False) as steps:
        packaged = opened.package(output, steps)
    for left_out in packaged.left_out:
        typer.echo(f"left out: {left_out}", err=True)
    if packaged.local:
        typer.echo(
            f"note: {packaged.local} repositories are folders of this machine: others can't fetch them", err=True
        )
    typer.echo(f"{output}: {counted(packaged.files, 'file')}")
    if packaged.left_out:
        raise typer.Exit(1)


def crosstab(
    rows: Annotated[str, typer.Argument(help="A column of results.csv, such as one of your corpus's own.")],
    columns: Annotated[str, typer.Argument(help="Another, such as outcome or presence.metrics.logged.")],
    study: StudyOption = HERE,
    json: JsonOption = False,
) -> None:
    """Count repositories by two columns of results.csv: outcome by domain, say."""
    from io import BytesIO

    from mlx_tui.annotation.tables import results_csv
    from mlx_tui.statistics.frames import crosstab as count
    from mlx_tui.statistics.frames import results_frame
    from mlx_tui.study import Study

    opened = Study(study)
    opened.scan()
    table = count(results_frame(BytesIO(results_csv(opened.results(), opened.codebook))), rows, columns)
    headings = [f"{rows} / {columns}", *map(str, table.columns)]
    cells = [
        [str(name), *map(str, counts)] for name, counts in zip(table.index, table.to_numpy().tolist(), strict=True)
    ]
    if json:
        print_json([dict(zip(headings, row, strict=True)) for row in cells])
    else:
        print_table(headings, cells, right=frozenset(range(1, len(headings))))


@contextmanager
def writing(study: "Study", *, scan: bool = True) -> Iterator["Steps"]:
    """Scans what isn't, then gives the steps of what is written; Ctrl-C stops either, and old files stay whole."""
    from mlx_tui.study.steps import Steps, WritingStopped

    cancelled = cancel_on_interrupt()
    line = StepLine()
    steps = Steps(lambda p: line.show(p.done, p.total, p.what), cancelled)
    try:
        if scan:
            study.scan(on_progress=lambda p: line.show(p.done, p.total, f"scanning {p.repo}"), cancelled=cancelled)
        steps.check()
        yield steps
    except WritingStopped as stopped:
        line.end()
        typer.echo(str(stopped), err=True)
        raise typer.Exit(1) from stopped


def refresh_csvs(study: "Study") -> None:
    """Writes the CSVs after a change; where they can't be written, the change stands and the reason is told."""
    from mlx_tui.study import StudyError

    if not study.has_corpus:
        return
    try:
        study.export()
    except (StudyError, OSError) as error:
        typer.echo(f"note: {error_text(error)}", err=True)


def print_results(study: "Study") -> None:
    """Prints the table of repositories: per dimension how many of its features are present."""
    from mlx_tui.reproduction.foresight import tally

    results = study.results()
    dimensions = dict.fromkeys(feature.dimension for feature in study.codebook.features)
    headings = ("repository", "commit", *dimensions, "readiness", "baseline", "outcome", "judged")
    print_table(headings, [_row(result, study.codebook) for result in results])
    foresight = tally(result.reproduction.foreseen for result in results)
    if foresight.told:
        typer.echo(
            f"\nforesight: {foresight.right} of {foresight.told} plans said rightly whether they run, and the cause "
            f"of {foresight.causes_right} of {foresight.failed} failures"
        )


def _row(result: "RepositoryResult", codebook: "Codebook") -> tuple[str, ...]:
    reproduction = result.reproduction
    outcome = str(reproduction.outcome or "") + (f" ({reproduction.cause})" if reproduction.cause else "")
    return (
        result.repo,
        result.commit[:8] or result.scan_state.partition(":")[0],
        *_dimension_cells(result, codebook),
        f"{result.readiness.score}/6" if result.readiness else "?",
        {True: "yes", False: "no", None: "?"}[result.baseline_substring],
        outcome or "—",
        f"{result.judged}/{result.findings}",
    )


def _dimension_cells(result: "RepositoryResult", codebook: "Codebook") -> list[str]:
    from mlx_tui.annotation.effective import Presence

    present: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    for feature, found in zip(codebook.features, result.features, strict=True):
        present[feature.dimension] += found.presence is Presence.PRESENT
        unknown[feature.dimension] += found.presence is Presence.UNKNOWN
    return [str(present[name] or ("?" if unknown[name] else "·")) for name in present]
