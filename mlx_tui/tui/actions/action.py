"""What an action is, and how a person writes its keys."""

from dataclasses import dataclass

from mlx_tui.tui.actions.key_names import PUNCTUATION


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a key does.

    Attributes:
        id: `scope.name`; stable: a user's configuration names it.
        keys: Textual's names of its keys as long as the user gives it no others; the first is the one that is shown.
        title: A word or two for the footer.
        description: What it does, in a sentence.
        hint: How soon the footer shows it where it has no room for all: 1 first, 4 last; 0 for not at all.
    """

    id: str
    keys: tuple[str, ...]
    title: str
    description: str
    hint: int = 0

    @property
    def scope(self) -> str:
        """Where it applies."""
        return self.id.partition(".")[0]

    @property
    def name(self) -> str:
        """The id without its scope."""
        return self.id.partition(".")[2]


_LABELS = {
    "question_mark": "?",
    "slash": "/",
    "full_stop": ".",
    "escape": "esc",
    "backspace": "⌫",
    "minus": "-",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
}


def key_label(key: str) -> str:
    """Returns a key as a person writes it: `ctrl+d` → `^d`, `slash` → `/`, `shift+left` → `shift+←`."""
    modifier, _, rest = key.partition("+")
    if rest:
        return ("^" if modifier == "ctrl" else f"{modifier}+") + key_label(rest)
    return _LABELS.get(key) or PUNCTUATION.get(key, key)
