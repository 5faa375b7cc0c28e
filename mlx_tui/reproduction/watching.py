"""Limits on a command, and the look at whether it keeps them."""

import contextlib
import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psutil

from mlx_tui.reproduction.usage import UsageRecorder

MEMORY_TICK = 0.3
DISK_TICK = 5.0


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


class Watch:
    """Looks at time, memory and disk, each as often as it costs.

    Args:
        pid: The guard, whose descendants are watched.
        limits: The limits.
        folders: Folders whose size counts against `limits.disk`; the first tells the file system.
        usage: Gets to know what is seen.
    """

    def __init__(self, pid: int, limits: Limits, folders: Sequence[Path], usage: UsageRecorder | None = None) -> None:
        self._pid = pid
        self._limits = limits
        self._folders = folders
        self._usage = usage
        now = time.monotonic()
        self._deadline = now + limits.seconds if limits.seconds else float("inf")
        self._memory_at = now
        self._disk_at = now + DISK_TICK

    def exceeded(self) -> Stop | None:
        """The limit that is exceeded now, if any."""
        now = time.monotonic()
        if now >= self._deadline:
            return Stop.TIMEOUT
        if now >= self._memory_at:
            self._memory_at = now + MEMORY_TICK
            if self._memory_exceeded():
                return Stop.MEMORY
        if now >= self._disk_at:
            began = time.monotonic()
            exceeded = self._disk_exceeded()
            self._disk_at = now + max(DISK_TICK, 20 * (time.monotonic() - began))
            if exceeded:
                return Stop.DISK
        return None

    def _memory_exceeded(self) -> bool:
        processes = descendants(self._pid)
        memory = sum(map(_resident, processes))
        if self._usage is not None:
            self._usage.look(self._pid, processes, memory)
        limit = self._limits.memory
        # Pages that processes share are counted once where it matters: that look costs more.
        return bool(limit) and memory > limit and sum(map(_proportional, processes)) > limit

    def _disk_exceeded(self) -> bool:
        limits, folders = self._limits, self._folders
        if folders and shutil.disk_usage(folders[0]).free < limits.free_disk:
            return True
        return bool(limits.disk) and sum(map(folder_size, folders)) > limits.disk


def descendants(pid: int) -> list[psutil.Process]:
    """The processes below one."""
    with contextlib.suppress(psutil.Error):
        return psutil.Process(pid).children(recursive=True)
    return []


def _resident(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.Error):
        return int(process.memory_info().rss)
    return 0


def _proportional(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.Error):
        return int(process.memory_full_info().pss)
    return 0


def folder_size(folder: Path) -> int:
    """Bytes that a folder's files take on disk; links aren't followed."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += Path(root, name).lstat().st_blocks * 512
    return total
