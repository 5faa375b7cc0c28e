"""One repository: its features and findings, the code they point at, and the judging of them."""

from collections.abc import Collection
from contextlib import suppress
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.timer import Timer
from textual.widgets import Static

from mlx_tui.annotation.model import JudgementKey
from mlx_tui.annotation.store import JournalError
from mlx_tui.corpus.entries import CorpusError
from mlx_tui.detection.derived import Readiness
from mlx_tui.detection.model import RepositoryScan
from mlx_tui.error_text import error_text
from mlx_tui.study import StudyError
from mlx_tui.study.places import Place
from mlx_tui.tui.position import Position, position_of, write_position
from mlx_tui.tui.presentation.about import about_lines
from mlx_tui.tui.presentation.blind import blind_details, places_of
from mlx_tui.tui.presentation.evidence import details, next_open
from mlx_tui.tui.presentation.evidence_columns import BLIND_COLUMNS, EVIDENCE_COLUMNS
from mlx_tui.tui.presentation.repository_text import left_text, nothing_shown, scan_text
from mlx_tui.tui.screens.about import About
from mlx_tui.tui.screens.base import StudyScreen
from mlx_tui.tui.screens.findings import FindingsScreen
from mlx_tui.tui.screens.reading import FileLine
from mlx_tui.tui.screens.repository_events import Failed, Loaded
from mlx_tui.tui.screens.repository_reading import NotScannedError, read_repository
from mlx_tui.tui.text import lines_of, plain
from mlx_tui.tui.widgets.code_view import CodeView
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.table import VirtualTable
from mlx_tui.tui.widgets.table_model import TableModel

REMEMBERED_AFTER = 1.0
"""Seconds that the cursor rests until its place is remembered."""


