"""A screen whose table is found again as it was left, for each study; kept among the user's own files."""

from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.timer import Timer

from mlx_tui.tui.screens.base import StudyScreen
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.table import VirtualTable
from mlx_tui.tui.widgets.table_state import TableState
from mlx_tui.view_state import read_state, state_file, write_state

WRITE_AFTER = 1.0
"""Seconds after the last change until it is written."""


class RememberingScreen(StudyScreen):
    """A screen with one filtered table; it calls `restore_table` once the table has its columns."""

    REMEMBERED_AS: ClassVar[str] = ""

    def __init__(self) -> None:
        """Starts with nothing remembered."""
        super().__init__()
        self._kept: TableState | None = None
        self._kept_of: VirtualTable | None = None
        self._keep_timer: Timer | None = None

    @property
    def variant(self) -> str:
        """Which of several sets of columns is shown; kept with the table."""
        return ""

    def remembered(self) -> TableState:
        """How the table was left; tells where that can't be read."""
        state = read_state(self.study.path, self.REMEMBERED_AS, TableState)
        if state is None and state_file(self.study.path, self.REMEMBERED_AS).exists():
            self.complain("What was remembered of this table can't be read: it starts as at the first time.")
        return state or TableState()

    def restore_table(self, state: TableState) -> None:
        """Shows the table as it was left; from then on changes are kept."""
        holder = self.query_one(FilteredTable)
        holder.restore(state)
        self._kept, self._kept_of = state, holder.table

    @on(VirtualTable.Arranged)
    @on(VirtualTable.Highlighted)
    def _changed(self) -> None:
        if self._kept is not None:
            if self._keep_timer is not None:
                self._keep_timer.stop()
            self._keep_timer = self.set_timer(WRITE_AFTER, self._keep_now)

    def _keep_now(self) -> None:
        state = self._news()
        if state is not None:
            self._write(state)

    def _news(self) -> TableState | None:
        """How the table is now; None where that is kept already."""
        if self._kept is None or self._kept_of is None:
            return None
        state = replace(self._kept_of.state, variant=self.variant)
        if state == self._kept:
            return None
        self._kept = state
        return state

    @work(thread=True, exclusive=True, group="remember")
    def _write(self, state: TableState) -> None:
        write_state(self.study.path, self.REMEMBERED_AS, state)

    def on_unmount(self) -> None:
        """Keeps how the table is left."""
        state = self._news()
        if state is not None:
            write_state(self.study.path, self.REMEMBERED_AS, state)
