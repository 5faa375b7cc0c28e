"""The keys as Markdown, for the guide; made from the action registry like everything that names a key."""

from collections.abc import Iterator

from mlx_tui.tui.actions import SCOPES, actions_of
from mlx_tui.tui.actions.keymap import DEFAULT, KeyMap
from mlx_tui.tui.editing_keys import EDITING, editing_keys


def keys_markdown(key_map: KeyMap = DEFAULT) -> str:
    """Returns one table for each place in the program, below a heading of the third level."""
    return "\n".join(_lines(key_map)) + "\n"


def _lines(key_map: KeyMap) -> Iterator[str]:
    listed = [(heading, actions_of(scope)) for scope, heading in SCOPES.items()]
    editing = editing_keys()
    listed += [(heading, tuple(each for each in editing if each.scope == place)) for place, heading in EDITING.items()]
    for heading, actions in listed:
        if actions:
            yield from (f"### {heading}", "", "| keys | action | what it does |", "| --- | --- | --- |")
            for action in actions:
                keys = " ".join(f"`{key}`" for key in key_map.shown_all(action).split())
                yield f"| {keys} | {action.title} | {action.description} |"
            yield ""
