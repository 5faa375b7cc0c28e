"""The command line's entry: the group of commands, and how errors end."""

import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from mlx_tui import __version__
from mlx_tui.cli import annotation, corpus, interface, keys, reading, reproduction, results, scanning, searching, serve
from mlx_tui.error_text import error_text
from mlx_tui.safe_text import safe_text

DONE, FAILURES, WRONG_USE = 0, 1, 2


class OpenByDefault(TyperGroup):
    """A group whose default is `open`: `mlx-tui` and `mlx-tui DIR` open the interface."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Puts `open` before arguments that name no command."""
        if not args or (args[0] not in self.commands and args[0] not in {"--help", "--version"}):
            args = ["open", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    name="mlx-tui",
    cls=OpenByDefault,
    no_args_is_help=False,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Explore, annotate and reproduce a corpus of MLflow repositories. `mlx-tui [DIR]` opens the interface.",
)
for commands in (corpus, scanning, searching, reading, annotation, reproduction, results, interface, keys, serve):
    commands.register(app)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"mlx-tui {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def run(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line and ends the process with its exit status: 0 done, 1 done with failures, 2 wrong use."""
    for stream in (sys.stdout, sys.stderr):  # a terminal that isn't UTF-8 lacks signs that tables are drawn with
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        app(args=None if arguments is None else list(arguments))
    except Exception as error:
        from mlx_tui.annotation.journal import SaveError
        from mlx_tui.config import ConfigError

        if not isinstance(error, (ConfigError, OSError, *_user_errors())):
            raise
        print(f"error: {safe_text(_reason(error), multiline=True)}", file=sys.stderr)
        sys.exit(FAILURES if isinstance(error, (OSError, SaveError)) else WRONG_USE)


def _reason(error: Exception) -> str:
    from mlx_tui.annotation.journal import SaveError

    # What stays in memory is lost where the program ends.
    return f"{error.reason}; nothing was saved" if isinstance(error, SaveError) else error_text(error)


def _user_errors() -> tuple[type[Exception], ...]:
    from mlx_tui.annotation.journal import JournalError
    from mlx_tui.corpus.entries import CorpusError
    from mlx_tui.corpus.git_process import GitError
    from mlx_tui.detection.codebook import CodebookError
    from mlx_tui.execution.executors import ExecutorError
    from mlx_tui.reproduction.attempts import AttemptError
    from mlx_tui.reproduction.plan import NoCandidate
    from mlx_tui.statistics.frames import FrameError
    from mlx_tui.study import StudyError

    reading = (StudyError, CorpusError, CodebookError, JournalError, GitError, FrameError)
    return (*reading, NoCandidate, AttemptError, ExecutorError)
