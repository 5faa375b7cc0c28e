"""The line in which a filter or a search is typed."""

from textual import events
from textual.message import Message
from textual.widgets import Input


class FilterLine(Input):
    """An input that is hidden until asked for; enter keeps what is typed, escape clears it."""

    DEFAULT_CSS = """
    FilterLine { display: none; height: 1; border: none; padding: 0 1; }
    FilterLine.-open { display: block; }
    FilterLine:focus { border: none; }
    """

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
        """Shows the line with its last text and types into it."""
        self.add_class("-open")
        self.focus()
        self.cursor_position = len(self.value)

    def close(self) -> None:
        """Ends typing; the line stays in sight while it filters."""
        self.set_class(bool(self.value), "-open")
        self.post_message(self.Typed(self, self.value, closed=True))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Passes every keystroke on."""
        event.stop()
        self.post_message(self.Typed(self, self.value, closed=False))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: keep."""
        event.stop()
        self.close()

    def on_key(self, event: events.Key) -> None:
        """Escape: clear; down: keep and move on."""
        if event.key == "escape":
            event.stop()
            event.prevent_default()
            self.value = ""
            self.close()
        elif event.key == "down":
            event.stop()
            self.close()
