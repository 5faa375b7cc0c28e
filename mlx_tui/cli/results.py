"""Commands that tell results: status, export, report."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mlx_tui.cli.options import HERE, JsonOption, StudyOption
from mlx_tui.cli.output import print_json, print_table

if TYPE_CHECKING:
    from mlx_tui.study.study import Study


def register(app: typer.Typer) -> None:
    """Adds this module's commands."""
    app.command("status")(status)
    app.command("export")(export)
    app.command("report")(report)


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

    for path in Study(study).export():
        typer.echo(str(path))


def report(
    output: Annotated[Path, typer.Option("-o", "--output", help="A .html or .md file.")],
    study: StudyOption = HERE,
) -> None:
    """Write the corpus's statistics as one self-contained HTML page or as Markdown."""
    from mlx_tui.study import Study

    Study(study).write_report(output)
    typer.echo(str(output))


def print_results(study: "Study") -> None:
    """Prints the table of repositories."""
    from mlx_tui.annotation.summary_row import summary_headings, summary_row

    rows = [summary_row(result) for result in study.results()]
    print_table(summary_headings(study.codebook), rows)
