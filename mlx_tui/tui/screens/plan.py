"""The plan of a reproduction: what would be run, in which environment, with which deviations. Nothing runs unseen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Static
from textual.worker import get_current_worker

from mlx_tui.corpus.entries import CorpusError
from mlx_tui.corpus.model import Clone
from mlx_tui.reproduction.attempts import AttemptError
from mlx_tui.reproduction.model import Attempt, Candidate, CommandSource, Plan, Step, StepKind
from mlx_tui.reproduction.plan import NoCandidate
from mlx_tui.study import StudyError
from mlx_tui.tui.presentation.plan_text import CANDIDATE_COLUMNS, plan_lines
from mlx_tui.tui.screens.base import StudyScreen
from mlx_tui.tui.screens.modals import TextPrompt
from mlx_tui.tui.text import lines_of, plain
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.table import VirtualTable
from mlx_tui.tui.widgets.table_model import TableModel

REPEATS = 3
TALLEST = 8
"""Lines that the alternatives may take."""


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways to run a repository."""

    clone: Clone
    candidates: tuple[Candidate, ...]


class PlanScreen(StudyScreen):
    """Alternatives above, the plan of the one under the cursor below."""

    SCOPE: ClassVar[str] = "plan"
    DEFAULT_CSS = """
    PlanScreen FilteredTable { height: 4; }
    PlanScreen #plan { height: 1fr; padding: 0 1; background: $surface; scrollbar-size: 1 1; }
    PlanScreen #plan:focus { background-tint: $foreground 4%; }
    PlanScreen #plan Static { height: auto; }
    """

    class Found(Message):
        """The ways to run the repository were read."""

        def __init__(self, ways: Ways) -> None:
            """Keeps them."""
            super().__init__()
            self.ways = ways

    class Planned(Message):
        """A plan was made, or why it can't be."""

        def __init__(self, plan: Plan | None, error: str = "") -> None:
            """Keeps it."""
            super().__init__()
            self.plan, self.error = plan, error

    class Started(Message):
        """Attempts were started, or why not."""

        def __init__(self, attempts: Sequence[Attempt], error: str = "") -> None:
            """Keeps them."""
            super().__init__()
            self.attempts, self.error = attempts, error

    def __init__(self, repo: str) -> None:
        """Plans a repository of the study."""
        super().__init__()
        self._repo = repo
        self._clone: Clone | None = None
        self._plan: Plan | None = None
        self._network: bool | None = None
        self._starting = False
        self._planned_once = False

    @property
    def repo(self) -> str:
        """The repository."""
        return self._repo

    def body(self) -> ComposeResult:
        """Yields alternatives and plan."""
        model = TableModel(CANDIDATE_COLUMNS, lambda candidate: repr(candidate))
        yield FilteredTable(model, show_column_cursor=False)
        with VerticalScroll(id="plan", can_focus=True):
            yield Static(markup=False)

    @property
    def table(self) -> VirtualTable[Candidate]:
        """The alternatives."""
        return self.query_one(FilteredTable).table

    def on_mount(self) -> None:
        """Looks for ways to run the repository."""
        self.title_line(f"{self._repo} › plan")
        self.status("reading how it is run …")
        self.table.focus()
        self._find()

    @work(thread=True, exclusive=True, group="load")
    def _find(self) -> None:
        try:
            clone = self.study.corpus.clone(self._repo)
            self.post_message(self.Found(Ways(clone, self.study.attempts.candidates(clone))))
        except (CorpusError, StudyError, OSError) as error:
            self.post_message(self.Planned(None, str(error)))

    @on(Found)
    def _found(self, event: Found) -> None:
        self._clone = event.ways.clone
        self.query_one(FilteredTable).styles.height = min(TALLEST, len(event.ways.candidates) + 2)
        self.table.set_rows(event.ways.candidates)
        self._make_plan(None)

    @on(VirtualTable.Highlighted)
    def _another(self) -> None:
        """Plans the alternative under the cursor; before the first plan there is none to choose from."""
        chosen = self.table.current
        if chosen is not None and self._planned_once and (self._plan is None or self._plan.candidate != chosen):
            self._plan = None
            self.update_hints()
            self._make_plan(chosen)

    @work(thread=True, exclusive=True, group="plan")
    def _make_plan(self, candidate: Candidate | None) -> None:
        clone, worker = self._clone, get_current_worker()
        if clone is None:
            return
        options = self.study.attempts.plan_options()
        if self._network is not None:
            options = replace(options, network=self._network)
        try:
            made = self.Planned(self.study.attempts.plan(clone, options, candidate))
        except (NoCandidate, StudyError, OSError) as error:
            made = self.Planned(None, str(error))
        if not worker.is_cancelled:
            self.post_message(made)

    @on(Planned)
    def _planned(self, event: Planned) -> None:
        self._plan = event.plan
        if event.plan is not None and not self._planned_once:
            self.table.move_to_key(repr(event.plan.candidate))
        self._planned_once = True
        text = self.query_one("#plan Static", Static)
        if event.plan is None:
            advice = "e types a command to run all the same." if self._clone else ""
            text.update(lines_of(plain("There is no plan", "title"), plain(event.error, "bad"), "", advice))
            self.status(event.error, "bad")
        else:
            text.update(lines_of(*(plain(line, role) for line, role in plan_lines(event.plan))))
            self.title_line(f"{self._repo} › plan", event.plan.commit[:8])
            self.status("nothing runs yet: r runs this plan, tab scrolls it")
        self.update_hints()

    # Actions

    def why_not(self, action: str) -> str:
        """Says why an action can't be done now."""
        if action in ("run", "repeat") and self._starting:
            return "it is being started"
        if action in ("run", "repeat") and self._plan is None:
            return "there is no plan yet"
        return "the repository isn't read yet" if action in ("edit", "network") and self._clone is None else ""

    def do_run(self) -> None:
        """Starts one attempt."""
        self._run(1)

    def do_repeat(self) -> None:
        """Starts several attempts."""
        self._run(REPEATS)

    def _run(self, repeat: int) -> None:
        if self._plan is not None:
            self._starting = True
            self.status("starting …", "accent")
            self._start(self._plan, repeat)

    @work(thread=True, group="start")
    def _start(self, plan: Plan, repeat: int) -> None:
        try:
            self.post_message(self.Started(self.study.attempts.start(plan, repeat)))
        except (AttemptError, StudyError, OSError) as error:
            self.post_message(self.Started((), str(error)))

    @on(Started)
    def _started(self, event: Started) -> None:
        self._starting = False
        if not event.attempts:
            self.complain(f"Not started: {event.error}", error=True)
            self.status(event.error, "bad")
            return
        from mlx_tui.tui.screens.attempt import AttemptScreen

        self.app.switch_screen(AttemptScreen(event.attempts[0]))

    def do_edit(self) -> None:
        """Edits the command."""
        current = self.table.current
        steps = current.steps if current else ()
        workdir = steps[0].workdir if steps else "."
        commands = [step.text for step in steps if step.kind is StepKind.COMMAND]

        def typed(command: str | None) -> None:
            if command and command.strip():
                step = Step(StepKind.COMMAND, command.strip(), workdir)
                candidate = Candidate((step,), CommandSource.USER, reason="typed by you")
                self.table.set_rows([candidate, *self.table.model.rows])
                self.table.cursor = 0

        where = "the repository's root" if workdir == "." else workdir
        self.app.push_screen(TextPrompt("Command", f"Run with sh, in {where}", " && ".join(commands)), typed)

    def do_network(self) -> None:
        """Allows or forbids the network."""
        before = self._plan.network if self._plan is not None else self.study.options.network
        self._network = not before
        self._make_plan(self.table.current)

    def do_pane(self) -> None:
        """Switches between alternatives and plan."""
        plan = self.query_one("#plan")
        (self.table if self.focused is plan else plan).focus()
