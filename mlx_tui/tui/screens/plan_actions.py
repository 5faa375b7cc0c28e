"""What is done with a plan: it is chosen, run, and forgotten; a command that a person wrote is removed."""

from abc import abstractmethod
from collections.abc import Collection

from textual import on

from mlx_tui.counted import counted
from mlx_tui.reproduction.command_text import candidate_text
from mlx_tui.reproduction.model import Candidate
from mlx_tui.study.plan_choices import without_written
from mlx_tui.tui.screens.modals import Confirm
from mlx_tui.tui.screens.planning import PlanningScreen, Started
from mlx_tui.tui.screens.standing import StandingScreen

REPEATS = 3


class PlanActions(PlanningScreen, StandingScreen):
    """The actions of the plan's screen.

    Attributes:
        starting: Whether attempts are being started.
        error: Why there is no plan; empty where there is one, or none yet.
    """

    starting = False
    error = ""

    @property
    @abstractmethod
    def under_cursor(self) -> Candidate | None:
        """The candidate under the cursor."""

    @property
    @abstractmethod
    def own(self) -> Collection[Candidate]:
        """Those that a person wrote."""

    @abstractmethod
    def show_choice(self) -> None:
        """Shows what is chosen now."""

    def why_not(self, action: str) -> str:
        """Says why an action can't be done now."""
        if action in ("run", "repeat") and self.starting:
            return "it is being started"
        if action in ("run", "repeat", "choose") and self.plan is None:
            return "there is no plan yet" if not self.error else "there is no plan: the text says why"
        if action == "choose" and self.is_chosen:
            return "it is chosen already"
        if action == "remove" and self.under_cursor not in self.own:
            return "you didn't write this command: only those that you wrote can be removed"
        if action == "forget" and self.choice is not None and self.choice == self.default:
            return "nothing was chosen: this is what the program found, with the study's options"
        return super().why_not(action)

    def do_choose(self) -> None:
        """Chooses the way that is looked at."""
        self.choose()
        self.show_choice()

    def do_run(self) -> None:
        """Starts an attempt, or as many as were chosen."""
        self._run(self.choice.repeat if self.choice else 1)

    def do_repeat(self) -> None:
        """Starts several attempts."""
        self._run(max(REPEATS, self.choice.repeat if self.choice else 1))

    def _run(self, repeat: int) -> None:
        if self.plan is None:
            return
        self.starting = True
        if not self.is_chosen:
            self.do_choose()
        self.status("starting …", "accent")
        self.start(self.plan, repeat)

    @on(Started)
    def _started(self, event: Started) -> None:
        self.starting = False
        if not event.attempts:
            self.complain(f"Not started: {event.error}", error=True)
            self.status(event.error, "bad")
            return
        from mlx_tui.tui.screens.attempt import AttemptScreen

        self.attempts = (*(self.attempts or ()), *event.attempts)
        self.stand()
        self.app.push_screen(AttemptScreen(event.attempts[0]))
        if len(event.attempts) > 1:
            self.inform(
                f"{len(event.attempts)} attempts, one after the other: this is the first. "
                f"{self.keys.label('app.attempts')} lists them."
            )

    def do_remove(self) -> None:
        """Asks, then removes a command that a person wrote."""
        candidate, choice = self.under_cursor, self.choice
        if candidate is None or choice is None:
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.chosen(without_written(choice, candidate))
                self.look_at(self.choice.candidate if self.choice else None)

        self.app.push_screen(Confirm("Remove this command?", candidate_text(candidate)), answered)

    def do_forget(self) -> None:
        """Forgets what was chosen; asks first where commands that a person wrote would go too."""
        written = self.choice.written if self.choice else ()
        if not written:
            self.forget()
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.forget()

        detail = "\n".join(candidate_text(each) for each in written)
        mine = counted(len(written), "command")
        self.app.push_screen(Confirm(f"Forget the choice, and {mine} that you wrote?", detail), answered)
