"""`clones.csv`: the commit at which each repository of a study was fetched, and why others weren't.

The commit is a pin: once written, every fetch of the study gives precisely that commit, here and elsewhere. The path
isn't written; the clone cache of each machine derives it.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from mlx_tui.corpus.entries import CorpusError, csv_bytes, located, portable
from mlx_tui.corpus.git import is_sha
from mlx_tui.corpus.model import Clone, CloneStatus
from mlx_tui.json_file import replace_file
from mlx_tui.safe_text import csv_text, safe_text

COLUMNS = ("repo", "url", "commit", "committed_at", "status", "error", "fetched_at")


def read_clones(path: Path) -> tuple[Clone, ...]:
    """Reads the pins; none where there is no such file. Paths are left to the cache (`CloneCache.locate`).

    Raises:
        CorpusError: The file isn't such a list; the message names the line and the column.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ()
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path}: not UTF-8 (byte {error.start}); save it as CSV UTF-8") from error
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        missing = [name for name in ("repo", "url", "commit") if name not in (rows.fieldnames or ())]
        if missing:
            raise CorpusError(f"{path}, line 1: no column `{missing[0]}`")
        return tuple(_clone(path, rows.line_num, row) for row in rows)
    except csv.Error as error:
        raise CorpusError(f"{path}, line {rows.line_num}: {error}") from error


def write_clones(path: Path, clones: Sequence[Clone]) -> None:
    """Writes the pins, atomically, in the order given.

    Raises:
        OSError: The folder is read-only, the disk is full, …; the file is as it was.
    """
    replace_file(path, clones_bytes(clones, path.parent))


def clones_bytes(clones: Sequence[Clone], folder: Path) -> bytes:
    """The content of a `clones.csv` in a folder."""
    rows = [
        (
            clone.repo,
            portable(clone.url, folder),
            clone.commit,
            _utc(clone.committed_at),
            clone.status.value,
            clone.error,
            _utc(clone.fetched_at),
        )
        for clone in clones
    ]
    return csv_bytes([COLUMNS, *rows])


def _utc(time: datetime | None) -> str:
    return time.astimezone(UTC).isoformat() if time else ""


def _clone(path: Path, line: int, row: Mapping[str, str | None]) -> Clone:
    cells = {name: csv_text(row.get(name) or "") for name in COLUMNS}
    commit = cells["commit"].strip().lower()
    if commit and not is_sha(commit):
        raise CorpusError(f"{path}, line {line}, column `commit`: not a full commit: {safe_text(commit)}")
    try:
        status = CloneStatus(cells["status"] or CloneStatus.MISSING)
    except ValueError as error:
        known = ", ".join(CloneStatus)
        raise CorpusError(f"{path}, line {line}, column `status`: {safe_text(cells['status'])}, not {known}") from error
    return Clone(
        cells["repo"],
        located(cells["url"], path.parent),
        commit,
        _time(path, line, "committed_at", cells),
        None,
        status,
        cells["error"],
        _time(path, line, "fetched_at", cells),
    )


def _time(path: Path, line: int, column: str, cells: Mapping[str, str]) -> datetime | None:
    text = cells[column].strip()
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError as error:
        raise CorpusError(f"{path}, line {line}, column `{column}`: not a time: {safe_text(text)}") from error
