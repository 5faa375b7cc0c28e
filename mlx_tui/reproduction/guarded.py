"""Runs one command under a guard: captured, limited, and stoppable; everything it started ends with it."""

import contextlib
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from mlx_tui.reproduction import guard
from mlx_tui.reproduction.attempt_log import AttemptLog, LogFull
from mlx_tui.reproduction.usage import UsageRecorder
from mlx_tui.reproduction.watching import Limits, Stop, Watch

TICK = 0.1
GRACE = 3
"""Seconds between SIGTERM and SIGKILL."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended.

    Attributes:
        status: Exit status, negative for a signal.
        stop: Why it was stopped; None where it ended by itself.
        left: Processes that it left running, and that were ended.
        seconds: Time it took.
        names: Of the processes that were left, as the system knows them, the first few.
    """

    status: int
    stop: Stop | None
    left: int
    seconds: float
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Confines:
    """Where and within what a command runs.

    Attributes:
        cwd: Its working directory.
        environment: Its whole environment.
        limits: Its limits.
        folders: Folders whose size counts against `limits.disk`.
        transient: Folders that the guard removes if the supervisor dies.
        usage: Gets samples of what the command uses.
        ask: A command line that asks what runs to end, in place of SIGTERM to every process; empty for that.
        end: A command line that ends what isn't a descendant of the command; empty for none.
    """

    cwd: Path
    environment: Mapping[str, str]
    limits: Limits
    folders: tuple[Path, ...]
    transient: tuple[Path, ...]
    usage: UsageRecorder | None = None
    ask: tuple[str, ...] = ()
    end: tuple[str, ...] = ()


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
        status, left, names = _reported(status_read, process.returncode)
    finally:
        _end(process)
        os.close(status_read)
        if confines.usage is not None:
            confines.usage.command_ended()
    return Ended(status, stop, left, time.monotonic() - started, names)


def _start(command: Sequence[str], confines: Confines, status_fd: int) -> "subprocess.Popen[bytes]":
    limits = confines.limits
    # Programs reserve far more address space than they use: this only stops what no machine could hold.
    address_space = limits.memory * 4 + (8 << 30) if limits.memory else 0
    numbers = (os.getpid(), status_fd, GRACE, address_space, limits.file_size)
    lines = (json.dumps(confines.ask), json.dumps(confines.end))
    return subprocess.Popen(
        [sys.executable, "-I", guard.__file__, *map(str, (*numbers, *lines, *confines.transient)), "--", *command],
        cwd=confines.cwd,
        env=dict(confines.environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=(status_fd,),
        bufsize=0,
    )


def _reported(status_fd: int, returncode: int) -> tuple[int, int, tuple[str, ...]]:
    os.set_blocking(status_fd, False)
    with contextlib.suppress(OSError):
        words = os.read(status_fd, 4096).decode(errors="replace").split()
        if len(words) >= 2:
            return int(words[0]), int(words[1]), tuple(words[2:])
    return returncode or 1, 0, ()


def _follow(
    process: "subprocess.Popen[bytes]", confines: Confines, log: AttemptLog, asked_to_stop: Callable[[], Stop | None]
) -> Stop | None:
    """Copies output into the log until the guard is gone, and stops it where a limit is met."""
    assert process.stdout is not None
    watch = Watch(process.pid, confines.limits, confines.folders, confines.usage)
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
