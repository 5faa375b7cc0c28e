"""The Python interpreters of this machine, and the one that fits what a repository asks for."""

import functools
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from mlx_tui.formats.versions import MAX_LENGTH, version_of
from mlx_tui.reproduction.model import Deviation

# When each minor version was released (PEP 494, 537, 569, 596, 619, 664, 693, 719, 745).
RELEASED = {
    (3, 6): datetime(2016, 12, 23, tzinfo=UTC),
    (3, 7): datetime(2018, 6, 27, tzinfo=UTC),
    (3, 8): datetime(2019, 10, 14, tzinfo=UTC),
    (3, 9): datetime(2020, 10, 5, tzinfo=UTC),
    (3, 10): datetime(2021, 10, 4, tzinfo=UTC),
    (3, 11): datetime(2022, 10, 24, tzinfo=UTC),
    (3, 12): datetime(2023, 10, 2, tzinfo=UTC),
    (3, 13): datetime(2024, 10, 7, tzinfo=UTC),
    (3, 14): datetime(2025, 10, 7, tzinfo=UTC),
}
# How long after a release the scientific packages have wheels for it, and people use it.
SETTLED = timedelta(days=270)
OLDEST = Version("3.6")

_PROGRAM = re.compile(r"^python3\.\d{1,2}$")
_ASK = "import platform; print(platform.python_version())"


class NoInterpreter(Exception):  # noqa: N818 - named after what is missing
    """There is no usable Python 3 on this machine."""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """An interpreter that is there.

    Attributes:
        path: Absolute path of the program.
        version: Its full version.
    """

    path: Path
    version: Version

    @property
    def minor(self) -> tuple[int, int]:
        """Major and minor version."""
        return (self.version.major, self.version.minor)


@functools.cache
def find_interpreters() -> tuple[Interpreter, ...]:
    """Finds the interpreters: this program's own, uv's, pyenv's (inactive ones too) and those on the path.

    Returns:
        Those that run and are Python 3.6 or newer, one a version, oldest first.
    """
    found: dict[Version, Interpreter] = {}
    for program in dict.fromkeys(_programs()):
        version = _version_of(program)
        if version is not None and version >= OLDEST:
            found.setdefault(version, Interpreter(program, version))
    return tuple(sorted(found.values(), key=lambda item: item.version))


def _programs() -> list[Path]:
    home = Path.home()
    pyenv = Path(os.environ.get("PYENV_ROOT") or home / ".pyenv")
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    uv = Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or data / "uv" / "python")
    programs = [*_found(pyenv, "versions/*/bin/python3"), *_found(uv, "cpython-*/bin/python3")]
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        # pyenv's shims aren't interpreters: they fail for every version that isn't active.
        if folder and Path(folder).name != "shims":
            programs += [path for path in _found(Path(folder), "python3*") if _PROGRAM.match(path.name)]
    base = getattr(sys, "_base_executable", "") or sys.executable
    return [*(path for path in programs if _is_base(path)), Path(base).resolve()]


def _found(folder: Path, pattern: str) -> list[Path]:
    """What matches in a folder; nothing where it can't be read, as one of another user that `su` left on the path."""
    try:
        return sorted(folder.glob(pattern))
    except OSError:
        return []


def _is_base(path: Path) -> bool:
    """Whether a program isn't one of a virtual environment, whose packages would be confused with the base's."""
    try:
        return path.is_file() and not (path.parent.parent / "pyvenv.cfg").exists()
    except OSError:
        return False


