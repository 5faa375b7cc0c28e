"""Which names belong to the project and which to installed libraries, read from files: nothing is imported."""

import os
import re
from pathlib import Path

from mlx_tui.reproduction.symptoms import ProjectNames

MAX_FILES = 2000
MAX_BYTES = 1 << 20
_DEFINITION = re.compile(rb"\b(?:def|class)\s+(\w+)")


def site_packages(environment: Path) -> Path | None:
    """The folder of a virtual environment that holds its packages."""
    return next(iter(sorted(environment.glob("lib/python*/site-packages"))), None)


def installed_names(environment: Path) -> frozenset[str]:
    """The names of what lies among a virtual environment's packages."""
    packages = site_packages(environment)
    return frozenset(path.name.partition(".")[0] for path in packages.iterdir()) if packages else frozenset()


def read_project_names(work: Path, installed: frozenset[str]) -> ProjectNames:
    """Reads the names.

    Args:
        work: The working copy; files are read when they are regular, up to a stated size and number.
        installed: The names of what is installed.
    """
    local: set[str] = set()
    defined: set[str] = set()
    for path in _sources(work):
        local.update((path.stem, path.parent.name))
        with path.open("rb") as stream:
            defined.update(name.decode() for name in _DEFINITION.findall(stream.read(MAX_BYTES)))
    return ProjectNames(installed, frozenset(local - {work.name}), frozenset(defined), str(work.resolve()))


def _sources(work: Path) -> list[Path]:
    found: list[Path] = []
    for root, folders, names in os.walk(work):
        folders[:] = sorted(folder for folder in folders if not folder.startswith("."))
        paths = (Path(root, name) for name in sorted(names) if name.endswith((".py", ".ipynb")))
        found += [path for path in paths if path.is_file() and not path.is_symlink()]
        if len(found) > MAX_FILES:
            break
    return found[:MAX_FILES]
