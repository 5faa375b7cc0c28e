"""One attempt: how it stands, its log as it grows, its metrics beside the reference."""

from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Static

from mlx_tui.error_text import error_text
from mlx_tui.reproduction.attempt_files import AttemptFiles
from mlx_tui.reproduction.attempts import AttemptError
from mlx_tui.reproduction.model import Attempt, Phase
from mlx_tui.tui.presentation.attempt_text import MetricRow, attempt_lines, metric_columns, metric_rows
from mlx_tui.tui.presentation.log_text import LogKeys, hits_text, place_text
from mlx_tui.tui.presentation.no_metrics import metrics_text, no_metrics_text
from mlx_tui.tui.screens.following import FollowingScreen
from mlx_tui.tui.screens.plan_view import PlanView
from mlx_tui.tui.text import lines_of, plain
from mlx_tui.tui.widgets.filter_line import FilterLine
from mlx_tui.tui.widgets.log_view import LogView
from mlx_tui.tui.widgets.table import VirtualTable
from mlx_tui.tui.widgets.table_model import TableModel

POLL_SECONDS = 0.5


class AttemptScreen(FollowingScreen):
    """State above, log on the left, metrics on the right (behind tab where the screen is narrow)."""

    SCOPE: ClassVar[str] = "attempt"
    DEFAULT_CSS = """
    AttemptScreen #state { height: auto; max-height: 5; padding: 0 1; background: $surface; }
    AttemptScreen.-short #state { max-height: 2; text-wrap: nowrap; text-overflow: ellipsis; }
    AttemptScreen #panes { height: 1fr; }
    AttemptScreen LogView { width: 1fr; }
    AttemptScreen #side { display: none; width: 60; border-left: solid $panel; }
    AttemptScreen.-wide #side, AttemptScreen.-metrics #side { display: block; }
    AttemptScreen.-metrics LogView { display: none; }
    AttemptScreen.-wide.-metrics LogView { display: block; }
    AttemptScreen.-metrics #side { width: 1fr; border: none; }
    AttemptScreen.-wide.-metrics #side { width: 60; border-left: solid $panel; }
    AttemptScreen #metrics.-empty { height: 1; }
    AttemptScreen #no-metrics { padding: 0 1; color: $quiet; }
    """

    class Read(Message):
        """The attempt was read."""

        def __init__(self, attempt: Attempt, metrics: list[MetricRow]) -> None:
            """Keeps it."""
            super().__init__()
            self.attempt, self.metrics = attempt, metrics

    class Unreadable(Message):
        """The attempt can't be read."""

        def __init__(self, text: str) -> None:
            """Keeps why."""
            super().__init__()
            self.text = text

    def __init__(self, attempt: Attempt) -> None:
        """Follows an attempt."""
        super().__init__()
        self.attempt = attempt
        self._files = AttemptFiles(Path(attempt.folder))
        self._was_running = attempt.state.phase is not Phase.FINISHED

    @property
    def repo(self) -> str:
        """The repository."""
        return self.attempt.state.repo

    def chosen(self) -> Attempt | None:
        """The attempt."""
        return self.attempt

    def body(self) -> ComposeResult:
        """Yields state, log and metrics."""
        line = FilterLine(("search the log", "search"))
        yield Static(id="state", markup=False)
        with Horizontal(id="panes"):
            yield LogView(self._files.log, line=line)
            with Vertical(id="side"):
                yield VirtualTable(TableModel(metric_columns(()), _metric_key), id="metrics", show_column_cursor=False)
                yield Static(id="no-metrics", markup=False)
        yield line

    @property
    def log_view(self) -> LogView:
        """The log."""
        return self.query_one(LogView)

    @property
    def grows(self) -> bool:
        """Whether the log still grows."""
        return self.attempt.state.phase is not Phase.FINISHED

    @property
    def widget_hints(self) -> tuple[str, ...]:
        """Those of the log, as far as they do something now."""
        if self._at_metrics:
            return ()
        if self._has_hits:
            return ("log.next", "log.previous", "log.search")
        return ("log.search", "log.wrap") if self.log_view.following else ("log.last", "log.search", "log.wrap")

    @property
    def likely(self) -> tuple[str, ...]:
        """Going on in a search, while there is one."""
        going_on = not self._at_metrics and self._has_hits
        return (*super().likely, *(("log.next", "log.previous") if going_on else ()))

    @property
    def _has_hits(self) -> bool:
        hits = self.log_view.hits
        return hits is not None and hits.count != 0

    @property
    def _at_metrics(self) -> bool:
        return self.has_class("-metrics")

    def on_mount(self) -> None:
        """Starts to follow."""
        self.log_view.focus()
        self._show_state(self.attempt)
        self.reload()
        self.set_interval(POLL_SECONDS, self._look_again)

    def _look_again(self) -> None:
        if self.is_current and self.attempt.state.phase is not Phase.FINISHED:
            self.reload()

    def reload(self) -> None:
        """Reads the attempt."""
        self._read()

    @work(thread=True, exclusive=True, group="load")
    def _read(self) -> None:
        try:
            attempt = self.study.attempts.read(self.attempt)
            self.post_message(self.Read(attempt, metric_rows(attempt, self.study.attempts.captured(attempt))))
        except (AttemptError, OSError) as error:
            self.post_message(self.Unreadable(error_text(error)))

    @on(Read)
    def _show(self, event: Read) -> None:
        self.attempt = event.attempt
        self._show_state(event.attempt)
        self._show_metrics(event.metrics)
        state = event.attempt.state
        if state.evidence_line:
            self.log_view.error_line = state.evidence_line - 1
            self.log_view.refresh()
        if self._was_running and state.phase is Phase.FINISHED:
            self._was_running = False
            self.mlx_app.changed()
        self.say_where()
        self.update_hints()

    def _show_metrics(self, metrics: list[MetricRow]) -> None:
        table, why = self.query_one("#metrics", VirtualTable), self.query_one("#no-metrics", Static)
        columns = metric_columns(metrics)
        if columns != table.model.available:
            table.set_columns(columns)
        table.set_rows(metrics)
        table.set_class(not metrics, "-empty")
        why.display = not metrics
        if not metrics:
            why.update(plain(no_metrics_text(self.attempt)))

    @on(Unreadable)
    def _unreadable(self, event: Unreadable) -> None:
        self.status(event.text, "bad")

    def _show_state(self, attempt: Attempt) -> None:
        repeat = f" · repeat {attempt.state.repeat}" if attempt.state.repeat > 1 else ""
        self.title_line(f"{attempt.state.repo} › attempt", f"{attempt.state.id}{repeat}")
        lines = attempt_lines(attempt, datetime.now(UTC))
        self.query_one("#state", Static).update(lines_of(*(plain(text, role) for text, role in lines)))

    @on(LogView.Moved)
    def _moved(self) -> None:
        self.say_where()
        self.update_hints()

    @on(VirtualTable.Highlighted)
    def say_where(self) -> None:
        """Says where one is in the log or in its search, or of what the metrics are."""
        if self._at_metrics:
            self.describe(metrics_text(self.attempt, len(self.query_one("#metrics", VirtualTable).model.rows)))
            return
        label = self.keys.label
        keys = LogKeys(*map(label, ("log.last", "log.next", "log.previous", "app.back")))
        hits = self.log_view.hits
        if hits is None:
            self.describe(place_text(self.log_view.place, keys, grows=self.grows))
        else:
            self.describe(hits_text(hits, keys), "warn" if hits.count == 0 else "accent")

    @on(FilterLine.Typed)
    def _search(self, event: FilterLine.Typed) -> None:
        if event.closed:
            event.line.remove_class("-open")  # the status line says what is searched for
            self.log_view.focus()
            self.log_view.search(event.value)

    def close_something(self) -> bool:
        """Goes back from the metrics to the log, or ends its search."""
        if self._at_metrics:
            self.do_pane()
            return True
        if not self.log_view.query_text:
            return super().close_something()
        self.log_view.search("")
        return True

    # Actions

    def why_not(self, action: str) -> str:
        """Says why an action can't be done now."""
        if action == "error":
            return "" if self.attempt.state.evidence_line else "no line of the log decided the outcome"
        return super().why_not(action)

    def do_error(self) -> None:
        """Goes to the line that decided the outcome."""
        if self._at_metrics:
            self.do_pane()
        self.log_view.focus()
        self.log_view.show_line(self.attempt.state.evidence_line - 1)

    def do_pane(self) -> None:
        """Switches between log and metrics."""
        self.toggle_class("-metrics")
        (self.query_one("#metrics", VirtualTable) if self._at_metrics else self.log_view).focus()
        self.say_where()

    def do_details(self) -> None:
        """Shows everything that is told of the attempt."""
        from mlx_tui.tui.screens.attempt_details import AttemptDetails

        self.app.push_screen(AttemptDetails(self.attempt))

    def do_plan(self) -> None:
        """Shows the plan that this attempt runs."""
        self.app.push_screen(PlanView(self.attempt.plan))


def _metric_key(row: MetricRow) -> str:
    return row[0] if isinstance(row, tuple) else row.name
