"""The corpus: a row for each repository, and the long work on many of them."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message

from mlx_tui.annotation.store import JournalError
from mlx_tui.corpus.entries import CorpusError
from mlx_tui.study import StudyError
from mlx_tui.tui.presentation.corpus_row import CorpusRow
from mlx_tui.tui.presentation.corpus_table import corpus_columns
from mlx_tui.tui.presentation.corpus_text import cell_text, corpus_summary
from mlx_tui.tui.screens.deciding import DecidingScreen
from mlx_tui.tui.screens.long_work import LongWorkScreen
from mlx_tui.tui.widgets.bars import EmptyState
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.table import VirtualTable
from mlx_tui.tui.widgets.table_model import Column, TableModel

REFRESH_SECONDS = 2.0
"""How often the table looks for attempts that began or ended, while one is under way."""
WIDE = 176
"""From this width on the dimensions' whole names fit."""


class CorpusScreen(LongWorkScreen, DecidingScreen):
    """Browses the repositories; fetches, scans, and opens them."""

    SCOPE: ClassVar[str] = "corpus"
    WIDGET_HINTS: ClassVar[tuple[str, ...]] = ("table.open", "table.filter", "table.sort")

    class Loaded(Message):
        """The rows were read."""

        def __init__(self, rows: Sequence[CorpusRow]) -> None:
            """Keeps them."""
            super().__init__()
            self.rows = rows

    class Failed(Message):
        """Work failed."""

        def __init__(self, text: str) -> None:
            """Keeps the reason."""
            super().__init__()
            self.text = text

    def __init__(self) -> None:
        """Starts without rows."""
        super().__init__()
        self.rows: Sequence[CorpusRow] = ()
        self._each_feature = False
        self._wide = False
        self._described: tuple[str, str] | None = None

    def body(self) -> ComposeResult:
        """Yields the table and what stands in for it while the corpus is empty."""
        placeholder: Column[CorpusRow] = corpus_columns((), (), wide=False, each_feature=False)[0]
        yield FilteredTable(TableModel((placeholder,), lambda row: row.result.repo))
        yield EmptyState(id="empty", markup=False)

    @property
    def table(self) -> VirtualTable[CorpusRow]:
        """The table."""
        return self.query_one(FilteredTable).table

    def on_mount(self) -> None:
        """Reads the study."""
        self.title_line("Corpus", str(self.study.path))
        self.status("reading the study …")
        self.table.focus()
        self.reload()
        self.set_interval(REFRESH_SECONDS, self._look_again)

    def on_screen_resume(self) -> None:
        """Reads again: judgements and attempts were made on other screens."""
        super().on_screen_resume()
        self.reload()

    def on_resize(self) -> None:
        """Uses the room for whole names."""
        wide = self.size.width >= WIDE
        if wide != self._wide:
            self._wide = wide
            self._set_columns()

    def close_something(self) -> bool:
        """Clears the filter."""
        return self.query_one(FilteredTable).clear_filter()

    # Reading

    def reload(self) -> None:
        """Reads again."""
        self._load()

    @work(thread=True, exclusive=True, group="load")
    def _load(self) -> None:
        """Reads the rows in a thread."""
        try:
            under_way = {a.state.repo: a.state for a in self.study.attempts.list() if a.state.outcome is None}
            rows = [CorpusRow(result, under_way.get(result.repo)) for result in self.study.results()]
            export_due = self.study.is_export_due()
        except (CorpusError, JournalError, StudyError, OSError) as error:
            self.post_message(self.Failed(str(error)))
        else:
            self.post_message(self.Loaded(rows))
            if export_due:
                self.app.call_from_thread(self.mlx_app.changed)

    def _look_again(self) -> None:
        if self.is_current and any(row.running for row in self.rows):
            self._look_at_attempts()

    @work(thread=True, exclusive=True, group="look")
    def _look_at_attempts(self) -> None:
        """Reads everything again only where an attempt went on to another phase."""
        shown = {(row.running.id, row.running.phase) for row in self.rows if row.running}
        under_way = [a.state for a in self.study.attempts.list() if a.state.outcome is None]
        if {(state.id, state.phase) for state in {state.repo: state for state in under_way}.values()} != shown:
            self.app.call_from_thread(self.reload)

    @on(Loaded)
    def _show(self, event: Loaded) -> None:
        first = not self.rows
        columns_changed = first or _own(self.rows) != _own(event.rows)
        self.rows = event.rows
        if columns_changed:
            self._set_columns()
        self.table.set_rows(event.rows)
        self.query_one(FilteredTable).display = bool(event.rows)
        self.query_one("#empty").display = not event.rows
        if not event.rows:
            self._show_empty()
        elif first:
            self.table.focus()
        self._summarize()
        self.update_hints()

    def _show_empty(self) -> None:
        self.query_one("#empty", EmptyState).show(
            "This study has no repositories yet.",
            "Add some from a shell, then press f here to fetch and d to detect features:",
            "",
            f"  mlx-tui add --study {self.study.path} https://github.com/owner/name",
            f"  mlx-tui add --study {self.study.path} repositories.csv",
            "",
            "Or look at the sample corpus: mlx-tui demo",
        )

    @on(Failed)
    def _failed(self, event: Failed) -> None:
        self.complain(event.text, error=True)
        self.status(event.text, "bad")

    def _set_columns(self) -> None:
        if self.rows:
            features = self.study.codebook.features
            columns = corpus_columns(features, self.rows, wide=self._wide, each_feature=self._each_feature)
            self.table.set_columns(columns)

    @on(VirtualTable.Highlighted)
    def _describe(self) -> None:
        """Says what the cell under the cursors means, once they moved there."""
        row, column = self.table.current, self.table.current_column
        here = (row.result.repo, column.id) if row is not None else None
        if row is not None and here != self._described and not self.busy:
            self._described = here
            self.status(cell_text(row, column, self.study.codebook.features))
        self.update_hints()

    @on(VirtualTable.Arranged)
    def _summarize(self) -> None:
        model = self.table.model
        if self.rows:
            text = corpus_summary(self.rows, len(model.view), len(model.marked), self.study.path.name)
            self.title_line("Corpus", text)
        else:
            self.title_line("Corpus", str(self.study.path))

    # Actions

    def chosen_repositories(self) -> list[str]:
        """The marked repositories."""
        return [row.result.repo for row in self.table.model.marked_rows()]

    def chosen_row(self) -> CorpusRow | None:
        """The repository under the cursor."""
        return self.table.current

    def why_not(self, action: str) -> str:
        """Says why an action can't be done now."""
        if action in ("fetch", "detect") and self.busy:
            return f"still {self.busy}; x stops it"
        if action == "cancel" and not self.busy:
            return "nothing is being fetched or scanned"
        if action in ("fetch", "detect", "columns") and not self.rows:
            return "the study has no repositories yet"
        row = self.table.current
        if action in ("include", "note"):
            return "no repository is selected" if row is None else _no_clone(row)
        if action == "plan":
            return "no repository is selected" if row is None else _no_clone(row)
        return ""

    @on(VirtualTable.Opened)
    def _open(self) -> None:
        row = self.table.current
        if row is None:
            return
        if row.result.readiness is None:
            self.complain(_no_clone(row) or f"{row.result.repo} wasn't scanned yet: press d to detect its features")
            return
        from mlx_tui.tui.screens.repository import RepositoryScreen

        self.app.push_screen(RepositoryScreen(row.result.repo))

    def do_plan(self) -> None:
        """Opens the plan of the repository under the cursor."""
        from mlx_tui.tui.screens.plan import PlanScreen

        if self.table.current is not None:
            self.app.push_screen(PlanScreen(self.table.current.result.repo))

    def do_columns(self) -> None:
        """Switches between dimensions and features."""
        self._each_feature = not self._each_feature
        self._set_columns()


def _no_clone(row: CorpusRow) -> str:
    if row.result.scan_state.startswith("failed"):
        return f"{row.result.repo}: {row.result.scan_state}"
    return "" if row.result.commit else f"{row.result.repo} wasn't fetched yet: press f"


def _own(rows: Sequence[CorpusRow]) -> set[str]:
    return {name for row in rows for name, _ in row.result.columns}
