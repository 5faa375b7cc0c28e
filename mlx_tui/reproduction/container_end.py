"""Ends a container and removes it, with what a killed build left: python container_end.py ENGINE NAME.

Standard library only and run by its path: the guard starts it, whatever else is gone. A container belongs to the
engine, not to who started it, so it is removed by its name. A build of podman's has no name: it is known by a host of
that name among its options, which the build's record holds.
"""

import subprocess
import sys
import time
from pathlib import Path

TRIES = 20
_NOWHERE = subprocess.DEVNULL


def end(engine: str, name: str) -> bool:
    """Ends and removes a container and builds; returns whether they are gone."""
    for _ in range(TRIES):  # podman removes at the second try what was killed together with its monitor
        _call(engine, "rm", "--force", "--volumes", name)
        if _call(engine, "container", "inspect", name)[0]:
            break
        time.sleep(0.1)
    else:
        return False
    return all(not _call(engine, "rm", "--force", found)[0] for found in builds(engine, name))


def builds(engine: str, name: str) -> "list[str]":
    """The containers in which podman built images, by their ids."""
    if Path(engine).name != "podman":
        return []
    status, root = _call(engine, "info", "--format", "{{.Store.GraphRoot}}")
    if status or not root:
        return []
    records = Path(root).glob("*-containers/*/userdata/buildah.json")
    return [path.parts[-3] for path in records if _names(path, name)]


def _names(record: Path, name: str) -> bool:
    try:
        return f'"{name}:' in record.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def _call(*command: str) -> "tuple[int, str]":
    try:
        done = subprocess.run(command, stdin=_NOWHERE, stdout=subprocess.PIPE, stderr=_NOWHERE, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return -1, ""
    return done.returncode, done.stdout.decode(errors="replace").strip()


if __name__ == "__main__":
    sys.exit(0 if end(sys.argv[1], sys.argv[2]) else 1)
