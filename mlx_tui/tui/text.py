"""The way text of a repository or a log takes into a widget: through the gate, and never as markup."""

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from mlx_tui.safe_text import safe_text

ROLE_STYLES = {
    "": "",
    "good": "$text-success",
    "bad": "$text-error",
    "warn": "$text-warning",
    "accent": "$text-accent",
    "muted": "$quiet",
    "strong": "bold",
    "title": "bold $text-primary",
}
"""What a role of a text looks like, in Textual's style language; the theme gives the colours."""

ROLES = tuple(role for role in ROLE_STYLES if role)


def plain(text: str, role: str = "") -> Content:
    """Returns a text of any origin as content that a widget prints and never obeys.

    Args:
        text: Any text; line ends are kept.
        role: A key of `ROLE_STYLES`.
    """
    safe = safe_text(text, multiline=True)
    style = ROLE_STYLES[role]
    return Content.styled(safe, style) if style else Content(safe)


def lines_of(*lines: Content | str) -> Content:
    """Returns contents one below the other."""
    return Content("\n").join([plain(line) if isinstance(line, str) else line for line in lines])


def fit(text: str, width: int, align: str = "left", *, keep_end: bool = False) -> str:
    """Returns a text of exactly `width` terminal cells, made safe; `…` stands for what is cut.

    Args:
        text: Any text.
        width: Cells, 0 or more.
        align: `left`, `right` or `center`.
        keep_end: Cut at the start, as suits paths.
    """
    safe = safe_text(text)
    if width <= 0:
        return ""
    length = len(safe) if safe.isascii() else cell_len(safe)
    if length > width and keep_end:
        return "…" + _tail(safe, width - 1)
    if length > width:
        return set_cell_size(safe, width - 1) + "…"
    gap = width - length
    if align == "right":
        return " " * gap + safe
    if align == "center":
        return " " * (gap // 2) + safe + " " * (gap - gap // 2)
    return safe + " " * gap


def _tail(text: str, width: int) -> str:
    """Returns the end of a text that fills exactly `width` cells."""
    used, start = 0, len(text)
    while start and used + cell_len(text[start - 1]) <= width:
        start -= 1
        used += cell_len(text[start])
    return " " * (width - used) + text[start:]
