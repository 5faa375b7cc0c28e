"""What commands print: tables for people, JSON for programs, progress on standard error."""

import re
import shutil
import sys
import time
from collections.abc import Iterable, Sequence

import msgspec

from mlx_tui.safe_text import safe_text

SHOWN_SECONDS = 0.1
"""How often a step of many is shown."""
# JSON keeps text as it is; what a terminal would obey, or what is invisible, is written as an escape.
_OBEYED = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def print_json(value: object) -> None:
    """Prints any value msgspec encodes as indented JSON."""
    text = msgspec.json.format(msgspec.json.encode(value, enc_hook=_listed), indent=2).decode()
    print(_OBEYED.sub(lambda match: f"\\u{ord(match[0]):04x}", text))


def _listed(value: object) -> object:
    """What msgspec doesn't know: the findings of a scan that was made before, which are packed."""
    if isinstance(value, Sequence):
        return list(value)
    raise TypeError(f"{type(value).__name__} can't be written as JSON")


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, right: frozenset[int] = frozenset()) -> None:
    """Prints aligned columns; every cell passes `safe_text`.

    Args:
        headings: One a column.
        rows: Cells.
        right: Indices of the columns aligned to the right.
    """
    from rich.cells import cell_len

    table = [tuple(headings), *(tuple(safe_text(cell) for cell in row) for row in rows)]
    widths = [max(cell_len(cell) for cell in column) for column in zip(*table, strict=True)]
    for number, row in enumerate(table):
        cells = []
        for index, cell in enumerate(row):
            padding = " " * (widths[index] - cell_len(cell))
            cells.append(padding + cell if index in right else cell + padding)
        print("  ".join(cells).rstrip())
        if number == 0:
            print("  ".join("─" * width for width in widths))


def print_progress(done: int, total: int, text: str) -> None:
    """Shows progress on standard error: one line, redrawn on a terminal."""
    line = f"[{done}/{total}] {safe_text(text)}"
    if sys.stderr.isatty():
        from rich.cells import cell_len, set_cell_size

        columns = shutil.get_terminal_size().columns
        end = "\n" if done == total else ""
        print(f"\r\x1b[2K{set_cell_size(line, min(cell_len(line), columns - 1))}", end=end, file=sys.stderr, flush=True)
    else:
        print(line, file=sys.stderr, flush=True)


class StepLine:
    """Many quick steps, shown on a terminal alone and as often as can be read."""

    def __init__(self) -> None:
        """Shows nothing yet."""
        self._shown_at = 0.0
        self._open = False

    def show(self, done: int, total: int, text: str) -> None:
        """Shows a step."""
        now = time.monotonic()
        if sys.stderr.isatty() and (done == total or now - self._shown_at >= SHOWN_SECONDS):
            self._shown_at, self._open = now, done < total
            print_progress(done, total, text)

    def end(self) -> None:
        """Leaves the line that is still open."""
        if self._open:
            print(file=sys.stderr)
            self._open = False
