"""What the interface remembers of a study between two sessions: the user's own, kept outside the study's folder.

Each part (the table of the corpus, the place of the last judgement, …) is a JSON file of its own, so that parts know
nothing of each other. It is a convenience: what can't be read counts as not there, and nothing is lost with it.
"""

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec

from mlx_tui import paths
from mlx_tui.json_file import read_json, write_json

T = TypeVar("T")


def state_file(study: Path, part: str) -> Path:
    """Where a part of a study's state is: in the user's state folder, under a name made of the study's path."""
    key = hashlib.sha256(str(study.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return paths.state_dir() / "studies" / key / f"{part}.json"


def read_state(study: Path, part: str, kind: type[T]) -> T | None:
    """Reads a part; None where there is none, or it can't be read as one.

    Args:
        study: The study's folder.
        part: A name, as in `position`.
        kind: A frozen dataclass.
    """
    try:
        return read_json(state_file(study, part), kind)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def write_state(study: Path, part: str, value: object) -> None:
    """Writes a part; where it can't be written, it isn't remembered."""
    path = state_file(study, part)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_json(path, value)
