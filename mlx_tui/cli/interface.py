"""The command that opens the interface."""

from pathlib import Path
from typing import Annotated

import typer

from mlx_tui.cli.options import HERE, StudyOption


def register(app: typer.Typer) -> None:
    """Adds this module's command."""
    app.command("open")(open_interface)


def open_interface(
    context: typer.Context,
    directory: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="The study's folder.")] = None,
    study: StudyOption = HERE,
) -> None:
    """Open the interface on a study (the default command)."""
    if directory is not None and not directory.exists():
        group = context.find_root().command
        names = ", ".join(sorted(group.list_commands(context))) if isinstance(group, typer.core.TyperGroup) else ""
        raise typer.BadParameter(f"{directory} is neither a folder nor a command. Commands: {names}.")
    open_study_in_interface(directory or study)


def open_study_in_interface(folder: Path) -> None:
    """Runs the interface until the user quits."""
    from mlx_tui.study import Study
    from mlx_tui.tui.app import run_app

    run_app(Study(folder))
