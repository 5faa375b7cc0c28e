"""What to do on a screen, and every key of the program, from the action registry; a search finds one."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult

from mlx_tui.tui.actions import ACTIONS
from mlx_tui.tui.editing_keys import editing_keys
from mlx_tui.tui.presentation.help_rows import HelpRow, help_columns, help_rows
from mlx_tui.tui.screens.base import StudyScreen
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.table_model import TableModel


class HelpScreen(StudyScreen):
    """Lists what can be done; first on the screen that asked."""

    WIDGET_HINTS: ClassVar[tuple[str, ...]] = ("table.filter",)

    def __init__(self, scope: str, searched: Sequence[str] = (), why_not: Callable[[str], str] | None = None) -> None:
        """Helps with a scope.

        Args:
            scope: Of the screen that asked.
            searched: The columns in which plain words of its filter are looked for.
            why_not: Says why an action of that screen can't be done now.
        """
        super().__init__()
        self._scope, self._searched, self._why_not = scope, searched, why_not or (lambda name: "")

    def body(self) -> ComposeResult:
        """Yields the table and its filter."""
        model: TableModel[HelpRow] = TableModel(help_columns(self.keys, 80), lambda row: row.id)
        yield FilteredTable(model, show_column_cursor=False)

    def on_mount(self) -> None:
        """Says where one is."""
        self.title_line("Help", f"{len(ACTIONS) + len(editing_keys())} actions")
        self.query_one(FilteredTable).table.focus()
        self.status(f"{self.keys.label('table.filter')} searches · what can be done here is first")

    def on_resize(self) -> None:
        """Wraps the texts for the width."""
        table, width = self.query_one(FilteredTable).table, self.size.width
        table.set_columns(help_columns(self.keys, width))
        table.set_rows(help_rows(self._scope, self.keys, width, self._searched, self._why_not))


def help_with(screen: StudyScreen) -> HelpScreen:
    """Makes the help for a screen."""
    tables = list(screen.query(FilteredTable))
    return HelpScreen(screen.SCOPE, tables[0].table.model.searched_names if tables else (), screen.why_not)
