"""All attempts, of one repository or of the study, with their state as it changes."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message

from mlx_tui.reproduction.model import Attempt, Phase
from mlx_tui.tui.presentation.attempt_text import ATTEMPT_COLUMNS
from mlx_tui.tui.screens.following import FollowingScreen
from mlx_tui.tui.widgets.bars import EmptyState
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.table import VirtualTable
from mlx_tui.tui.widgets.table_model import Sort, TableModel

POLL_SECONDS = 1.0


class AttemptsScreen(FollowingScreen):
    """Newest first; enter opens one."""

    SCOPE: ClassVar[str] = "attempts"
    WIDGET_HINTS: ClassVar[tuple[str, ...]] = ("table.open", "table.filter", "table.sort")

    class Listed(Message):
        """The attempts were read."""

        def __init__(self, attempts: Sequence[Attempt]) -> None:
            """Keeps them."""
            super().__init__()
            self.attempts = attempts

    def __init__(self, repo: str) -> None:
        """Lists the attempts of a repository, or all where it is empty."""
        super().__init__()
        self._repo = self._only = repo
        self.attempts: Sequence[Attempt] = ()

    @property
    def repo(self) -> str:
        """The repository."""
        return self._repo

    def body(self) -> ComposeResult:
        """Yields the table."""
        model = TableModel(ATTEMPT_COLUMNS, lambda attempt: attempt.folder)
        model.sorts = (Sort("begun", True),)
        yield FilteredTable(model)
        yield EmptyState(id="empty", markup=False)

    @property
    def table(self) -> VirtualTable[Attempt]:
        """The attempts."""
        return self.query_one(FilteredTable).table

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

    def close_something(self) -> bool:
        """Clears the filter."""
        return self.query_one(FilteredTable).clear_filter()

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
        self.table.set_rows(list(event.attempts))
        self.query_one(FilteredTable).display = bool(event.attempts)
        empty = self.query_one("#empty", EmptyState)
        empty.display = not event.attempts
        empty.show("Nothing was run yet.", "p on a repository shows its plan; r there runs it.")
        running = sum(attempt.state.phase is not Phase.FINISHED for attempt in event.attempts)
        state = f"{len(event.attempts)} attempts" + (f", ⟳ {running} under way" if running else "")
        self.title_line("Attempts", f"{self._only or 'all repositories'} · {state}")
        self.update_hints()

    @on(VirtualTable.Highlighted)
    def _describe(self) -> None:
        attempt = self.table.current
        if attempt is not None:
            self.status(attempt.state.reason or f"{attempt.state.id}: {attempt.state.phase.value}")

    @on(VirtualTable.Opened)
    def _open(self) -> None:
        from mlx_tui.tui.screens.attempt import AttemptScreen

        if self.table.current is not None:
            self.app.push_screen(AttemptScreen(self.table.current))

    def do_all(self) -> None:
        """Switches between one repository and all."""
        self._only = "" if self._only else self._repo
        self.reload()

    def why_not(self, action: str) -> str:
        """Says why an action can't be done now."""
        if action == "all" and not self._repo:
            return "these are all attempts of the study"
        return super().why_not(action)
