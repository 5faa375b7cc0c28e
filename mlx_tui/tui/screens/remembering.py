"""A screen whose table is found again as it was left, for each study; kept among the user's own files."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import ClassVar

from textual import on
from textual.timer import Timer

from mlx_tui.tui.screens.base import StudyScreen
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.table import VirtualTable
from mlx_tui.tui.widgets.table_column import Sort
from mlx_tui.tui.widgets.table_state import TableState
from mlx_tui.view_state import state_file

WRITE_AFTER = 1.0
"""Seconds after the last change until it is written."""


class RememberingScreen(StudyScreen):
    """A screen with one filtered table; it calls `restore_table` once the table has its columns."""

    REMEMBERED_AS: ClassVar[str] = ""
    FIRST_SORTS: ClassVar[tuple[Sort, ...]] = ()
    """The order at the first time."""

    def __init__(self) -> None:
        """Starts with nothing remembered."""
        super().__init__()
        self._kept: TableState | None = None
        self._kept_as = ""
        self._kept_of: VirtualTable | None = None
        self._keep_timer: Timer | None = None

    @property
    def remembered_as(self) -> str:
        """The name under which the table is kept as it is shown now."""
        return self.REMEMBERED_AS

    @property
    def variant(self) -> str:
        """Which of several sets of columns is shown; kept with the table."""
        return ""

    def remembered(self) -> TableState:
        """How the table was left; tells where that can't be read."""
        state = self.mlx_app.keeper.kept(self.remembered_as, TableState)
        if state is None and state_file(self.study.path, self.remembered_as).exists():
            self.complain("What was remembered of this table can't be read: it starts as at the first time.")
        return state or TableState(sorts=self.FIRST_SORTS)

    @property
    def left_at(self) -> datetime | None:
        """When what is remembered was written; None where nothing is."""
        try:
            return datetime.fromtimestamp(state_file(self.study.path, self.remembered_as).stat().st_mtime, UTC)
        except OSError:
            return None

    def restore_table(self, state: TableState) -> None:
        """Shows the table as it was left; from then on changes are kept."""
        holder = self.query_one(FilteredTable)
        holder.restore(state)
        self._kept, self._kept_as, self._kept_of = state, self.remembered_as, holder.table

    @property
    def is_kept(self) -> bool:
        """Whether changes of the table that is shown now are kept already."""
        return self._kept is not None and self._kept_as == self.remembered_as

    @on(VirtualTable.Arranged)
    @on(VirtualTable.Highlighted)
    def _changed(self) -> None:
        if self._kept is not None:
            if self._keep_timer is not None:
                self._keep_timer.stop()
            self._keep_timer = self.set_timer(WRITE_AFTER, self.keep_table)

    def keep_table(self) -> None:
        """Writes how the table is now, where that isn't kept yet."""
        state = self._news()
        if state is not None:
            self.mlx_app.keeper.keep(self._kept_as, state)

    def _news(self) -> TableState | None:
        """How the table is now; None where that is kept already."""
        if self._kept is None or self._kept_of is None:
            return None
        state = replace(self._kept_of.state, variant=self.variant)
        if state == self._kept:
            return None
        self._kept = state
        return state

    def on_unmount(self) -> None:
        """Keeps how the table is left."""
        self.keep_table()
