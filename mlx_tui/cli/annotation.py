"""Commands of human work: annotate, merge, agreement."""

from pathlib import Path
from typing import Annotated

import typer

from mlx_tui.annotation.model import Verdict
from mlx_tui.cli.options import HERE, JsonOption, RepositoryArgument, StudyOption
from mlx_tui.cli.output import print_json, print_table
from mlx_tui.cli.results import refresh_csvs


def register(app: typer.Typer) -> None:
    """Adds this module's commands."""
    app.command("annotate")(annotate)
    app.command("merge")(merge)
    app.command("agreement")(agreement)


def annotate(
    repo: RepositoryArgument,
    feature: Annotated[str, typer.Argument(metavar="FEATURE", help="A feature's id; '' for the repository itself.")],
    verdict: Annotated[Verdict, typer.Option(help="What you say.")],
    at: Annotated[
        str, typer.Option(metavar="PATH:LINE", help="The finding, or the place of a missed one (PATH#CELL:LINE).")
    ] = "",
    note: Annotated[str | None, typer.Option(help="Free text; without it, the note of before stays.")] = None,
    study: StudyOption = HERE,
) -> None:
    """Judge a finding, a feature as a whole (without --at), or the repository (with an empty feature)."""
    from mlx_tui.study import Study

    opened = Study(study)
    finding = opened.finding_at(repo, feature, at) if at else None
    report = opened.judge(repo, feature, verdict, finding=finding, note=note)
    refresh_csvs(opened)
    for conflict in report.conflicts:
        typer.echo(f"conflict: {conflict}", err=True)
    typer.echo(f"saved in {opened.annotations.journal.path}")


def merge(
    other: Annotated[Path, typer.Argument(metavar="OTHER.csv", help="Another annotator's annotations.csv.")],
    study: StudyOption = HERE,
) -> None:
    """Merge another annotations.csv into the study's: by key, the newest wins, conflicts are listed."""
    from mlx_tui.study import Study

    opened = Study(study)
    report = opened.annotations.journal.merge_file(other)
    refresh_csvs(opened)
    for conflict in report.conflicts:
        typer.echo(f"conflict: {conflict}")
    typer.echo(f"{len(opened.annotations.journal.judgements())} judgements in {opened.annotations.journal.path}")


def agreement(study: StudyOption = HERE, json: JsonOption = False) -> None:
    """Print Cohen's kappa and the raw agreement of each pair of annotators, per feature."""
    from mlx_tui.annotation.agreement import agreement as measure
    from mlx_tui.study import Study

    rows = measure(Study(study).annotations.journal.judgements())
    if json:
        print_json(rows)
        return
    if not rows:
        typer.echo("Nothing was judged by two annotators; `mlx-tui merge` takes another one's annotations.csv in.")
        return
    print_table(
        ("feature", "annotators", "n", "raw", "kappa"),
        [(row.feature, " / ".join(row.annotators), str(row.n), f"{row.raw:.2f}", _kappa(row.kappa)) for row in rows],
        right=frozenset({2, 3, 4}),
    )


def _kappa(kappa: float | None) -> str:
    return "undefined" if kappa is None else f"{kappa:.2f}"
