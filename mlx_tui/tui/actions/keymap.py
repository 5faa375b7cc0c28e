"""Which keys do an action: those of the registry, or those of the user's `[keys]`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from textual.app import App
from textual.binding import Binding, BindingsMap

from mlx_tui.config import ConfigError, KeyChoice
from mlx_tui.tui.actions import (
    ACTIONS,
    ASKING,
    BY_ID,
    DIALOGS,
    SCOPES,
    TYPED_INTO,
    TYPING,
    WIDGET_SCOPES,
    WIDGETS_OF,
    Action,
    actions_of,
    key_label,
)
from mlx_tui.tui.actions.key_names import KeyNameError, read_key, types_text

TAKEN = {"ctrl+q": "leaves the program", "ctrl+c": "copies what is selected"}
"""Keys that Textual keeps for itself wherever one is."""


@dataclass(frozen=True, slots=True)
class KeyMap:
    """The keys of every action.

    Attributes:
        changed: By action id, the keys that the user chose; none for an action without a key.
    """

    changed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def keys(self, action: Action) -> tuple[str, ...]:
        """Returns an action's keys, by Textual's names; the first is the one that is shown."""
        return self.changed.get(action.id, action.keys)

    def label(self, action_id: str) -> str:
        """Returns the key to name in a text; the way there through the palette where an action has none."""
        keys = self.keys(BY_ID[action_id])
        return key_label(keys[0]) if keys else f"“{BY_ID[action_id].title}” in the command palette"

    def shown(self, action: Action) -> str:
        """Returns an action's first key as a person writes it; empty where it has none."""
        return next((key_label(key) for key in self.keys(action)), "")

    def shown_all(self, action: Action) -> str:
        """Returns all keys of an action as a person writes them."""
        return " ".join(map(key_label, self.keys(action)))

    def bindings(self, scope: str) -> list[Binding]:
        """Returns a scope's bindings, for a screen, a widget or the app."""
        return [
            Binding(
                ",".join(keys),
                action.name if scope in WIDGET_SCOPES or scope in DIALOGS else f"run('{action.id}')",
                action.title,
                show=bool(action.hint),
                # What is typed into would take a key of its own before the dialog around it.
                priority=scope in DIALOGS and scope in TYPED_INTO,
                id=action.id,
                tooltip=action.description,
            )
            for action in actions_of(scope)
            if (keys := self.keys(action))
        ]

    def rebind(self, bindings: BindingsMap, *scopes: str) -> BindingsMap:
        """Returns bindings in which some scopes' actions have the user's keys.

        Textual's own key maps do this at every key press, after a line that is typed into took its keys out; a
        letter that the user gave to an action would then act while it is typed.
        """
        if not any(action_id.partition(".")[0] in scopes for action_id in self.changed):
            return bindings
        own = {action.id for action in actions_of(*scopes)}
        kept = [binding for _, binding in bindings if binding.id not in own]
        return BindingsMap([*kept, *(binding for scope in scopes for binding in self.bindings(scope))])


DEFAULT = KeyMap()


def key_map_of(app: App[Any]) -> KeyMap:
    """Returns the key map of an app; that of the registry where it has none of its own."""
    keys = getattr(app, "keys", DEFAULT)
    return keys if isinstance(keys, KeyMap) else DEFAULT


def read_key_map(choices: Sequence[KeyChoice]) -> KeyMap:
    """Makes the key map of what a user configured.

    Raises:
        ConfigError: An action or a key that doesn't exist, or a key that would do two things in one place; the message
            names file, line, action and key.
    """
    changed: dict[str, tuple[str, ...]] = {}
    for choice in choices:
        if choice.action not in BY_ID:
            raise ConfigError(f"{choice.place}: there is no action `{choice.action}`{_similar(choice.action)}")
        if not choice.keys and choice.action.partition(".")[0] in DIALOGS:
            raise ConfigError(f"{choice.place}: `{choice.action}` needs a key: there is no other way to do it")
        changed[choice.action] = tuple(dict.fromkeys(_read(choice, key) for key in choice.keys))
    keys = KeyMap(changed)
    for choice in choices:
        _check_clashes(choice, keys)
    return keys


def _read(choice: KeyChoice, text: str) -> str:
    try:
        key = read_key(text)
    except KeyNameError as error:
        raise ConfigError(f"{choice.place}: `{choice.action}`: {error}") from error
    if key in TAKEN:
        raise ConfigError(f"{choice.place}: `{choice.action}` can't be {text}: that key always {TAKEN[key]}")
    if choice.action.partition(".")[0] in TYPED_INTO and types_text(key):
        raise ConfigError(f"{choice.place}: `{choice.action}` can't be {text}: that key writes or edits what is typed")
    return key


def _check_clashes(choice: KeyChoice, keys: KeyMap) -> None:
    action = BY_ID[choice.action]
    if action.id in (*ASKING, "confirm.yes"):
        _check_confirming(choice, keys)
    for other in _met_by(action):
        both = [key for key in keys.keys(action) if key in keys.keys(other)]
        if both:
            raise ConfigError(
                f"{choice.place}: `{action.id}` can't be {key_label(both[0])}: that is `{other.id}` "
                f"({other.title}) where both apply; give `{other.id}` another key too"
            )


def _check_confirming(choice: KeyChoice, keys: KeyMap) -> None:
    yes = keys.keys(BY_ID["confirm.yes"])
    for asking in ASKING:
        both = [key for key in keys.keys(BY_ID[asking]) if key in yes]
        if both:
            raise ConfigError(
                f"{choice.place}: `{choice.action}` can't be {key_label(both[0])}: `{asking}` would ask and "
                f"`confirm.yes` answer by one key"
            )


def _met_by(action: Action) -> Iterator[Action]:
    """Yields the other actions whose keys are live in one place with an action's."""
    if action.scope == TYPING:
        return (other for other in actions_of(TYPING) if other is not action)
    dialogs = {dialog for dialog, others in DIALOGS.items() if action.scope in others}
    if action.scope in DIALOGS:
        live = {action.scope, *DIALOGS[action.scope], *dialogs}
        return (other for other in actions_of(*live) if other is not action)
    scopes = {action.scope, "app"} if action.scope != "app" else set(SCOPES) - {TYPING, *DIALOGS}
    scopes |= dialogs
    scopes.update(WIDGETS_OF.get(action.scope, ()))
    scopes.update(screen for screen, widgets in WIDGETS_OF.items() if action.scope in widgets)
    return (other for other in actions_of(*scopes) if other is not action)


def _similar(name: str) -> str:
    from difflib import get_close_matches

    found = get_close_matches(name, BY_ID, n=3) or [a.id for a in ACTIONS if a.name == name.rpartition(".")[2]]
    meant = f"; did you mean {' or '.join(f'`{each}`' for each in found)}?" if found else ""
    return f"{meant} (`mlx-tui keys` lists all)"
