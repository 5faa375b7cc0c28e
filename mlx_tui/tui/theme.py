"""The looks: styles that every screen shares, in the colours of whichever theme is on."""

from typing import ClassVar

from textual.app import App
from textual.color import Color

from mlx_tui.tui.text import ROLE_STYLES

DARK = "textual-dark"
LIGHT = "textual-light"


def _role_rules() -> str:
    rules = []
    for role, style in ROLE_STYLES.items():
        words = style.split()
        colour = "".join(f"color: {word};" for word in words if word.startswith("$"))
        weight = "".join(f"text-style: {word};" for word in words if not word.startswith("$"))
        if role:
            rules.append(f".role--{role} {{ {colour} {weight} }}")
    return "\n".join(rules)


CSS = (
    _role_rules()
    + """
VirtualTable, CodeView, LogView { background: $background; scrollbar-size: 1 1; }
.table--header { background: $panel; color: $foreground; text-style: bold; }
.table--header-cursor { background: $panel; color: $text-accent; text-style: bold underline; }
.table--cursor { background: $block-cursor-background; color: $cursor-text; text-style: bold; }
.table--cursor-unfocused { background: $primary-muted; color: $foreground; }
.table--marked { background: $secondary-muted; }
App:nocolor .table--cursor { text-style: reverse; }

TopLine { height: 1; background: $panel; }
KeyHints { height: 1; background: $panel; }
#status { height: 1; padding: 0 1; color: $quiet; }
#empty { display: none; padding: 1 2; height: 1fr; }
"""
)


class ThemedApp(App[None]):
    """An app in these looks."""

    CSS: ClassVar[str] = CSS

    def get_css_variables(self) -> dict[str, str]:
        """Adds `$quiet`, for what matters less, and `$cursor-text`: solid colours, as line widgets need them."""
        variables = super().get_css_variables()
        foreground, background = Color.parse(variables["foreground"]), Color.parse(variables["background"])
        cursor_text = Color.parse(variables["block-cursor-background"]).get_contrast_text(1.0)
        return {**variables, "quiet": foreground.blend(background, 0.4).hex, "cursor-text": cursor_text.hex}
