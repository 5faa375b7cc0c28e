"""The command that serves the interface to a browser."""

from pathlib import Path
from typing import Annotated

import typer

from mlx_tui.cli.options import HERE, StudyOption

PORT = 8123


def register(app: typer.Typer) -> None:
    """Adds this module's command."""
    app.command("serve")(serve)


def serve(
    directory: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="The study's folder.")] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any that is free.")] = PORT,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Where to listen.")] = "127.0.0.1",
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="Listen at an address that other machines reach.")
    ] = False,
    study: StudyOption = HERE,
) -> None:
    """Open the interface in a browser (extra `serve`): prints a link, and serves until Ctrl-C."""
    from mlx_tui.study import Study, StudyError

    opened = Study(directory or study)  # says now what is wrong with it, not in the browser
    try:
        from mlx_tui.web.server import StudyServer, is_loopback, listen
    except ImportError as error:
        raise StudyError(f"`serve` needs the extra `serve` ({error}): pip install 'mlx-tui[serve]'") from error
    if not is_loopback(host) and not allow_remote:
        raise StudyError(
            f"{host} can be reached from other machines: whoever has the link could read the study and run commands "
            "as you, and the connection isn't encrypted. Use an ssh tunnel to 127.0.0.1 instead, or say --allow-remote."
        )
    if not is_loopback(host):
        typer.echo(
            "warning: whoever reaches this address and has the link can run commands as you; nothing is encrypted.",
            err=True,
        )
    try:
        listening = listen(host, port)
    except OSError as error:
        raise StudyError(
            f"can't listen at {host} port {port}: {error.strerror or error}; --port 0 takes any"
        ) from error

    def tell(link: str) -> None:
        typer.echo(f"{opened.path}\n{link}\nOpen the link in a browser; it holds the key. Ctrl-C ends the server.")

    StudyServer(opened.path, host).run(listening, tell)
