"""The judgement journal: every change is on disk before the call returns, and can be undone.

Memory and file are one thing as long as nobody else writes; before each write the file is looked at, and where another
program or a spreadsheet saved it in between, both are brought together (`merge.reconcile`).
"""

import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from mlx_tui.annotation.annotations_file import AnnotationsContent, canonical
from mlx_tui.annotation.ledger import History, Ledger
from mlx_tui.annotation.merge import Change, Conflict, merge
from mlx_tui.annotation.model import Judgement, JudgementKey
from mlx_tui.annotation.row_parser import UnreadRow
from mlx_tui.annotation.save_report import SaveReport
from mlx_tui.annotation.store import AnnotationStore, JournalError, LoadError, SaveError

__all__ = ["Journal", "JournalError", "LoadError", "SaveError", "SaveReport"]


class Journal:
    """The judgements of a study, in memory and in `annotations.csv`; safe to call from several threads.

    Args:
        path: Of `annotations.csv`; it needn't exist.
        clock: The current time, timezone-aware; it stamps removals and what undo and redo bring back.
    """

    def __init__(self, path: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._store = AnnotationStore(path)
        self._ledger = Ledger(clock)
        self._history = History()
        self._thread_lock = threading.RLock()
        self._loaded = False
        self._stale = False  # the file lacks something that memory has and that isn't pending
        self._unread: tuple[UnreadRow, ...] = ()
        self._extra_columns: tuple[str, ...] = ()
        self._extra: dict[JudgementKey, tuple[str, ...]] = {}

    @property
    def path(self) -> Path:
        """Where the judgements are written."""
        return self._store.path

    @property
    def pending(self) -> tuple[Change, ...]:
        """Changes that couldn't be written yet; the next save writes them."""
        with self._thread_lock:
            return tuple(self._ledger.pending.values())

    @property
    def can_undo(self) -> bool:
        """Whether `undo` has something to take back."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether `redo` has something to do again."""
        return self._history.can_redo

    def judgements(self) -> tuple[Judgement, ...]:
        """Every judgement in memory; the first call reads the file.

        Raises:
            LoadError: The file is there but can't be read.
        """
        with self._thread_lock:
            if not self._loaded:
                self.load()
            return tuple(self._ledger.rows.values())

    def get(self, key: JudgementKey) -> Judgement | None:
        """The judgement with this key; the first call reads the file.

        Raises:
            LoadError: As in `judgements`.
        """
        if not self._loaded:
            self.load()
        return self._ledger.rows.get(key)  # without the lock, which is held while the file is written

    def load(self) -> SaveReport:
        """Reads the file where it changed since, and brings it together with what memory holds; writes nothing.

        Raises:
            LoadError: The file is there but can't be read.
        """
        with self._thread_lock:
            return replace(self._refresh(), unread=self._unread)

    def record(self, judgement: Judgement) -> SaveReport:
        """Adds a judgement, or a new version of one; it is on disk when this returns.

        Where the version before it, known here, is from the future (clocks differ), this one is stamped just after it.

        Raises:
            SaveError: It isn't on disk; it stays in memory and is written with the next one.
        """
        return self.record_all((judgement,))

    def record_all(self, judgements: Iterable[Judgement]) -> SaveReport:
        """Records several judgements in one write, undone as one; see `record`."""
        with self._thread_lock:
            self._load_once()
            self._history.remember([self._ledger.set(canonical(judgement)) for judgement in judgements])
            return self.save()

    def remove(self, key: JudgementKey) -> SaveReport:
        """Takes a judgement back; it stays away although other programs still hold it.

        Raises:
            SaveError: As in `record`.
        """
        with self._thread_lock:
            self._load_once()
            if key in self._ledger.rows:
                self._history.remember([self._ledger.unset(key)])
            return self.save()

    def undo(self) -> SaveReport | None:
        """Takes the last change of this session back, on disk too.

        What it brings back is stamped with the current time, so that it is newer everywhere. A judgement that somebody
        else changed since isn't touched; the report tells it as a conflict.

        Returns:
            What happened; None where nothing is left to undo.

        Raises:
            SaveError: As in `record`.
        """
        with self._thread_lock:
            return self._step(self._history.undo) if self._history.can_undo else None

    def redo(self) -> SaveReport | None:
        """Does again what `undo` took back; see there."""
        with self._thread_lock:
            return self._step(self._history.redo) if self._history.can_redo else None

    def merge_file(self, other: Path) -> SaveReport:
        """Takes another `annotations.csv` in, with its removals: by key, the newest wins. Undone as one.

        Raises:
            LoadError: The other file can't be read.
            SaveError: As in `record`.
        """
        content, removals = AnnotationStore(other).read()
        if content is None:
            raise LoadError(f"{other} isn't a file")
        if content.unread and not content.rows:
            raise LoadError(f"{other} holds no judgement that can be read: {content.unread[0].reason}")
        with self._thread_lock:
            earlier = self._refresh()
            self._ledger.note_removals(removals)
            known = self._ledger.rows
            theirs = [row.judgement for row in content.rows]
            merged, conflicts = merge(known.values(), theirs, removals=self._ledger.removals)
            stay_away = len({judgement.key for judgement in theirs} - set(merged))
            notices = (f"{stay_away} judgements stay away: they were taken back later",) if stay_away else ()
            news = [judgement for key, judgement in merged.items() if known.get(key) != judgement]
            gone = [key for key in known if key not in merged]
            self._history.remember([*map(self._ledger.set, news), *map(self._ledger.unset, gone)])
            notices = (*content.notices, *notices)
            found = SaveReport(conflicts=tuple(conflicts), unread=content.unread, notices=notices)
            return earlier + found + self.save()

    def save(self) -> SaveReport:
        """Writes what isn't written yet; `record` and the others call it themselves.

        Raises:
            SaveError: It can't be written; it stays in memory.
        """
        with self._thread_lock, self._store.locked():
            report = self._refresh_to_save()
            if self._ledger.pending or self._stale:
                if any(change.after is None for change in self._ledger.pending.values()):
                    self._store.write_removals(self._ledger.removals)
                self._store.write(self._ledger.rows.values(), self._extra_columns, self._extra, self._unread)
            saved = tuple(self._ledger.pending.values())
            self._ledger.pending.clear()
            self._stale = False
            return replace(report, saved=saved, unread=self._unread)

    def ensure_file(self) -> None:
        """Writes the file where it is missing, with its header at least.

        Raises:
            SaveError: It can't be written.
        """
        with self._thread_lock:
            if not self._store.path.exists():
                self._stale = True
                self.save()

    def _load_once(self) -> None:
        if not self._loaded:
            with suppress(LoadError):  # the judgement is taken all the same; saving it will say what is wrong
                self._refresh()

    def _step(self, step: Callable[[Ledger], list[Conflict]]) -> SaveReport:
        earlier = self._refresh_to_save()
        conflicts = step(self._ledger)
        return earlier + SaveReport(conflicts=tuple(conflicts)) + self.save()

    def _refresh_to_save(self) -> SaveReport:
        try:
            return self._refresh()
        except LoadError as error:
            raise SaveError(str(error)) from error

    def _refresh(self) -> SaveReport:
        if self._loaded and not self._store.changed:
            return SaveReport()
        content, removals = self._store.read()
        self._ledger.note_removals(removals)
        if content is None:
            content = AnnotationsContent(unread=self._unread, extra_columns=self._extra_columns)
        found, duplicates = merge((row.judgement for row in content.rows), removals=self._ledger.removals)
        together = self._ledger.absorb(found)
        self._keep_foreign(content)
        self._stale = self._stale or len(found) != len(content.rows) or bool(together.restored or together.conflicts)
        first, self._loaded = not self._loaded, True
        return SaveReport(
            updated=() if first else tuple(together.updated),
            restored=tuple(together.restored),
            conflicts=(*duplicates, *together.conflicts),
            notices=content.notices,
        )

    def _keep_foreign(self, content: AnnotationsContent) -> None:
        """Keeps what isn't ours in the file: further columns and rows that can't be read."""
        if content.extra_columns != self._extra_columns:
            for key, cells in self._extra.items():
                named = dict(zip(self._extra_columns, cells, strict=False))
                self._extra[key] = tuple(named.get(name, "") for name in content.extra_columns)
        self._extra.update((row.judgement.key, row.extra) for row in content.rows)
        self._unread, self._extra_columns = content.unread, content.extra_columns
