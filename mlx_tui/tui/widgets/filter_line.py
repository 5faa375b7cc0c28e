"""The line in which a filter or a search is typed."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input

from mlx_tui.tui.actions import TYPING
from mlx_tui.tui.actions.keymap import DEFAULT, key_map_of
from mlx_tui.tui.presentation.forms import that_fits
from mlx_tui.tui.widgets.typed import SafeInput


class FilterLine(SafeInput):
    """An input that is hidden until asked for; enter keeps what is typed, escape clears it."""

    DEFAULT_CSS = """
    FilterLine { display: none; height: 1; border: none; padding: 0 1; }
    FilterLine.-open { display: block; }
    FilterLine:focus { border: none; }
    """

    SCOPE: ClassVar[str] = TYPING
    BINDINGS: ClassVar[list[BindingType]] = [*DEFAULT.bindings(TYPING)]

    def __init__(self, told: Sequence[str] = ("",)) -> None:
        """Says what can be typed: the same at length and in short."""
        super().__init__(placeholder=told[0])
        self._told = told

    def on_resize(self) -> None:
        """Says as much as there is room for."""
        self.placeholder = that_fits(self._told, self.content_size.width)

    def _on_mount(self, event: events.Mount) -> None:
        """Takes the user's keys."""
        super()._on_mount(event)
        self._bindings = key_map_of(self.app).rebind(self._bindings, TYPING)

    class Typed(Message):
        """The text changed, or was kept or cleared.

        Attributes:
            line: The widget.
            value: The text.
            closed: Whether the user is done typing.
        """

        def __init__(self, line: "FilterLine", value: str, *, closed: bool) -> None:
            """Keeps what happened."""
            super().__init__()
            self.line = line
            self.value = value
            self.closed = closed

        @property
        def control(self) -> "FilterLine":
            """The widget."""
            return self.line

    def open(self) -> None:
        """Shows the line with its last text marked: typing replaces it, an arrow keeps it."""
        self.add_class("-open")
        self.screen.set_focus(self)  # at once: what is typed next is meant for the line
        self.action_select_all()

    def close(self) -> None:
        """Ends typing; the line stays in sight while it filters."""
        self.set_class(bool(self.value), "-open")
        self.post_message(self.Typed(self, self.value, closed=True))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Passes every keystroke on."""
        event.stop()
        self.post_message(self.Typed(self, self.value, closed=False))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keeps, where enter isn't another action's."""
        event.stop()
        self.close()

    def action_keep(self) -> None:
        """Keeps what is typed and moves on."""
        self.close()

    def action_clear(self) -> None:
        """Clears what is typed and moves on."""
        self.value = ""
        self.close()
