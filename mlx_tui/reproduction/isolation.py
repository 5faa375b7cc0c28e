"""Which isolation is in force, and the bubblewrap command line that puts it in force.

bubblewrap (https://github.com/containers/bubblewrap) gives a command its own mounts, process tree and, where asked,
an empty network; see bwrap(1).
"""

import functools
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mlx_tui.reproduction.container_engine import engine_problem
from mlx_tui.reproduction.model import Isolation, Plan
from mlx_tui.reproduction.variables import CERTIFICATES

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/nix/store")
_ETC = (
    *("alternatives", "ca-certificates", "ca-certificates.conf", "fonts", "gai.conf", "group", "host.conf", "hosts"),
    *("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "locale.alias", "localtime", "magic", "mime.types", "nsswitch.conf"),
    *("OpenCL", "passwd", "pki", "protocols", "R", "resolv.conf", "services", "ssl/certs", "ssl/openssl.cnf"),
    *("terminfo", "timezone", "vulkan"),
)
_DEVICES = ("nvidia*", "dri", "kfd")
TEMPORARY = "/tmp"  # noqa: S108
"""Where a command inside finds its temporary folder."""


ASKED = ("auto", "container", "bwrap", "none")
"""What a user may ask for. With `auto` a step runs in a container where its MLproject asks for one and an engine works,
else in bubblewrap where that works; with `bwrap` or `none` it runs in a Python environment in any case."""


class IsolationError(RuntimeError):
    """The isolation that was asked for isn't to be had here; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """What a command inside bubblewrap sees beside the read-only system.

    Attributes:
        cwd: Its working directory.
        writable: Folders it may write, at the same paths as outside.
        readable: Folders and files it may read, at the same paths as outside.
        temporary: The folder that is its /tmp.
        network: Whether it has the host's network; otherwise only a loopback of its own.
    """

    cwd: Path
    writable: tuple[Path, ...]
    readable: tuple[Path, ...]
    temporary: Path
    network: bool


def choose_isolation(asked: str = "auto") -> Isolation:
    """Says which isolation will be in force, having tried it.

    Args:
        asked: `auto`, `bwrap` or `none`; a container is chosen by `container_environment`.

    Raises:
        IsolationError: bubblewrap was asked for by name and doesn't work here.
        ValueError: `asked` is something else.
    """
    if asked not in {"auto", "bwrap", "none"}:
        raise ValueError(f"isolation is {', '.join(ASKED[:-1])} or {ASKED[-1]}, not {asked}")
    if asked == "none":
        return Isolation.NONE
    problem = bwrap_problem()
    if not problem:
        return Isolation.BWRAP
    if asked == "bwrap":
        raise IsolationError(f"bubblewrap doesn't work here ({problem}): install it, or ask for isolation `none`")
    return Isolation.NONE


def isolation_problem(plan: Plan) -> str:
    """Why a plan's isolation can't be put in force here; empty where it can."""
    means, problem = "bubblewrap", bwrap_problem() if plan.isolation is Isolation.BWRAP else ""
    if plan.container is not None:
        means, problem = plan.container.engine, engine_problem(plan.container.engine)
    return f"the plan asks for {means}, which doesn't work here: {problem}" if problem else ""


@functools.cache
def bwrap_problem() -> str:
    """Why bubblewrap can't be used, from one try; empty where it works."""
    program = shutil.which("bwrap")
    if program is None:
        return "there is no program `bwrap`"
    command = [program, *_namespaces(network=False), *_system(), "--proc", "/proc", "--dev", "/dev", "--", "/bin/true"]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return "" if done.returncode == 0 else (lines[-1] if lines else f"exit status {done.returncode}")


def wrap(command: Sequence[str], sandbox: Sandbox) -> list[str]:
    """Returns the command line that runs a command inside bubblewrap.

    The command must exist inside: bubblewrap tells a missing one only by exit status 1.
    """
    program = shutil.which("bwrap") or "bwrap"
    arguments = [*_namespaces(sandbox.network), *_system(), "--proc", "/proc", "--dev", "/dev"]
    arguments += ["--ro-bind-try", "/sys/devices/system", "/sys/devices/system"]
    for pattern in _DEVICES:
        for device in sorted(Path("/dev").glob(pattern)):
            arguments += ["--dev-bind-try", str(device), str(device)]
    for place in (TEMPORARY, "/var/tmp"):  # noqa: S108 - places inside the sandbox
        arguments += ["--bind", str(sandbox.temporary), place]
    # The attempt's own folders lie too deep for the path of a socket, and aren't there under their own name.
    arguments += ["--setenv", "TMPDIR", TEMPORARY, "--setenv", "PYTHONPYCACHEPREFIX", f"{TEMPORARY}/pycache"]
    for path in sandbox.readable:
        arguments += ["--ro-bind-try", str(path), str(path)]
    for path in sandbox.writable:
        arguments += ["--bind", str(path), str(path)]
    return [program, *arguments, "--remount-ro", "/", "--chdir", str(sandbox.cwd), "--", *command]


def _namespaces(network: bool) -> list[str]:
    options = ["--die-with-parent", "--new-session", "--unshare-pid", "--unshare-ipc", "--unshare-uts"]
    options += ["--unshare-cgroup-try", "--cap-drop", "ALL"]
    return options if network else [*options, "--unshare-net"]


def _system() -> list[str]:
    arguments: list[str] = []
    for place in map(Path, _SYSTEM):
        if place.is_symlink():
            arguments += ["--symlink", str(place.readlink()), str(place)]
        elif place.is_dir():
            arguments += ["--ro-bind", str(place), str(place)]
    # A distribution's Java keeps its configuration there, and starts no program without it.
    java = sorted(path.name for path in Path("/etc").glob("java*"))
    for name in (*_ETC, *java):
        arguments += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    return arguments


def certificate_paths(environment: Mapping[str, str]) -> tuple[Path, ...]:
    """Files and folders that the certificate variables name."""
    return tuple(Path(environment[name]) for name in sorted(CERTIFICATES & environment.keys()))


def interpreter_paths(environment: Path) -> tuple[Path, ...]:
    """What a virtual environment needs of the interpreter that it was made with, outside the read-only system.

    Interpreters of pyenv and uv live in the user's home: only their own prefix is returned, never the home itself.

    Args:
        environment: Folder of the virtual environment.
    """
    programs = [environment / "bin" / "python"]
    while programs[-1].is_symlink() and len(programs) < 20:
        programs.append(Path(os.path.normpath(programs[-1].parent / programs[-1].readlink())))
    found: list[Path] = []
    for program in programs[1:]:
        prefix = program.parent.parent
        if any(program.is_relative_to(place) for place in _SYSTEM):
            continue
        if Path.home().is_relative_to(prefix):
            found += [program, *sorted(prefix.glob("lib/python3*")), *sorted(prefix.glob("lib/libpython3*"))]
        else:
            found.append(prefix)
    return tuple(dict.fromkeys(found))
