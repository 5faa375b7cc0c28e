"""What the tests of the interface share."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from textual import on
from textual.app import App
from textual.pilot import Pilot

from mlx_tui.tui.theme import ThemedApp
from mlx_tui.tui.widgets.table import VirtualTable

PATIENCE = 90.0
"""Seconds until a wait counts as failed."""

Until = Callable[[Callable[[], object]], Awaitable[None]]


def screen_text(app: App[Any]) -> str:
    """Returns what is on the screen, line by line."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


async def until(pilot: Pilot[Any], condition: Callable[[], object]) -> None:
    """Waits until something is true; fails with the screen's text where it never is."""
    deadline = time.monotonic() + PATIENCE
    while True:
        await pilot.pause()
        try:
            if condition():
                return
        except Exception:  # a widget that isn't there yet
            if time.monotonic() > deadline:
                raise
        assert time.monotonic() < deadline, screen_text(pilot.app)
        await pilot.pause(0.02)


async def until_shown(pilot: Pilot[Any], text: str) -> None:
    """Waits until a text is on the screen."""
    await until(pilot, lambda: text in screen_text(pilot.app))


class WidgetApp(ThemedApp):
    """Holds one widget, with the program's styles."""

    def __init__(self, widget: Any) -> None:
        super().__init__()
        self.widget = widget
        self.opened: list[Any] = []

    def compose(self) -> Any:
        yield self.widget

    @on(VirtualTable.Opened)
    def _opened(self, event: Any) -> None:
        self.opened.append(event.table.current)


HOSTILE = (
    "d[0][/foo] [red]x[/red] [@click=app.quit()]y[/]",
    "\x1b]0;title\x07 \x1b[2J\x1b[31mred\x1b[0m",
    "bidi \u202etxt.exe\u202c \u2066x\u2069",
    "two\nlines\r\nand\ttabs",
    "wide 你好 \u1100\u1161 combining e\u0301\u0323 emoji 👩\u200d🔬",
    "\x00\x08\x7f\x85\x9b31m",
)
"""Texts that a careless widget obeys, breaks on, or misaligns."""


def obeyed(text: str) -> list[str]:
    """Returns the characters of a screen that a terminal would obey instead of print."""
    return [
        character
        for character in text
        if (ord(character) < 0x20 and character != "\n")
        or 0x7F <= ord(character) <= 0x9F
        or character in "\u202e\u2066\u200d"
    ]
