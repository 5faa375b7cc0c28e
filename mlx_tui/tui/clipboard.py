"""The way text takes to the user's clipboard: a program of the desktop, tmux, or the terminal itself (OSC 52)."""

import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mlx_tui.safe_text import safe_text

MOST_NATIVE = 4_000_000
"""Bytes that are given to a program."""
MOST_TERMINAL = 55_000
"""Bytes that are given to a terminal: in base64 they stay below the 74,994 that common terminals take."""
PATIENCE = 5.0
"""Seconds that a program is waited for."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied.

    Attributes:
        lines: How many lines.
        left_out: Lines that were too many.
        way: How, for a person.
    """

    lines: int
    left_out: int
    way: str


def native_command(environment: Mapping[str, str], platform: str) -> tuple[str, ...] | None:
    """The program that puts its standard input on the clipboard; None where only the terminal can.

    Args:
        environment: Says whether there is a display, and whether the terminal is tmux's.
        platform: As `sys.platform`.
    """
    candidates = (
        (platform == "darwin", ("pbcopy",)),
        (platform == "win32" or "WSL_DISTRO_NAME" in environment, ("clip.exe",)),
        ("WAYLAND_DISPLAY" in environment, ("wl-copy", "--type", "text/plain")),
        ("DISPLAY" in environment, ("xclip", "-selection", "clipboard", "-in")),
        ("DISPLAY" in environment, ("xsel", "--clipboard", "--input")),
        # tmux takes no OSC 52 from programs unless told to; with -w it passes the text on to the terminal around it.
        ("TMUX" in environment, ("tmux", "load-buffer", "-w", "-")),
    )
    path = environment.get("PATH")
    return next((command for fits, command in candidates if fits and shutil.which(command[0], path=path)), None)


def copy(text: str, environment: Mapping[str, str], platform: str, by_terminal: Callable[[str], object]) -> Copied:
    """Copies a text, as much of it as the way takes in whole lines.

    Args:
        text: What to copy; its control characters but for tabs and line ends are made visible, since a shell into
            which it is pasted would obey them.
        environment: See `native_command`.
        platform: See `native_command`.
        by_terminal: Gives a text to the terminal.
    """
    safe = harmless(text)
    command = native_command(environment, platform)
    if command is not None:
        shown, left_out = _capped(safe, MOST_NATIVE)
        if _run(command, shown, environment):
            return Copied(shown.count("\n") + 1, left_out, f"with {command[0]}")
    shown, left_out = _capped(safe, MOST_TERMINAL)
    by_terminal(shown)
    return Copied(shown.count("\n") + 1, left_out, "through the terminal, where it allows that (OSC 52)")


def harmless(text: str) -> str:
    """A text that does nothing when it is pasted: only tabs and line ends stay what they are."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("\t".join(map(safe_text, line.split("\t"))) for line in lines)


def _capped(text: str, most: int) -> tuple[str, int]:
    data = text.encode("utf-8", "replace")
    if len(data) <= most:
        return text, 0
    kept = data[:most].decode("utf-8", "ignore")
    whole = kept.rpartition("\n")[0] or kept
    return whole, text.count("\n") - whole.count("\n")


def _run(command: tuple[str, ...], text: str, environment: Mapping[str, str]) -> bool:
    """Whether the program took the text. wl-copy and xclip stay in the background, hence no pipe is read from."""
    try:
        done = subprocess.run(
            command,
            input=text.encode("utf-8", "replace"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(environment),
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
