"""Everything that is told of one attempt, to read."""

from datetime import UTC, datetime
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Static

from mlx_tui.error_text import error_text
from mlx_tui.reproduction.attempts import AttemptError
from mlx_tui.reproduction.model import Attempt
from mlx_tui.study.attempt_report import AttemptReport
from mlx_tui.tui.presentation.attempt_details import detail_lines
from mlx_tui.tui.screens.base import StudyScreen
from mlx_tui.tui.text import lines_of, plain
from mlx_tui.tui.widgets.text_pane import TextPane


class AttemptDetails(StudyScreen):
    """Outcome, comparison, claim and reality, what was captured, and the cells' times."""

    WIDGET_HINTS: ClassVar[tuple[str, ...]] = ("text.down", "text.page_down")
    DEFAULT_CSS = "AttemptDetails #details { height: auto; padding: 0 1; }"

    class Made(Message):
        """The report was made, or why it can't be."""

        def __init__(self, report: AttemptReport | None, error: str = "") -> None:
            """Keeps it."""
            super().__init__()
            self.report, self.error = report, error

    def __init__(self, attempt: Attempt) -> None:
        """Tells of an attempt."""
        super().__init__()
        self._attempt = attempt

    @property
    def repo(self) -> str:
        """The repository."""
        return self._attempt.state.repo

    def body(self) -> ComposeResult:
        """Yields the text."""
        with TextPane():
            yield Static("reading …", id="details", markup=False)

    def on_mount(self) -> None:
        """Reads."""
        self.title_line(f"{self.repo} › attempt › details", self._attempt.state.id)
        self.query_one(TextPane).focus()
        self._report()

    @work(thread=True, exclusive=True, group="load")
    def _report(self) -> None:
        try:
            self.post_message(self.Made(self.study.report_attempt(self._attempt)))
        except (AttemptError, OSError) as error:
            self.post_message(self.Made(None, error_text(error)))

    @on(Made)
    def _show(self, event: Made) -> None:
        if event.report is None:
            self.status(event.error, "bad")
            return
        blind = self.mlx_app.blind
        lines = detail_lines(event.report, datetime.now(UTC), blind=blind)
        self.query_one("#details", Static).update(lines_of(*(plain(text, role) for text, role in lines)))
        if blind:
            self.status("claim and reality is hidden while you judge blind: it tells what the program found")
        elif event.report.captured is not None and event.report.claims is None:
            self.status(f"claim and reality needs a scan: {self.keys.label('corpus.detect')} on the corpus makes it")
