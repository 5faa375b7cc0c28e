"""Actions of what opens over a screen: questions, notes, forms, the palette. No key of the screen below acts there."""

from mlx_tui.tui.actions.action import Action

DIALOG = (Action("dialog.close", ("escape",), "leave", "Closes what is open over a screen; nothing is done."),)
CONFIRM = (Action("confirm.yes", ("y",), "yes", "Does what is asked about."),)
TYPED = (Action("typed.keep", ("f2", "ctrl+g"), "keep", "Keeps what is typed: a note, or a form's lines."),)
PROMPT = (Action("prompt.enter", ("enter",), "accept", "Accepts the lines of a form, or opens the file."),)
CHOICE = (
    Action("choice.next", ("space", "right"), "switch", "Switches a form's choice to the next value."),
    Action("choice.previous", ("left",), "switch back", "Switches a form's choice to the value before."),
)
PICKER = (
    Action("picker.up", ("up",), "up", "Moves to the file above."),
    Action("picker.down", ("down",), "down", "Moves to the file below."),
    Action("picker.page_up", ("pageup",), "page up", "Moves a page of files up."),
    Action("picker.page_down", ("pagedown",), "page down", "Moves a page of files down."),
)
ABOUT = (Action("about.close", ("v",), "close", "Closes the versions; so does what leaves any dialog."),)
PALETTE = (
    Action("palette.close", ("escape",), "close", "Closes the command palette."),
    Action("palette.choose", ("enter",), "do", "Does the line that is chosen."),
    Action("palette.up", ("up",), "up", "Moves to the line above."),
    Action("palette.down", ("down",), "down", "Moves to the line below."),
    Action("palette.page_up", ("pageup",), "page up", "Moves a page of lines up."),
    Action("palette.page_down", ("pagedown",), "page down", "Moves a page of lines down."),
)
