"""Every key of the program, from the action registry; a filter finds one."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from mlx_tui.tui.actions import ACTIONS, SCOPES, Action
from mlx_tui.tui.actions.keymap import KeyMap
from mlx_tui.tui.screens.base import StudyScreen
from mlx_tui.tui.text import plain
from mlx_tui.tui.widgets.bars import StatusLine
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.table import VirtualTable
from mlx_tui.tui.widgets.table_model import Cell, Column, TableModel


def help_columns(keys: KeyMap) -> tuple[Column[Action], ...]:
    """Makes the columns, with the keys as they are now."""
    return (
        Column[Action](
            "where", "where", 15, lambda a: Cell(SCOPES[a.scope], "muted"), lambda a: SCOPES[a.scope], searchable=True
        ),
        Column[Action](
            "keys", "keys", 10, lambda a: Cell(keys.shown_all(a), "accent"), keys.shown_all, searchable=True
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

    def body(self) -> ComposeResult:
        """Yields the table and its filter."""
        yield FilteredTable(TableModel(help_columns(self.keys), lambda action: action.id))

    def on_mount(self) -> None:
        """Fills the table."""
        self.title_line("Help", f"{len(ACTIONS)} actions")
        order = {scope: position for position, scope in enumerate(SCOPES)}
        rows = sorted(ACTIONS, key=lambda action: (action.scope != self._scope, order[action.scope]))
        table = self.query_one(FilteredTable).table
        table.set_rows(rows)
        table.focus()
        self.status(f"{self.keys.label('table.filter')} searches · the keys of this screen come first")

    @on(VirtualTable.Highlighted)
    def _explain(self) -> None:
        action = self.query_one(FilteredTable).table.current
        if action is not None:
            self.query_one(StatusLine).update(plain(action.description, "muted"))
