"""What a person chooses for a plan: another command, other parameters, other options. The screen plans it anew."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace

from textual import on, work
from textual.message import Message

from mlx_tui.corpus.model import Clone
from mlx_tui.error_text import error_text
from mlx_tui.reproduction.model import Candidate, ParameterValue
from mlx_tui.study import StudyError
from mlx_tui.study.plan_choices import PlanChoice, with_written
from mlx_tui.tui.presentation.plan_form import (
    Edited,
    command_fields,
    option_fields,
    read_command,
    read_options,
    why_not_command,
    why_not_options,
)
from mlx_tui.tui.screens.base import StudyScreen
from mlx_tui.tui.screens.form import Form


class ParametersRead(Message):
    """The parameters of a candidate were read."""

    def __init__(self, candidate: Candidate | None, parameters: Sequence[ParameterValue]) -> None:
        """Keeps them."""
        super().__init__()
        self.candidate, self.parameters = candidate, parameters


class Filled(Message):
    """Other parameters were put into a candidate, or why they can't be."""

    def __init__(self, candidate: Candidate | None, error: str = "") -> None:
        """Keeps it."""
        super().__init__()
        self.candidate, self.error = candidate, error


class ChoosingScreen(StudyScreen):
    """A screen with a choice that forms and keys change.

    Attributes:
        clone: The repository, once it is read.
        choice: What is chosen, once it is read.
    """

    clone: Clone | None = None
    choice: PlanChoice | None = None

    @property
    @abstractmethod
    def candidate(self) -> Candidate | None:
        """The candidate that is planned."""

    @abstractmethod
    def chosen(self, choice: PlanChoice) -> None:
        """Adopts a choice: plans it and keeps it."""

    def why_not(self, action: str) -> str:
        """Says why an action can't be done now."""
        if action in ("edit", "options", "network", "repair", "forget", "choose") and self.choice is None:
            return "the repository isn't read yet"
        return ""

    def do_options(self) -> None:
        """Asks for the options."""
        choice = self.choice
        if choice is None:
            return

        def filled(values: Mapping[str, str] | None) -> None:
            if values is not None:
                self.chosen(read_options(values, choice))

        form = Form("How it is run", option_fields(choice), lambda values: why_not_options(values, choice))
        self.app.push_screen(form, filled)

    def do_network(self) -> None:
        """Allows or forbids the network."""
        if self.choice is not None:
            options = replace(self.choice.options, network=not self.choice.options.network)
            self.chosen(replace(self.choice, options=options))

    def do_repair(self) -> None:
        """Asks for repairs, or for none."""
        if self.choice is not None:
            options = replace(self.choice.options, repair=not self.choice.options.repair)
            self.chosen(replace(self.choice, options=options))

    def do_edit(self) -> None:
        """Edits the command and its parameters."""
        if self.clone is not None:
            self._read_parameters(self.clone, self.candidate)

    @work(thread=True, exclusive=True, group="parameters")
    def _read_parameters(self, clone: Clone, candidate: Candidate | None) -> None:
        try:
            parameters = self.study.attempts.parameters(clone, candidate) if candidate else ()
        except (StudyError, OSError):
            parameters = ()  # the command can be edited all the same
        self.post_message(ParametersRead(candidate, parameters))

    @on(ParametersRead)
    def _ask_for_command(self, event: ParametersRead) -> None:
        candidate, parameters = event.candidate, event.parameters

        def filled(values: Mapping[str, str] | None) -> None:
            if values is not None:
                self._edited(read_command(values, candidate, parameters))

        fields = command_fields(candidate, parameters)
        form = Form("What is run", fields, lambda values: why_not_command(values, candidate, parameters))
        self.app.push_screen(form, filled)

    def _edited(self, edited: Edited) -> None:
        if self.choice is None or self.clone is None:
            return
        if edited.candidate is not None:
            self.chosen(with_written(self.choice, edited.candidate, self.candidate))
        elif edited.parameters and self.candidate is not None:
            self._fill(self.clone, self.candidate, edited.parameters)

    @work(thread=True, exclusive=True, group="parameters")
    def _fill(self, clone: Clone, candidate: Candidate, parameters: Sequence[ParameterValue]) -> None:
        try:
            self.post_message(Filled(self.study.attempts.with_parameters(clone, candidate, parameters)))
        except (StudyError, OSError) as error:
            self.post_message(Filled(None, error_text(error)))

    @on(Filled)
    def _filled(self, event: Filled) -> None:
        if event.candidate is None:
            self.complain(event.error, error=True)
        elif self.choice is not None:
            self.chosen(with_written(self.choice, event.candidate, self.candidate))
