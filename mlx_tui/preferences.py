"""What the interface remembers for a user in every study: the theme, the hints that were read, wrapping."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from mlx_tui import paths
from mlx_tui.json_file import read_json, write_json

FILE_NAME = "interface.json"


@dataclass(frozen=True, slots=True)
class Remembered:
    """The content of `interface.json`.

    Attributes:
        theme: The theme chosen last; empty where none was.
        hints_read: Scopes of the screens whose first hint was dismissed.
        wrap: Whether a long line of code goes on below.
    """

    theme: str = ""
    hints_read: tuple[str, ...] = ()
    wrap: bool = True


@dataclass(slots=True)
class Preferences:
    """What is remembered, and where.

    Attributes:
        path: The file; what it can't hold, or doesn't, is as if nothing was remembered.
        remembered: What it holds.
    """

    path: Path = field(default_factory=lambda: paths.state_dir() / FILE_NAME)
    remembered: Remembered = field(init=False)

    def __post_init__(self) -> None:
        """Reads the file."""
        try:
            self.remembered = read_json(self.path, Remembered)
        except (OSError, msgspec.DecodeError):
            self.remembered = Remembered()

    def choose_theme(self, theme: str) -> None:
        """Remembers a theme; `write` makes it last."""
        self.remembered = replace(self.remembered, theme=theme)

    def choose_wrap(self, *, wraps: bool) -> None:
        """Remembers whether a long line of code goes on below; `write` makes it last."""
        self.remembered = replace(self.remembered, wrap=wraps)

    def read_hint(self, scope: str) -> None:
        """Remembers that a screen's first hint was read; `write` makes it last."""
        if scope not in self.remembered.hints_read:
            self.remembered = replace(self.remembered, hints_read=(*self.remembered.hints_read, scope))

    def write(self) -> None:
        """Writes the file.

        Raises:
            OSError: It can't be written; what it lacks is remembered until the program ends.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_json(self.path, self.remembered)
