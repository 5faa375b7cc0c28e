"""A form of several lines: texts to type and choices to switch; nothing is accepted before it makes sense."""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, Static

from mlx_tui.tui.actions.keymap import DEFAULT, key_map_of
from mlx_tui.tui.presentation.plan_form import Field
from mlx_tui.tui.screens.modals import MODAL_CSS, Question
from mlx_tui.tui.text import lines_of, plain
from mlx_tui.tui.widgets.typed import SafeInput


class ChoiceLine(Static, can_focus=True):
    """One of a few values; space and the arrows switch."""

    BINDINGS: ClassVar[list[BindingType]] = [*DEFAULT.bindings("choice")]
    DEFAULT_CSS = """
    ChoiceLine { height: 1; background: $panel; padding: 0 1; }
    ChoiceLine:focus { background: $primary-muted; text-style: bold; }
    """

    def __init__(self, value: str, choices: Sequence[str], *, id: str) -> None:
        """Starts at a value."""
        super().__init__(id=id, markup=False)
        self.value, self._choices = value, list(choices)

    def on_mount(self) -> None:
        """Shows the value, and takes the user's keys."""
        self._bindings = key_map_of(self.app).rebind(self._bindings, "choice")
        self.update(f"‹ {self.value} ›")

    def action_next(self) -> None:
        """Goes to the next value."""
        self._switch(1)

    def action_previous(self) -> None:
        """Goes to the value before."""
        self._switch(-1)

    def _switch(self, step: int) -> None:
        at = self._choices.index(self.value) if self.value in self._choices else 0
        self.value = self._choices[(at + step) % len(self._choices)]
        self.update(f"‹ {self.value} ›")

    def on_click(self) -> None:
        """Goes to the next value."""
        self.action_next()


class Form(Question[Mapping[str, str]]):
    """Asks for the values of some fields; gives them back by name."""

    SCOPES: ClassVar[tuple[str, ...]] = ("dialog", "typed", "prompt")
    DEFAULT_CSS = (
        MODAL_CSS.format(name="Form")
        + """
    Form VerticalScroll { height: auto; max-height: 16; margin-bottom: 1; }
    Form Horizontal { height: 1; }
    Form Static.label { width: 18; margin: 0; }
    Form Input, Form Input:focus { margin: 0; width: 1fr; }
    Form ChoiceLine { width: 1fr; margin: 0; }
    Form #told { color: $text-error; margin: 0; }
    Form #hint { color: $quiet; margin: 0; }
    """
    )

    def __init__(self, title: str, fields: Sequence[Field], check: Callable[[Mapping[str, str]], str]) -> None:
        """Asks.

        Args:
            title: What it is about.
            fields: What is asked for.
            check: Says why the values make no sense; empty where they do.
        """
        super().__init__()
        self._title, self._fields, self._check = title, fields, check

    def compose(self) -> ComposeResult:
        """Yields a line for each field."""
        with Vertical():
            yield Static(plain(self._title, "title"), markup=False)
            with VerticalScroll(can_focus=False):
                for number, field in enumerate(self._fields):
                    with Horizontal():
                        yield Static(plain(field.label), classes="label", markup=False)
                        if field.choices:
                            yield ChoiceLine(field.value, field.choices, id=f"field-{number}")
                        else:
                            yield SafeInput(
                                plain(field.value).plain,
                                placeholder=field.empty,
                                id=f"field-{number}",
                                select_on_focus=False,
                            )
            yield Static(id="hint", markup=False)
            yield Static(id="told", markup=False)
            switching = f"{self.keys.label('choice.next')} switches ‹ ›"
            told = f"{self.key('prompt.enter')} accept · tab next · {switching}"
            yield Static(plain(f"{told} · {self.key('dialog.close')} leave as it was"), classes="keys", markup=False)

    def on_descendant_focus(self) -> None:
        """Says what the field is for."""
        focused = self.focused.id if self.focused else None
        hints = [field.hint for number, field in enumerate(self._fields) if focused == f"field-{number}"]
        self.query_one("#hint", Static).update(lines_of(*(plain(hint) for hint in hints)))

    @property
    def values(self) -> Mapping[str, str]:
        """The values as they are now; a field that wasn't changed gives back what it was given, sign for sign."""
        found: dict[str, str] = {}
        for number, field in enumerate(self._fields):
            widget = self.query_one(f"#field-{number}")
            assert isinstance(widget, Input | ChoiceLine)
            shown = plain(field.value).plain
            found[field.name] = field.value if widget.value == shown else widget.value
        return found

    def action_enter(self) -> None:
        """Gives the values back, or says what is wrong with them."""
        self.after_typing(self._accept)

    def _accept(self) -> None:
        values = self.values
        wrong = self._check(values)
        if wrong:
            self.query_one("#told", Static).update(plain(wrong))
        else:
            self.dismiss(values)

    action_keep = action_enter
