"""Putting judgements together: by key, the newest wins, and nothing is dropped without being reported."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mlx_tui.annotation.model import Judgement, JudgementKey, Verdict


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two versions of one judgement, of which one was kept."""

    kept: Judgement
    dropped: Judgement

    def __str__(self) -> str:
        key = self.kept.key
        about = " ".join(text for text in (key.repo, key.feature, key.place) if text)
        return f"{about} ({key.annotator}): kept {_version(self.kept)}, not {_version(self.dropped)}"


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a judgement; `before` is None where it was added, `after` where it was removed."""

    key: JudgementKey
    before: Judgement | None
    after: Judgement | None

    @property
    def is_of_note(self) -> bool:
        """Whether only the note changed: the verdict stands, or there is none."""
        before, after = (_statement(each) for each in (self.before, self.after))
        return before[0] == after[0] and before[1] != after[1]


def _statement(judgement: Judgement | None) -> tuple[Verdict | None, str]:
    """Verdict and note; a note alone is no verdict."""
    if judgement is None:
        return None, ""
    return None if judgement.verdict is Verdict.NOTE else judgement.verdict, judgement.note


@dataclass(slots=True)
class Reconciliation:
    """What memory and file are together.

    Attributes:
        rows: The judgements, in the order of the file, then those it lacks.
        updated: What others changed.
        restored: What the file had lost although nobody removed it here: an older copy was saved over it.
        conflicts: Versions that lost against a newer one.
    """

    rows: dict[JudgementKey, Judgement] = field(default_factory=dict)
    updated: list[Change] = field(default_factory=list)
    restored: list[Judgement] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


def newer(first: Judgement, second: Judgement) -> Judgement:
    """The newer of two versions; of two of the same time the same one whatever their order."""
    return max(first, second, key=lambda judgement: (judgement.annotated_at, *_content(judgement)))


def merge(
    *collections: Iterable[Judgement], removals: Mapping[JudgementKey, datetime] | None = None
) -> tuple[dict[JudgementKey, Judgement], list[Conflict]]:
    """Merges judgements by key: idempotent, and the same result in whatever order.

    Args:
        collections: Judgements, of several files or annotators.
        removals: When a judgement was removed; only a newer one stays.

    Returns:
        The judgements in order of first appearance, and every version with other content that lost.
    """
    merged: dict[JudgementKey, Judgement] = {}
    lost: list[Judgement] = []
    for collection in collections:
        for judgement in collection:
            if _removed(judgement, removals or {}):
                continue
            known = merged.get(judgement.key)
            merged[judgement.key] = kept = judgement if known is None else newer(known, judgement)
            if known is not None:
                lost.append(known if kept is judgement else judgement)
    versions = ((merged[judgement.key], judgement) for judgement in dict.fromkeys(lost))
    return merged, [Conflict(kept, dropped) for kept, dropped in versions if _content(kept) != _content(dropped)]


def reconcile(
    memory: Mapping[JudgementKey, Judgement],
    found: Mapping[JudgementKey, Judgement],
    removals: Mapping[JudgementKey, datetime],
    pending: Mapping[JudgementKey, Change],
) -> Reconciliation:
    """Brings memory and a file that others wrote together.

    Args:
        memory: The judgements as this program has them.
        found: The judgements in the file.
        removals: When a judgement was removed, here or by another program.
        pending: Changes that memory has and the file hasn't.
    """
    result = Reconciliation()
    for key in {**found, **memory}:
        mine, theirs = memory.get(key), found.get(key)
        if mine is not None and _removed(mine, removals):
            mine = None
        if theirs is not None and _removed(theirs, removals):
            theirs = None
        kept = _choose(mine, theirs)
        if kept is not None:
            result.rows[key] = kept
        if kept is not theirs or kept is not memory.get(key):
            _report(result, key, mine, theirs, kept, before=memory.get(key), pending=pending.get(key))
    return result


def _choose(mine: Judgement | None, theirs: Judgement | None) -> Judgement | None:
    if mine is None or theirs is None or mine is theirs:
        return mine or theirs
    if _content(mine) == _content(theirs):
        return mine if mine.annotated_at >= theirs.annotated_at else theirs
    return mine if mine.annotated_at > theirs.annotated_at and not _edited_in_place(mine, theirs) else theirs


def _report(
    result: Reconciliation,
    key: JudgementKey,
    mine: Judgement | None,
    theirs: Judgement | None,
    kept: Judgement | None,
    *,
    before: Judgement | None,
    pending: Change | None,
) -> None:
    if mine is not None and theirs is None and pending is None:
        result.restored.append(mine)
    if kept is not before and (pending is None or before is None):
        result.updated.append(Change(key, before, kept))
    if mine is None or theirs is None or kept is None or _content(mine) == _content(theirs):
        return
    replaced_knowingly = pending is not None and theirs == pending.before
    if not replaced_knowingly and (kept is mine or pending is not None):
        result.conflicts.append(Conflict(kept, theirs if kept is mine else mine))


def _edited_in_place(mine: Judgement, theirs: Judgement) -> bool:
    """Whether the file's version was edited by hand: the same time, or what a spreadsheet's rounding leaves of it."""
    whole_second = mine.annotated_at.replace(microsecond=0)
    return theirs.annotated_at in (mine.annotated_at, whole_second, whole_second.replace(second=0))


def _removed(judgement: Judgement, removals: Mapping[JudgementKey, datetime]) -> bool:
    removed_at = removals.get(judgement.key)
    return removed_at is not None and judgement.annotated_at <= removed_at


def _version(judgement: Judgement) -> str:
    note = f" {judgement.note!r}" if judgement.note else ""
    return f"{judgement.verdict.value}{note} of {judgement.annotated_at:%Y-%m-%d %H:%M:%S}"


def _content(judgement: Judgement) -> tuple[str, str, str]:
    return (judgement.verdict.value, judgement.note, judgement.excerpt_hash)
