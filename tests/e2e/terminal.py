"""A real pseudo-terminal with the installed program in it, and the screen that a user would see."""

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

import pexpect
import pyte

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "backspace": "\x7f",
    "down": "\x1b[B",
    "up": "\x1b[A",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "ctrl+z": "\x1a",
}


class Terminal:
    """The program, running in a pseudo-terminal.

    Args:
        arguments: Of `mlx-tui`.
        rows: Height of the terminal.
        columns: Width of the terminal.
        cwd: Working folder.
        kind: What it calls itself; another one than the usual says nothing of true colours.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        rows: int = 24,
        columns: int = 80,
        cwd: Path | None = None,
        kind: str = "",
    ) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self.raw = bytearray()
        environment = {**os.environ, "TERM": kind or "xterm-256color", "COLORTERM": "" if kind else "truecolor"}
        for name in ("LINES", "COLUMNS"):  # pytest-xdist sets them, and they win over the terminal's own size
            environment.pop(name, None)
        program = Path(sys.executable).parent / "mlx-tui"
        self.process = pexpect.spawn(
            str(program), list(arguments), dimensions=(rows, columns), env=environment, cwd=cwd, timeout=120
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.close(force=True)

    def press(self, *keys: str) -> None:
        """Presses keys, by name or as characters."""
        for key in keys:
            self.process.send(KEYS.get(key, key))
            self.read(0.05)

    def resize(self, rows: int, columns: int) -> None:
        """Gives the terminal another size, as its window's border does."""
        self._screen.resize(rows, columns)
        self.process.setwinsize(rows, columns)

    def type(self, text: str) -> None:
        """Types text."""
        self.process.send(text)

    def read(self, seconds: float) -> None:
        """Feeds the screen what the program writes until it is silent for so long."""
        while True:
            try:
                data = self.process.read_nonblocking(65536, timeout=seconds)
            except pexpect.TIMEOUT:
                return
            except pexpect.EOF:
                return
            self.raw += data
            self._stream.feed(data)

    @property
    def text(self) -> str:
        """The screen's text."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    @property
    def cells(self) -> list[list[str]]:
        """The screen cell by cell; a wide character is followed by an empty one."""
        screen = self._screen
        return [[screen.buffer[y][x].data for x in range(screen.columns)] for y in range(screen.lines)]

    def wait_for(self, what: str | Callable[[str], bool], timeout: float = 120) -> str:
        """Reads until the screen holds a text, or until a condition on its text holds.

        Raises:
            AssertionError: It didn't in time; the message shows the screen.
        """
        holds = (lambda text: what in text) if isinstance(what, str) else what
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if holds(self.text):
                return self.text
            self.read(0.05)
            if not self.process.isalive() and not holds(self.text):
                break
        raise AssertionError(f"waited {timeout:.0f} s for {what!r}; the screen is:\n{self.text}")

    def wait_for_end(self, timeout: float = 120) -> int:
        """Waits until the program ended; returns its exit status."""
        end = time.monotonic() + timeout
        while self.process.isalive():
            assert time.monotonic() < end, f"the program goes on; the screen is:\n{self.text}"
            self.read(0.05)
        self.process.close()
        return int(self.process.exitstatus if self.process.exitstatus is not None else -self.process.signalstatus)

    def kill(self) -> None:
        """Kills the program as nothing can prevent."""
        self.process.kill(signal.SIGKILL)
        self.wait_for_end()
