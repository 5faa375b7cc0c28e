"""The help as rows of a table: what to do here, then every key; a long text goes on in the rows below."""

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from mlx_tui.tui.actions import ACTIONS, SCOPES, WIDGETS_OF, Action
from mlx_tui.tui.actions.keymap import KeyMap
from mlx_tui.tui.editing_keys import EDITING, editing_keys
from mlx_tui.tui.presentation.first_hints import FIRST_HINTS, first_hint
from mlx_tui.tui.widgets.table_model import Cell, Column

PLACES = {**SCOPES, **EDITING}
"""Where actions apply, in the order in which they are listed; last where Textual has keys that nobody changes."""
NARROW = 60
"""Below so many cells the action's name stands before what it does, not in a column of its own."""
KEYS_WIDTH, TITLE_WIDTH = 16, 15


@dataclass(frozen=True, slots=True)
class HelpRow:
    """A line of the help.

    Attributes:
        id: Unique.
        where: The heading that it belongs to.
        keys: The keys; empty in what goes on.
        title: The action's name; empty in what goes on.
        text: What it does, as much as fits the line.
        whole: All that a search looks into: the same for each line of one action.
        heading: Whether it is a heading.
    """

    id: str
    where: str
    keys: str
    title: str
    text: str
    whole: str
    heading: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    id: str
    keys: str
    title: str
    text: str


def help_rows(
    scope: str, keys: KeyMap, width: int, searched: Sequence[str] = (), why_not: Callable[[str], str] = lambda name: ""
) -> list[HelpRow]:
    """Lists what there is to know, for the screen of a scope first.

    Args:
        scope: Of the screen that asks for help.
        keys: Which keys do what.
        width: Cells of the table.
        searched: The columns of the screen's table in which plain words of its filter are looked for.
        why_not: Says why an action of the screen, by its name without the scope, can't be done now.
    """
    actions = (*ACTIONS, *editing_keys())
    rows: list[HelpRow] = []
    if scope in FIRST_HINTS:
        closing = f" {keys.label('app.back')} closes this."
        way = first_hint(scope, keys).removeprefix("New here? ").removesuffix(closing)
        rows += _section("What to do here", [_Entry("way", "", "", way)], keys, width)
    live = (scope, *(("app", *WIDGETS_OF.get(scope, ())) if scope else ()))
    for place in sorted(PLACES, key=lambda place: live.index(place) if place in live else len(live)):
        entries = [
            _Entry(action.id, keys.shown_all(action), action.title, _does(action, scope, why_not))
            for action in actions
            if action.scope == place
        ]
        rows += _section(PLACES[place] + (": this screen" if place == scope else ""), entries, keys, width)
        if place == "table" and searched:
            rows += _section("Filter", _how_to_filter(searched), keys, width)
    return rows


def _does(action: Action, scope: str, why_not: Callable[[str], str]) -> str:
    reason = why_not(action.name) if action.scope == scope else ""
    return f"{action.description} Not now: {reason}." if reason else action.description


def _how_to_filter(searched: Sequence[str]) -> list[_Entry]:
    everywhere = ", ".join(searched)
    return [
        _Entry("filter.word", "word", "word", f"Rows with it in {everywhere}. Of several words, with all."),
        _Entry("filter.quoted", '"two words"', "phrase", "Rows with these words side by side."),
        _Entry("filter.column", "column:text", "in a column", "Rows with the text in this column, as state:scanned."),
        _Entry("filter.compared", "column>=3", "number", "Rows with such a number: > < >= <= = and != are known."),
        _Entry("filter.not", "!term", "not", "Rows that do not fit the term behind the exclamation mark."),
    ]


def _section(where: str, entries: Sequence[_Entry], keys: KeyMap, width: int) -> Iterator[HelpRow]:
    if not entries:
        return
    wholes = [f"{where}\n{each.keys}\n{each.title}\n{each.text}" for each in entries]
    yield HelpRow(f"{where}\n", where, "", "", f"── {where}", "\n".join(wholes), heading=True)
    narrow, room = width < NARROW, text_room(width, keys)
    for each, whole in zip(entries, wholes, strict=True):
        text = f"{each.title}: {each.text}" if narrow and each.title else each.text
        for number, line in enumerate(textwrap.wrap(text, max(10, room))):
            first = number == 0
            yield HelpRow(f"{each.id}\n{number}", where, each.keys * first, each.title * first, line, whole)


def keys_width(keys: KeyMap) -> int:
    """Cells of the column of keys."""
    return min(KEYS_WIDTH, max(len(keys.shown_all(action)) for action in (*ACTIONS, *editing_keys())))


def text_room(width: int, keys: KeyMap) -> int:
    """Cells of what an action does: what the other columns, the gaps and a scrollbar leave."""
    return width - keys_width(keys) - 2 - (0 if width < NARROW else TITLE_WIDTH + 1)


def help_columns(keys: KeyMap, width: int) -> tuple[Column[HelpRow], ...]:
    """Makes the columns.

    Args:
        keys: Which keys do what.
        width: Cells of the table.
    """
    return (
        Column[HelpRow]("keys", "keys", keys_width(keys), lambda row: Cell(row.keys, "accent"), lambda row: row.keys),
        Column[HelpRow](
            "action",
            "action",
            TITLE_WIDTH,
            lambda row: Cell(row.title, "strong"),
            lambda row: row.title,
            hidden=width < NARROW,
        ),
        Column[HelpRow](
            "does",
            "what it does",
            0,
            lambda row: Cell(row.text, "title" if row.heading else ""),
            lambda row: row.text,
        ),
        Column[HelpRow]("where", "where", 15, lambda row: Cell(row.where), lambda row: row.where, hidden=True),
        Column[HelpRow](
            "all of it",
            "all of it",
            15,
            lambda row: Cell(row.whole),
            lambda row: row.whole,
            searchable=True,
            searched_unseen=True,
            hidden=True,
        ),
    )
