"""The command palette, with a line that is as safe as every other one that is typed into."""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.command import CommandInput, CommandPalette

from mlx_tui.tui.actions.keymap import DEFAULT, key_map_of
from mlx_tui.tui.widgets.typed import SafeInput


class PaletteInput(CommandInput, SafeInput):
    """The palette's line: what is pasted passes the gate. The first base is the one whose styles it takes."""


class Palette(CommandPalette, inherit_bindings=False):
    """Textual's palette with the program's own line and keys."""

    BINDINGS: ClassVar[list[BindingType]] = [*DEFAULT.bindings("palette")]

    @on(events.Mount)
    def _take_keys(self) -> None:
        """Takes the user's keys."""
        self._bindings = key_map_of(self.app).rebind(self._bindings, "palette")

    def action_close(self) -> None:
        """Closes it."""
        self.call_later(self.run_action, "escape")

    async def action_choose(self) -> None:
        """Does the line that is chosen."""
        await self.query_one(PaletteInput).action_submit()

    def action_up(self) -> None:
        """Moves a line up."""
        self.call_later(self.run_action, "command_list('cursor_up')")

    def action_down(self) -> None:
        """Moves a line down; the first time into the list."""
        self.call_later(self.run_action, "cursor_down")

    def action_page_up(self) -> None:
        """Moves a page up."""
        self.call_later(self.run_action, "command_list('page_up')")

    def action_page_down(self) -> None:
        """Moves a page down."""
        self.call_later(self.run_action, "command_list('page_down')")

    def compose(self) -> ComposeResult:
        """Yields what Textual's does; the line is of the program's own kind."""
        for widget in super().compose():
            if isinstance(widget, CommandInput):
                yield PaletteInput(placeholder=widget.placeholder, select_on_focus=False)
            else:
                yield widget
