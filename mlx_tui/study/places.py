"""Places in a repository as people write them: `path:line`, or `path#cell:line` in a notebook."""

import re
from dataclasses import dataclass

from mlx_tui.study.errors import StudyError

_PLACE = re.compile(r"(?P<path>.+?)(?:#(?P<cell>\d+))?:(?P<line>\d+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file; `cell` is None outside notebooks."""

    path: str
    cell: int | None
    line: int

    @property
    def text(self) -> str:
        """As `parse_place` reads it; raw, as the path is."""
        cell = "" if self.cell is None else f"#{self.cell}"
        return f"{self.path}{cell}:{self.line}"


def parse_place(text: str) -> Place:
    """Parses `path:line` or `path#cell:line`.

    Raises:
        StudyError: The text is neither.
    """
    match = _PLACE.fullmatch(text.strip())
    if match is None or int(match["line"]) < 1:
        raise StudyError(f"{text} isn't a place: write PATH:LINE, or PATH#CELL:LINE in a notebook")
    return Place(match["path"], None if match["cell"] is None else int(match["cell"]), int(match["line"]))
