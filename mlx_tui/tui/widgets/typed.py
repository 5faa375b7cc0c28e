"""Lines and texts that are typed into: what is pasted, or comes from a repository, passes the gate like all else."""

from dataclasses import replace

from textual.widgets import Input, TextArea
from textual.widgets.text_area import Edit, EditResult

from mlx_tui.safe_text import safe_text


class SafeInput(Input):
    """A line whose value is safe text, however it came there."""

    def validate_value(self, value: str) -> str:
        """Makes a new value safe."""
        return safe_text(value)


class SafeTextArea(TextArea):
    """A text of several lines that is safe, however it came there."""

    def edit(self, edit: Edit) -> EditResult:
        """Makes what is inserted safe."""
        return super().edit(replace(edit, text=safe_text(edit.text, multiline=True)))
