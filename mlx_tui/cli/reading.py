"""The command that shows a place in a repository: its lines, its page on the web, or the file in an editor."""

from typing import Annotated

import typer

from mlx_tui.cli.options import HERE, RepositoryArgument, StudyOption
from mlx_tui.safe_text import safe_text


def register(app: typer.Typer) -> None:
    """Adds this module's command."""
    app.command("show")(show)


def show(
    repo: RepositoryArgument,
    place: Annotated[str, typer.Argument(metavar="PATH:LINE", help="In a notebook PATH#CELL:LINE.")],
    around: Annotated[int, typer.Option(min=0, help="Lines before and behind it.")] = 5,
    web: Annotated[bool, typer.Option("--web", help="Print the address of the file at its commit.")] = False,
    edit: Annotated[
        bool, typer.Option("--edit", help="Open a read-only copy in $VISUAL or $EDITOR, at the line.")
    ] = False,
    study: StudyOption = HERE,
) -> None:
    """Print the code around a place of a repository at its pinned commit."""
    from mlx_tui.study import Study, StudyError
    from mlx_tui.study.editor import edit as open_editor
    from mlx_tui.study.places import parse_place

    opened, at = Study(study), parse_place(place)
    if web:
        typer.echo(opened.files.page(repo, at))
    elif edit:
        open_editor(opened.files, repo, at)
    else:
        lines = opened.files.lines(repo, at.path, at.cell)
        if at.line > len(lines):
            raise StudyError(f"{safe_text(at.path)} has {len(lines)} lines")
        first, last = max(1, at.line - around), min(len(lines), at.line + around)
        for number in range(first, last + 1):
            mark = "▶" if number == at.line else " "
            typer.echo(f"{number:>{len(str(last))}} {mark}│ {safe_text(lines[number - 1].expandtabs(4))}".rstrip())
