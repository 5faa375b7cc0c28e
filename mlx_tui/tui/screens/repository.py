"""One repository: its features and findings, the code they point at, and the judging of them."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll
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
from mlx_tui.tui.presentation.evidence_columns import EVIDENCE_COLUMNS, columns_for
from mlx_tui.tui.presentation.repository_text import nothing_shown, scan_forms, title_forms
from mlx_tui.tui.screens.about import About
from mlx_tui.tui.screens.findings import FindingsScreen
from mlx_tui.tui.screens.reading import FileLine
from mlx_tui.tui.screens.repository_events import Failed, Loaded
from mlx_tui.tui.screens.repository_reading import NotScannedError, read_repository
from mlx_tui.tui.screens.telling import TellingScreen
from mlx_tui.tui.text import lines_of, plain
from mlx_tui.tui.widgets.code_view import CodeView
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.table import VirtualTable
from mlx_tui.tui.widgets.table_model import TableModel

REMEMBERED_AFTER = 1.0
"""Seconds that the cursor rests until its place is remembered."""


class RepositoryScreen(TellingScreen, FindingsScreen):
    """Findings, the code they point at, and what is known of the one under the cursor: its definition and judgements.

    All below each other, so that a line of code has the whole width; where that is enough for both, the code stands
    beside the findings, and the details, as high as they need be, under these.
    """

    SCOPE: ClassVar[str] = "repository"
    JUDGES: ClassVar[bool] = True
    DEFAULT_CSS = """
    RepositoryScreen #reading { height: 1fr; layout: grid; grid-size: 1 3; grid-rows: 4fr 7fr auto; }
    RepositoryScreen FileLine { height: 1; padding: 0 1; background: $surface; }
    RepositoryScreen #details { height: auto; max-height: 5; padding: 0 1; background: $surface; }
    RepositoryScreen #details { scrollbar-size: 1 1; }
    RepositoryScreen.-tall #details { max-height: 12; }
    RepositoryScreen.-wide #reading { grid-size: 2 2; grid-columns: 28% 1fr; grid-rows: 1fr auto; }
    RepositoryScreen.-wide #file { row-span: 2; border-left: solid $panel; }
    RepositoryScreen.-wide #details { max-height: 18; }
    RepositoryScreen.-wide.-medium #details { max-height: 9; }
    RepositoryScreen.-all-details #reading { grid-rows: 3 1fr auto; }
    RepositoryScreen.-wide.-all-details #reading { grid-rows: 1fr auto; }
    RepositoryScreen.-all-details #details { max-height: 60vh; }
    RepositoryScreen.-wide.-all-details #details { max-height: 60vh; }
    RepositoryScreen.-no-details #details { display: none; }
    RepositoryScreen.-short #details { display: none; }
    RepositoryScreen.-short #reading { grid-rows: 1fr 1fr; grid-size: 1 2; }
    RepositoryScreen.-short FileLine { display: none; }
    RepositoryScreen.-short.-details #details { display: block; max-height: 100%; height: 1fr; }
    RepositoryScreen.-short.-details #file { display: none; }
    RepositoryScreen.-short.-code #reading { grid-size: 1 1; grid-rows: 1fr; }
    RepositoryScreen.-short.-code FilteredTable, RepositoryScreen.-short.-code #details { display: none; }
    RepositoryScreen.-short.-code FileLine { display: block; }
    RepositoryScreen.-short.-code #file { display: block; }
    RepositoryScreen.-full #reading { grid-size: 1 1; grid-columns: 1fr; grid-rows: 1fr; }
    RepositoryScreen.-full FilteredTable, RepositoryScreen.-full #details { display: none; }
    RepositoryScreen.-full #file { display: block; row-span: 1; border: none; }
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
        self._columns: tuple[object, ...] = ()  # how the columns were fitted into the room
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
            yield FilteredTable(TableModel(EVIDENCE_COLUMNS, lambda row: row.key), show_column_cursor=False)
            with Vertical(id="file"):
                yield FileLine(markup=False)
                yield CodeView()
            with VerticalScroll(id="details", can_focus=False):
                yield Static(markup=False)

    def on_mount(self) -> None:
        """Reads the repository."""
        self.title_line(self._repo)
        self.lasting("reading …")
        self.code.wrapped = self.mlx_app.preferences.remembered.wrap
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
        """In the code one goes from place to place, and adds what was missed; one opens it where it is hardly seen."""
        in_code = ("repository.confirm", "repository.reject", "repository.missed", "repository.next")
        if self.focused is self.code:
            return (*super().likely, *in_code)
        return (*super().likely, *(("table.open",) if self.has_class("-short") else ()))

    @property
    def titles(self) -> Mapping[str, str]:
        """Where the keys lead that switch between findings and code."""
        other = "findings" if self.focused is self.code else "code"
        return {"repository.pane": other, "table.open": other, "repository.full": "unzoom" if self.is_full else "zoom"}

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
        if self._document is None and self._look is None:  # else a file is on its way
            self.show_no_file(event.text)

    @on(Loaded)
    def _show(self, event: Loaded) -> None:
        other_view = self._blind is not event.blind
        first = not self.rows
        self.clone, self._scan, self.rows, self._elsewhere = event.clone, event.scan, event.rows, event.elsewhere
        self._readiness, self.has_page = event.readiness, event.has_page
        self.read_back()
        if other_view:
            self._blind = event.blind
            self._given.clear()
            self.places = places_of(event.scan) if event.blind else ()
            self._columns = ()
        self._fit_columns()
        self.table.set_rows(event.rows)
        self.lasting(*scan_forms(event.scan, self.rows, self._readiness, event.outdated, self.keys))
        if first:
            self._begin()
        if first:
            self._look_first()
        if other_view and event.blind and self.places and self._look is None:
            self.look_at(self.places[0])
        self._describe()
        self.mark_document()

    def _fit_columns(self) -> None:
        """Shows the columns for which there is room."""
        if not self.is_mounted or self._blind is None:
            return
        columns = columns_for(self.rows, self.table.size.width, blind=self._blind)
        shape = tuple((column.id, column.width, column.hidden) for column in columns)
        if shape != self._columns:
            self._columns = shape
            self.table.set_columns(columns)

    def on_resize(self) -> None:
        """Shows the columns for which there is room now."""
        self.call_after_refresh(self._fit_columns)

    def _begin(self) -> None:
        """Puts the cursor where one stopped, else on the first that isn't judged."""
        start = next((row for row in self.rows if position_of(self._repo, row) == self._start), None)
        if start is None or (self._from_start and not start.open):
            before = start.key if start else ""
            start = next_open(self.rows, before) or next((row for row in self.rows if row.finding is not None), None)
        if start is not None:
            self.move_to(start)

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
        forms = title_forms(self.clone.commit, self.left, self._elsewhere or 0, self.keys, blind=bool(self._blind))
        self.title_line(self._repo, *forms)
        if row is None:
            lines = [(nothing_shown(blind=bool(self._blind)), "muted")]
        else:
            lines = blind_details(row) if self._blind else details(row, self.study.codebook)
        self.query_one("#details Static", Static).update(lines_of(*(plain(text, role) for text, role in lines)))
        self.query_one("#details").scroll_home(animate=False)
        self.update_hints()

    def do_details(self) -> None:
        """Shows all of the details, then none, then as much as there is room for beside code, which is none if low."""
        if not self.has_class("-short"):
            pane = self.query_one("#details")
            cut = pane.display and pane.max_scroll_y > 0
            hides = pane.display and not cut
            self.set_class(cut, "-all-details")
            self.set_class(hides, "-no-details")
            return
        self.toggle_class("-details")
        if self.has_class("-details") and self.focused is self.code:
            self.do_pane()

    def do_wrap(self) -> None:
        """Wraps long lines of code, or lets them go on to the right; remembers which."""
        wraps = self.code.wrapped = not self.code.wrapped
        self.mlx_app.preferences.choose_wrap(wraps=wraps)
        self.mlx_app.keeper.do(self.mlx_app.preferences.write)  # where it can't be, it holds until the program ends
        sideways = " ".join(self.keys.label(f"code.{way}") for way in ("left", "right"))
        self.status("long lines go on below" if wraps else f"long lines go on to the right: {sideways} in the code")

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
