"""The two files of the human work on disk: read when changed, replaced whole, the previous version kept."""

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from errno import ENOENT
from pathlib import Path

from filelock import FileLock, Timeout

from mlx_tui.annotation.annotations_file import (
    AnnotationsContent,
    AnnotationsFileError,
    read_annotations,
    render_cells,
    render_header,
    render_row,
    reread_annotations,
)
from mlx_tui.annotation.model import Judgement, JudgementKey
from mlx_tui.annotation.removals import read_removals, render_removals
from mlx_tui.annotation.row_parser import ReadRow, UnreadRow
from mlx_tui.json_file import replace_file

_Signature = tuple[int, int, int] | None
_LOCK_SECONDS = 10.0


class JournalError(Exception):
    """The human work can't be read or written; the message says why and what to do."""


class LoadError(JournalError):
    """The file is there but can't be read; nothing was changed."""


class SaveError(JournalError):
    """The judgement isn't on disk; it stays in memory and is written with the next one.

    Attributes:
        reason: Why it can't be written.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason}. The judgement is kept in memory and written with the next one.")
        self.reason = reason


class AnnotationStore:
    """`annotations.csv` and `annotations.removed.csv` of a study.

    Args:
        path: Of `annotations.csv`; it needn't exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(os.path.realpath(path))
        self.backup = self.path.with_name(f"{self.path.name}.bak")
        self._removed_path = self.path.with_name(f"{self.path.stem}.removed{self.path.suffix}")
        self._lock_path = self.path.with_name(f".{self.path.name}.lock")
        self._seen: tuple[_Signature, _Signature] | None = None
        self._rendered: dict[JudgementKey, tuple[ReadRow, bytes]] = {}

    @property
    def changed(self) -> bool:
        """Whether the files are others than those read or written last."""
        return self._seen != self._signatures()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps other programs from writing.

        Raises:
            SaveError: Another one has been writing for ten seconds, or no lock can be made here.
        """
        if not self.path.parent.is_dir():  # the lock would make the folder anew, where it was moved away
            raise SaveError(_explain(FileNotFoundError(ENOENT, "its folder isn't there"), self.path))
        lock = FileLock(self._lock_path, timeout=_LOCK_SECONDS)
        try:
            lock.acquire()
        except Timeout:
            raise SaveError(f"another program is writing {self.path.name} and doesn't finish") from None
        except (OSError, NotImplementedError) as error:
            raise SaveError(_explain(error, self.path)) from error
        try:
            yield
        finally:
            lock.release()

    def read(self) -> tuple[AnnotationsContent | None, dict[JudgementKey, datetime]]:
        """Reads both files; no `annotations.csv` gives None.

        Raises:
            LoadError: One can't be read.
        """
        seen = self._signatures()
        try:
            data = _read_bytes(self.path)
            removed = _read_bytes(self._removed_path)
            modified = datetime.fromtimestamp(seen[0][0] / 1e9, UTC) if seen[0] else datetime.now(UTC)
            content = None if data is None else self._parse(data, modified)
            removals = read_removals(removed or b"")
        except (OSError, AnnotationsFileError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise LoadError(f"{self.path} can't be read: {reason}") from error
        self._seen = seen
        return content, removals

    def write(
        self,
        judgements: Iterable[Judgement],
        extra_columns: tuple[str, ...],
        extra: Mapping[JudgementKey, tuple[str, ...]],
        unread: Iterable[UnreadRow],
    ) -> None:
        """Replaces `annotations.csv`; the version before is `annotations.csv.bak`. Call it while `locked`.

        Raises:
            SaveError: The disk is full, the folder read-only, …; the file is as it was.
        """
        parts = [render_header(extra_columns).encode()]
        parts += [self._render(judgement, extra.get(judgement.key, ())) for judgement in judgements]
        parts += [render_cells(row.cells).encode("utf-8", "backslashreplace") for row in unread]
        try:
            self._keep_previous()
            replace_file(self.path, b"".join(parts))
        except OSError as error:
            raise SaveError(_explain(error, self.path)) from error
        self._seen = self._signatures()

    def write_removals(self, removals: Mapping[JudgementKey, datetime]) -> None:
        """Replaces `annotations.removed.csv`. Call it while `locked`.

        Raises:
            SaveError: As in `write`.
        """
        try:
            replace_file(self._removed_path, render_removals(removals))
        except OSError as error:
            raise SaveError(_explain(error, self.path)) from error

    def _parse(self, data: bytes, modified: datetime) -> AnnotationsContent:
        known = {line: row for row, line in self._rendered.values()}
        return (known and reread_annotations(data, known, modified)) or read_annotations(data, modified)

    def _render(self, judgement: Judgement, extra: tuple[str, ...]) -> bytes:
        known = self._rendered.get(judgement.key)
        if known is None or known[0].judgement is not judgement or known[0].extra != extra:
            line = render_row(judgement, extra).encode("utf-8", "backslashreplace")
            self._rendered[judgement.key] = known = (ReadRow(judgement, extra), line)
        return known[1]

    def _keep_previous(self) -> None:
        for stale in self.path.parent.glob(f".{self.path.name}.*.tmp"):  # of a dead writer: this one has the lock
            stale.unlink(missing_ok=True)
        if not self.path.exists():
            return
        link = self.path.with_name(f".{self.path.name}.bak.tmp")
        try:
            os.link(self.path, link)
        except OSError:  # a file system without hard links
            shutil.copyfile(self.path, link)
        try:
            link.replace(self.backup)
        finally:
            with suppress(OSError):  # two links to one file: rename does nothing and leaves both
                link.unlink(missing_ok=True)

    def _signatures(self) -> tuple[_Signature, _Signature]:
        return _signature(self.path), _signature(self._removed_path)


def _signature(path: Path) -> _Signature:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _read_bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _explain(error: BaseException, path: Path) -> str:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"{path} can't be written: {reason}"
