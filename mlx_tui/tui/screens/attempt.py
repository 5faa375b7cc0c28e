"""One attempt: how it stands, its log as it grows, its metrics beside the reference."""

from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Static

from mlx_tui.error_text import error_text
from mlx_tui.reproduction.attempt_files import AttemptFiles
from mlx_tui.reproduction.attempts import AttemptError
from mlx_tui.reproduction.model import Attempt, Phase
from mlx_tui.tui.presentation.attempt_text import METRIC_COLUMNS, MetricRow, attempt_lines, metric_rows
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
    WIDGET_HINTS: ClassVar[tuple[str, ...]] = ("log.last", "log.search")
    DEFAULT_CSS = """
    AttemptScreen #state { height: auto; max-height: 5; padding: 0 1; background: $surface; }
    AttemptScreen #panes { height: 1fr; }
    AttemptScreen LogView { width: 1fr; }
    AttemptScreen #metrics { display: none; width: 60; border-left: solid $panel; }
    AttemptScreen.-wide #metrics, AttemptScreen.-metrics #metrics { display: block; }
    AttemptScreen.-metrics LogView { display: none; }
    AttemptScreen.-wide.-metrics LogView { display: block; }
    AttemptScreen.-metrics #metrics { width: 1fr; border: none; }
    AttemptScreen.-wide.-metrics #metrics { width: 60; }
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
        line = FilterLine(("search the log",))
        yield Static(id="state", markup=False)
        with Horizontal(id="panes"):
            yield LogView(self._files.log, line=line)
            yield VirtualTable(TableModel(METRIC_COLUMNS, _metric_key), id="metrics", show_column_cursor=False)
        yield line

    @property
    def log_view(self) -> LogView:
        """The log."""
        return self.query_one(LogView)

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
        self.query_one("#metrics", VirtualTable).set_rows(event.metrics)
        state = event.attempt.state
        if state.evidence_line:
            self.log_view.error_line = state.evidence_line - 1
            self.log_view.refresh()
        if self._was_running and state.phase is Phase.FINISHED:
            self._was_running = False
            self.inform(f"{state.repo}: {state.outcome.value if state.outcome else 'ended'}")
            self.mlx_app.changed()
        self.update_hints()

    @on(Unreadable)
    def _unreadable(self, event: Unreadable) -> None:
        self.status(event.text, "bad")

    def _show_state(self, attempt: Attempt) -> None:
        repeat = f" · repeat {attempt.state.repeat}" if attempt.state.repeat > 1 else ""
        self.title_line(f"{attempt.state.repo} › attempt", f"{attempt.state.id}{repeat}")
        lines = attempt_lines(attempt, datetime.now(UTC))
        self.query_one("#state", Static).update(lines_of(*(plain(text, role) for text, role in lines)))

    @on(LogView.Moved)
    def _say_where(self) -> None:
        view = self.log_view
        position = "following the end" if view.following else f"paused: {self.keys.label('log.last')} follows again"
        self.status(
            f"log: {view.lines:,} lines · {position}" + (f" · searching {view.query_text}" if view.query_text else "")
        )

    @on(LogView.NotFound)
    def _not_found(self) -> None:
        self.complain(f"the log has no {self.log_view.query_text}")

    @on(FilterLine.Typed)
    def _search(self, event: FilterLine.Typed) -> None:
        if event.closed:
            self.log_view.search(event.value)
            self.log_view.focus()

    def close_something(self) -> bool:
        """Goes back from the metrics to the log, or ends its search."""
        if self.focused is self.query_one("#metrics", VirtualTable):
            self.do_pane()
            return True
        if not self.log_view.query_text:
            return super().close_something()
        self.log_view.search("")
        self._say_where()
        return True

    # Actions

    def why_not(self, action: str) -> str:
        """Says why an action can't be done now."""
        if action == "error":
            return "" if self.attempt.state.evidence_line else "no line of the log decided the outcome"
        return super().why_not(action)

    def do_error(self) -> None:
        """Goes to the line that decided the outcome."""
        self.remove_class("-metrics")
        self.log_view.focus()
        self.log_view.show_line(self.attempt.state.evidence_line - 1)

    def do_pane(self) -> None:
        """Switches between log and metrics."""
        metrics = self.query_one("#metrics", VirtualTable)
        to_metrics = self.focused is not metrics
        self.set_class(to_metrics, "-metrics")
        (metrics if to_metrics else self.log_view).focus()

    def do_details(self) -> None:
        """Shows everything that is told of the attempt."""
        from mlx_tui.tui.screens.attempt_details import AttemptDetails

        self.app.push_screen(AttemptDetails(self.attempt))

    def do_plan(self) -> None:
        """Shows the plan that this attempt runs."""
        self.app.push_screen(PlanView(self.attempt.plan))


def _metric_key(row: MetricRow) -> str:
    return row[0] if isinstance(row, tuple) else row.name
