"""Runs uv: live output into a log, cancelled at any time, without the user's secrets."""

import os
import pwd
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from mlx_tui.reproduction.logged_process import Log, LoggedProcess
from mlx_tui.reproduction.variables import scrubbed_environment

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


class UvProcess(LoggedProcess):
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

        given = dict(uv_variables() if variables is None else variables)
        super().__init__(folder, log, cancelled, {"UV_CACHE_DIR": str(uv_cache())} | given)
        self.program = find_uv_bin()

    def command(self, *arguments: str) -> list[str]:
        """The command line of uv with arguments."""
        return [self.program, *arguments]

    def shown(self, command: Sequence[str]) -> str:
        """The command line without the options of its sandbox, without the list of exempted pins, and with `uv`."""
        start = command.index(self.program) if self.program in command else 0
        around = f"{Path(command[0]).name} … " if start else ""
        text = super().shown(command[start:])
        text = re.sub(r"( --exclude-newer-package [\w.-]+=false)+", " --exclude-newer-package (pins)=false", text)
        return around + re.sub(r"^\S*/uv ", "uv ", text)
