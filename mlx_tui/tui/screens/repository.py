"""One repository: its features and findings, the code they point at, and the judging of them."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from mlx_tui.annotation.store import JournalError
from mlx_tui.corpus.entries import CorpusError
from mlx_tui.corpus.model import Clone
from mlx_tui.detection.model import RepositoryScan
from mlx_tui.study import StudyError
from mlx_tui.tui.presentation.about import about_lines
from mlx_tui.tui.presentation.evidence import (
    EVIDENCE_COLUMNS,
    EvidenceRow,
    details,
    evidence_rows,
    left_to_judge,
)
from mlx_tui.tui.screens.about import About
from mlx_tui.tui.screens.base import StudyScreen
from mlx_tui.tui.screens.places import PlaceScreen
from mlx_tui.tui.screens.reading import FileLine
from mlx_tui.tui.screens.repository_events import Failed, Loaded
from mlx_tui.tui.text import lines_of, plain
from mlx_tui.tui.widgets.code_view import CodeView
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.table import VirtualTable
from mlx_tui.tui.widgets.table_model import TableModel


class RepositoryScreen(PlaceScreen):
    """Findings on the left, code beside them, definition and judgements below, or at the right where there is room."""

    SCOPE: ClassVar[str] = "repository"
    HORIZONTAL_BREAKPOINTS = [*StudyScreen.HORIZONTAL_BREAKPOINTS, (140, "-side")]  # noqa: RUF012
    DEFAULT_CSS = """
    RepositoryScreen #reading { height: 1fr; layout: vertical; }
    RepositoryScreen #panes { height: 1fr; width: 1fr; }
    RepositoryScreen FilteredTable { width: 2fr; min-width: 35; max-width: 60; border-right: solid $panel; }
    RepositoryScreen #file { width: 3fr; }
    RepositoryScreen FileLine { height: 1; padding: 0 1; background: $surface; }
    RepositoryScreen #details { height: 7; padding: 0 1; background: $surface; scrollbar-size: 1 1; }
    RepositoryScreen.-wide #details { height: 10; }
    RepositoryScreen.-side #reading { layout: horizontal; }
    RepositoryScreen.-side FilteredTable { max-width: 44; }
    RepositoryScreen.-side #details { height: 1fr; width: 26%; min-width: 36; border-left: solid $panel; }
    RepositoryScreen.-no-details #details { display: none; }
    RepositoryScreen.-narrow #details { height: 3; }
    RepositoryScreen.-narrow FilteredTable { width: 1fr; max-width: 100%; }
    RepositoryScreen.-narrow FileLine { display: none; }
    RepositoryScreen.-narrow #file { display: none; }
    RepositoryScreen.-narrow.-code #file { display: block; width: 1fr; }
    RepositoryScreen.-narrow.-code FilteredTable { display: none; }
    RepositoryScreen.-full FilteredTable, RepositoryScreen.-full #details { display: none; }
    RepositoryScreen.-full #file { display: block; width: 1fr; }
    """

    def __init__(self, repo: str) -> None:
        """Shows a repository of the study."""
        super().__init__()
        self._repo = repo
        self._scan: RepositoryScan | None = None
        self._seen = ""  # key of the row whose file the code follows

    @property
    def repo(self) -> str:
        """The repository."""
        return self._repo

    def body(self) -> ComposeResult:
        """Yields the panes."""
        with Container(id="reading"):
            with Horizontal(id="panes"):
                yield FilteredTable(TableModel(EVIDENCE_COLUMNS, lambda row: row.key), show_column_cursor=False)
                with Vertical(id="file"):
                    yield FileLine(markup=False)
                    yield CodeView()
            with VerticalScroll(id="details", can_focus=False):
                yield Static(markup=False)

    @property
    def table(self) -> VirtualTable[EvidenceRow]:
        """The findings."""
        return self.query_one(FilteredTable).table

    def on_mount(self) -> None:
        """Reads the repository."""
        self.title_line(self._repo)
        self.status("reading …")
        self.table.focus()
        self.reload()

    def close_something(self) -> bool:
        """Goes back from the code to the findings, or clears the filter."""
        if super().close_something():
            return True
        if self.focused is self.query_one(CodeView):
            self.do_pane()
            return True
        return self.query_one(FilteredTable).clear_filter()

    # Reading

    def reload(self) -> None:
        """Reads again."""
        self._load()

    @work(thread=True, exclusive=True, group="load")
    def _load(self) -> None:
        """Reads scan and judgements in a thread."""
        try:
            clone = self.study.corpus.clone(self._repo)
            scan = self.study.scans.of(clone)
            if scan is None:
                self.post_message(Failed(f"{self._repo} wasn't scanned at its commit: go back and press d"))
                return
            self.post_message(Loaded(clone, scan, self._read_rows(clone, scan)))
        except (CorpusError, StudyError, JournalError, OSError) as error:
            self.post_message(Failed(str(error)))

    def _read_rows(self, clone: Clone, scan: RepositoryScan) -> Sequence[EvidenceRow]:
        journal, annotator = self.study.annotations.journal, self.study.annotations.annotator
        here = [j for j in journal.judgements() if j.key.repo == clone.repo and j.key.commit == clone.commit]
        return evidence_rows(self.study.codebook, scan, here, annotator)

    @on(Failed)
    def _failed(self, event: Failed) -> None:
        self.status(event.text, "bad")
        self.complain(event.text, error=True)

    @on(Loaded)
    def _show(self, event: Loaded) -> None:
        first = not self.rows
        self.clone, self._scan, self.rows = event.clone, event.scan, event.rows
        self.table.set_rows(event.rows)
        if first:
            start = next((row for row in self.rows if row.finding is not None), None)
            if start is not None:
                self.table.move_to_key(start.key)
            self.status(f"{len(event.scan.findings)} findings in {event.scan.files} files{_anomalies(event.scan)}")
        self._describe()
        self.mark_document()

    @on(VirtualTable.Highlighted)
    def _highlighted(self) -> None:
        row = self.table.current
        if row is not None and row.key != self._seen:
            self._seen = row.key
            self.follow()
        self._describe()

    def _describe(self) -> None:
        row = self.table.current
        if row is None or self.clone is None:
            return
        left = left_to_judge(self.rows)
        self.title_line(
            self._repo,
            f"{self.clone.commit[:8]} · {left} left to judge" if left else f"{self.clone.commit[:8]} · all judged",
        )
        self.query_one("#details Static", Static).update(
            lines_of(*(plain(text, role) for text, role in details(row, self.study.codebook)))
        )
        self.query_one("#details").scroll_home(animate=False)
        self.update_hints()

    # Moving

    def do_next(self) -> None:
        """Goes to the next finding."""
        self._step(1)

    def do_previous(self) -> None:
        """Goes to the previous finding."""
        self._step(-1)

    def _step(self, direction: int) -> None:
        model = self.table.model
        position = self.table.cursor + direction
        while (row := model.at(position)) is not None:
            if row.finding is not None:
                self.table.cursor = position
                return
            position += direction
        self.status("that was the last finding" if direction > 0 else "that was the first finding", "warn")

    @on(VirtualTable.Opened)
    def do_pane(self) -> None:
        """Switches between findings and code."""
        if self.focused is not self.code:
            self.show_code()
        else:
            self.remove_class("-code", "-full")
            self.table.focus()

    def show_code(self) -> None:
        """Moves to the code."""
        self.add_class("-code")
        self.code.focus()

    def do_details(self) -> None:
        """Shows or hides the details."""
        self.toggle_class("-no-details")

    def do_about(self) -> None:
        """Opens what the scan says beside the findings."""
        if self._scan is not None:
            self.app.push_screen(About(about_lines(self._scan)))

    def do_plan(self) -> None:
        """Opens the plan."""
        from mlx_tui.tui.screens.plan import PlanScreen

        self.app.push_screen(PlanScreen(self._repo))

    def why_not(self, action: str) -> str:
        """Says why an action can't be done now."""
        if action in ("next", "previous") and all(row.finding is None for row in self.rows):
            return "the program found nothing here"
        return super().why_not(action)

    def chosen(self) -> EvidenceRow | None:
        """The evidence under the cursor."""
        return self.table.current

    def marked(self) -> Sequence[EvidenceRow]:
        """The marked evidence."""
        return self.table.model.marked_rows()

    def unmark(self) -> None:
        """Takes the marks away."""
        self.table.unmark()

    def move_to(self, row: EvidenceRow) -> None:
        """Moves the cursor."""
        self.table.move_to_key(row.key)


def _anomalies(scan: RepositoryScan) -> str:
    count = len(scan.anomalies)
    return f" · {count} {'anomaly' if count == 1 else 'anomalies'}, v shows them" if count else ""
