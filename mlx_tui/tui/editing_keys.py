"""The keys that edit what is typed, read from Textual's own widgets: they can't be given to anything else."""

from collections.abc import Iterator

from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Input, TextArea

from mlx_tui.tui.actions import Action

EDITING = {"field": "In a text field", "note": "In a note"}
"""Places in which text is typed, with their headings."""
_LEFT_OUT = {"submit"}
"""What the program has keys of its own for."""


def editing_keys() -> tuple[Action, ...]:
    """Returns what the keys of a line and of a text of several lines do, as the help shows actions."""
    fields: list[BindingType] = [each for each in Screen.BINDINGS if _moves_on(each)]
    return (*_actions("field", [*fields, *Input.BINDINGS]), *_actions("note", TextArea.BINDINGS))


def _moves_on(binding: BindingType) -> bool:
    return isinstance(binding, Binding) and binding.action.startswith("app.focus_")


def _actions(place: str, bindings: list[BindingType]) -> Iterator[Action]:
    """One for each thing that is done, with all its keys; not those of a key that few terminals send."""
    keys: dict[str, list[str]] = {}
    does: dict[str, str] = {}
    for binding in Binding.make_bindings(bindings):
        if binding.action not in _LEFT_OUT and not binding.key.startswith("super+"):
            keys.setdefault(binding.action, []).append(binding.key)
            does.setdefault(binding.action, binding.description)
    for action, names in keys.items():
        yield Action(f"{place}.{action}", tuple(names), "edit", f"{does[action].capitalize()}.")
