"""The container engine that works here, and its command lines, which docker and podman share.

See docker(1) and podman(1). A container is known by its name, which is made of the attempt's id: whoever finds the
attempt can end it.
"""

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mlx_tui.reproduction import container_end

ENGINES = ("docker", "podman")
LABEL = "mlx-tui"
"""Label of every container and image that the program makes."""
PROBE_SECONDS = 60
_SYSTEM = ("/usr", "/bin", "/lib", "/lib64")
_MOST_PROCESSES = 4096
# What the engine's own command needs of the user's environment; none of it reaches a container.
_OWN = (
    *("HOME", "PATH", "USER", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"),
    *("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY", "DOCKER_BUILDKIT"),
    *("CONTAINERS_CONF", "CONTAINERS_STORAGE_CONF", "CONTAINERS_REGISTRIES_CONF", "REGISTRY_AUTH_FILE"),
    *("STORAGE_DRIVER", "STORAGE_OPTS", "DBUS_SESSION_BUS_ADDRESS", "SSL_CERT_FILE", "SSL_CERT_DIR"),
)
# Asks every process but shells to end: a shell that ends at once takes along what still saves its work.
_ASK = (
    'for process in /proc/[0-9]*; do read -r name < "$process/comm" || continue; '
    'case "$name" in sh|dash|bash) ;; *) kill -TERM "${process#/proc/}";; esac; done 2>/dev/null'
)


@dataclass(frozen=True, slots=True)
class Mount:
    """A file or folder of the host that a container sees."""

    source: Path
    target: str
    writable: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """What a container is given.

    Attributes:
        name: The container's name.
        image: The image, by its id.
        user: `uid:gid` that its processes run as.
        network: Whether it has a network.
        memory: Limit on its memory, in bytes; 0 for none.
        folder: Its working directory; empty for the image's.
        variables: Environment variables beside the image's.
        mounts: What it sees of the host.
        entrypoint: What is run in place of the image's entry point; empty for that.
    """

    name: str
    image: str
    user: str
    network: bool
    memory: int = 0
    folder: str = ""
    variables: Mapping[str, str] | None = None
    mounts: tuple[Mount, ...] = ()
    entrypoint: str = ""


@functools.cache
def engine_problem(name: str) -> str:
    """Why an engine can't be used, from one try; empty where it works.

    Args:
        name: `docker` or `podman`.
    """
    program = shutil.which(name)
    if program is None:
        return f"there is no program `{name}`"
    if name == "docker":
        if not os.environ.get("DOCKER_HOST", "unix:").startswith("unix:"):
            return "DOCKER_HOST names another machine, which doesn't see the attempt's folders"
        return _said(_tried([program, "info", "--format", "{{.ServerVersion}}"]))
    with tempfile.TemporaryDirectory() as root:
        # Without any image: the host's own programs in an empty root.
        system = [option for place in _SYSTEM if Path(place).is_dir() for option in ("-v", f"{place}:{place}:ro")]
        options = ["--rm", "--network", "none", "--log-driver", "none", "--security-opt", "label=disable"]
        return _said(_tried([program, "run", *options, *system, "--rootfs", root, "/bin/true"]))


def find_engine() -> tuple[str, str]:
    """The engine that works here, and why none does; one of them is empty."""
    problems = {name: engine_problem(name) for name in ENGINES if shutil.which(name)}
    found = next((name for name, problem in problems.items() if not problem), "")
    if found:
        return found, ""
    told = "; ".join(f"{name}: {problem}" for name, problem in problems.items())
    if not told:
        return "", "no container engine (docker, podman) is installed here"
    return "", f"no container engine works here ({told})"


def _tried(command: Sequence[str]) -> "subprocess.CompletedProcess[bytes] | str":
    try:
        return subprocess.run(
            command,
            env=engine_variables(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PROBE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)


def _said(done: "subprocess.CompletedProcess[bytes] | str") -> str:
    if isinstance(done, str):
        return done
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return "" if done.returncode == 0 else (lines[-1] if lines else f"exit status {done.returncode}")


def engine_variables() -> dict[str, str]:
    """The environment variables of the engine's own command."""
    return {name: os.environ[name] for name in _OWN if name in os.environ}


def read(engine: str, *arguments: str) -> str | None:
    """What a short command of an engine wrote, without blanks around it; None where it failed."""
    done = _tried([engine, *arguments])
    return None if isinstance(done, str) or done.returncode else done.stdout.decode(errors="replace").strip()


@functools.cache
def container_user(engine: str) -> str:
    """The `uid:gid` inside a container whose files are the user's own outside.

    An engine that runs without root's rights maps its root to the user.
    """
    if engine == "podman":
        rootless = os.getuid() != 0
    else:
        rootless = "name=rootless" in (read(engine, "info", "--format", "{{json .SecurityOptions}}") or "")
    return "0:0" if rootless else f"{os.getuid()}:{os.getgid()}"


def container_name(attempt: str) -> str:
    """The name of an attempt's container; an attempt has one at a time."""
    return f"{LABEL}-{attempt}"


def run_command(engine: str, box: Box, command: Sequence[str]) -> list[str]:
    """The command line that runs a command in a container, attached to its output.

    Whatever the image says, it runs without capabilities and can't gain any. It isn't removed at its end: that is for
    `end_command`.
    """
    options = ["--name", box.name, "--label", LABEL, "--pull", "never", "--user", box.user, "--log-driver", "none"]
    options += ["--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--security-opt", "label=disable"]
    options += ["--pids-limit", str(_MOST_PROCESSES)]
    if engine == "podman":
        options.append("--http-proxy=false")
    if not box.network:
        options += ["--network", "none"]
    if box.memory:
        options += ["--memory", str(box.memory)]
    for mount in box.mounts:
        options += _mounted(mount)
    for name, value in (box.variables or {}).items():
        options += ["--env", f"{name}={value}"]
    if box.folder:
        options += ["--workdir", box.folder]
    if box.entrypoint:
        options += ["--entrypoint", box.entrypoint]
    return [engine, "run", *options, box.image, *command]


def _mounted(mount: Mount) -> list[str]:
    source, target = str(mount.source), mount.target
    if ":" not in source + target:
        return ["--volume", f"{source}:{target}{'' if mount.writable else ':ro'}"]
    fields = ["type=bind", f"source={source}", f"target={target}", *([] if mount.writable else ["readonly"])]
    return ["--mount", ",".join(f'"{field}"' if "," in field else field for field in fields)]


def ask_command(engine: str, name: str) -> list[str]:
    """The command line that asks what runs in a container to end."""
    return [engine, "exec", name, "/bin/sh", "-c", _ASK]


def end(engine: str, name: str) -> bool:
    """Ends and removes a container; returns whether it is gone."""
    done = _tried(end_command(engine, name))
    return not isinstance(done, str) and done.returncode == 0


def end_command(engine: str, name: str) -> list[str]:
    """The command line that ends and removes a container, and what a build of that name left."""
    return [sys.executable, "-I", container_end.__file__, engine, name]
