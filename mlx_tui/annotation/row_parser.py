"""One row of `annotations.csv`, whatever the order of its columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mlx_tui.annotation.cells import cell_line, cell_text
from mlx_tui.annotation.model import Judgement, JudgementKey, Verdict
from mlx_tui.annotation.timestamps import parse_timestamp
from mlx_tui.safe_text import safe_text

COLUMNS = (
    "repo",
    "commit",
    "feature",
    "path",
    "cell",
    "line",
    "excerpt_hash",
    "verdict",
    "note",
    "annotator",
    "annotated_at",
)


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """A row that isn't a judgement; it stays in the file.

    Attributes:
        line: Its first line in the file, from 1.
        cells: Its cells as they are, in the order in which they will be written.
        reason: Why it can't be read, for a person.
    """

    line: int
    cells: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row that was read.

    Attributes:
        judgement: What it says.
        extra: The cells of columns that aren't ours, in the file's order.
    """

    judgement: Judgement
    extra: tuple[str, ...]


_VERDICTS = {verdict.value: verdict for verdict in Verdict}


class RowParser:
    """Reads the rows of a file with a given header.

    Args:
        header: The column names; ours in any order and case, and others.
        modified_at: The time of rows that have none, timezone-aware.

    Attributes:
        extra_columns: The columns that aren't ours.
    """

    def __init__(self, header: Sequence[str], modified_at: datetime) -> None:
        lowered = [name.lower() for name in header]
        self._positions = [lowered.index(name) if name in lowered else -1 for name in COLUMNS]
        self._extra = [position for position in range(len(header)) if position not in self._positions]
        self._width = len(header)
        self._modified_at = modified_at
        self.extra_columns = tuple(header[position] for position in self._extra)

    def parse(self, line: int, cells: Sequence[str]) -> ReadRow | UnreadRow:
        """Reads a row that begins at a line."""
        try:
            return ReadRow(self._judgement(self._ours(cells)), self._theirs(cells))
        except ValueError as error:
            return self.unread(line, cells, str(error))

    def unread(self, line: int, cells: Sequence[str], reason: str) -> UnreadRow:
        """A row that isn't a judgement, with its cells in the order in which they will be written."""
        return UnreadRow(line, (*self._ours(cells), *self._theirs(cells)), reason)

    def _ours(self, cells: Sequence[str]) -> list[str]:
        return [cells[position] if 0 <= position < len(cells) else "" for position in self._positions]

    def _theirs(self, cells: Sequence[str]) -> tuple[str, ...]:
        if len(cells) == len(COLUMNS) == self._width:
            return ()
        named = [cells[position] if position < len(cells) else "" for position in self._extra]
        return (*named, *cells[self._width :])

    def _judgement(self, cells: Sequence[str]) -> Judgement:
        repo, commit, feature, path, cell, line, excerpt_hash, verdict, note, annotator, annotated_at = cells
        if not repo.strip():
            raise ValueError("the column repo is empty")
        key = JudgementKey(
            cell_line(repo),
            cell_line(commit),
            cell_line(feature),
            cell_line(path),
            _number("cell", cell),
            _number("line", line),
            cell_line(annotator),
        )
        when = parse_timestamp(annotated_at) if annotated_at.strip() else self._modified_at
        return Judgement(key, _verdict(verdict, note), cell_text(note), cell_line(excerpt_hash), when)


def _number(column: str, cell: str) -> int | None:
    if not cell or cell.isspace():
        return None
    if cell.isascii() and cell.isdecimal() and len(cell) < 19:
        return int(cell)
    match = re.fullmatch(r"\s*'?(\d{1,18})(?:[.,]0+)?\s*", cell)  # pandas writes 12.0 where a column has gaps
    if match is None:
        raise ValueError(f"the column {column} isn't a number: {safe_text(cell)}")
    return int(match[1])


def _verdict(cell: str, note: str) -> Verdict:
    if cell in _VERDICTS:
        return _VERDICTS[cell]
    text = cell.strip().lower()
    if not text and note.strip():
        return Verdict.NOTE
    try:
        return Verdict(text)
    except ValueError:
        raise ValueError(f"the verdict is none of {', '.join(Verdict)}: {safe_text(cell)}") from None
