"""Every key of the program, from the action registry, and those that edit a text; a filter finds one."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from mlx_tui.tui.actions import ACTIONS, SCOPES, Action
from mlx_tui.tui.actions.keymap import KeyMap
from mlx_tui.tui.editing_keys import EDITING, editing_keys
from mlx_tui.tui.screens.base import StudyScreen
from mlx_tui.tui.text import plain
from mlx_tui.tui.widgets.bars import StatusLine
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.table import VirtualTable
from mlx_tui.tui.widgets.table_model import Cell, Column, TableModel

PLACES = {**SCOPES, **EDITING}
"""Where actions apply, in the order in which they are listed; last where Textual has keys that nobody changes."""


def help_columns(keys: KeyMap, longest: int = 10) -> tuple[Column[Action], ...]:
    """Makes the columns, with the keys as they are now.

    Args:
        keys: Which keys do what.
        longest: The cells that the longest of them take.
    """
    return (
        Column[Action](
            "where", "where", 15, lambda a: Cell(PLACES[a.scope], "muted"), lambda a: PLACES[a.scope], searchable=True
        ),
        Column[Action](
            "keys", "keys", longest, lambda a: Cell(keys.shown_all(a), "accent"), keys.shown_all, searchable=True
        ),
        Column[Action](
            "action", "action", 15, lambda a: Cell(a.title, "strong"), lambda a: a.title, searchable=True, least=8
        ),
        Column[Action](
            "does", "what it does", 0, lambda a: Cell(a.description), lambda a: a.description, searchable=True
        ),
    )


class HelpScreen(StudyScreen):
    """Lists the actions; those of the screen that asked come first."""

    WIDGET_HINTS: ClassVar[tuple[str, ...]] = ("table.filter", "table.sort")

    def __init__(self, scope: str) -> None:
        """Helps with a scope."""
        super().__init__()
        self._scope = scope
        self._actions: tuple[Action, ...] = ()

    def body(self) -> ComposeResult:
        """Yields the table and its filter."""
        keys = self.keys
        self._actions = (*ACTIONS, *editing_keys())
        longest = min(16, max(len(keys.shown_all(action)) for action in self._actions))
        yield FilteredTable(TableModel(help_columns(keys, longest), lambda action: action.id))

    def on_mount(self) -> None:
        """Fills the table."""
        self.title_line("Help", f"{len(self._actions)} actions")
        order = {scope: position for position, scope in enumerate(PLACES)}
        rows = sorted(self._actions, key=lambda action: (action.scope != self._scope, order[action.scope]))
        table = self.query_one(FilteredTable).table
        table.set_rows(rows)
        table.focus()
        self.status(f"{self.keys.label('table.filter')} searches · the keys of this screen come first")

    @on(VirtualTable.Highlighted)
    def _explain(self) -> None:
        action = self.query_one(FilteredTable).table.current
        if action is not None:
            self.query_one(StatusLine).update(plain(action.description, "muted"))