class RepositoryScreen(FindingsScreen):
    """Findings on the left, code beside them, definition and judgements below, or at the right where there is room."""

    SCOPE: ClassVar[str] = "repository"
    JUDGES: ClassVar[bool] = True
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

    def __init__(
        self, repo: str, start: Position | None = None, *, go_on: bool = False, look: Place | None = None
    ) -> None:
        """Shows a repository of the study.

        Args:
            repo: Its name.
            start: Where the cursor begins; None for the first that isn't judged.
            go_on: Begin at the next that isn't judged from there.
            look: A place to show first, whatever the findings say.
        """
        super().__init__()
        self._repo = repo
        self._start, self._from_start = start, go_on
        self._look = look
        self._scan: RepositoryScan | None = None
        self._readiness: Readiness | None = None
        self._elsewhere: int | None = None  # what is left to judge in other repositories, until it may have changed
        self._seen = ""  # key of the row whose file the code follows
        self._at = Position(repo, "")
        self._resting: Timer | None = None

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

    def on_mount(self) -> None:
        """Reads the repository."""
        self.title_line(self._repo)
        self.status("reading …")
        self.table.focus()
        self._look_first()
        self.reload()

    def _look_first(self) -> None:
        """Shows the place that was asked for, also in a repository that isn't scanned."""
        if self._look is not None:
            self._seen = row.key if (row := self.table.current) is not None else ""
            self.look_at(self._look)
            self.show_code()

    def on_screen_resume(self) -> None:
        """Reads again where what may be seen changed on another screen."""
        super().on_screen_resume()
        if self._blind is not None and self._blind is not self.mlx_app.blind:
            self.reload()

    def on_unmount(self) -> None:
        """Remembers the place, where that was still to come."""
        if self._resting is not None:
            self._rests()

    def close_something(self) -> bool:
        """Goes back from the code to the findings, or clears the filter."""
        if super().close_something():
            return True
        if self.focused is self.query_one(CodeView) and self._look is None:
            self.do_pane()
            return True
        return self.query_one(FilteredTable).clear_filter()

    @property
    def likely(self) -> tuple[str, ...]:
        """In the code one goes from place to place, and adds what was missed."""
        in_code = ("repository.confirm", "repository.reject", "repository.missed", "repository.next")
        return (*super().likely, *(in_code if self.focused is self.query_one(CodeView) else ()))

    # Reading

    def reload(self) -> None:
        """Reads again."""
        self._load(self.mlx_app.blind, self._elsewhere)

    @work(thread=True, exclusive=True, group="load")
    def _load(self, blind: bool, elsewhere: int | None) -> None:
        """Reads scan and judgements in a thread."""
        try:
            self.post_message(read_repository(self.study, self._repo, blind=blind, elsewhere=elsewhere))
        except NotScannedError as error:
            detect = self.keys.label("corpus.detect")
            self.post_message(Failed(f"{error}: go back and press {detect}"))
        except (CorpusError, StudyError, JournalError, OSError) as error:
            self.post_message(Failed(error_text(error)))

    @on(Failed)
    def _failed(self, event: Failed) -> None:
        self.status(event.text, "bad")
        self.complain(event.text, error=True)

    @on(Loaded)
    def _show(self, event: Loaded) -> None:
        other_view = self._blind is not event.blind
        first = not self.rows
        self.clone, self._scan, self.rows, self._elsewhere = event.clone, event.scan, event.rows, event.elsewhere
        self._readiness = event.readiness
        self.read_back()
        if other_view:
            self._blind = event.blind
            self._given.clear()
            self.places = places_of(event.scan) if event.blind else ()
            self.table.set_columns(BLIND_COLUMNS if event.blind else EVIDENCE_COLUMNS)
        self.table.set_rows(event.rows)
        if first:
            self._begin(event.scan, event.outdated)
        if first:
            self._look_first()
        if other_view and event.blind and self.places and self._look is None:
            self.look_at(self.places[0])
        self._describe()
        self.mark_document()

    def _begin(self, scan: RepositoryScan, outdated: int) -> None:
        """Puts the cursor where one stopped, else on the first that isn't judged."""
        start = next((row for row in self.rows if position_of(self._repo, row) == self._start), None)
        if start is None or (self._from_start and not start.open):
            before = start.key if start else ""
            start = next_open(self.rows, before) or next((row for row in self.rows if row.finding is not None), None)
        if start is not None:
            self.move_to(start)
        self.status(scan_text(scan, self._readiness, outdated, self.keys))

    @on(VirtualTable.Highlighted)
    def _highlighted(self) -> None:
        row = self.table.current
        if row is None and self.rows and self._looked is None:
            self._seen = ""
            self.show_no_file(nothing_shown(blind=bool(self._blind)))
        if row is not None and row.key != self._seen:
            self._seen = row.key
            self.follow()
            if self._resting is not None:
                self._resting.stop()
            self._at = position_of(self._repo, row)
            self._resting = self.set_timer(REMEMBERED_AFTER, self._rests)
        self._describe()

    def _rests(self) -> None:
        """Remembers where the cursor is, in the thread that saves judgements."""
        self._resting = None
        with suppress(RuntimeError):  # the program ends
            self.mlx_app.judging.submit(write_position, self.study.path, self._at)

    def _describe(self) -> None:
        row = self.table.current
        if self.clone is None:
            return
        left = left_text(self.left, self._elsewhere or 0, self.keys, blind=bool(self._blind))
        self.title_line(self._repo, f"{self.clone.commit[:8]} · {left}")
        if row is None:
            lines = [(nothing_shown(blind=bool(self._blind)), "muted")]
        else:
            lines = blind_details(row) if self._blind else details(row, self.study.codebook)
        self.query_one("#details Static", Static).update(lines_of(*(plain(text, role) for text, role in lines)))
        self.query_one("#details").scroll_home(animate=False)
        self.update_hints()

    def do_details(self) -> None:
        """Shows or hides the details."""
        self.toggle_class("-no-details")

    def do_about(self) -> None:
        """Opens what the scan says beside the findings."""
        if self._scan is not None and self._readiness is not None:
            self.app.push_screen(About(about_lines(self._scan, self._readiness)))

    def do_plan(self) -> None:
        """Opens the plan."""
        from mlx_tui.tui.screens.plan import PlanScreen

        self.app.push_screen(PlanScreen(self._repo))

    def why_not(self, action: str) -> str:
        """Says why an action can't be done now."""
        if action in ("next", "previous") and not self.places and all(row.finding is None for row in self.rows):
            return "the program found nothing here"
        if action == "about" and self._blind:
            return "hidden while you judge blind"
        return super().why_not(action)

    def stepped(self, keys: Collection[JudgementKey]) -> None:
        """Counts again what is left elsewhere."""
        if any(key.repo != self._repo for key in keys):
            self._elsewhere = None
        super().stepped(keys)
