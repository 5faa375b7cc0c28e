"""Planning a repository in workers: its ways, the plan of the one looked at, what is kept of it, and starting it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from textual import on, work
from textual.message import Message
from textual.worker import get_current_worker

from mlx_tui.corpus.entries import CorpusError
from mlx_tui.corpus.model import Clone
from mlx_tui.error_text import error_text
from mlx_tui.reproduction.attempts import AttemptError
from mlx_tui.reproduction.model import Attempt, Candidate, Plan
from mlx_tui.reproduction.plan import NoCandidate
from mlx_tui.study import StudyError
from mlx_tui.study.plan_choices import PlanChoice, with_written
from mlx_tui.tui.presentation.document import Document, message_document, read_document
from mlx_tui.tui.screens.choosing import ChoosingScreen


@dataclass(frozen=True, slots=True)
class Source:
    """The file that a plan's command was read from, and the row of it; None where it says no line."""

    document: Document
    row: int | None = None


NO_SOURCE = Source(message_document(""))


class WaysFound(Message):
    """The ways to run the repository were read, and what was chosen before."""

    def __init__(self, clone: Clone, found: tuple[Candidate, ...], choice: PlanChoice, default: PlanChoice) -> None:
        """Keeps them."""
        super().__init__()
        self.clone, self.found, self.choice, self.default = clone, found, choice, default


class Planned(Message):
    """A plan was made, or why it can't be."""

    def __init__(self, plan: Plan | None, source: Source | None = None, error: str = "") -> None:
        """Keeps it."""
        super().__init__()
        self.plan, self.source, self.error = plan, source, error


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


class PlanningScreen(ChoosingScreen):
    """A screen that plans one way to run a repository at a time; `WaysFound`, `Planned` and `Started` tell it.

    Attributes:
        found: The ways that the program found.
        first: What is run where nothing is chosen, once that is known.
        default: The choice where nothing is chosen.
        looked_at: What is planned; None for what is run where nothing is chosen.
        plan: Its plan, once it is made.
    """

    found: tuple[Candidate, ...] = ()
    first: Candidate | None = None
    default: PlanChoice | None = None
    looked_at: Candidate | None = None
    plan: Plan | None = None

    @property
    def chosen_candidate(self) -> Candidate | None:
        """What is run where nothing else is said."""
        return (self.choice.candidate if self.choice else None) or self.first

    @property
    def is_chosen(self) -> bool:
        """Whether what is looked at is what was chosen."""
        return (self.looked_at or self.first) == self.chosen_candidate

    @work(thread=True, exclusive=True, group="load")
    def find_ways(self) -> None:
        """Looks for ways to run the repository."""
        attempts = self.study.attempts
        try:
            clone = self.study.corpus.clone(self.repo)
            choice, default = attempts.choice(clone), attempts.default_choice(clone)
            self.post_message(WaysFound(clone, attempts.candidates(clone), choice, default))
        except (CorpusError, StudyError, OSError) as error:
            self.post_message(Planned(None, error=error_text(error)))

    @on(WaysFound)
    def _know_ways(self, event: WaysFound) -> None:
        self.clone, self.found, self.default = event.clone, event.found, event.default
        chosen = event.choice.candidate
        known = chosen is None or chosen in (*event.found, *event.choice.written)
        self.choice = event.choice if known or chosen is None else with_written(event.choice, chosen, None)
        self.look_at(chosen)

    def look_at(self, candidate: Candidate | None) -> None:
        """Plans a way; None for what is run where nothing is chosen."""
        self.looked_at = None if candidate == self.first else candidate
        self.plan = None
        self.update_hints()
        if self.choice is not None:
            self._make_plan(replace(self.choice, candidate=self.looked_at))

    def chosen(self, choice: PlanChoice) -> None:
        """Keeps a choice with the study and plans anew: what it chooses now, else what was looked at."""
        before, self.choice = self.choice, choice
        self._keep(choice)
        moved = before is None or before.candidate != choice.candidate
        self.look_at(choice.candidate if moved else self.looked_at)

    def choose(self) -> None:
        """Chooses what is looked at."""
        if self.choice is not None:
            self.choice = replace(self.choice, candidate=self.looked_at)
            self._keep(self.choice)

    def forget(self) -> None:
        """Forgets what was chosen, and what was written."""
        if self.clone is not None and self.default is not None:
            self._forget(self.clone)
            self.choice = self.default
            self.look_at(None)

    @work(thread=True, group="keep")
    def _keep(self, choice: PlanChoice) -> None:
        try:
            self.study.attempts.keep_choice(choice)
        except OSError as error:
            self.post_message(NotKept(error_text(error)))

    @work(thread=True, group="keep")
    def _forget(self, clone: Clone) -> None:
        try:
            self.study.attempts.forget_choice(clone)
        except OSError as error:
            self.post_message(NotKept(error_text(error)))

    @on(NotKept)
    def _not_kept(self, event: NotKept) -> None:
        self.complain(
            f"What you chose holds until you leave this screen, but isn't kept with the study: {event.error}",
            error=True,
        )

    @work(thread=True, exclusive=True, group="plan")
    def _make_plan(self, choice: PlanChoice) -> None:
        clone, worker = self.clone, get_current_worker()
        if clone is None:
            return
        try:
            plan = self.study.attempts.plan(clone, choice)
            made = Planned(plan, self._read_source(plan.candidate))
        except (NoCandidate, StudyError, OSError) as error:
            made = Planned(None, error=error_text(error))
        if not worker.is_cancelled:
            self.post_message(made)

    def _read_source(self, candidate: Candidate) -> Source:
        """The file that a candidate was read from."""
        if not candidate.path:
            return Source(message_document("", "You wrote this command: no file of the repository says it."))
        try:
            document = read_document(candidate.path, self.study.files.read(self.repo, candidate.path))
        except (StudyError, CorpusError, OSError) as error:
            return Source(message_document(candidate.path, error_text(error)))
        return Source(document, document.row_of(None, candidate.line) if candidate.line else None)

    @work(thread=True, group="start")
    def start(self, plan: Plan, repeat: int) -> None:
        """Starts attempts of a plan."""
        try:
            self.post_message(Started(self.study.attempts.start(plan, repeat)))
        except (AttemptError, StudyError, OSError) as error:
            self.post_message(Started((), error_text(error)))
