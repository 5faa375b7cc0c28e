"""The plan of a reproduction: what would be run, in which environment, with which deviations. Nothing runs unseen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Static
from textual.worker import get_current_worker

from mlx_tui.corpus.entries import CorpusError
from mlx_tui.corpus.model import Clone
from mlx_tui.error_text import error_text
from mlx_tui.reproduction.attempts import AttemptError
from mlx_tui.reproduction.model import Attempt, Candidate, Plan
from mlx_tui.reproduction.plan import NoCandidate
from mlx_tui.study import StudyError
from mlx_tui.study.plan_choices import PlanChoice
from mlx_tui.tui.presentation.attempt_text import standing_text
from mlx_tui.tui.presentation.plan_form import chosen_text
from mlx_tui.tui.presentation.plan_text import candidate_columns, plan_lines
from mlx_tui.tui.screens.choosing import ChoosingScreen
from mlx_tui.tui.screens.standing import StandingScreen
from mlx_tui.tui.text import lines_of, plain
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.table import VirtualTable
from mlx_tui.tui.widgets.table_model import TableModel
from mlx_tui.tui.widgets.text_pane import TextPane

REPEATS = 3
TALLEST = 8
"""Lines that the alternatives may take."""


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways to run a repository, and what was chosen before."""

    clone: Clone
    candidates: tuple[Candidate, ...]
    choice: PlanChoice
    default: PlanChoice


