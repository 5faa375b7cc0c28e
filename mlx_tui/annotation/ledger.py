"""The judgements in memory: what is known, what isn't written yet, and undo."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from mlx_tui.annotation.merge import Change, Conflict, Reconciliation, reconcile
from mlx_tui.annotation.model import Judgement, JudgementKey

_TICK = timedelta(microseconds=1)
Batch = tuple[Change, ...]


class Ledger:
    """Judgements, removals and what isn't on disk yet.

    Args:
        clock: The current time, timezone-aware.

    Attributes:
        rows: Every judgement.
        removals: When a judgement was removed.
        pending: Changes that aren't on disk, by key.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.rows: dict[JudgementKey, Judgement] = {}
        self.removals: dict[JudgementKey, datetime] = {}
        self.pending: dict[JudgementKey, Change] = {}

    def set(self, judgement: Judgement) -> Change:
        """Adds a judgement; where what is known of it is from the future, it is stamped just after that."""
        key = judgement.key
        before = self.rows.get(key)
        known = [before.annotated_at] if before else []
        known += [self.removals[key]] if key in self.removals else []
        if known and max(known) >= judgement.annotated_at:
            judgement = replace(judgement, annotated_at=max(known) + _TICK)
        self.rows[key] = judgement
        return self._await_write(Change(key, before, judgement))

    def restate(self, judgement: Judgement) -> Change:
        """Adds a judgement as said now."""
        return self.set(replace(judgement, annotated_at=self._clock().astimezone(UTC)))

    def unset(self, key: JudgementKey) -> Change:
        """Removes a judgement that is there."""
        before = self.rows.pop(key)
        self.removals[key] = max(self._clock().astimezone(UTC), before.annotated_at)
        return self._await_write(Change(key, before, None))

    def note_removals(self, removals: Mapping[JudgementKey, datetime]) -> None:
        """Learns of removals by others."""
        for key, when in removals.items():
            self.removals[key] = max(when, self.removals.get(key, when))

    def absorb(self, found: Mapping[JudgementKey, Judgement]) -> Reconciliation:
        """Brings the file's judgements in; a pending change that lost against a newer one is pending no more."""
        together = reconcile(self.rows, found, self.removals, self.pending)
        self.rows = together.rows
        self.pending = {key: change for key, change in self.pending.items() if self.rows.get(key) == change.after}
        return together

    def _await_write(self, change: Change) -> Change:
        earlier = self.pending.get(change.key)
        self.pending[change.key] = Change(change.key, earlier.before if earlier else change.before, change.after)
        return change


class History:
    """Undo and redo of a session's changes."""

    def __init__(self) -> None:
        self._undoable: list[Batch] = []
        self._redoable: list[Batch] = []

    @property
    def can_undo(self) -> bool:
        """Whether something is left to take back."""
        return bool(self._undoable)

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back."""
        return bool(self._redoable)

    def remember(self, changes: Iterable[Change]) -> None:
        """Adds a step; what was taken back before can't be done again."""
        batch = tuple(changes)
        if batch:
            self._undoable.append(batch)
            self._redoable.clear()

    def undo(self, ledger: Ledger) -> list[Conflict]:
        """Takes the last step back; returns what others changed since, which stays."""
        return self._step(ledger, self._undoable, self._redoable)

    def redo(self, ledger: Ledger) -> list[Conflict]:
        """Does the step again that was taken back last; returns as `undo`."""
        return self._step(ledger, self._redoable, self._undoable)

    @staticmethod
    def _step(ledger: Ledger, source: list[Batch], target: list[Batch]) -> list[Conflict]:
        """Reverts the last batch of `source`; what reverts that in turn goes to `target`."""
        made: list[Change] = []
        conflicts: list[Conflict] = []
        for change in source.pop():
            current, wanted = ledger.rows.get(change.key), change.before
            if not _same_statement(current, change.after):
                conflicts += [Conflict(current, wanted)] if current and wanted else []
            elif wanted is not None:
                made.append(ledger.restate(wanted))
            elif current is not None:
                made.append(ledger.unset(change.key))
        if made:
            target.append(tuple(made))
        return conflicts


def _same_statement(first: Judgement | None, second: Judgement | None) -> bool:
    if first is None or second is None:
        return first is second
    return (first.verdict, first.note, first.excerpt_hash) == (second.verdict, second.note, second.excerpt_hash)
