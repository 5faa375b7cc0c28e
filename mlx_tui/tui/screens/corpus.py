"""The corpus: a row for each repository, and the long work on many of them."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult

from mlx_tui.study.results import READING
from mlx_tui.tui.presentation.corpus_row import CorpusColumn, CorpusRow
from mlx_tui.tui.presentation.corpus_table import COMPACT, VERY_WIDE, WIDE, corpus_columns
from mlx_tui.tui.presentation.corpus_text import cell_text, corpus_summary, next_step
from mlx_tui.tui.presentation.corpus_widths import LEAST
from mlx_tui.tui.screens.corpus_editing import CorpusEditingScreen
from mlx_tui.tui.screens.deciding import DecidingScreen
from mlx_tui.tui.screens.loading import Loaded, LoadFailed, LoadingScreen
from mlx_tui.tui.screens.remembering import RememberingScreen
from mlx_tui.tui.screens.reproducing import ReproducingScreen
from mlx_tui.tui.widgets.bars import EmptyState
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.table import VirtualTable
from mlx_tui.tui.widgets.table_model import TableModel

REFRESH_SECONDS = 2.0
"""How often the table looks for attempts that began or ended, while one is under way."""

ROOM_FOR_MORE = 16
"""From so many lines on an empty study tells the commands too."""


class CorpusScreen(LoadingScreen, ReproducingScreen, DecidingScreen, CorpusEditingScreen, RememberingScreen):
    """Browses the repositories; fetches, scans, and opens them."""

    SCOPE: ClassVar[str] = "corpus"
    REMEMBERED_AS: ClassVar[str] = "corpus-table"
    WIDGET_HINTS: ClassVar[tuple[str, ...]] = ("table.open", "table.filter", "table.sort")

    def __init__(self) -> None:
        """Starts without rows."""
        super().__init__()
        self._own: tuple[CorpusColumn, ...] = ()
        self._widths = LEAST
        self._unread = 0
        self._came_back = False
        self._each_feature = False
        self._kind = 0
        self._outdated = False
        self._described: tuple[str, str] | None = None
        self._failure = ""
        self._next_step = "corpus.add"

    def body(self) -> ComposeResult:
        """Yields the table and what stands in for it while the corpus is empty."""
        columns = corpus_columns((), LEAST, width=80, each_feature=False)
        yield FilteredTable(TableModel(columns[:1], lambda row: row.result.repo))
        yield EmptyState(id="empty", markup=False)

    @property
    def table(self) -> VirtualTable[CorpusRow]:
        """The table."""
        return self.query_one(FilteredTable).table

    def on_mount(self) -> None:
        """Reads the study."""
        self._outdated = self.study.has_findings
        self.title_line("Corpus", str(self.study.path))
        self.status("reading the study …")
        self.table.focus()
        self.reload()
        self.set_interval(REFRESH_SECONDS, self._look_again)

    def on_screen_resume(self) -> None:
        """Reads again: judgements and attempts were made on other screens."""
        super().on_screen_resume()
        if self._came_back:  # the first time it is being read already
            self.reload()
        self._came_back = True

    @property
    def widget_hints(self) -> tuple[str, ...]:
        """Those of the table, where there is one."""
        return self.WIDGET_HINTS if self.rows else ()

    @property
    def likely(self) -> tuple[str, ...]:
        """Stopping what is under way, else the next step with this corpus."""
        next_step = "corpus.cancel" if self.busy else self._next_step
        return tuple(filter(None, (*super().likely, next_step)))

    @property
    def variant(self) -> str:
        """Whether the features are shown or their dimensions."""
        return "features" if self._each_feature else ""

    def on_resize(self) -> None:
        """Uses the room."""
        kind = sum(self.size.width >= width for width in (COMPACT, WIDE, VERY_WIDE))
        if kind != self._kind:
            self._kind = kind
            self._set_columns()
        if self.query_one("#empty").display and not self.rows:
            self._show_why_empty()

    # Reading

    def _look_again(self) -> None:
        if self.is_current and any(row.running for row in self.rows):
            self._look_at_attempts()

    @work(thread=True, exclusive=True, group="look")
    def _look_at_attempts(self) -> None:
        """Reads everything again only where an attempt went on to another phase."""
        shown = {(row.running.id, row.running.phase) for row in self.rows if row.running}
        under_way = [a.state for a in self.study.attempts.list() if a.state.outcome is None]
        if {(state.id, state.phase) for state in {state.repo: state for state in under_way}.values()} != shown:
            self.call_later(self.reload)

    @on(Loaded)
    def _show(self, event: Loaded) -> None:
        first, self._failure = not self.rows, ""
        state = self.remembered() if first and event.rows else None
        self._each_feature = state.variant == "features" if state else self._each_feature
        self.rows = event.rows
        self._next_step = next_step([row.result for row in event.rows])
        other_own = [column.id for column in event.own] != [column.id for column in self._own]
        if other_own or first or event.widths != self._widths:
            self._own, self._widths = event.own, event.widths
            self._set_columns()
        if state:
            self.restore_table(state)
        self.table.set_rows(event.rows)
        self.query_one(FilteredTable).display = bool(event.rows)
        self.query_one("#empty").display = not event.rows
        if not event.rows:
            self._show_why_empty()
            self.status("")
        elif first:
            self.table.focus()
        if self._unread:
            self._described = None  # what was said of the cell under the cursors is true no more
        self._unread = len(event.rows) - event.read
        self._summarize()
        self.update_hints()

    def _show_why_empty(self) -> None:
        """Says why there is no row: the study can't be read, or has no repositories."""
        empty = self.query_one("#empty", EmptyState)
        if self._failure:
            mended = f"Mend that, then {self.keys.label('corpus.reload')} reads it again."
            empty.show("The study can't be read.", self._failure, "", mended)
            return
        empty.show(
            "This study has no repositories yet.",
            f"{self.keys.label('corpus.add')} adds some: URLs, clones, a CSV of URLs. Then "
            f"{self.keys.label('corpus.fetch')} fetches them and {self.keys.label('corpus.detect')} detects features.",
            "",
            *(self._from_a_shell() if self.size.height >= ROOM_FOR_MORE else ()),
        )

    def _from_a_shell(self) -> tuple[str, ...]:
        return (
            "The same from a shell:",
            f"  mlx-tui add --study {self.study.path} https://github.com/owner/name",
            f"  mlx-tui add --study {self.study.path} repositories.csv",
            "",
            "Or look at the sample corpus: mlx-tui demo",
        )

    @on(LoadFailed)
    def _failed(self, event: LoadFailed) -> None:
        self._failure = event.text
        if not self.rows:
            self.query_one(FilteredTable).display = False
            self.query_one("#empty").display = True
            self._show_why_empty()
        self.complain(event.text, error=True)
        self.status(event.text, "bad")

    def _set_columns(self) -> None:
        if self.rows:
            self.table.set_columns(
                corpus_columns(
                    self.study.codebook.features,
                    self._widths,
                    self._own,
                    width=self.size.width,
                    each_feature=self._each_feature,
                )
            )

    @on(VirtualTable.Highlighted)
    def _describe(self) -> None:
        """Says what the cell under the cursors means, once they moved there."""
        row, column = self.table.current, self.table.current_column
        here = (row.result.repo, column.id) if row is not None else None
        if here is None:
            self._described = None
        if row is not None and here != self._described and not self.busy and self.mlx_app.written is None:
            self._described = here
            features = self.study.codebook.features
            self.status(cell_text(row, column, features, self.keys, outdated=self._outdated))
        self.update_hints()

    @on(VirtualTable.Arranged)
    def _summarize(self) -> None:
        model = self.table.model
        if self.rows:
            text = corpus_summary(
                self.rows,
                len(model.view),
                len(model.marked),
                self.study.path.name,
                self._unread,
                outdated=self._outdated,
            )
            self.title_line("Corpus", text, least=self.study.path.name)
        else:
            self.title_line("Corpus", str(self.study.path))

    # Actions

    def chosen_repositories(self) -> list[str]:
        """The marked repositories."""
        return [row.result.repo for row in self.table.model.marked_rows()]

    def chosen_rows(self) -> Sequence[CorpusRow]:
        """The marked repositories, or else the one under the cursor."""
        marked = self.table.model.marked_rows()
        return marked or ([] if self.table.current is None else [self.table.current])

    def why_not(self, action: str) -> str:
        """Says why an action can't be done now."""
        if action in ("fetch", "update", "detect", "reproduce") and self.busy:
            return f"still {self.busy}; {self.keys.label('corpus.cancel')} stops it"
        if action == "cancel" and not self.busy and self.mlx_app.written is None:
            return "nothing is being fetched, scanned, run or written"
        if action in ("fetch", "update", "detect", "reproduce", "columns") and not self.rows:
            return "the study has no repositories yet"
        row = self.table.current
        if action == "remove":
            return "no repository is selected" if row is None else f"still {self.busy}" if self.busy else ""
        if action in ("include", "note"):
            chosen = self.chosen_rows()
            return next(filter(None, map(self._no_clone, chosen)), "") if chosen else "no repository is selected"
        if action == "plan":
            return "no repository is selected" if row is None else self._no_clone(row)
        return ""

    @on(VirtualTable.Opened)
    def _open(self) -> None:
        row = self.table.current
        if row is None:
            return
        if not row.result.scanned:
            text = cell_text(
                row, self.table.current_column, self.study.codebook.features, self.keys, outdated=self._outdated
            )
            self.complain(self._no_clone(row) or text)
            return
        from mlx_tui.tui.screens.repository import RepositoryScreen

        self.app.push_screen(RepositoryScreen(row.result.repo))

    def go_to(self, repo: str) -> None:
        """Moves the cursor to a repository, clearing a filter that hides it, and opens it."""
        if not self.table.move_to_key(repo):
            self.query_one(FilteredTable).clear_filter()
            self.table.set_filter("")
            self.table.move_to_key(repo)
        self._open()

    def do_plan(self) -> None:
        """Opens the plan of the repository under the cursor."""
        from mlx_tui.tui.screens.plan import PlanScreen

        if self.table.current is not None:
            self.app.push_screen(PlanScreen(self.table.current.result.repo))

    def do_reload(self) -> None:
        """Reads the study's files again."""
        self.status("reading the study …")
        self.reload()

    def do_columns(self) -> None:
        """Switches between dimensions and features."""
        self._each_feature = not self._each_feature
        self._set_columns()

    def _no_clone(self, row: CorpusRow) -> str:
        if row.result.scan_state.startswith("failed"):
            return f"{row.result.repo}: {row.result.scan_state}"
        if row.result.scan_state == READING:
            return f"{row.result.repo} is still being read"
        fetch = f"{row.result.repo} wasn't fetched yet: press {self.keys.label('corpus.fetch')}"
        return "" if row.result.commit else fetch
