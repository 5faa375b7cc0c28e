"""Options that several commands take."""

from pathlib import Path
from typing import Annotated

import typer

StudyOption = Annotated[Path, typer.Option("--study", metavar="DIR", help="The study's folder.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
RepositoryArgument = Annotated[str, typer.Argument(metavar="REPO", help="owner/name, or name where only one fits.")]
HERE = Path()
