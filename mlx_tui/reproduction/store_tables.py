"""The tables of a SQLite file that MLflow wrote, or that somebody hostile did: opened and read without harm, in bounds.

A file can hold views that never end, tables whose pages go in a circle, and a journal that makes SQLite delete any file
of the user that it names ("Atomic Commit In SQLite", 5.0 and 6.5): it is told from MLflow's own by its tables alone.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from mlx_tui.reproduction.store_files import is_regular

MAX_ROWS = 1_000_000
"""At most so many rows of one table are read."""
MAX_CHARACTERS = 1 << 28
"""At most so much text of one database is read."""
MAX_STEPS = 1_000
"""At most so often does SQLite go on for `_STEP` instructions of its virtual machine."""
_STEP = 500_000
_LONGEST_ROW = 1 << 24
_SUPER_JOURNAL = bytes.fromhex("d9d505f920a163d7")
"""What a journal ends with that names another journal: the magic number of SQLite's journals ("File Format", 3)."""

Row = tuple[object, ...]


class StoreTables:
    """Reads the tables of one database.

    Attributes:
        cut: Whether there was more than is read.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._left = MAX_CHARACTERS
        self.cut = False

    def rows(self, table: str, columns: tuple[str, ...], by: tuple[str, ...] = ()) -> list[Row]:
        """Rows of a table; NULL stands for a column that the version lacks, nothing for a table that it lacks.

        They are sorted here: SQLite would write all that a hostile table holds into a temporary file first.

        Args:
            table: Its name; as the columns', a constant of the program.
            columns: Their names.
            by: Those of them that order the rows, as SQLite compares values; else and then they are as they were added.

        Raises:
            sqlite3.Error: The database is damaged, or holds more than is read in any time.
        """
        # What is no table has no first page ("The Schema Table"): a view or a virtual table.
        real = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND rootpage > 0 AND lower(name) = ?"
        if self._connection.execute(real, (table,)).fetchone() is None:
            return []
        there = {row[1] for row in self._connection.execute(f"PRAGMA table_info({table})")}
        wanted = ", ".join(column if column in there else f"NULL AS {column}" for column in columns)
        query = f"SELECT {wanted} FROM {table} ORDER BY rowid"  # noqa: S608 - names are constants of the program
        found = list(self._within_bounds(self._connection.execute(query)))
        positions = [columns.index(column) for column in by]
        return sorted(found, key=lambda row: [_order(row[position]) for position in positions])

    def _within_bounds(self, rows: Iterator[Row]) -> Iterator[Row]:
        for number, row in enumerate(rows):
            self._left -= sum(len(value) for value in row if isinstance(value, str | bytes))
            if number >= MAX_ROWS or self._left < 0:
                self.cut = True
                return
            yield row


def _order(value: object) -> tuple[int, float, str | bytes]:
    """What SQLite orders a value by: its storage class, then itself ("Datatypes In SQLite", 4.1)."""
    if isinstance(value, str | bytes):
        return 2 if isinstance(value, str) else 3, 0, value
    return (1, value, "") if isinstance(value, int | float) else (0, 0, "")


@contextmanager
def open_tables(path: Path, *, own: bool) -> Iterator[StoreTables]:
    """Opens a database.

    Args:
        path: The SQLite file, possibly damaged or no database at all.
        own: Whether a run may have left a transaction in it that is to be rolled back.

    Raises:
        sqlite3.Error: It is no database.
    """
    mode = "mode=rw" if own and _may_be_rolled_back(path) else "mode=ro&immutable=1"
    with closing(sqlite3.connect(f"file:{quote(os.fsencode(path))}?{mode}", uri=True)) as connection:
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_ROW)
        steps = iter(range(MAX_STEPS))
        connection.set_progress_handler(lambda: next(steps, None) is None, _STEP)
        yield StoreTables(connection)


def _may_be_rolled_back(path: Path) -> bool:
    """Whether SQLite may write to a database: nothing beside it is a link, or names a file elsewhere."""
    beside = [path.with_name(path.name + end) for end in ("-journal", "-wal", "-shm")]
    if any(os.path.lexists(file) and not is_regular(file) for file in beside):
        return False
    try:
        with beside[0].open("rb") as stream:
            stream.seek(0, os.SEEK_END)
            stream.seek(max(0, stream.tell() - len(_SUPER_JOURNAL)))
            return stream.read() != _SUPER_JOURNAL
    except FileNotFoundError:
        return True
    except OSError:
        return False
