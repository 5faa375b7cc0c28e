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
    """

    def __init__(self, pid: int, limits: Limits, folders: Sequence[Path]) -> None:
        self._pid = pid
        self._limits = limits
        self._folders = folders
        now = time.monotonic()
        self._deadline = now + limits.seconds if limits.seconds else float("inf")
        self._memory_at = now
        self._disk_at = now + DISK_TICK

    def exceeded(self) -> Stop | None:
        """The limit that is exceeded now, if any."""
        now = time.monotonic()
        if now >= self._deadline:
            return Stop.TIMEOUT
        if self._limits.memory and now >= self._memory_at:
            self._memory_at = now + MEMORY_TICK
            if memory_used(self._pid, self._limits.memory) > self._limits.memory:
                return Stop.MEMORY
        if now >= self._disk_at:
            began = time.monotonic()
            exceeded = self._disk_exceeded()
            self._disk_at = now + max(DISK_TICK, 20 * (time.monotonic() - began))
            if exceeded:
                return Stop.DISK
        return None

    def _disk_exceeded(self) -> bool:
        limits, folders = self._limits, self._folders
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
