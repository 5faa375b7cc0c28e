"""Resolved versions kept for the next attempt: as of a date, the same requirements always give the same versions."""

import hashlib
from collections.abc import Sequence

from mlx_tui.json_file import replace_file
from mlx_tui.paths import cache_dir
from mlx_tui.reproduction.model import EnvironmentSpec
from mlx_tui.reproduction.requirement_lines import local_path

FOLDER = "resolutions"


def recall(spec: EnvironmentSpec, lines: Sequence[str]) -> list[str]:
    """The lines that requirements were resolved to before; empty where they weren't, or may change.

    Args:
        spec: The environment.
        lines: What is given to uv.
    """
    if not _lasts(spec):
        return []
    try:
        return (cache_dir() / FOLDER / _key(spec, lines)).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []


def remember(spec: EnvironmentSpec, lines: Sequence[str], resolved: Sequence[str]) -> None:
    """Keeps what requirements were resolved to; a cache that can't be written is no error."""
    if not _lasts(spec):
        return
    folder = cache_dir() / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(folder / _key(spec, lines), "".join(f"{line}\n" for line in resolved).encode())
    except OSError:
        return


def _lasts(spec: EnvironmentSpec) -> bool:
    """Whether a resolution is the same tomorrow: it has a date, and no folder or URL whose content may change."""
    return bool(spec.as_of) and not any(local_path(line) or "://" in line for line in spec.requirements)


def _key(spec: EnvironmentSpec, lines: Sequence[str]) -> str:
    parts = [spec.python_used, spec.as_of, *lines, "", *spec.constraints]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
