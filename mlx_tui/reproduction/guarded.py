"""Runs one command under a guard: captured, limited, and stoppable; everything it started ends with it."""

import contextlib
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psutil

from mlx_tui.reproduction import guard
from mlx_tui.reproduction.attempt_log import AttemptLog, LogFull

TICK = 0.1
MEMORY_TICK = 0.3
DISK_TICK = 5.0
GRACE = 3
"""Seconds between SIGTERM and SIGKILL."""


class Stop(StrEnum):
    """Why a command was stopped before its end."""

    TIMEOUT = "timeout"
    CANCELLED = "cancelled"
    TERMINATED = "terminated"
    MEMORY = "memory"
    OUTPUT = "output"
    DISK = "disk"


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on a command; 0 for none.

    Attributes:
        seconds: Time until it is stopped.
        memory: Resident bytes of all its processes together (shared pages counted once).
        file_size: Bytes of any one file.
        disk: Bytes that its folders may hold together.
        free_disk: Bytes that must stay free on the attempt's file system.
    """

    seconds: float
    memory: int = 0
    file_size: int = 20 << 30
    disk: int = 20 << 30
    free_disk: int = 256 << 20


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended.

    Attributes:
        status: Exit status, negative for a signal.
        stop: Why it was stopped; None where it ended by itself.
        left: Processes that it left running, and that were ended.
        seconds: Time it took.
    """

    status: int
    stop: Stop | None
    left: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Confines:
    """Where and within what a command runs.

    Attributes:
        cwd: Its working directory.
        environment: Its whole environment.
        limits: Its limits.
        folders: Folders whose size counts against `limits.disk`.
        transient: Folders that the guard removes if the supervisor dies.
    """

    cwd: Path
    environment: Mapping[str, str]
    limits: Limits
    folders: tuple[Path, ...]
    transient: tuple[Path, ...]


def run_guarded(
    command: Sequence[str], confines: Confines, log: AttemptLog, asked_to_stop: Callable[[], Stop | None]
) -> Ended:
    """Runs a command to its end, whatever that is. Call it from the main thread of a single-threaded process.

    Args:
        command: Program and arguments.
        confines: Where and within what it runs.
        log: Gets everything that it prints.
        asked_to_stop: Called every tick; a value stops the command.

    Raises:
        OSError: The guard can't be started, or the log can't be written.
    """
    started = time.monotonic()
    status_read, status_write = os.pipe()
    try:
        process = _start(command, confines, status_write)
    except BaseException:
        os.close(status_read)
        raise
    finally:
        os.close(status_write)
    try:
        stop = _follow(process, confines, log, asked_to_stop)
        process.wait()
        status, left = _reported(status_read, process.returncode)
    finally:
        _end(process)
        os.close(status_read)
    return Ended(status, stop, left, time.monotonic() - started)


def _start(command: Sequence[str], confines: Confines, status_fd: int) -> "subprocess.Popen[bytes]":
    limits = confines.limits
    # Programs reserve far more address space than they use: this only stops what no machine could hold.
    address_space = limits.memory * 4 + (8 << 30) if limits.memory else 0
    numbers = (os.getpid(), status_fd, GRACE, address_space, limits.file_size)
    return subprocess.Popen(
        [sys.executable, "-I", guard.__file__, *map(str, numbers), *map(str, confines.transient), "--", *command],
        cwd=confines.cwd,
        env=dict(confines.environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=(status_fd,),
        bufsize=0,
    )


def _reported(status_fd: int, returncode: int) -> tuple[int, int]:
    os.set_blocking(status_fd, False)
    with contextlib.suppress(OSError):
        words = os.read(status_fd, 64).split()
        if len(words) == 2:
            return int(words[0]), int(words[1])
    return returncode or 1, 0


def _follow(
    process: "subprocess.Popen[bytes]", confines: Confines, log: AttemptLog, asked_to_stop: Callable[[], Stop | None]
) -> Stop | None:
    """Copies output into the log until the guard is gone, and stops it where a limit is met."""
    assert process.stdout is not None
    watch = _Watch(process.pid, confines)
    stop: Stop | None = None
    killed_at = float("inf")
    output = process.stdout.fileno()
    os.set_blocking(output, False)
    poller = select.poll()
    poller.register(output, select.POLLIN)
    while True:
        gone = process.poll() is not None
        full = False
        if gone or poller.poll(TICK * 1000):
            full = _copy(output, log, all_of_it=gone)
        if gone:
            log.flush()
            return stop
        if stop is None:
            stop = Stop.OUTPUT if full else asked_to_stop() or watch.exceeded()
            if stop is not None:
                process.terminate()
                killed_at = time.monotonic() + GRACE + 10
        elif time.monotonic() > killed_at:
            process.kill()


def _copy(output: int, log: AttemptLog, all_of_it: bool) -> bool:
    """Copies what is there; returns whether the log is full (what follows is dropped)."""
    full = False
    for _ in range(1 << 20 if all_of_it else 64):
        try:
            data = os.read(output, 1 << 16)
        except BlockingIOError:
            break
        if not data:
            if not all_of_it:
                time.sleep(TICK)  # closed by the command, which goes on
            break
        try:
            log.write(data)
        except LogFull:
            full = True
    return full


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ends the guard if an error left it running, and what it may have orphaned: this process is a subreaper too."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE + 10)
    if process.poll() is None:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
    end_children()


def end_children() -> None:
    """Kills every child of this process, again until there is none."""
    while children := psutil.Process().children(recursive=True):
        for child in children:
            with contextlib.suppress(psutil.Error):
                child.kill()
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.01)


class _Watch:
    """Looks at time, memory and disk, each as often as it costs."""

    def __init__(self, pid: int, confines: Confines) -> None:
        self._pid = pid
        self._confines = confines
        now = time.monotonic()
        limits = confines.limits
        self._deadline = now + limits.seconds if limits.seconds else float("inf")
        self._memory_at = now
        self._disk_at = now + DISK_TICK

    def exceeded(self) -> Stop | None:
        now = time.monotonic()
        if now >= self._deadline:
            return Stop.TIMEOUT
        if self._confines.limits.memory and now >= self._memory_at:
            self._memory_at = now + MEMORY_TICK
            if memory_used(self._pid, self._confines.limits.memory) > self._confines.limits.memory:
                return Stop.MEMORY
        if now >= self._disk_at:
            began = time.monotonic()
            exceeded = self._disk_exceeded()
            self._disk_at = now + max(DISK_TICK, 20 * (time.monotonic() - began))
            if exceeded:
                return Stop.DISK
        return None

    def _disk_exceeded(self) -> bool:
        limits, folders = self._confines.limits, self._confines.folders
        if folders and shutil.disk_usage(folders[0]).free < limits.free_disk:
            return True
        return bool(limits.disk) and sum(map(folder_size, folders)) > limits.disk


def memory_used(pid: int, limit: int) -> int:
    """Resident bytes of a process and its descendants; pages that they share are counted once where it matters."""
    tree: list[psutil.Process] = []
    with contextlib.suppress(psutil.Error):
        tree = psutil.Process(pid).children(recursive=True)
    resident = 0
    for process in tree:
        with contextlib.suppress(psutil.Error):
            resident += process.memory_info().rss
    if resident <= limit:
        return resident
    proportional = 0
    for process in tree:
        with contextlib.suppress(psutil.Error):
            proportional += process.memory_full_info().pss
    return proportional


def folder_size(folder: Path) -> int:
    """Bytes that a folder's files take on disk; links aren't followed."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += Path(root, name).lstat().st_blocks * 512
    return total
