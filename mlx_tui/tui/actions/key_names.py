"""Keys as a person writes them in a configuration: `?`, `^d`, `ctrl+d`, `PgUp`, `f5`, `shift+tab`."""

import string

from textual.binding import Binding
from textual.keys import Keys, key_to_character
from textual.widgets import Input

_MODIFIERS = ("ctrl", "alt", "shift", "super", "meta", "hyper")
_ALIASES = {
    "esc": "escape",
    "return": "enter",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "pgdown": "pagedown",
    "del": "delete",
    "ins": "insert",
    "spacebar": "space",
    "⌫": "backspace",
    "↑": "up",
    "↓": "down",
    "←": "left",
    "→": "right",
}


def _key_of(character: str) -> str:
    (binding,) = Binding.make_bindings([Binding("comma" if character == "," else character, "none")])
    return binding.key


PUNCTUATION = {_key_of(character): character for character in string.punctuation}
"""By Textual's names of their keys, the signs of a keyboard."""
_NAMES = {*(key.value for key in Keys if key.value.isalnum()), *PUNCTUATION}


_EDITING = {key for each in Binding.make_bindings(Input.BINDINGS) for key in each.key.split(",")} - {"enter"}


class KeyNameError(ValueError):
    """A text names no key."""


def read_key(text: str) -> str:
    """Returns Textual's name of a key.

    Raises:
        KeyNameError: The text names no key; the message says what does.
    """
    written = text.strip()
    rest = written
    modifiers: list[str] = []
    if rest.startswith("^") and len(rest) > 1:
        modifiers, rest = ["ctrl"], rest[1:]
    while (head := rest.partition("+")[0].casefold()) in _MODIFIERS and len(rest) > len(head) + 1:
        modifiers.append(head)
        rest = rest[len(head) + 1 :]
    if modifiers == ["shift"] and len(rest) == 1 and rest.isalpha():
        modifiers, rest = [], rest.upper()
    name = _name(rest, lower=bool(modifiers))
    if not name:
        raise KeyNameError(
            f"`{written}` is no key; keys are written like a, A, ?, space, enter, esc, tab, up, PgUp, home, f5, ctrl+d"
        )
    return "+".join([*sorted(dict.fromkeys(modifiers), key=_MODIFIERS.index), name])


def types_text(key: str) -> bool:
    """Whether a key, by Textual's name, writes a character or edits a line that is typed into."""
    character = key_to_character(key)
    return key in _EDITING or key in PUNCTUATION or (character is not None and character.isprintable())


def _name(text: str, *, lower: bool) -> str:
    if len(text) == 1 and text.isprintable() and text not in _ALIASES:
        return _key_of(text.lower() if lower else text)
    known = text.casefold().replace(" ", "_").replace("-", "_")
    known = _ALIASES.get(known, known)
    return known if known in _NAMES else ""