class PlanScreen(ChoosingScreen, StandingScreen):
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

    class NotKept(Message):
        """The choice can't be kept with the study."""

        def __init__(self, error: str) -> None:
            """Keeps why."""
            super().__init__()
            self.error = error

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
        self._default: PlanChoice | None = None
        self._plan: Plan | None = None
        self._first: Candidate | None = None  # what is planned where nothing is chosen
        self._starting = False
        self._planned_once = False

    @property
    def repo(self) -> str:
        """The repository."""
        return self._repo

    @property
    def candidate(self) -> Candidate | None:
        """The candidate that is planned."""
        return self._plan.candidate if self._plan is not None else self.table.current

    def body(self) -> ComposeResult:
        """Yields alternatives and plan."""
        model = TableModel(candidate_columns(self.app.size.width), lambda candidate: repr(candidate))
        yield FilteredTable(model, show_column_cursor=False)
        with TextPane(id="plan"):
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

    def on_resize(self) -> None:
        """Uses the room."""
        self.table.set_columns(candidate_columns(self.size.width))

    @work(thread=True, exclusive=True, group="load")
    def _find(self) -> None:
        attempts = self.study.attempts
        try:
            clone = self.study.corpus.clone(self._repo)
            choice, default = attempts.choice(clone), attempts.default_choice(clone)
            self.post_message(self.Found(Ways(clone, attempts.candidates(clone), choice, default)))
        except (CorpusError, StudyError, OSError) as error:
            self.post_message(self.Planned(None, error_text(error)))

    @on(Found)
    def _found(self, event: Found) -> None:
        ways = event.ways
        self.clone, self.choice, self._default = ways.clone, ways.choice, ways.default
        self._list(ways.candidates)
        self._make_plan(ways.choice)

    def _list(self, candidates: Sequence[Candidate]) -> None:
        """Shows the alternatives."""
        self.query_one(FilteredTable).styles.height = min(TALLEST, len(candidates) + 2)
        self.table.set_rows(list(candidates))

    @on(VirtualTable.Highlighted)
    def _another(self) -> None:
        """Plans the alternative under the cursor; before the first plan there is none to choose from."""
        chosen = self.table.current
        if chosen is not None and self._planned_once and self.choice and self._planned_candidate != chosen:
            self._replan(replace(self.choice, candidate=None if chosen == self._first else chosen))

    @property
    def _planned_candidate(self) -> Candidate | None:
        if self._plan is not None:
            return self._plan.candidate
        return (self.choice.candidate or self._first) if self.choice else None

    def chosen(self, choice: PlanChoice) -> None:
        """Plans a choice and keeps it with the study."""
        self._keep(choice)
        self._replan(choice)

    def _replan(self, choice: PlanChoice) -> None:
        self.choice = choice
        self._plan = None
        self.update_hints()
        self._make_plan(choice)

    @work(thread=True, group="keep")
    def _keep(self, choice: PlanChoice) -> None:
        try:
            self.study.attempts.keep_choice(choice)
        except OSError as error:
            self.post_message(self.NotKept(error_text(error)))

    @on(NotKept)
    def _not_kept(self, event: NotKept) -> None:
        self.complain(f"The choice isn't kept with the study: {event.error}", error=True)

    @work(thread=True, exclusive=True, group="plan")
    def _make_plan(self, choice: PlanChoice) -> None:
        clone, worker = self.clone, get_current_worker()
        if clone is None:
            return
        try:
            made = self.Planned(self.study.attempts.plan(clone, choice))
        except (NoCandidate, StudyError, OSError) as error:
            made = self.Planned(None, error_text(error))
        if not worker.is_cancelled:
            self.post_message(made)

    @on(Planned)
    def _planned(self, event: Planned) -> None:
        self._plan = event.plan
        if event.plan is not None:
            candidate, rows = event.plan.candidate, self.table.model.rows
            if self.choice is not None and self.choice.candidate is None:
                self._first = candidate
            if candidate not in rows:
                self._list([candidate, *rows])
            self.table.move_to_key(repr(candidate))
        self._planned_once = True
        text = self.query_one("#plan Static", Static)
        if event.plan is None:
            edit, options = self.keys.label("plan.edit"), self.keys.label("plan.options")
            advice = f"{edit} types a command to run all the same; {options} changes the options." if self.clone else ""
            text.update(lines_of(plain("There is no plan", "title"), plain(event.error, "bad"), "", advice))
            self.status(event.error, "bad")
        else:
            chosen = self._chosen_text()
            lines = [
                *plan_lines(event.plan, blind=self.mlx_app.blind),
                *([("", ""), (f"Chosen by you: {chosen}", "accent")] if chosen else []),
            ]
            text.update(lines_of(*(plain(line, role) for line, role in lines)))
            self.title_line(f"{self._repo} › plan", event.plan.commit[:8])
            self._tell_plan()
        self.update_hints()

    def _tell_plan(self) -> None:
        chosen = self._chosen_text()
        stand = standing_text(self.attempts, self.keys.label("app.attempts")) if self.attempts is not None else ""
        told = " · ".join(filter(None, (stand, f"chosen by you: {chosen}" if chosen else "")))
        told = told or ("nothing runs yet" if self.attempts is not None else "the plan is made")
        self.status(f"{told} · {self.keys.label('plan.run')} runs this plan, {self.keys.label('plan.pane')} scrolls it")

    def stand(self) -> None:
        """Says how the attempts stand, beside the plan."""
        if self._plan is not None and not self._starting:
            self._tell_plan()

    def _chosen_text(self) -> str:
        if self.choice is None or self._default is None:
            return ""
        return chosen_text(self.choice, self._default.options)

    def close_something(self) -> bool:
        """Goes back from the plan to the alternatives, or clears their filter."""
        if self.focused is self.query_one("#plan"):
            self.do_pane()
            return True
        return super().close_something()

    # Actions

    def why_not(self, action: str) -> str:
        """Says why an action can't be done now."""
        if action in ("run", "repeat") and self._starting:
            return "it is being started"
        if action in ("run", "repeat") and self._plan is None:
            return "there is no plan yet"
        if action == "forget" and self.choice is not None and self.choice == self._default:
            return "nothing was chosen: this is what the program found, with the study's options"
        return super().why_not(action)

    def do_run(self) -> None:
        """Starts an attempt, or as many as were chosen."""
        self._run(self.choice.repeat if self.choice else 1)

    def do_repeat(self) -> None:
        """Starts several attempts."""
        self._run(max(REPEATS, self.choice.repeat if self.choice else 1))

    def _run(self, repeat: int) -> None:
        if self._plan is not None:
            self._starting = True
            self.status("starting …", "accent")
            if self.choice is not None and self.choice != self._default:
                self._keep(self.choice)
            self._start(self._plan, repeat)

    @work(thread=True, group="start")
    def _start(self, plan: Plan, repeat: int) -> None:
        try:
            self.post_message(self.Started(self.study.attempts.start(plan, repeat)))
        except (AttemptError, StudyError, OSError) as error:
            self.post_message(self.Started((), error_text(error)))

    @on(Started)
    def _started(self, event: Started) -> None:
        self._starting = False
        if not event.attempts:
            self.complain(f"Not started: {event.error}", error=True)
            self.status(event.error, "bad")
            return
        from mlx_tui.tui.screens.attempt import AttemptScreen

        self.attempts = (*(self.attempts or ()), *event.attempts)
        self._tell_plan()
        self.app.push_screen(AttemptScreen(event.attempts[0]))

    def do_forget(self) -> None:
        """Forgets what was chosen."""
        if self.clone is not None and self._default is not None:
            self._forget(self.clone)
            self._replan(self._default)

    @work(thread=True, group="keep")
    def _forget(self, clone: Clone) -> None:
        try:
            self.study.attempts.forget_choice(clone)
        except OSError as error:
            self.post_message(self.NotKept(error_text(error)))

    def do_pane(self) -> None:
        """Switches between alternatives and plan."""
        plan = self.query_one("#plan")
        (self.table if self.focused is plan else plan).focus()