def _version_of(program: Path) -> Version | None:
    try:
        done = subprocess.run(
            [program, "-I", "-S", "-c", _ASK], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return version_of(done.stdout.strip()) if done.returncode == 0 else None


def choose_interpreter(asked: str, as_of: datetime | None = None) -> tuple[str, str, Deviation | None]:
    """Chooses the interpreter for an attempt: the asked one, else the nearest that is there; never Python 2.

    Args:
        asked: A version (`3.8`, `3.11.5`) or a specifier (`>=3.8,<3.11`, `^3.9`); empty where nothing is asked.
        as_of: The time of the code; among several that fit, one that was settled then is taken.

    Returns:
        The program's absolute path, its version, and the deviation where it isn't what was asked.

    Raises:
        NoInterpreter: There is none at all.
    """
    found = find_interpreters()
    if not found:
        raise NoInterpreter("no Python 3 was found: install one, or `uv python install 3.11`")
    chosen, reason = choose_from(found, asked, as_of or datetime.now(UTC))
    deviation = Deviation("python", asked or "not said", str(chosen.version), reason) if reason else None
    return str(chosen.path), str(chosen.version), deviation


def choose_from(found: tuple[Interpreter, ...], asked: str, when: datetime) -> tuple[Interpreter, str]:
    """Chooses among given interpreters; the reason is empty where the choice is exactly what was asked.

    Args:
        found: At least one interpreter, oldest first.
        asked: As `choose_interpreter`.
        when: The time of the code.
    """
    specifier = python_specifier(asked)
    if specifier is None:
        settled = _settled(found, when)
        return settled, f"no version is asked for; {_minor(settled)} was in use when the code was written"
    fitting = tuple(item for item in found if specifier.contains(item.version, prereleases=True))
    if fitting:
        return (_settled(fitting, when), "")
    wanted = _first_version(asked)
    return _nearest(found, wanted, when)


def _nearest(found: tuple[Interpreter, ...], wanted: Version | None, when: datetime) -> tuple[Interpreter, str]:
    if wanted is None or wanted.major < 3:
        settled = _settled(found, when)
        old = wanted is not None and wanted.major == 2
        return settled, "Python 2 can't be used" if old else "the version asked for can't be understood"
    same = [item for item in found if item.minor == (wanted.major, wanted.minor)]
    if same:
        closest = min(same, key=lambda item: abs(item.version.micro - wanted.micro))
        return closest, "that patch release isn't here; this is the same minor version"
    # Of two equally far, the newer: code runs on newer interpreters more often than on older ones.
    closest = min(found, key=lambda item: (abs(item.version.minor - wanted.minor), -item.version.minor))
    return closest, "that version isn't here; this is the nearest that is"


def _settled(found: tuple[Interpreter, ...], when: datetime) -> Interpreter:
    """The newest whose minor version had been out long enough, else the oldest."""
    ready = [item for item in found if item.minor in RELEASED and RELEASED[item.minor] + SETTLED <= when]
    return ready[-1] if ready else found[0]


def _minor(item: Interpreter) -> str:
    return f"{item.version.major}.{item.version.minor}"


def _first_version(asked: str) -> Version | None:
    match = re.search(r"[0-9]+(?:\.[0-9]+){0,2}", asked)
    return version_of(match[0]) if match else None


def python_specifier(asked: str) -> SpecifierSet | None:
    """Reads what is asked for in any of the usual notations (PEP 440, conda, Poetry, a plain version).

    Returns:
        None where nothing is asked. A notation that isn't understood gives the minor version that it names.
    """
    text = asked.strip().strip("\"'").removeprefix("python").lstrip("-").replace(" ", "").split("|")[0]
    if not text or len(text) > MAX_LENGTH or not re.search(r"[0-9]", text):
        return None
    parts = [_specifier_part(part) for part in text.split(",") if part]
    try:
        return SpecifierSet(",".join(parts))
    except InvalidSpecifier:
        version = _first_version(text)
        return SpecifierSet(f"=={version.major}.{version.minor}.*") if version else None


def _specifier_part(part: str) -> str:
    match = re.match(r"^(\^|~(?!=)|={0,3})v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(\.?\*)?(?:=.*)?$", part)
    if match is None:
        return part
    operator, major, minor, micro, _ = match.groups()
    if operator == "^":
        return f">={major}.{minor or 0}.{micro or 0},<{int(major) + 1}"
    if operator == "~":
        return f">={major}.{minor or 0}.{micro or 0},<{major}.{int(minor or 0) + 1}"
    if micro:
        return f"=={major}.{minor}.{micro}"
    return f"=={major}.{minor}.*" if minor else f"=={major}.*"
