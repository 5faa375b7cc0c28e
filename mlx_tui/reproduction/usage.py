"""Samples of what an attempt uses: its supervisor writes them to `usage.jsonl`, everybody else reads the end of it."""

import contextlib
import os
import resource
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import psutil

from mlx_tui.json_file import prepare
from mlx_tui.reproduction.model import Usage, UsageSample

EVERY_SECOND = 600.0
"""For so many seconds there is a sample a second; later they grow rarer with age, some 3,600 in the first day."""
_TAIL = 4096
_KIB = 1024


class UsageRecorder:
    """Writes samples of an attempt, once a second at first and more rarely as it grows old.

    Args:
        path: The attempt's `usage.jsonl`; what can't be written there is left out.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._began = time.monotonic()
        self._next = 0.0
        self._peak = 0

    def look(self, guard: int, processes: Sequence[psutil.Process], memory: int) -> None:
        """Takes note of the processes that run now.

        Args:
            guard: Process id of the guard, which inherits what is orphaned.
            processes: Those below it.
            memory: Their resident bytes.
        """
        self._peak = max(self._peak, memory)
        now = time.monotonic()
        if now >= self._next:
            self._next = now + max(1.0, (now - self._began) / EVERY_SECOND)
            running = _ended_seconds() + _seconds_of(guard) + sum(map(_seconds, processes))
            self._write(running, memory, len(processes))

    def command_ended(self) -> None:
        """Writes what is known exactly once every process of a command has ended."""
        # A command that was shorter than the first look still says how large its largest process was.
        self._peak = max(self._peak, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * _KIB)
        self._write(_ended_seconds(), 0, 0)

    def _write(self, cpu_seconds: float, memory: int, processes: int) -> None:
        sample = UsageSample(datetime.now(UTC), round(cpu_seconds, 2), memory, self._peak, processes)
        with contextlib.suppress(OSError), self._path.open("ab") as stream:  # a full disk is told by what matters more
            stream.write(msgspec.json.encode(sample) + b"\n")


def _ended_seconds() -> float:
    """Processor time of every process of this one's that ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _seconds(process: psutil.Process) -> float:
    """Processor time of a process and of its children that ended."""
    with contextlib.suppress(psutil.Error):
        return sum(process.cpu_times()[:4])
    return 0.0


def _seconds_of(pid: int) -> float:
    with contextlib.suppress(psutil.Error):
        return _seconds(psutil.Process(pid))
    return 0.0


def read_usage(path: Path) -> Usage | None:
    """Reads the newest samples; None where there are none. What a crash cut off is left out."""
    try:
        with path.open("rb") as stream:
            stream.seek(max(0, os.fstat(stream.fileno()).st_size - _TAIL))
            lines = stream.read().split(b"\n")[-4:]
    except OSError:
        return None
    samples = [sample for line in lines if (sample := _sample(line)) is not None]
    if not samples:
        return None
    before, last = samples[-2] if len(samples) > 1 else None, samples[-1]
    return Usage(last, None if before is None else _cpu(before, last))


def _cpu(before: UsageSample, last: UsageSample) -> float | None:
    seconds = (last.at - before.at).total_seconds()
    return max(0.0, (last.cpu_seconds - before.cpu_seconds) / seconds) if seconds > 0 else None


def _sample(line: bytes) -> UsageSample | None:
    prepare(UsageSample)
    try:
        return msgspec.json.decode(line, type=UsageSample)
    except msgspec.DecodeError:
        return None
