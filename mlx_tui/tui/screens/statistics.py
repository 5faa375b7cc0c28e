"""The corpus in numbers: charts at a glance, and tables to sort and to filter."""

from collections.abc import Callable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message

from mlx_tui.annotation.store import JournalError
from mlx_tui.corpus.entries import CorpusError
from mlx_tui.detection.codebook import CodebookError
from mlx_tui.error_text import error_text
from mlx_tui.statistics.summary import CorpusStatistics
from mlx_tui.study import StudyError
from mlx_tui.tui.presentation.overview import overview_lines
from mlx_tui.tui.presentation.statistics_table import (
    ShareRow,
    dimension_rows,
    feature_rows,
    outcome_rows,
    share_columns,
)
from mlx_tui.tui.screens.remembering import RememberingScreen
from mlx_tui.tui.widgets.bars import EmptyState
from mlx_tui.tui.widgets.chart_view import ChartView
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.table import VirtualTable
from mlx_tui.tui.widgets.table_model import TableModel

TABLES: tuple[tuple[str, str, Callable[[CorpusStatistics], list[ShareRow]]], ...] = (
    ("Dimensions", "dimensions-table", dimension_rows),
    ("Features", "features-table", feature_rows),
    ("Baseline, readiness and outcomes", "outcomes-table", outcome_rows),
)
"""Of each table its title, what it is remembered as, and its rows."""


class StatisticsScreen(RememberingScreen):
    """Charts first, then three tables of shares; tab goes from one to the next."""

    SCOPE: ClassVar[str] = "statistics"
    WIDGET_HINTS: ClassVar[tuple[str, ...]] = ("table.filter", "table.sort")
    DEFAULT_CSS = """
    StatisticsScreen FilteredTable { display: none; }
    StatisticsScreen.-table FilteredTable { display: block; }
    StatisticsScreen.-table ChartView { display: none; }
    StatisticsScreen ChartView { height: 1fr; }
    """
    TELLS_ANSWERS: ClassVar[bool] = True

    class Loaded(Message):
        """The statistics were computed, or why not."""

        def __init__(self, statistics: CorpusStatistics | None, error: str = "") -> None:
            """Keeps them."""
            super().__init__()
            self.statistics, self.error = statistics, error

    def __init__(self) -> None:
        """Starts with the charts."""
        super().__init__()
        self._view = 0
        self._statistics: CorpusStatistics | None = None

    @property
    def remembered_as(self) -> str:
        """Each of the tables by itself; while the charts are shown, that of the last one, which stays as it is."""
        return TABLES[self._view - 1][1]

    def body(self) -> ComposeResult:
        """Yields charts and table."""
        yield ChartView()
        yield FilteredTable(TableModel(share_columns(80), lambda row: f"{row.group} {row.name}"))
        yield EmptyState(id="empty", markup=False)

    def on_mount(self) -> None:
        """Computes."""
        self.title_line("Statistics")
        self.status("computing …")
        self.query_one(ChartView).focus()
        self.reload()

    def on_resize(self) -> None:
        """Draws in the room there is, once that is known."""
        self.query_one(FilteredTable).table.set_columns(share_columns(self.size.width - 1))
        self.call_after_refresh(self._draw)

    def reload(self) -> None:
        """Computes again."""
        self._compute()

    @work(thread=True, exclusive=True, group="load")
    def _compute(self) -> None:
        try:
            self.post_message(self.Loaded(self.study.statistics()))
        except (CorpusError, StudyError, JournalError, CodebookError, OSError) as error:
            self.post_message(self.Loaded(None, error_text(error)))

    @on(Loaded)
    def _loaded(self, event: Loaded) -> None:
        self._statistics = event.statistics
        empty = self.query_one("#empty", EmptyState)
        empty.display = event.statistics is None or not event.statistics.scanned
        if event.statistics is None:
            self.complain(event.error, error=True)
            self.status(event.error, "bad")
            empty.show("The statistics can't be computed.", event.error)
        elif not event.statistics.scanned:
            self.status("nothing to count yet")
            empty.show(
                "No repository is scanned yet: there is nothing to count.",
                f"{self.keys.label('app.back')} goes back to the corpus; {self.keys.label('corpus.fetch')} clones its "
                f"repositories, {self.keys.label('corpus.detect')} detects their features.",
            )
        else:
            self.status("")
        self._show()

    def do_pane(self) -> None:
        """Shows the next view."""
        self.keep_table()
        self._view = (self._view + 1) % (len(TABLES) + 1)
        self._show()

    @property
    def likely(self) -> tuple[str, ...]:
        """What is shown is also a report."""
        return (*super().likely, "statistics.pane", "app.report")

    @property
    def widget_hints(self) -> tuple[str, ...]:
        """The table's keys while one is shown."""
        return self.WIDGET_HINTS if self._view else ()

    def why_not(self, action: str) -> str:
        """Says why an action can't be done now."""
        return "nothing is computed yet" if action == "pane" and self._statistics is None else ""

    def _show(self) -> None:
        statistics = self._statistics
        something = statistics is not None and bool(statistics.scanned)
        in_table = self._view > 0
        self.set_class(in_table, "-table")
        charts, table = self.query_one(ChartView), self.query_one(FilteredTable)
        charts.display, table.display = something and not in_table, something and in_table
        if statistics is None:
            return
        title = "Overview"
        if in_table:
            title, _, rows = TABLES[self._view - 1]
            table.table.set_rows(rows(statistics))
            if not self.is_kept:
                self.restore_table(self.remembered())
            table.table.focus()
        elif something:
            self.status("")  # what was said of a table's row
            charts.focus()
            self.call_after_refresh(self._draw)
        counted = statistics.repositories - statistics.excluded
        judged = f"{statistics.judged}/{statistics.findings} findings judged"
        detail = f"{counted} repositories, {statistics.scanned} scanned, {judged}"
        self.title_line(f"Statistics › {title}", detail)
        self.update_hints()

    def _draw(self) -> None:
        charts = self.query_one(ChartView)
        if self._statistics is not None and charts.display:
            features = self.study.codebook.features
            charts.show(overview_lines(self._statistics, features, charts.room, self.mlx_app.signs, charts.size.height))

    @on(VirtualTable.Highlighted)
    def _describe(self) -> None:
        table = self.query_one(FilteredTable).table
        if table.current is not None and self._view:
            said = (table.current.name.strip(), table.current.remark, table.current_column.description)
            self.status(" · ".join(filter(None, said)))
