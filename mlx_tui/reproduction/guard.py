"""The process between a supervisor and what it runs: it ends every descendant, come what may.

Standard library only and run by its path, so that it starts in some 20 ms. It is a subreaper (Linux, prctl(2)):
daemons that forked twice become its children and can be found. When the supervisor dies, the kernel tells it
(PR_SET_PDEATHSIG), it kills everything and removes the transient folders.

What isn't a descendant, because a container engine's daemon started it, is asked to end and ended by the command lines
ASK and END, which are JSON lists; empty for none.

Usage: guard.py PARENT STATUS_FD GRACE ADDRESS_SPACE FILE_SIZE ASK END [TRANSIENT_FOLDER…] -- COMMAND…
To the status descriptor it writes `<exit status, negative for a signal> <processes that were left> <their names…>`.
"""

import contextlib
import ctypes
import json
import os
import resource
import shutil
import signal
import sys
import time

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
WATCHED = {signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP}
BWRAP = "bwrap"  # a SIGTERM to bubblewrap kills everything inside at once, which is not what is asked for
# A shell that ends at once takes bubblewrap along, and with it what still saves its work; it ends with its command.
PATIENT = frozenset({BWRAP, "sh", "dash", "bash"})
OWN = frozenset({BWRAP, "docker", "podman", "conmon"})
"""What isolates may outlive the command by a moment; it is none that the command left."""
END_SECONDS = 60
NAMED = 8
"""So many of the processes that were left are named."""


def prepare(parent: int) -> None:
    """Makes this process a subreaper that learns of its parent's death."""
    signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGHUP, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the supervisor is gone")


def limit(address_space: int, file_size: int) -> None:
    """Sets resource limits, which children inherit; 0 means none."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for kind, value in ((resource.RLIMIT_AS, address_space), (resource.RLIMIT_FSIZE, file_size)):
        if value:
            hard = resource.getrlimit(kind)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (value, value))


def start(command: list[str]) -> int:
    """Starts the command in a session of its own, first in line when memory runs out."""
    pid = os.posix_spawnp(command[0], command, os.environ, setsigmask=[], setsid=True)
    with contextlib.suppress(OSError), open(f"/proc/{pid}/oom_score_adj", "w") as stream:  # noqa: PTH123
        stream.write("800")
    return pid


def descendants() -> dict[int, str]:
    """Process ids of all descendants with their names."""
    parents: dict[int, int] = {}
    names: dict[int, str] = {}
    for entry in os.listdir("/proc"):  # noqa: PTH208
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat", "rb") as stream:  # noqa: PTH123
                    head, _, tail = stream.read().rpartition(b")")
            except OSError:
                continue
            fields = tail.split()
            if fields[0] != b"Z":
                parents[int(entry)] = int(fields[1])
                names[int(entry)] = head.partition(b"(")[2].decode(errors="replace")
    found: set[int] = set()
    fresh = {os.getpid()}
    while fresh:
        fresh = {pid for pid, parent in parents.items() if parent in fresh}
        found |= fresh
    return {pid: names[pid] for pid in found}


def send(number: int, spare: "frozenset[str]" = frozenset()) -> int:
    """Signals all descendants but those of some names; returns how many there were."""
    targets = descendants()
    for pid, name in targets.items():
        if name not in spare:
            with contextlib.suppress(OSError):
                os.kill(pid, number)
    return len(targets)


def reap(main: int, status: "int | None") -> "tuple[int | None, bool]":
    """Collects ended children; returns the main one's status, and whether any child is left."""
    while True:
        try:
            pid, code = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return status, False
        if pid == 0:
            return status, True
        if pid == main:
            status = os.waitstatus_to_exitcode(code)


def kill_all(main: int, status: "int | None") -> "tuple[int | None, list[str]]":
    """Kills until nothing is left; returns the main child's status and the names of those that were found at first."""
    status, some_left = reap(main, status)
    found = sorted(descendants().values()) if some_left else []
    while some_left:
        send(signal.SIGKILL)
        time.sleep(0.005)
        status, some_left = reap(main, status)
    return status, found


def run(command: "list[str]") -> None:
    """Runs a short command to its end."""
    pid = os.posix_spawnp(command[0], command, os.environ, setsigmask=[])
    deadline = time.monotonic() + END_SECONDS
    while not os.waitpid(pid, os.WNOHANG)[0]:
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)


def remove(folder: str) -> None:
    """Removes a folder, also what is closed to its owner; links are never followed."""
    shutil.rmtree(folder, ignore_errors=True)
    for root, names, _ in os.walk(folder):
        for path in [os.path.join(root, name) for name in names]:  # noqa: PTH118
            if not os.path.islink(path):  # noqa: PTH114
                with contextlib.suppress(OSError):
                    os.chmod(path, 0o700)  # noqa: PTH101
    shutil.rmtree(folder, ignore_errors=True)


def watch(main: int, parent: int, grace: float, ask: "list[str]") -> "int | None":
    """Waits until the command ended, somebody asked to stop and the grace is over, or the supervisor died."""
    status: int | None = None
    deadline = float("inf")
    while True:
        got = signal.sigtimedwait(WATCHED, 0.25)
        status, some_left = reap(main, status)
        if os.getppid() != parent or time.monotonic() > deadline or not some_left:
            return status
        if status is not None and deadline == float("inf"):
            return status
        if got and got.si_signo == signal.SIGTERM and deadline == float("inf"):
            deadline = time.monotonic() + grace
            if ask:
                os.posix_spawnp(ask[0], ask, os.environ, setsigmask=[])
            else:
                send(signal.SIGTERM, spare=PATIENT)


def main(arguments: "list[str]") -> None:
    """Runs a command, and leaves nothing behind."""
    parent, status_fd, grace, address_space, file_size = (int(value) for value in arguments[:5])
    ask, end = ([str(word) for word in json.loads(text)] for text in arguments[5:7])
    separator = arguments.index("--")
    transient, command = arguments[7:separator], arguments[separator + 1 :]
    prepare(parent)
    limit(address_space, file_size)
    os.set_inheritable(status_fd, False)
    child = start(command)
    status = watch(child, parent, grace, ask)
    if end:
        run(end)
    status, found = kill_all(child, status)
    if end and found:  # it may have made something since
        run(end)
    left = [name for name in found if name not in OWN]
    if os.getppid() == parent:
        names = ["".join(char if char.isalnum() or char in "._-" else "?" for char in name) for name in left[:NAMED]]
        os.write(
            status_fd, " ".join([str(-signal.SIGKILL if status is None else status), str(len(left)), *names]).encode()
        )
    else:
        for folder in transient:
            remove(folder)


if __name__ == "__main__":
    main(sys.argv[1:])
