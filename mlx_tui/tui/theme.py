"""The looks: styles that every screen shares, in the colours of whichever theme is on."""

from typing import ClassVar

from textual.app import App
from textual.color import Color
from textual.theme import Theme

from mlx_tui.tui.text import ROLE_STYLES

DARK = "textual-dark"
LIGHT = "textual-light"
HIGH_CONTRAST = Theme(
    "high-contrast",
    primary="#ffff00",
    secondary="#00ffff",
    warning="#ffd75f",
    error="#ff8787",
    success="#5fff5f",
    accent="#00ffff",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    dark=True,
    variables={"block-cursor-background": "#ffff00", "block-cursor-foreground": "#000000"},
)
THEMES = (DARK, LIGHT, HIGH_CONTRAST.name)
"""Those that one key goes through; the palette and the configuration offer Textual's others too."""
_CALLED = {DARK: "dark", LIGHT: "light", HIGH_CONTRAST.name: "high contrast"}
"""What a person calls them."""
READABLE, VERY_READABLE = 4.5, 7.0
"""Contrast of text that WCAG 2.2 asks for at its levels AA and AAA."""
_TEXT = ("foreground", "text-success", "text-error", "text-warning", "text-accent", "text-primary", "text-secondary")
_ENDS = (Color(255, 255, 255), Color(0, 0, 0))
_BEHIND = ("background", "surface", "panel")


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
CodeView, LogView { background: $background; scrollbar-size: 1 1; }
VirtualTable { background: $background; scrollbar-size: 0 1; }
.table--header { background: $panel; color: $foreground; text-style: bold; }
.table--header-cursor { background: $panel; color: $text-accent; text-style: bold underline; }
.table--cursor { background: $block-cursor-background; color: $cursor-text; text-style: bold; }
.table--cursor-unfocused { background: $primary-muted; color: $foreground; }
.table--marked { background: $secondary-muted; }
App:nocolor .table--cursor { text-style: reverse; }

TopLine { height: 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis; }
KeyHints { height: 1; background: $panel; }
#status { height: 1; padding: 0 1; color: $quiet; text-wrap: nowrap; text-overflow: ellipsis; }
CommandPalette SearchIcon { display: none; }
.-short FirstHint { display: none; }
ToastRack { margin-bottom: 2; scrollbar-size: 0 0; }
.-narrow Toast { width: 100%; max-width: 100%; padding: 0 1; }
.-short Toast { padding: 0 1; margin-top: 0; }
#empty { display: none; padding: 1 2; height: 1fr; }
"""
)


def theme_name(theme: str) -> str:
    """Returns what a person calls a theme."""
    return _CALLED.get(theme, theme)


def theme_called(name: str) -> str:
    """Returns the theme that a person calls so; the name itself where it is another's."""
    return next((theme for theme, called in _CALLED.items() if called == name), name)


class ThemedApp(App[None]):
    """An app in these looks."""

    CSS: ClassVar[str] = CSS

    def __init__(self) -> None:
        """Knows the themes."""
        super().__init__()
        self.register_theme(HIGH_CONTRAST)

    def get_css_variables(self) -> dict[str, str]:
        """Adds `$quiet`, for what matters less, and `$cursor-text`; text is made to stand out from what is behind it.

        All are solid colours, as line widgets need them.
        """
        variables = super().get_css_variables()
        needed = VERY_READABLE if self.theme == HIGH_CONTRAST.name else READABLE
        if self.current_theme.ansi:
            return {**variables, "quiet": variables["foreground"], "cursor-text": variables["background"]}
        behind = [Color.parse(variables[name]) for name in _BEHIND]
        text = {name: Color.parse(variables[name]) for name in _TEXT}
        text["quiet"] = text["foreground"].blend(behind[0], 0.4)
        readable = {name: _stand_out(colour, behind, needed).hex for name, colour in text.items()}
        cursor = Color.parse(variables["block-cursor-background"])
        return {**variables, **readable, "cursor-text": max(_ENDS, key=lambda end: contrast(end, cursor)).hex}


def _stand_out(colour: Color, behind: list[Color], needed: float) -> Color:
    """Moves a colour towards white or black until its contrast suffices."""
    end = max(_ENDS, key=lambda end: contrast(end, behind[0]))
    for step in range(20):
        moved = colour.blend(end, step / 20)
        if all(contrast(moved, other) >= needed for other in behind):
            return moved
    return end


def contrast(one: Color, other: Color) -> float:
    """Returns the contrast of two colours, 1 to 21, as WCAG 2.2 defines it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Color) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in colour.normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
