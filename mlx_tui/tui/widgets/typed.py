"""Lines and texts that are typed into: what is pasted, or comes from a repository, passes the gate like all else."""

from dataclasses import replace

from textual import events
from textual.widget import Widget
from textual.widgets import Input, TextArea
from textual.widgets.text_area import Edit, EditResult

from mlx_tui.safe_text import safe_text
from mlx_tui.tui.pasting import first_line, line_ends, on_one_line


class _KnowsItsKeys:
    """Remembers the key that it was given last, so that one that was sent to another widget is told apart.

    Attributes:
        last_key: That key.
    """

    last_key: events.Key | None = None

    def on_key(self, event: events.Key) -> None:
        """Remembers the key."""
        self.last_key = event


class SafeInput(_KnowsItsKeys, Input):
    """A line whose value is safe text, however it came there."""

    def validate_value(self, value: str) -> str:
        """Makes a new value safe."""
        return safe_text(value)

    def on_paste(self, event: events.Paste) -> None:
        """Leaves what fits of a paste to Textual's own handler, which comes after this one."""
        event.text = self.fitted(event.text)

    def action_paste(self) -> None:
        """Pastes what was copied in the program."""
        self.replace(self.fitted(self.app.clipboard), *self.selection)

    def fitted(self, pasted: str) -> str:
        """Returns what the line takes of a paste, and says what it doesn't take."""
        line, further = first_line(pasted)
        if further:
            told = "1 further line wasn't" if further == 1 else f"{further} further lines weren't"
            self.notify(f"{told} pasted: this field holds one line", severity="warning", markup=False)
        return line


class SeveralInput(SafeInput):
    """A line that holds several values with spaces between: those of a column or a row come together."""

    def fitted(self, pasted: str) -> str:
        """Returns all of a paste, on one line."""
        return on_one_line(pasted)


class SafeTextArea(_KnowsItsKeys, TextArea):
    """A text of several lines that is safe, however it came there."""

    def edit(self, edit: Edit) -> EditResult:
        """Makes what is inserted safe; some terminals send another line end in what is pasted."""
        return super().edit(replace(edit, text=safe_text(line_ends(edit.text), multiline=True)))


def typed_ahead(focused: Widget | None, event: events.Key) -> bool:
    """Gives a key to the line that is typed into, where it was sent before the line had the focus.

    Keys that arrive at once, as over a slow connection, are all sent to the widget that had the focus when the first of
    them came. The letters of a filter would be commands there.

    Args:
        focused: The widget that has the focus.
        event: A key that nobody has handled.

    Returns:
        Whether it was sent again, to whatever has the focus by then.
    """
    if not isinstance(focused, SafeInput | SafeTextArea) or event is focused.last_key:
        return False
    return focused.app.post_message(events.Key(event.key, event.character))
