"""What an attempt may leave behind: processes and transient folders, and how to tell that its supervisor lives."""

import contextlib
import os
import shutil
import stat
import time
from collections.abc import Iterable
from pathlib import Path

import psutil

from mlx_tui.reproduction.model import AttemptState

MARK = "MLX_TUI_ATTEMPT"
"""Environment variable that every process of an attempt inherits; its value is the attempt's folder."""
SWEEP_SECONDS = 10.0
# psutil computes start times from the time of boot, which may be adjusted by a little.
_START_TOLERANCE = 2.0


def supervisor_alive(state: AttemptState) -> bool:
    """Whether the supervisor that the state names is running, and no other process under its id."""
    try:
        process = psutil.Process(state.supervisor_pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return abs(process.create_time() - state.supervisor_started) <= _START_TOLERANCE
    except psutil.Error:
        return False


def processes_of(folder: Path) -> list[psutil.Process]:
    """Processes that carry the attempt's mark, or run its environment's interpreter.

    Zombies don't count, nor does this process.
    """
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and _belongs(process, folder):
                found.append(process)
    return found


def _belongs(process: psutil.Process, folder: Path) -> bool:
    if process.status() == psutil.STATUS_ZOMBIE:
        return False
    if process.environ().get(MARK) == str(folder):
        return True
    program = process.cmdline()[:1]
    return bool(program) and Path(program[0]).is_relative_to(folder / "environment")


def sweep_processes(folder: Path) -> int:
    """Kills every process of an attempt that can be found, again until none is left or `SWEEP_SECONDS` passed.

    Returns:
        How many were killed.
    """
    killed: set[int] = set()
    deadline = time.monotonic() + SWEEP_SECONDS
    while found := processes_of(folder):
        for process in found:
            with contextlib.suppress(psutil.Error):
                process.kill()
                killed.add(process.pid)
        if time.monotonic() > deadline:
            break
        time.sleep(0.02)
    return len(killed)


def remove_folders(folders: Iterable[Path]) -> None:
    """Removes folders that hostile code may have filled: unreadable folders are opened, links are never followed."""
    for folder in folders:
        if folder.is_symlink():
            folder.unlink(missing_ok=True)
            continue
        shutil.rmtree(folder, ignore_errors=True)
        if folder.exists():
            _open_up(folder)
            shutil.rmtree(folder, ignore_errors=True)


def _open_up(folder: Path) -> None:
    for root, names, _ in os.walk(folder):
        for path in (Path(root), *(Path(root, name) for name in names)):
            with contextlib.suppress(OSError):
                if stat.S_ISDIR(path.lstat().st_mode):
                    path.chmod(0o700)
