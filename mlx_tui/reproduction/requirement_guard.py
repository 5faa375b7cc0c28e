"""Which lines of a hostile list of requirements are given to uv, which runs outside the isolation."""

import re
from pathlib import Path

from mlx_tui.reproduction.install_failure import InstallCause, InstallFailure
from mlx_tui.reproduction.model import EnvironmentSpec
from mlx_tui.reproduction.requirement_lines import local_path

_OPTION = re.compile(
    r"^(?:-i|--index-url|--extra-index-url|--no-index|--no-binary|--only-binary|--pre)\b"
    r"|^(?:-f|--find-links)[ =]+https?://|^(?:-e|--editable)[ =]+(?:\w+\+\w+:|[./])"
)
_FILE = re.compile(
    r"^(?:-r|--requirement|-c|--constraint|-f|--find-links)[ =]*(?!https?:)(\S+)"
    r"|\bfile:(?://)?(\S+)|^(?:(?:-e|--editable)[ =]*)?([/~]\S*)"
)


def refusal(spec: EnvironmentSpec, root: Path) -> InstallFailure | None:
    """Why a list of requirements isn't given to uv; None where it may be.

    It must not make uv read files outside the working copy, nor send variables of the environment to a server.

    Args:
        spec: The environment.
        root: Root of the working copy.
    """
    root = root.resolve()
    for line in (*spec.requirements, *spec.constraints):
        if "${" in line:
            message = f"a requirement holds a variable, which isn't filled in: {line}"
            return InstallFailure(InstallCause.MALFORMED, line, message)
        match = _FILE.search(line)
        named = next((part for part in match.groups() if part), "") if match else ""
        path = local_path(line) or named
        if path and not _is_inside(root / spec.workdir / path, root):
            message = f"a requirement names a file that isn't in the repository: {line}"
            return InstallFailure(InstallCause.MISSING_FILE, line, message)
    return None


def _is_inside(path: Path, root: Path) -> bool:
    try:
        return path.exists() and path.resolve().is_relative_to(root)
    except (OSError, ValueError):
        return False


def is_passed_on(line: str) -> bool:
    """Whether uv is given a line: a requirement, or an option that says where packages come from."""
    return not line.startswith("-") or bool(_OPTION.match(line))


def absolute(line: str, base: Path) -> str:
    """A requirement with its path made absolute: uv runs outside the working copy, whose settings it must not read."""
    path = local_path(line)
    place = str((base / path).resolve()) if path else ""
    return line.replace(path, place, 1) if path and not re.search(r"\s", place) else line
