"""Looking for a text in all files of the corpus: the hits as a table, each opened in its file."""

from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message

from mlx_tui.corpus.entries import CorpusError
from mlx_tui.detection.search import Hit, Query
from mlx_tui.error_text import error_text
from mlx_tui.study import StudyError
from mlx_tui.study.searching import SearchProgress, SearchResult, write_hits
from mlx_tui.tui.long_job import LongJob
from mlx_tui.tui.presentation.hits import found_text, hit_columns, hit_key, parse_query, place_of
from mlx_tui.tui.screens.base import StudyScreen
from mlx_tui.tui.screens.modals import TextPrompt
from mlx_tui.tui.widgets.bars import EmptyState
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.table import VirtualTable
from mlx_tui.tui.widgets.table_model import TableModel

DETAIL = (
    "Plain text, or an expression between slashes: /log_\\w+/. Upper and lower case are alike unless you type "
    "upper case. Looks into the files that a scan reads."
)


class SearchScreen(StudyScreen):
    """Asks for a text, and lists the lines in which it is."""

    SCOPE: ClassVar[str] = "search"
    WIDGET_HINTS: ClassVar[tuple[str, ...]] = ("table.open", "table.filter", "table.sort")

    class Step(Message):
        """A repository was searched."""

        def __init__(self, text: str, hits: tuple[Hit, ...]) -> None:
            """Keeps how far the search is, and all hits so far."""
            super().__init__()
            self.text, self.hits = text, hits

    class Ended(Message):
        """The search ended, with a result or a reason."""

        def __init__(self, job: LongJob, result: SearchResult | None, error: str = "") -> None:
            """Keeps what came of it."""
            super().__init__()
            self.job, self.result, self.error = job, result, error

    def __init__(self) -> None:
        """Starts without a query."""
        super().__init__()
        self._typed = ""
        self._job: LongJob | None = None

    def body(self) -> ComposeResult:
        """Yields the table and what stands in for it."""
        yield FilteredTable(TableModel(hit_columns(80), hit_key))
        yield EmptyState(id="empty", markup=False)

    @property
    def table(self) -> VirtualTable[Hit]:
        """The hits."""
        return self.query_one(FilteredTable).table

    def on_mount(self) -> None:
        """Asks."""
        self.title_line("Search")
        self._list((), "Nothing is looked for yet.")
        self.do_again()

    def on_resize(self) -> None:
        """Uses the room."""
        self.table.set_columns(hit_columns(self.size.width))

    def on_unmount(self) -> None:
        """Stops a search that nobody would see the end of."""
        if self._job is not None:
            self._job.stop.set()

    def why_not(self, action: str) -> str:
        """Says why an action can't be done now."""
        if action == "cancel" and self._job is None:
            return "nothing is being looked for"
        if action == "again" and self._job is not None:
            return f"still {self._job.what}; {self.keys.label('search.cancel')} stops it"
        if action == "write" and not self.table.model.rows:
            return "there are no hits"
        return ""

    # Searching

    def do_again(self) -> None:
        """Asks what to look for."""

        def typed(text: str | None) -> None:
            if text:
                self._begin(text)
            elif not self._typed:
                self.app.pop_screen()

        self.app.push_screen(TextPrompt("Search the files of the corpus", DETAIL, self._typed), typed)

    def _begin(self, text: str) -> None:
        self._typed = text
        self.query_one(FilteredTable).clear_filter()
        self.title_line("Search", text)
        self._list((), "")
        self._job = LongJob(f"looking for {text}")
        self.status(f"{self._job.what} …", "accent")
        self._search(self._job, parse_query(text))
        self.update_hints()

    @work(thread=True, group="search")
    def _search(self, job: LongJob, query: Query) -> None:
        hits: list[Hit] = []

        def tell(progress: SearchProgress) -> None:
            hits.extend(progress.hits)
            if job.is_due():
                how_far = f"{progress.done}/{progress.total}: {progress.repo}"
                rest = job.estimate(progress.done, progress.total)
                stops = f" · {self.keys.label('search.cancel')} stops"
                self.post_message(self.Step(f"searching {how_far}{rest}{stops}", tuple(hits)))

        try:
            result = self.study.search(query, on_progress=tell, cancelled=job.stop)
        except (StudyError, CorpusError, OSError) as error:
            self.post_message(self.Ended(job, None, error_text(error)))
        else:
            self.post_message(self.Ended(job, result))

    @on(Step)
    def _stepped(self, event: Step) -> None:
        if self._job is not None and not self._job.stop.is_set():
            self._list(event.hits, "")
            self.status(event.text, "accent")

    @on(Ended)
    def _ended(self, event: Ended) -> None:
        if event.job is not self._job:
            return
        self._job = None
        if event.result is None:
            self._list((), f"Not searched: {event.error}")
            self.status(event.error, "bad")
            self.complain(event.error, error=True)
        else:
            told = found_text(event.result)
            self._list(event.result.hits, f"{told[:1].upper()}{told[1:]}.")
            self.status(told, "warn" if event.result.errors or event.result.stopped else "good")
        self.update_hints()

    def _list(self, hits: tuple[Hit, ...], why_none: str) -> None:
        table, empty = self.query_one(FilteredTable), self.query_one("#empty", EmptyState)
        shown = bool(hits) or not why_none
        self.table.set_rows(hits)
        table.display, empty.display = shown, not shown
        again, back = self.keys.label("search.again"), self.keys.label("app.back")
        empty.show(why_none, f"{again} asks for a text to look for; {back} goes back.")
        (self.table if shown else self).focus()

    def do_cancel(self) -> None:
        """Stops the search."""
        if self._job is not None:
            self._job.stop.set()
            self.status(f"stopping: {self._job.what} …", "warn")

    # What becomes of hits

    @on(VirtualTable.Opened)
    def _open(self) -> None:
        from mlx_tui.tui.screens.repository import RepositoryScreen

        hit = self.table.current
        if hit is not None:
            self.app.push_screen(RepositoryScreen(hit.repo, look=place_of(hit)))

    def do_write(self) -> None:
        """Asks where to, and writes the hits."""

        def typed(text: str | None) -> None:
            if text and text.strip():
                self._write(self.study.path / Path(text.strip()).expanduser(), tuple(self.table.model.rows))

        detail = "All hits, the filter's or not; relative to the study's folder"
        self.app.push_screen(TextPrompt("Write the hits", detail, "hits.csv"), typed)

    @work(thread=True, group="write")
    def _write(self, path: Path, hits: tuple[Hit, ...]) -> None:
        try:
            write_hits(path, hits)
        except OSError as error:
            self.call_later(self.complain, f"not written: {error_text(error)}", error=True)
        else:
            self.call_later(self.status, f"written: {path}", "good")
