"""The command that prints the interface's keys."""

from typing import Annotated

import typer

from mlx_tui.cli.options import HERE, JsonOption, StudyOption
from mlx_tui.cli.output import print_json, print_table


def register(app: typer.Typer) -> None:
    """Adds this module's command."""
    app.command("keys")(keys)


def keys(
    markdown: Annotated[bool, typer.Option("--markdown", help="As the guide's tables.")] = False,
    toml: Annotated[bool, typer.Option("--toml", help="As a table for mlx-tui.toml, to change there.")] = False,
    study: StudyOption = HERE,
    json: JsonOption = False,
) -> None:
    """Print every action of the interface with its keys, those of your configuration included."""
    from mlx_tui.config import read_options
    from mlx_tui.tui.actions import ACTIONS
    from mlx_tui.tui.actions.keymap import read_key_map
    from mlx_tui.tui.keys_markdown import keys_markdown

    key_map = read_key_map(read_options(study).keys)
    if json:
        print_json([(action.id, key_map.keys(action), action.title, action.description) for action in ACTIONS])
    elif markdown:
        typer.echo(keys_markdown(key_map), nl=False)
    elif toml:
        typer.echo("[keys]")
        for action in ACTIONS:
            written = ", ".join(f'"{key}"' for key in key_map.keys(action))
            typer.echo(f"{action.id} = [{written}]  # {action.description}")
    else:
        rows = [(action.id, key_map.shown_all(action), action.title, action.description) for action in ACTIONS]
        print_table(("action", "keys", "name", "what it does"), rows)
