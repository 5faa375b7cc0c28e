"""What is in an image: its interpreters and what is installed for them, asked by running them in a container."""

import re
from dataclasses import dataclass

import msgspec
from packaging.version import InvalidVersion, Version

from mlx_tui.json_file import prepare
from mlx_tui.reproduction import redirect

_PLACE = re.compile(r"/[^:,\0\n]*")
_DISTRIBUTION = re.compile(r"(.+?)-([^-]+)\.(?:dist|egg)-info")
_MOST_OUTPUT = 4_000_000
# The interpreters that an image is likely to run code with, the one on its path first.
LOOK = (
    "for python in python3 python /opt/conda/bin/python /opt/*/bin/python /opt/conda/envs/*/bin/python "
    '/usr/local/bin/python3 /usr/bin/python3; do found=$(command -v "$python") && "$found" -c "$0"; done; true'
)
ASK = """
import json, os, sys, sysconfig
paths = [p for p in sys.path if p.endswith(("site-packages", "dist-packages")) and os.path.isdir(p)]
own = sysconfig.get_paths()["purelib"]
names = sorted(set(name for path in paths for name in os.listdir(path)))
pool = False
for path in paths:
    try:
        with open(os.path.join(path, "mlflow", "store", "db", "utils.py")) as stream:
            pool = "FallbackAsyncAdaptedQueuePool" in stream.read()
    except (OSError, ValueError):
        pass
print(json.dumps({"program": sys.executable or "", "version": "%d.%d.%d" % sys.version_info[:3], "names": names,
                  "folder": own if own in paths else (paths or [""])[0], "pool": pool}))
"""


@dataclass(frozen=True, slots=True)
class ImagePython:
    """An interpreter in an image.

    Attributes:
        program: Its path.
        version: `3.11.7`.
        folder: A folder of packages that it reads `.pth` files of.
        names: What lies in its folders of packages.
        pool: Whether its MLflow imports what SQLAlchemy 2.1 removed.
    """

    program: str
    version: str
    folder: str
    names: tuple[str, ...]
    pool: bool

    @property
    def versions(self) -> dict[str, str]:
        """The distributions that are installed, with their versions."""
        found = (_DISTRIBUTION.fullmatch(name) for name in self.names)
        return {match[1].replace("_", "-"): match[2] for match in found if match}


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What is known of an image that is there; `image.json`.

    Attributes:
        id: Its id.
        entrypoint: Whether it has an entry point of its own.
        pythons: Its interpreters, the one on its path first; empty where it has none.
    """

    id: str
    entrypoint: bool
    pythons: tuple[ImagePython, ...] = ()

    @property
    def modules(self) -> frozenset[str]:
        """The names of what lies among its packages."""
        return frozenset(name.partition(".")[0] for python in self.pythons for name in python.names)

    @property
    def makes_database(self) -> bool:
        """Whether its MLflow can make a database."""
        python = self.pythons[0] if self.pythons else None
        mlflow, sqlalchemy = (
            _version(python, "mlflow") or _version(python, "mlflow-skinny"), _version(python, "SQLAlchemy")
        )  # fmt: skip
        return redirect.fits(mlflow, sqlalchemy, old_pool=python is not None and python.pool)


def _version(python: ImagePython | None, name: str) -> Version | None:
    found = {each.lower(): version for each, version in python.versions.items()} if python else {}
    try:
        return Version(found[name.lower()]) if name.lower() in found else None
    except InvalidVersion:
        return None


def read_pythons(output: str) -> tuple[ImagePython, ...]:
    """The interpreters of an image, from what `ASK` printed in it; what the image printed otherwise is left out."""
    prepare(ImagePython)
    found: dict[str, ImagePython] = {}
    for line in output[:_MOST_OUTPUT].splitlines():
        try:
            python = msgspec.json.decode(line, type=ImagePython)
        except (msgspec.DecodeError, UnicodeError):
            continue
        if _PLACE.fullmatch(python.program) and _PLACE.fullmatch(python.folder):
            found.setdefault(python.folder, python)
    return tuple(found.values())
