"""What an attempt may leave behind: processes, containers and folders; and how to tell that its supervisor lives."""

import contextlib
import os
import shutil
import stat
import time
from collections.abc import Iterable
from pathlib import Path

import msgspec
import psutil

from mlx_tui.json_file import read_json
from mlx_tui.reproduction.container_engine import container_name, end
from mlx_tui.reproduction.model import AttemptState, Plan

MARK = "MLX_TUI_ATTEMPT"
"""Environment variable that every process of an attempt inherits; its value is the attempt's folder."""
SWEEP_SECONDS = 10.0
_BOOT = Path("/proc/sys/kernel/random/boot_id")


def supervisor_alive(state: AttemptState) -> bool:
    """Whether the supervisor that the state names is running, and no other process under its id."""
    return bool(state.supervisor_start) and process_start(state.supervisor_pid) == state.supervisor_start


def process_start(pid: int) -> str:
    """When a process started: this boot of the machine, and the clock tick since then.

    However the clock is set, that stays; a time of day, which psutil computes from it, doesn't.

    Returns:
        A text to compare with; empty where no such process runs. Format: proc(5), `/proc/PID/stat`.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        return "" if fields[0] == b"Z" else f"{_BOOT.read_text().strip()}/{int(fields[19])}"
    except OSError:
        return ""


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


def sweep(folder: Path) -> None:
    """Ends the container and every process of an attempt that can be found."""
    with contextlib.suppress(OSError, msgspec.DecodeError):  # what can't be read was never run
        plan = read_json(folder / "plan.json", Plan)
        if plan.container is not None:
            end(plan.container.engine, container_name(folder.name))
    sweep_processes(folder)


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
