"""A container engine for the tests that need one, and a small image of the interpreter that runs them."""

import io
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import psutil
import pytest
from attempt_support import command, commit_repository, make_plan, until

from mlx_tui.reproduction import container_end, container_engine
from mlx_tui.reproduction.model import Attempt, Container, ImageOrigin, Isolation, Plan

IMAGE = f"localhost/mlx-tui-tests/python:{os.getpid()}"
# Where the usual runtime or the usual limits don't work, as in a machine without the rights to raise them.
SETTINGS = """
[engine]
runtime = "{runtime}"
[containers]
default_ulimits = ["nofile=1000:1000", "nproc=1000:1000"]
"""
EXEC = "--exec-process-spec"
LEFT_OUT = frozenset(
    {"test", "tests", "idlelib", "tkinter", "site-packages", "__pycache__", "ensurepip", "lib2to3", "pydoc_data"}
)


def forget() -> None:
    """What was seen of engines is looked at again."""
    container_engine.engine_problem.cache_clear()
    container_engine.container_user.cache_clear()


def let_podman_work(patch: pytest.MonkeyPatch, folder: Path) -> str:
    """Sets up podman so that it works here, where that can be; returns why not."""
    for runtime in ("", "crun", "runc"):
        if runtime:
            path = folder / "containers.conf"
            path.write_text(SETTINGS.format(runtime=runtime))
            patch.setenv("CONTAINERS_CONF", str(path))
        forget()
        problem = container_engine.engine_problem("podman")
        if not problem:
            return ""
    return problem


@contextmanager
def served_to_docker(patch: pytest.MonkeyPatch, folder: Path) -> Iterator[None]:
    """Lets docker's own command speak to podman, which serves docker's interface: containers are nobody's children."""
    socket = folder / "docker.sock"
    line = ["podman", "system", "service", "--time", "0", f"unix://{socket}"]
    environment = os.environ | {"TMPDIR": str(folder)}  # where it leaves what a build needed whose client was killed
    service = subprocess.Popen(line, stderr=subprocess.DEVNULL, cwd=folder, env=environment)
    try:
        patch.setenv("DOCKER_HOST", f"unix://{socket}")
        deadline = time.monotonic() + 30
        while not socket.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        forget()
        yield
    finally:
        service.terminate()
        service.wait()


def engine_call(engine: str, *arguments: str) -> str:
    return subprocess.run([engine, *arguments], capture_output=True, text=True, check=True).stdout.strip()


def import_image(engine: str, tar: bytes, name: str) -> None:
    done = subprocess.run([engine, "import", "-", name], input=tar, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def image_of_this_python(packages: Path | None = None) -> bytes:
    """A tar of what runs Python here, at its own place, with a shell; and with packages."""
    prefix, version = Path(sys.base_prefix), f"python{sys.version_info[0]}.{sys.version_info[1]}"
    program = prefix / "bin" / version
    library = Path(sysconfig.get_path("stdlib"))
    found = (path for path in library.rglob("*") if not LEFT_OUT & set(path.relative_to(library).parts))
    files = {path for path in found if path.is_file()}
    shell = Path(shutil.which("sh") or "/bin/sh").resolve()
    native = [program, shell, *(path for path in files if path.suffix == ".so")]
    native += packages.rglob("*.so") if packages else []
    asked = [str(program), "-I", "-c", "import site; print(site.getsitepackages()[0])"]
    site = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path in sorted({*files, program, *needed_libraries(native)}):
            tar.add(path.resolve(), str(path), recursive=False)
        tar.add(shell, "/bin/sh")
        for name in ("python", "python3"):
            link = tarfile.TarInfo(f"usr/bin/{name}")
            link.type, link.linkname = tarfile.SYMTYPE, str(program)
            tar.addfile(link)
        for name, mode in (("tmp", 0o1777), (site, 0o755)):
            folder = tarfile.TarInfo(name.lstrip("/"))
            folder.type, folder.mode = tarfile.DIRTYPE, mode
            tar.addfile(folder)
        for path in packages.iterdir() if packages else ():
            tar.add(path, f"{site}/{path.name}")
    return buffer.getvalue()


def needed_libraries(programs: list[Path]) -> set[Path]:
    """The shared libraries that programs load, by the paths under which they are looked for."""
    told = subprocess.run(["ldd", *map(str, programs)], capture_output=True, text=True, check=False).stdout
    return {Path(found) for found in re.findall(r"(?:=> |^\s+)(/\S+) \(0x", told, re.MULTILINE)}


def container_plan(
    folder: Path,
    engine: str,
    code: str,
    *,
    image: str = IMAGE,
    origin: ImageOrigin = ImageOrigin.LOCAL,
    files: dict[str, str | bytes] | None = None,
    run: str = "python train.py",
    **options: int,
) -> Plan:
    """A plan that runs `train.py` with this code in a container."""
    project = f"name: x\ndocker_env:\n  image: {image}\n"
    commit = commit_repository(folder / "clone", {"MLproject": project, "train.py": code} | (files or {}))
    dockerfile = "Dockerfile" if "Dockerfile" in (files or {}) else ""
    plan = make_plan(folder / "clone", commit, command(run), **options)  # type: ignore[arg-type]
    container = Container(engine, image, "MLproject", origin, dockerfile)
    return replace(plan, container=container, isolation=Isolation.CONTAINER)


def assert_no_container(plan: Plan, attempt: Attempt) -> None:
    """No container, build or monitor of the attempt's is left."""
    engine = plan.container.engine if plan.container else ""
    name = container_engine.container_name(attempt.state.id)
    listed = engine_call(engine, "ps", "--all", "--format", "{{.Names}}")
    assert name not in listed
    assert container_end.builds("podman", name) == []
    if engine == "docker":  # podman's service keeps the monitor of an exec for five minutes
        for monitor in monitors(name):
            if EXEC in monitor.info["cmdline"]:
                monitor.kill()
    until(lambda: not monitors(name))


def monitors(name: str) -> list[psutil.Process]:
    """podman's monitors of containers whose names begin so, and of what is executed in them."""
    found = []
    for process in psutil.process_iter(["name", "cmdline"]):
        words = process.info["cmdline"] or []
        named = any(option == "-n" and value.startswith(name) for option, value in pairwise(words))
        if process.info["name"] == "conmon" and named:
            found.append(process)
    return found
