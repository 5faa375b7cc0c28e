"""Every action of the interface: the one place that knows names, keys and explanations.

Bindings, the footer's hints, the command palette, the help screen and `docs/keys.md` are made from this registry, a
module for each part of the interface. An action of a screen with id `corpus.detect` is done by the screen's method
`do_detect`; one of a widget (`table.down`) by the widget's `action_down`. Why an action can't be done right now, its
screen says (`why_not`). Which keys do it, the `KeyMap` says: those of the registry, or the user's own.
"""

from mlx_tui.tui.actions import corpus, dialogs, everywhere, repository, reproduction, search, statistics, widgets
from mlx_tui.tui.actions.action import Action, key_label

__all__ = [
    "ACTIONS",
    "ASKING",
    "BY_ID",
    "DIALOGS",
    "SCOPES",
    "TYPED_INTO",
    "TYPING",
    "WIDGETS_OF",
    "WIDGET_SCOPES",
    "Action",
    "actions_of",
    "key_label",
]

WIDGET_SCOPES = ("table", "code", "log", "text", "line")
TYPING = "line"
"""Scope of a line that is typed into: while it has the keys, no other scope has them."""
SCOPES = {
    "app": "Everywhere",
    "table": "In a table",
    "code": "In a code view",
    "log": "In a log",
    "text": "In charts and texts",
    "line": "While typing",
    "corpus": "Corpus",
    "columns": "Columns",
    "repository": "Repository",
    "plan": "Plan",
    "attempts": "Attempts",
    "attempt": "Attempt",
    "statistics": "Statistics",
    "search": "Search",
    "dialog": "Over a screen",
    "confirm": "A question",
    "typed": "A note or a form",
    "prompt": "A form",
    "choice": "A form's choice",
    "picker": "A list of files",
    "about": "Versions",
    "palette": "Command palette",
}
"""Scopes in the order of the help screen, with their headings."""
WIDGETS_OF = {
    "corpus": ("table",),
    "columns": ("table",),
    "repository": ("table", "code"),
    "plan": ("table", "text", "code"),
    "attempts": ("table", "log", "text"),
    "attempt": ("table", "log"),
    "statistics": ("table", "text"),
    "search": ("table",),
}
"""Which widgets' keys are live on a screen: none may be a key of the screen too."""
DIALOGS = {
    "dialog": (),
    "confirm": ("dialog",),
    "typed": ("dialog",),
    "prompt": ("dialog", "typed"),
    "choice": ("dialog", "typed", "prompt"),
    "picker": ("dialog", "typed", "prompt"),
    "about": ("dialog", "text"),
    "palette": (),
}
"""What opens over a screen, and whose keys are live there too; those of the screen and of the whole program aren't."""
TYPED_INTO = {"line", "dialog", "typed", "prompt", "picker", "palette"}
"""Scopes that are live while text is typed: no key of theirs may write or edit it."""
ASKING = (
    "corpus.remove",
    "corpus.prune",
    "corpus.reproduce",
    "corpus.update",
    "plan.remove",
    "plan.forget",
    "attempts.cancel",
    "attempt.cancel",
    "app.quit",
    "app.blind",
)
"""Actions that ask before they do something: the key that says yes is another one."""

ACTIONS: tuple[Action, ...] = (
    *everywhere.APP,
    *widgets.TABLE,
    *widgets.CODE,
    *widgets.LOG,
    *widgets.TEXT,
    *widgets.LINE,
    *corpus.CORPUS,
    *corpus.COLUMNS,
    *repository.REPOSITORY,
    *reproduction.PLAN,
    *reproduction.ATTEMPTS,
    *reproduction.ATTEMPT,
    *statistics.STATISTICS,
    *search.SEARCH,
    *dialogs.DIALOG,
    *dialogs.CONFIRM,
    *dialogs.TYPED,
    *dialogs.PROMPT,
    *dialogs.CHOICE,
    *dialogs.PICKER,
    *dialogs.ABOUT,
    *dialogs.PALETTE,
)
BY_ID = {action.id: action for action in ACTIONS}


def actions_of(*scopes: str) -> tuple[Action, ...]:
    """Returns the actions of some scopes, in the registry's order."""
    return tuple(action for action in ACTIONS if action.scope in scopes)
