"""A text that scrolls, by the keys of everything else that does."""

from typing import ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll

from mlx_tui.tui.actions.keymap import DEFAULT
from mlx_tui.tui.widgets.navigation import Moving


class TextPane(VerticalScroll, Moving, inherit_bindings=False):
    """Holds a text of any height."""

    SCOPE: ClassVar[str] = "text"
    BINDINGS: ClassVar[list[BindingType]] = [*DEFAULT.bindings("text")]
