"""One repository: its features and findings, the code they point at, and the judging of them."""

from collections.abc import Collection, Sequence
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
from mlx_tui.detection.model import RepositoryScan
from mlx_tui.study import StudyError
from mlx_tui.study.blind import own, unaided
from mlx_tui.study.places import Place
from mlx_tui.tui.position import Position, position_of, write_position
from mlx_tui.tui.presentation.about import about_lines
from mlx_tui.tui.presentation.blind import blind_details, blind_rows, places_of
from mlx_tui.tui.presentation.evidence import EvidenceRow, details, evidence_rows, next_open
from mlx_tui.tui.presentation.evidence_columns import BLIND_COLUMNS, EVIDENCE_COLUMNS
from mlx_tui.tui.presentation.plan_text import counted
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

REMEMBERED_AFTER = 1.0
"""Seconds that the cursor rests until its place is remembered."""


class RepositoryScreen(PlaceScreen):
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
        self._blind: bool | None = None  # what is shown: with or without the program's answer; None until it is read
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

    @property
    def table(self) -> VirtualTable[EvidenceRow]:
        """The findings."""
        return self.query_one(FilteredTable).table

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

    # Reading

    def reload(self) -> None:
        """Reads again."""
        self._load(self.mlx_app.blind, self._elsewhere)

    @work(thread=True, exclusive=True, group="load")
    def _load(self, blind: bool, elsewhere: int | None) -> None:
        """Reads scan and judgements in a thread."""
        try:
            clone = self.study.corpus.clone(self._repo)
            scan = self.study.scans.of(clone)
            if scan is None:
                detect = self.keys.label("corpus.detect")
                self.post_message(Failed(f"{self._repo} wasn't scanned at its commit: go back and press {detect}"))
                return
            annotator = self.study.annotations.annotator
            holding = self.study.judgements_of(clone)
            here = holding.judgements
            outdated = len(own(holding.outdated, annotator) if blind else holding.outdated)
            codebook = self.study.codebook
            rows = blind_rows(codebook, unaided(here, annotator)) if blind else None
            if elsewhere is None:
                others = (each for each in self.study.progress(blind=blind) if each.repo != clone.repo)
                elsewhere = sum(each.left for each in others)
            rows = evidence_rows(codebook, scan, here, annotator) if rows is None else rows
            self.post_message(Loaded(clone, scan, rows, blind=blind, elsewhere=elsewhere, outdated=outdated))
        except (CorpusError, StudyError, JournalError, OSError) as error:
            self.post_message(Failed(str(error)))

    @on(Failed)
    def _failed(self, event: Failed) -> None:
        self.status(event.text, "bad")
        self.complain(event.text, error=True)

    @on(Loaded)
    def _show(self, event: Loaded) -> None:
        other_view = self._blind is not event.blind
        first = not self.rows
        self.clone, self._scan, self.rows, self._elsewhere = event.clone, event.scan, event.rows, event.elsewhere
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
        if self._blind:
            following = f"{self.keys.label('repository.next')} goes to the next place that the program marked"
            text = f"{scan.files} files; {following}, {self.keys.label('repository.file')} opens any file"
        else:
            found = f"{counted(len(scan.findings), 'finding')} in {counted(scan.files, 'file')}"
            text = found + self._anomalies(scan)
        self.status(text + (f" · {counted(outdated, 'judgement')} outdated" if outdated else ""))

    @on(VirtualTable.Highlighted)
    def _highlighted(self) -> None:
        row = self.table.current
        if row is None and self.rows and self._looked is None:
            self._seen = ""
            self.show_no_file(self._nothing_shown)
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
        self.title_line(self._repo, f"{self.clone.commit[:8]} · {self._left_text()}")
        if row is None:
            lines = [(self._nothing_shown, "muted")]
        else:
            lines = blind_details(row) if self._blind else details(row, self.study.codebook)
        self.query_one("#details Static", Static).update(lines_of(*(plain(text, role) for text, role in lines)))
        self.query_one("#details").scroll_home(animate=False)
        self.update_hints()

    @property
    def _nothing_shown(self) -> str:
        """What is said in place of a finding where a filter leaves none."""
        return f"No {'feature' if self._blind else 'finding'} fits the filter."

    def _left_text(self) -> str:
        left, elsewhere = self.left, self._elsewhere or 0
        things = " features" if self._blind else ""
        if left:
            return f"{left:,}{things} left to judge, {left + elsewhere:,} in the study"
        going_on = f", {elsewhere:,} in the study: {self.keys.label('app.resume')} goes on" if elsewhere else ""
        return f"all judged here{going_on}"

    # Moving

    def do_next(self) -> None:
        """Goes to the next finding."""
        self._step(1)

    def do_previous(self) -> None:
        """Goes to the previous finding."""
        self._step(-1)

    def _step(self, direction: int) -> None:
        if self._blind:
            moved = self.step_places(direction)
        else:
            rows = self.shown()
            at = self.table.cursor + direction
            while 0 <= at < len(rows) and rows[at].finding is None:
                at += direction
            moved = 0 <= at < len(rows)
            if moved:
                self.table.cursor = at
        if not moved:
            what = "place" if self._blind else "finding"
            self.status(f"that was the last {what}" if direction > 0 else f"that was the first {what}", "warn")

    def go_on(self) -> bool:
        """Goes to the next that has no verdict."""
        row = self.table.current
        following = next_open(self.shown(), row.key if row else "", self._given)
        if following is None and self.left:
            clears = f"{self.keys.label('app.back')} clears it"
            self.complain(f"nothing that the filter shows is left to judge; {clears}")
            return True
        if following is not None:
            self.move_to(following)
        return following is not None

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
        if action in ("next", "previous") and not self.places and all(row.finding is None for row in self.rows):
            return "the program found nothing here"
        if action == "about" and self._blind:
            return "hidden while you judge blind"
        return super().why_not(action)

    # What is judged

    def chosen(self) -> EvidenceRow | None:
        """The evidence under the cursor."""
        return self.table.current

    def marked(self) -> Sequence[EvidenceRow]:
        """The marked evidence."""
        return self.table.model.marked_rows()

    def unmark(self) -> None:
        """Takes the marks away."""
        self.table.unmark()

    def shown(self) -> Sequence[EvidenceRow]:
        """The evidence in the order in which it is shown."""
        model = self.table.model
        return [model.rows[index] for index in model.view]

    def move_to(self, row: EvidenceRow) -> None:
        """Moves the cursor."""
        self.table.move_to_key(row.key)

    def stepped(self, keys: Collection[JudgementKey]) -> None:
        """Counts again what is left elsewhere."""
        if any(key.repo != self._repo for key in keys):
            self._elsewhere = None
        super().stepped(keys)

    def _anomalies(self, scan: RepositoryScan) -> str:
        count, key = len(scan.anomalies), self.keys.label("repository.about")
        return f" · {count} {'anomaly' if count == 1 else 'anomalies'}, {key} shows them" if count else ""
