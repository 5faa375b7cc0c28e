"""Asks for evidence that the program missed: which feature, where, and a note."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

from mlx_tui.study import StudyError
from mlx_tui.study.places import parse_place
from mlx_tui.tui.screens.modals import MODAL_CSS, Question
from mlx_tui.tui.text import lines_of, plain
from mlx_tui.tui.widgets.typed import SafeInput


@dataclass(frozen=True, slots=True)
class MissedFinding:
    """What was typed; the feature exists and the place has the form of one."""

    feature: str
    place: str
    note: str


class MissedPrompt(Question[MissedFinding]):
    """Three lines to fill in; tab goes from one to the next, enter adds."""

    DEFAULT_CSS = MODAL_CSS.format(name="MissedPrompt") + "MissedPrompt Static.label { margin: 0; color: $quiet; }"
    SCOPES: ClassVar[tuple[str, ...]] = ("dialog", "typed", "prompt")

    def __init__(self, features: Sequence[str], start: MissedFinding, *, blind: bool = False) -> None:
        """Asks, with something to start from; where one judges blind, nothing says what the program found."""
        super().__init__()
        self._features, self._start = features, start
        self._title = "Where is the evidence?" if blind else "Add evidence that the program missed"

    def compose(self) -> ComposeResult:
        """Yields the inputs."""
        with Vertical():
            yield Static(plain(self._title, "title"), markup=False)
            yield Static("feature", classes="label", markup=False)
            yield SafeInput(
                self._start.feature,
                placeholder=f"such as {self._features[0]}" if self._features else "",
                suggester=SuggestFromList(self._features),
                id="feature",
            )
            yield Static("place: path:line, or path#cell:line in a notebook", classes="label", markup=False)
            yield SafeInput(
                self._start.place, placeholder="its line under the code's cursor is filled in here", id="place"
            )
            yield Static("note", classes="label", markup=False)
            yield SafeInput(self._start.note, id="note")
            yield Static(id="problem", markup=False)
            told = f"{self.key('prompt.enter')} add · {self.key('dialog.close')} cancel"
            yield Static(plain(f"tab next line · → takes the suggestion · {told}"), classes="keys", markup=False)

    def on_mount(self) -> None:
        """Starts at the first line that is empty; what is filled in is replaced by typing."""
        empty = (each for each in self.query(Input) if not each.value and each.id != "note")
        (next(empty, None) or self.query_one("#feature")).focus()

    def action_enter(self) -> None:
        """Gives back what was typed, or says what is wrong with it."""
        self.after_typing(self._accept)

    def _accept(self) -> None:
        feature, place, note = (
            self.query_one(f"#{name}", Input).value.strip() for name in ("feature", "place", "note")
        )
        problem = "" if feature in self._features else f"The codebook has no feature {feature or '(empty)'}."
        try:
            parse_place(place)
        except StudyError as error:
            problem = problem or str(error)
        if problem:
            self.query_one("#problem", Static).update(lines_of(plain(problem, "bad")))
        else:
            self.dismiss(MissedFinding(feature, place, note))

    action_keep = action_enter
