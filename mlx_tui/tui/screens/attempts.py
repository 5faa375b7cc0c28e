"""All attempts, of one repository or of the study, with their state as it changes; the log of one below them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.timer import Timer
from textual.worker import get_current_worker

from mlx_tui.annotation.claims import Claim
from mlx_tui.reproduction.attempt_files import AttemptFiles
from mlx_tui.reproduction.model import Attempt, Phase
from mlx_tui.reproduction.repeats import RepeatedMetric
from mlx_tui.tui.presentation.attempt_columns import ATTEMPT_COLUMNS, attempt_columns, why_text
from mlx_tui.tui.presentation.attempt_text import cpu_text, memory_text
from mlx_tui.tui.presentation.attempts_view import count_text, first_row, log_title, table_height
from mlx_tui.tui.presentation.claim_lines import claim_lines
from mlx_tui.tui.presentation.no_metrics import no_repeats_text
from mlx_tui.tui.presentation.repeats_chart import repeats_lines
from mlx_tui.tui.screens.following import FollowingScreen
from mlx_tui.tui.screens.remembering import RememberingScreen
from mlx_tui.tui.text import plain
from mlx_tui.tui.widgets.bars import EmptyState, OneLine
from mlx_tui.tui.widgets.chart_view import ChartView
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.log_view import LogView
from mlx_tui.tui.widgets.table import VirtualTable
from mlx_tui.tui.widgets.table_model import Sort, TableModel
from mlx_tui.tui.widgets.table_state import TableState

POLL_SECONDS = 1.0
RESTS = 0.1
"""Seconds until the log beside follows the cursor: whoever goes through the list opens no file on the way."""


class AttemptsScreen(FollowingScreen, RememberingScreen):
    """Newest first; enter opens one. Its log is below, and beside that, or behind tab, repeats, claim and reality."""

    SCOPE: ClassVar[str] = "attempts"
    FIRST_SORTS: ClassVar[tuple[Sort, ...]] = (Sort("begun", True),)
    WIDGET_HINTS: ClassVar[tuple[str, ...]] = ("table.open", "table.filter", "table.sort")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-normal"), (150, "-wide")]  # noqa: RUF012 - as Textual types it
    DEFAULT_CSS = """
    AttemptsScreen #panes { height: 1fr; }
    AttemptsScreen FilteredTable { height: auto; }
    AttemptsScreen VirtualTable { scrollbar-size: 0 1; }
    AttemptsScreen #beside { height: 1fr; }
    AttemptsScreen #beside OneLine { height: 1; background: $panel; padding: 0 1; text-style: bold; }
    AttemptsScreen #log { height: 1fr; }
    AttemptsScreen #repeats { height: 1fr; }
    AttemptsScreen #of-log { width: 3fr; }
    AttemptsScreen #of-repeats { width: 2fr; display: none; }
    AttemptsScreen.-repeats #of-repeats { display: block; }
    AttemptsScreen.-repeats #of-log { display: none; }
    AttemptsScreen.-wide #of-log, AttemptsScreen.-wide #of-repeats { display: block; }
    AttemptsScreen.-wide #of-repeats { border-left: solid $panel; }
    AttemptsScreen.-short FilteredTable { height: 1fr; }
    AttemptsScreen.-short #beside { display: none; }
    AttemptsScreen.-short.-repeats #beside { display: block; }
    AttemptsScreen.-short.-repeats FilteredTable { display: none; }
    """

    class Listed(Message):
        """The attempts were read."""

        def __init__(self, attempts: Sequence[Attempt]) -> None:
            """Keeps them."""
            super().__init__()
            self.attempts = attempts

    class Compared(Message):
        """The repeats of an attempt were read."""

        def __init__(self, metrics: Sequence[RepeatedMetric], claims: Sequence[Claim] | None) -> None:
            """Keeps them, and what the code claims beside what the attempt logged."""
            super().__init__()
            self.metrics, self.claims = metrics, claims

    def __init__(self, repo: str) -> None:
        """Lists the attempts of a repository, or all where it is empty."""
        super().__init__()
        self._repo = self._only = repo
        self.attempts: Sequence[Attempt] = ()
        self._metrics: Sequence[RepeatedMetric] = ()
        self._claims: Sequence[Claim] | None = None
        self._beside: tuple[str, Phase] | None = None
        self._followed = ""
        self._longest = 0
        self._timer: Timer | None = None

    @property
    def repo(self) -> str:
        """The repository."""
        return self._repo

    @property
    def remembered_as(self) -> str:
        """One repository's attempts are few: columns and order are those of any repository's, apart from all."""
        return "attempts-of-one-table" if self._repo else "attempts-table"

    def body(self) -> ComposeResult:
        """Yields the table, and the log and the chart beside it."""
        model = TableModel(ATTEMPT_COLUMNS, lambda attempt: attempt.folder)
        model.sorts = self.FIRST_SORTS
        with Vertical(id="panes"):
            yield FilteredTable(model)
            with Horizontal(id="beside"):
                with Vertical(id="of-log"):
                    yield OneLine(id="log-title", markup=False)
                    yield Vertical(id="log")
                with Vertical(id="of-repeats"):
                    yield OneLine("metrics of its repeats, claim and reality", markup=False)
                    yield ChartView(id="repeats")
        yield EmptyState(id="empty", markup=False)

    @property
    def table(self) -> VirtualTable[Attempt]:
        """The attempts."""
        return self.query_one(FilteredTable).table

    @property
    def widget_hints(self) -> tuple[str, ...]:
        """Those of the table, where there is one and it has the keys."""
        return self.WIDGET_HINTS if self.attempts and not self.has_class("-repeats") else ()

    def chosen(self) -> Attempt | None:
        """The attempt under the cursor."""
        return self.table.current

    def on_mount(self) -> None:
        """Reads, and goes on reading while something runs."""
        self.table.focus()
        self.title_line("Attempts", self._only or "all repositories")
        self.reload()
        self.set_interval(POLL_SECONDS, self._look_again)

    def on_screen_resume(self) -> None:
        """Reads again."""
        super().on_screen_resume()
        self.reload()

    def on_resize(self) -> None:
        """Shares the room, and draws the chart in what it gets, once that is known."""
        self._share_room()
        self.call_after_refresh(self._draw)

    def _share_room(self) -> None:
        """Makes the table as high as its rows need, up to a share; where there is no log, all is the table's."""
        room = self.query_one("#panes").size.height
        is_alone = self.has_class("-short") or not room
        self.table.styles.height = "1fr" if is_alone else table_height(len(self.attempts), room)

    def close_something(self) -> bool:
        """Goes back from the chart to the list, or clears the filter."""
        if self.focused is self.query_one(ChartView):
            self.do_pane()
            return True
        return super().close_something()

    def _look_again(self) -> None:
        if self.is_current and any(attempt.state.phase is not Phase.FINISHED for attempt in self.attempts):
            self.reload()

    def reload(self) -> None:
        """Reads the attempts."""
        self._list()

    @work(thread=True, exclusive=True, group="load")
    def _list(self) -> None:
        self.post_message(self.Listed(self.study.attempts.list(self._only or None)))

    @on(Listed)
    def _show(self, event: Listed) -> None:
        self.attempts = event.attempts
        if event.attempts and not self.is_kept:
            self.restore_table(self._where_to_open(event.attempts))
        longest = max((len(attempt.state.repo) for attempt in event.attempts), default=0)
        if longest != self._longest:
            self._longest = longest
            self.table.set_columns(attempt_columns(longest))
        self.table.set_rows(list(event.attempts))
        self.query_one("#panes").display = bool(event.attempts)
        empty = self.query_one("#empty", EmptyState)
        empty.display = not event.attempts
        empty.show(
            "Nothing was run yet.",
            f"{self.keys.label('corpus.plan')} on a repository shows how it would be run;",
            f"{self.keys.label('plan.run')} there runs it. {self.keys.label('app.back')} goes back.",
        )
        self.title_line("Attempts", f"{self._only or 'all repositories'} · {count_text(event.attempts)}")
        self.call_after_refresh(self._share_room)
        self.update_hints()

    def _where_to_open(self, attempts: Sequence[Attempt]) -> TableState:
        """The table as it was left, on the attempt that one wants to see first."""
        left = self.remembered()
        row = first_row(attempts, left.row, self.left_at)
        state = left if row == left.row else replace(left, row=row, height=0)
        return replace(state, query="") if self._repo else state

    # Beside the list

    def say_where(self) -> None:
        """Says how the attempt under the cursor ended, or stands, and what it uses."""
        attempt = self.table.current
        if attempt is not None:
            used = " · ".join(filter(None, (cpu_text(attempt), memory_text(attempt))))
            waits = ": waits for others to end (attempts_at_once)" if attempt.state.phase is Phase.QUEUED else ""
            told = why_text(attempt) or f"{attempt.state.phase.value}{waits}"
            self.describe(f"{told} · {used}" if used else told)

    @on(VirtualTable.Highlighted)
    def _follow(self) -> None:
        self.say_where()
        attempt = self.table.current
        here = (attempt.folder, attempt.state.phase) if attempt is not None else None
        if here != self._beside:
            self._beside = here
            if self._timer is not None:
                self._timer.stop()
            self._timer = self.set_timer(RESTS, self._follow_cursor)

    async def _follow_cursor(self) -> None:
        attempt = self.table.current
        pane = self.query_one("#log", Vertical)
        if attempt is not None and attempt.folder != self._followed:
            self._followed = attempt.folder
            view = LogView(AttemptFiles(Path(attempt.folder)).log)
            view.can_focus = False
            with self.app.batch_update():
                await pane.remove_children()
                await pane.mount(view)
            self.query_one("#log-title", OneLine).put(plain(log_title(attempt)))
        if attempt is not None:
            self._compare()
        elif self.attempts:
            await self._show_no_attempt()

    async def _show_no_attempt(self) -> None:
        """Shows neither log nor metrics: a filter leaves no attempt."""
        self._followed, self._metrics, self._claims = "", (), None
        self.workers.cancel_group(self, "compare")
        await self.query_one("#log", Vertical).remove_children()
        self.query_one("#log-title", OneLine).put(plain("no log: no attempt fits the filter"))
        self._draw()

    @work(thread=True, exclusive=True, group="compare")
    def _compare(self) -> None:
        attempt, worker = self.table.current, get_current_worker()
        if attempt is not None:
            metrics = self.study.attempts.repeats(attempt, self.attempts)
            claims = None if self.mlx_app.blind else self.study.claims_of(attempt)
            if not worker.is_cancelled:
                self.post_message(self.Compared(metrics, claims))

    @on(Compared)
    def _compared(self, event: Compared) -> None:
        self._metrics, self._claims = event.metrics, event.claims
        self._draw()

    def _draw(self) -> None:
        chart = self.query_one(ChartView)
        attempt = self.table.current
        why = "no attempt fits the filter" if attempt is None else no_repeats_text(attempt)
        lines = repeats_lines(self._metrics, chart.room, self.mlx_app.signs, why)
        chart.show([*lines, *claim_lines(self._claims, chart.room)])

    # Actions

    @on(VirtualTable.Opened)
    def _open(self) -> None:
        from mlx_tui.tui.screens.attempt import AttemptScreen

        if self.table.current is not None:
            self.app.push_screen(AttemptScreen(self.table.current))

    def do_pane(self) -> None:
        """Switches between the log and the metrics of the repeats."""
        chart = self.query_one(ChartView)
        to_chart = not self.has_class("-repeats")
        self.set_class(to_chart, "-repeats")
        (chart if to_chart else self.table).focus()
        self.call_after_refresh(self._draw)

    def do_all(self) -> None:
        """Switches between one repository and all."""
        self._only = "" if self._only else self._repo
        self.reload()

    def why_not(self, action: str) -> str:
        """Says why an action can't be done now."""
        if action == "all" and not self._repo:
            return "these are all attempts of the study"
        if action == "pane" and not self.attempts:
            return "nothing was run yet"
        return super().why_not(action)
