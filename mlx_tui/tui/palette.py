"""The command palette, with a line that is as safe as every other one that is typed into."""

from textual.app import ComposeResult
from textual.command import CommandInput, CommandPalette

from mlx_tui.tui.widgets.typed import SafeInput


class PaletteInput(CommandInput, SafeInput):
    """The palette's line: what is pasted passes the gate. The first base is the one whose styles it takes."""


class Palette(CommandPalette):
    """Textual's palette with the program's own line in it."""

    def compose(self) -> ComposeResult:
        """Yields what Textual's does; the line is of the program's own kind."""
        for widget in super().compose():
            if isinstance(widget, CommandInput):
                yield PaletteInput(placeholder=widget.placeholder, select_on_focus=False)
            else:
                yield widget
