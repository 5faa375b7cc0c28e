"""The corpus in numbers: prevalence of dimensions and features, baseline, readiness and outcomes."""

from collections.abc import Callable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message

from mlx_tui.annotation.store import JournalError
from mlx_tui.corpus.entries import CorpusError
from mlx_tui.statistics.summary import CorpusStatistics
from mlx_tui.study import StudyError
from mlx_tui.tui.presentation.statistics_table import (
    ShareRow,
    dimension_rows,
    feature_rows,
    outcome_rows,
    share_columns,
)
from mlx_tui.tui.screens.base import StudyScreen
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.table import VirtualTable
from mlx_tui.tui.widgets.table_model import TableModel

VIEWS: tuple[tuple[str, Callable[[CorpusStatistics], list[ShareRow]]], ...] = (
    ("Dimensions", dimension_rows),
    ("Features", feature_rows),
    ("Baseline, readiness and outcomes", outcome_rows),
)


class StatisticsScreen(StudyScreen):
    """Three tables of shares, each with its Wilson interval; tab goes from one to the next."""

    SCOPE: ClassVar[str] = "statistics"
    WIDGET_HINTS: ClassVar[tuple[str, ...]] = ("table.filter", "table.sort")

    class Loaded(Message):
        """The statistics were computed, or why not."""

        def __init__(self, statistics: CorpusStatistics | None, error: str = "") -> None:
            """Keeps them."""
            super().__init__()
            self.statistics, self.error = statistics, error

    def __init__(self) -> None:
        """Starts with the dimensions."""
        super().__init__()
        self._view = 0
        self._statistics: CorpusStatistics | None = None

    def body(self) -> ComposeResult:
        """Yields the table."""
        yield FilteredTable(TableModel(share_columns(80), lambda row: f"{row.group} {row.name}"))

    def on_mount(self) -> None:
        """Computes."""
        self.title_line("Statistics")
        self.status("computing …")
        self.query_one(FilteredTable).table.focus()
        self.reload()

    def on_resize(self) -> None:
        """Draws the bars in the room there is."""
        self.query_one(FilteredTable).table.set_columns(share_columns(self.size.width - 1))

    def close_something(self) -> bool:
        """Clears the filter."""
        return self.query_one(FilteredTable).clear_filter()

    def reload(self) -> None:
        """Computes again."""
        self._compute()

    @work(thread=True, exclusive=True, group="load")
    def _compute(self) -> None:
        try:
            self.post_message(self.Loaded(self.study.statistics()))
        except (CorpusError, StudyError, JournalError, OSError) as error:
            self.post_message(self.Loaded(None, str(error)))

    @on(Loaded)
    def _loaded(self, event: Loaded) -> None:
        if event.statistics is None:
            self.complain(event.error, error=True)
            self.status(event.error, "bad")
            return
        self._statistics = event.statistics
        self._show()

    def do_pane(self) -> None:
        """Shows the next view."""
        self._view = (self._view + 1) % len(VIEWS)
        self._show()

    def _show(self) -> None:
        statistics = self._statistics
        if statistics is None:
            return
        title, rows = VIEWS[self._view]
        self.query_one(FilteredTable).table.set_rows(rows(statistics))
        counted = statistics.repositories - statistics.excluded
        judged = f"{statistics.judged}/{statistics.findings} findings judged"
        detail = f"{counted} repositories, {statistics.scanned} scanned, {judged}"
        self.title_line(f"Statistics › {title}", detail)

    @on(VirtualTable.Highlighted)
    def _describe(self) -> None:
        table = self.query_one(FilteredTable).table
        if table.current is not None:
            said = (table.current.name.strip(), table.current.remark, table.current_column.description)
            self.status(" · ".join(filter(None, said)))
