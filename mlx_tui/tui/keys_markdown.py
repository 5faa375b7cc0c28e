"""The keys as Markdown, for the guide; made from the action registry like everything that names a key."""

from collections.abc import Iterator

from mlx_tui.tui.actions import SCOPES, actions_of


def keys_markdown() -> str:
    """Returns one table for each place in the program, below a heading of the third level."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    for scope, heading in SCOPES.items():
        actions = actions_of(scope)
        if actions:
            yield from (f"### {heading}", "", "| keys | action | what it does |", "| --- | --- | --- |")
            for action in actions:
                keys = " ".join(f"`{key}`" for key in action.shown_keys.split(" "))
                yield f"| {keys} | {action.title} | {action.description} |"
            yield ""
