"""Runs uv: live output into a log, cancelled at any time, without the user's secrets."""

import os
import pwd
import re
import selectors
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from mlx_tui.reproduction.variables import scrubbed_environment

Log = Callable[[bytes], object]

POLL_SECONDS = 0.1
GRACE_SECONDS = 3.0
_MAX_OUTPUT = 1_000_000
_KEPT = re.compile(r"^(UV_|SSL_CERT|(https?|all|no)_proxy$)", re.IGNORECASE)
# Settings of uv's that would make an attempt depend on what else the user does with it.
_NOT_KEPT = {
    "UV_EXCLUDE_NEWER",
    "UV_PYTHON",
    "UV_PROJECT_ENVIRONMENT",
    "UV_SYSTEM_PYTHON",
    "UV_NO_BUILD",
    "UV_OVERRIDE",
}


class Cancelled(Exception):  # noqa: N818 - no error
    """The user stopped it."""


def uv_variables() -> dict[str, str]:
    """The variables that uv needs of this process: its own settings, the certificates, and no secret."""
    own = {name: value for name, value in os.environ.items() if _KEPT.match(name) and name not in _NOT_KEPT}
    kept = {name: os.environ[name] for name in ("HOME", "PATH", "XDG_CONFIG_HOME") if name in os.environ}
    return scrubbed_environment() | own | kept


def uv_cache() -> Path:
    """The user's uv cache, also where `HOME` has been set to an attempt's own folder."""
    home = Path(pwd.getpwuid(os.getuid()).pw_dir)
    caches = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return Path(os.environ.get("UV_CACHE_DIR") or caches / "uv")


class UvProcess:
    """Runs uv's commands one after the other.

    Args:
        folder: The working directory; uv reads settings there, so it isn't the working copy.
        log: Is given what uv writes, as it writes it.
        cancelled: Asked ten times a second; uv is ended when it says True.
        variables: The environment variables; by default those of this process without its secrets.
    """

    def __init__(
        self, folder: Path, log: Log, cancelled: Callable[[], bool], variables: Mapping[str, str] | None = None
    ) -> None:
        from uv import find_uv_bin

        self.program = find_uv_bin()
        self.folder, self.log, self.cancelled = folder, log, cancelled
        self.variables = {"UV_CACHE_DIR": str(uv_cache())} | dict(uv_variables() if variables is None else variables)

    def command(self, *arguments: str) -> list[str]:
        """The command line of uv with arguments."""
        return [self.program, *arguments]

    def run(self, command: Sequence[str]) -> tuple[int, str]:
        """Runs a command line with its output into the log; returns its exit status and the end of the output.

        Raises:
            Cancelled: The user stopped it; no process is left.
        """
        self.log(f"$ {_shown(command)}\n".encode())
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
            self._follow(process, output)
        finally:
            _end(process)
        return process.returncode, output.decode(errors="replace")

    def read(self, command: Sequence[str]) -> str:
        """Runs a short command line and returns what it wrote; nothing goes to the log."""
        if self.cancelled():
            raise Cancelled
        done = subprocess.run(command, cwd=self.folder, env=self.variables, capture_output=True, text=True, check=False)
        return done.stdout if done.returncode == 0 else done.stderr

    def _follow(self, process: "subprocess.Popen[bytes]", output: bytearray) -> None:
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
                self.log(chunk)
                output += chunk
                del output[:-_MAX_OUTPUT]
        process.wait()


def _shown(command: Sequence[str]) -> str:
    """The command line without the long list of exempted pins, and with `uv` by its name."""
    text = " ".join(command)
    text = re.sub(r"( --exclude-newer-package [\w.-]+=false)+", " --exclude-newer-package (pins)=false", text)
    return re.sub(r"^\S*/uv ", "uv ", text)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ends uv and what it started: asked first, then killed."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        try:
            os.killpg(process.pid, number)
            process.wait(GRACE_SECONDS)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
