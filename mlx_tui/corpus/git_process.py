"""Runs git for the corpus: with a network, with progress, and cancellable."""

import os
import re
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from mlx_tui.execution.priority import command_prefix
from mlx_tui.git_environment import git_variables

_ENVIRONMENT = {
    **git_variables(
        {"core.symlinks": "false", "fetch.recurseSubmodules": "false", "init.defaultBranch": "main"},
        protocols="https:http:ssh:git:file",
    ),
    "GIT_SSH_COMMAND": "ssh -o BatchMode=yes -o ConnectTimeout=30 -o ServerAliveInterval=15",
    "GIT_HTTP_LOW_SPEED_LIMIT": "1000",
    "GIT_HTTP_LOW_SPEED_TIME": "60",
}
# Of what `git rev-parse --local-env-vars` lists: set inside a git hook, they would name another repository than ours.
_UNSET = """
GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_COMMON_DIR GIT_CONFIG GIT_CONFIG_PARAMETERS GIT_DIR GIT_GRAFT_FILE
GIT_IMPLICIT_WORK_TREE GIT_INDEX_FILE GIT_INTERNAL_SUPER_PREFIX GIT_NAMESPACE
GIT_OBJECT_DIRECTORY GIT_PREFIX GIT_REPLACE_REF_BASE GIT_SHALLOW_FILE GIT_WORK_TREE
"""
_COMMAND = ["env", *(f"--unset={name}" for name in _UNSET.split())]

_PROGRESS = re.compile(r"(?:remote: )?([A-Z][A-Za-z ]+):\s+(\d+)%")
_GRACE_SECONDS = 2.0
# Longer than any server counts objects; a connection that died unnoticed would hold its repository for ever.
_IDLE_SECONDS = 900.0


class GitError(Exception):
    """Git ended with an error; the message is what it wrote to stderr, unsafe text."""


class GitCancelled(Exception):  # noqa: N818 (not an error)
    """Git was stopped because the caller asked for it; none of its processes is left."""


def run_git(
    folder: Path,
    *arguments: str,
    stdin: BinaryIO | None = None,
    on_progress: Callable[[str, float], None] = lambda message, fraction: None,
    cancelled: threading.Event | None = None,
) -> bytes:
    """Runs git in a folder and returns what it wrote to stdout.

    Args:
        folder: Its working directory.
        *arguments: Command and arguments. What comes from a corpus must stand behind `--`, or never start with `-`.
        stdin: A file to read; nothing by default.
        on_progress: Called with git's words (`Receiving objects`) and a fraction from 0 to 1.
        cancelled: Once set, git and its children are ended and `GitCancelled` is raised.

    Raises:
        GitError: Git isn't installed, ended with an error, or was silent for a quarter of an hour.
        GitCancelled: `cancelled` was set.
    """
    from git import Git, GitCommandNotFound

    command = Git(str(folder))
    command.update_environment(**_ENVIRONMENT)
    try:
        # A session of its own, so that git's children (the transport) are ended with it.
        running = command.execute(
            [*_COMMAND, *command_prefix(), "git", *arguments], as_process=True, istream=stdin, start_new_session=True
        )
    except GitCommandNotFound as error:
        raise GitError("git isn't installed") from error
    process = running.proc
    if process is None:
        raise GitError("git didn't start")
    try:
        out, err = _communicate(process, on_progress, cancelled or threading.Event())
    finally:
        _end(process)
    if process.returncode != 0:
        raise GitError(err.decode("utf-8", "replace").strip() or f"git ended with status {process.returncode}")
    return out


def _communicate(
    process: "subprocess.Popen[bytes]", on_progress: Callable[[str, float], None], cancelled: threading.Event
) -> tuple[bytes, bytes]:
    """Reads both streams to their ends."""
    out, err = bytearray(), bytearray()
    heard = time.monotonic()
    with selectors.DefaultSelector() as selector:  # select() fails for a process with more than 1,024 open files
        for stream, into in ((process.stdout, out), (process.stderr, err)):
            if stream:
                selector.register(stream, selectors.EVENT_READ, into)
        while selector.get_map():
            if cancelled.is_set():
                raise GitCancelled
            if time.monotonic() - heard > _IDLE_SECONDS:
                raise GitError(f"timed out: not a word for {_IDLE_SECONDS:.0f} s")
            for key, _ in selector.select(0.1):
                data, heard = os.read(key.fd, 65536), time.monotonic()
                key.data.extend(data)
                if not data:
                    selector.unregister(key.fileobj)
                elif key.data is err:
                    _tell_progress(data, on_progress)
                    del err[:-65536]
    process.wait()
    return bytes(out), bytes(err)


def _tell_progress(data: bytes, on_progress: Callable[[str, float], None]) -> None:
    found = _PROGRESS.findall(data.decode("utf-8", "replace"))
    if found:
        message, percent = found[-1]
        on_progress(message.lower(), min(int(percent), 100) / 100)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ends the process and its children, first kindly, and closes the pipes."""
    if process.poll() is None:
        deadline = time.monotonic() + _GRACE_SECONDS
        os.killpg(process.pid, signal.SIGTERM)
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    for stream in (process.stdout, process.stderr):
        if stream:
            stream.close()
