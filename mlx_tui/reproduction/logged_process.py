"""Runs commands one after the other, with live output into a log; cancelled at any time."""

import os
import selectors
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

Log = Callable[[bytes], object]

POLL_SECONDS = 0.1
GRACE_SECONDS = 3.0
_MAX_OUTPUT = 1_000_000


class Cancelled(Exception):  # noqa: N818 - no error
    """The user stopped it."""


class LoggedProcess:
    """Runs commands one after the other.

    Args:
        folder: The working directory.
        log: Is given what a command writes, as it writes it.
        cancelled: Asked ten times a second; the command is ended when it says True.
        variables: The environment variables.
    """

    def __init__(self, folder: Path, log: Log, cancelled: Callable[[], bool], variables: Mapping[str, str]) -> None:
        self.folder, self.log, self.cancelled = folder, log, cancelled
        self.variables = dict(variables)

    def shown(self, command: Sequence[str]) -> str:
        """The command line as the log tells it."""
        return " ".join(command)

    def run(self, command: Sequence[str], *, quiet: bool = False) -> tuple[int, str]:
        """Runs a command line; returns its exit status and the end of its output.

        Args:
            command: Program and arguments.
            quiet: Whether neither it nor its output goes to the log.

        Raises:
            Cancelled: The user stopped it; no process is left.
        """
        if not quiet:
            self.log(f"$ {self.shown(command)}\n".encode())
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        output = bytearray()
        try:
            self._follow(process, output, quiet)
        finally:
            _end(process)
        return process.returncode, output.decode(errors="replace")

    def read(self, command: Sequence[str]) -> str:
        """Runs a short command line and returns what it wrote; nothing goes to the log."""
        if self.cancelled():
            raise Cancelled
        done = subprocess.run(command, cwd=self.folder, env=self.variables, capture_output=True, text=True, check=False)
        return done.stdout if done.returncode == 0 else done.stderr

    def _follow(self, process: "subprocess.Popen[bytes]", output: bytearray, quiet: bool) -> None:
        if process.stdout is None:
            return
        with selectors.DefaultSelector() as selector, process.stdout as stream:
            selector.register(stream, selectors.EVENT_READ)
            while True:
                if self.cancelled():
                    raise Cancelled
                if not selector.select(POLL_SECONDS):
                    continue
                chunk = os.read(stream.fileno(), 65536)
                if not chunk:
                    break
                if not quiet:
                    self.log(chunk)
                output += chunk
                del output[:-_MAX_OUTPUT]
        process.wait()


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ends a command and what it started: asked first, then killed."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        try:
            os.killpg(process.pid, number)
            process.wait(GRACE_SECONDS)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
