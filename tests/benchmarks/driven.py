"""The installed program in a pseudo-terminal, with the moment at which each piece of its output came."""

import os
import queue
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

import pexpect
import psutil
import pyte

PROGRAM = Path(sys.executable).parent / "mlx-tui"


class Driven:
    """The program; its output is read in a thread, so that what this process does delays no time that is taken.

    Args:
        arguments: Of `mlx-tui`, or a whole command.
        rows: Height of the terminal.
        columns: Width of the terminal.
        program: Another program than `mlx-tui`.
    """

    def __init__(
        self, arguments: Sequence[str], *, rows: int = 30, columns: int = 120, program: str | None = None
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._came: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
        # Each starts as for the first time: nothing is remembered from the run before.
        self._state = tempfile.TemporaryDirectory(prefix="mlx-tui-state-")
        remembered = {"XDG_STATE_HOME": self._state.name}
        environment = {**os.environ, **remembered, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.started = time.perf_counter()
        command = [str(PROGRAM), *arguments] if program is None else [program, *arguments]
        self.process = pexpect.spawn(command[0], command[1:], dimensions=(rows, columns), env=environment)
        self.process.delaybeforesend = None  # pexpect waits 50 ms by itself before each key
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.close(force=True)
        self._state.cleanup()

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self.process.child_fd, 1 << 16)
            except OSError:
                return
            self._came.put((time.perf_counter(), data))
            if not data:
                return

    def press(self, key: str) -> float:
        """Presses a key; returns when."""
        at = time.perf_counter()
        self.process.send(key)
        return at

    def until(self, holds: Callable[["Driven"], object], timeout: float = 60) -> float | None:
        """Waits until the screen is as asked; returns when the output came that made it so, None where none did."""
        end = time.perf_counter() + timeout
        at = time.perf_counter()
        while not holds(self):
            try:
                at, data = self._came.get(timeout=max(0.001, end - time.perf_counter()))
            except queue.Empty:
                return None
            self._stream.feed(data)
        return at

    @property
    def processor(self) -> float:
        """Seconds of a processor that the program took so far; load by others hardly changes them."""
        times = psutil.Process(self.process.pid).cpu_times()
        return times.user + times.system

    def drain(self) -> None:
        """Takes in what came."""
        while not self._came.empty():
            self._stream.feed(self._came.get()[1])

    @property
    def text(self) -> str:
        """The screen's text."""
        return "\n".join(self.screen.display)

    @property
    def cursor_row(self) -> int | None:
        """The row of the upper half that a table's cursor is on: the only one of its colour."""
        colours = [self.screen.buffer[y][1].bg for y in range(2, self.screen.lines // 2)]
        single = [y for y, colour in enumerate(colours, 2) if colours.count(colour) == 1]
        return single[0] if len(single) == 1 else None


def told(times: Sequence[float]) -> str:
    """Says the median, the 95th percentile and the largest of some seconds, in milliseconds."""
    ordered = sorted(times)
    high = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    middle, largest = statistics.median(ordered) * 1000, ordered[-1] * 1000
    return f"p50 {middle:6.1f} ms   p95 {high * 1000:6.1f} ms   max {largest:6.1f} ms   ({len(ordered)} keys)"
