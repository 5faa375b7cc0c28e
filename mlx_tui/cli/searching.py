"""The command that looks for a text in the corpus' files."""

from pathlib import Path
from typing import Annotated

import typer

from mlx_tui.cli.corpus import cancel_on_interrupt
from mlx_tui.cli.options import HERE, JsonOption, StudyOption
from mlx_tui.cli.output import StepLine, print_json
from mlx_tui.safe_text import safe_text

FOUND, NOTHING, TROUBLE = 0, 1, 2


def register(app: typer.Typer) -> None:
    """Adds this module's command."""
    app.command("search")(search)


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="Plain text, or with -E a regular expression.")],
    repos: Annotated[list[str] | None, typer.Argument(metavar="[REPO]…", help="Default: all that are fetched.")] = None,
    regex: Annotated[bool, typer.Option("-E", "--regex", help="QUERY is a regular expression (Python's re).")] = False,
    ignore_case: Annotated[bool, typer.Option("-i", "--ignore-case", help="Upper and lower case are alike.")] = False,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="CSV", help="Write the hits here.")] = None,
    jobs: Annotated[int, typer.Option(min=0, help="Processes; 0: one a processor.")] = 0,
    study: StudyOption = HERE,
    json: JsonOption = False,
) -> None:
    """Look for a text in the files of the corpus at their commits: those that a scan reads.

    Exit status, as grep's: 0 something is found, 1 nothing is, 2 a repository couldn't be searched to its end.
    """
    from mlx_tui.detection.search import Query
    from mlx_tui.study import Study
    from mlx_tui.study.places import Place
    from mlx_tui.study.searching import SearchProgress, write_hits

    opened, line = Study(study), StepLine()

    def show(progress: SearchProgress) -> None:
        line.show(progress.done, progress.total, f"{progress.repo}: {len(progress.hits)} hits")

    names = None if not repos else {opened.corpus.find(repo).repo for repo in repos}
    what = Query(query, regex, ignore_case)
    result = opened.search(what, names, jobs=jobs, on_progress=show, cancelled=cancel_on_interrupt())
    line.end()
    if output is not None:
        write_hits(output, result.hits)
    if json:
        print_json(result.hits)
    elif output is None:
        for hit in result.hits:
            place = safe_text(Place(hit.path, hit.cell, hit.line).text)
            typer.echo(f"{safe_text(hit.repo)} {place}: {safe_text(hit.text)}")
    for repo, error in result.errors:
        typer.echo(f"{safe_text(repo)}: {error}", err=True)
    asked = len(opened.corpus.entries()) if names is None else len(names)
    if result.stopped:
        typer.echo("stopped: what was found so far is told", err=True)
    elif asked > result.repositories + len(result.errors):
        missing = asked - result.repositories - len(result.errors)
        typer.echo(f"note: {missing} of {asked} repositories have no clone yet: run `mlx-tui fetch`", err=True)
    raise typer.Exit(TROUBLE if result.errors or result.stopped else FOUND if result.hits else NOTHING)
