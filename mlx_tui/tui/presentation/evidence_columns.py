"""The columns of the evidence, with or without the program's answer; those out of sight are what a filter looks in."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from mlx_tui.annotation.effective import Presence
from mlx_tui.annotation.model import Verdict
from mlx_tui.detection.model import Tier
from mlx_tui.tui.presentation.evidence import EvidenceRow
from mlx_tui.tui.presentation.marks import BLIND_ANSWER, VERDICT, feature_text
from mlx_tui.tui.widgets.table_model import Cell, Column

UNJUDGED = "unjudged"
"""What the filter calls a row whose verdict is still to come."""


def _verdict(row: EvidenceRow) -> Cell:
    if row.mine is None:
        return Cell("·" if row.open and row.judgements else " ", "muted")
    return Cell(*VERDICT[row.mine.verdict])


def _text(row: EvidenceRow) -> Cell:
    if row.finding is None:
        mark, role = feature_text(row.result)
        text = f"{mark} {row.feature.id}"
        if not row.feature.detected and not row.result.count:
            return Cell(f"{text} (not detected by this version)", "warn")
        return Cell(text, "strong" if row.result.presence is Presence.PRESENT else role)
    return Cell(f"  {row.finding.place}{_remark(row)}", "muted" if row.finding.tier is Tier.WRAPPER else "")


def _remark(row: EvidenceRow) -> str:
    if row.missed:
        added = any(judgement.verdict is Verdict.MISSED for judgement in row.judgements)
        return " (missed)" if added else " (not found)"
    return " (wrapper)" if row.finding is not None and row.finding.tier is Tier.WRAPPER else ""


def _own_sign(row: EvidenceRow) -> Cell:
    return Cell(" ") if row.mine is None else Cell(*VERDICT[row.mine.verdict])


def _own_text(row: EvidenceRow) -> Cell:
    if row.finding is None:
        return Cell(row.feature.id, "" if row.open else "strong")
    return Cell(f"  {row.finding.place}")


def _said(row: EvidenceRow) -> str:
    return row.mine.verdict.value if row.mine else UNJUDGED if row.open else ""


def _answer(row: EvidenceRow) -> str:
    if row.mine is None or row.finding is not None:
        return _said(row)
    return BLIND_ANSWER.get(row.mine.verdict, row.mine.verdict.value)


def _unseen(
    name: str, width: int, text: Callable[[EvidenceRow], str], description: str, aliases: tuple[str, ...] = ()
) -> Column[EvidenceRow]:
    """A column that is out of sight until the user asks for it; plain words are looked for in it all the same."""
    return Column[EvidenceRow](
        name,
        name,
        width,
        lambda row: Cell(text(row)),
        lambda row: text(row).casefold() or None,
        description=description,
        aliases=aliases,
        searchable=True,
        searched_unseen=True,
        hidden=True,
    )


def _seen(
    sign: Callable[[EvidenceRow], Cell], signs: str, title: str, text: Callable[[EvidenceRow], Cell], what: str
) -> tuple[Column[EvidenceRow], ...]:
    """The columns in sight: the sign of what was said, and the feature or its place."""
    return (
        Column[EvidenceRow](
            "sign", "✓", 1, sign, lambda row: row.mine.verdict.value if row.mine else None, description=signs
        ),
        Column[EvidenceRow](
            "finding", title, 0, text, lambda row: row.key, keep_end=True, description=what, searchable=True
        ),
    )


def _what(row: EvidenceRow) -> Cell:
    if row.finding is None:
        return Cell(row.feature.title, "muted")
    return Cell(row.finding.excerpt, "muted" if row.finding.tier is Tier.WRAPPER else "")


_WHAT = Column[EvidenceRow](
    "what",
    "what it is",
    0,
    _what,
    lambda row: _what(row).text.casefold() or None,
    description="The feature's title; of a finding the line of code",
    hidden=True,
)
"""In sight by itself where there is room."""
_FEATURE = _unseen(
    "feature", 24, lambda row: f"{row.feature.id} {row.feature.title}", "The feature that it is evidence of"
)
_DIMENSION = _unseen(
    "dimension",
    14,
    lambda row: " ".join(dict.fromkeys((row.feature.dimension, row.feature.dimension.replace("_", " ")))),
    "The dimension of that feature",
)
_PATH = _unseen("path", 24, lambda row: row.finding.path if row.finding else "", "The file in which it is")
_NOTE = _unseen("note", 24, lambda row: row.mine.note.replace("\n", " · ") if row.mine else "", "Your note on it")

EVIDENCE_COLUMNS = (
    *_seen(
        _verdict,
        "Your verdict: ✓ confirmed, ✗ rejected, ? unsure, + missed, ✎ a note",
        "features and findings",
        _text,
        "Features with their findings; ● present, · absent, ? unknown",
    ),
    _WHAT,
    _FEATURE,
    _DIMENSION,
    _PATH,
    _unseen("excerpt", 40, lambda row: row.finding.excerpt if row.finding else "", "The line of code"),
    _unseen("value", 16, lambda row: row.finding.value if row.finding else "", "The value that it gives, if any"),
    _unseen("tier", 11, lambda row: row.finding.tier.value if row.finding else "", "How it relates to MLflow"),
    _unseen("verdict", 9, _said, "Your verdict in a word; `unjudged` where it is still to come", ("judged",)),
    _NOTE,
)
"""With the program's answer."""

BLIND_COLUMNS = (
    *_seen(
        _own_sign,
        "Your answer: ✓ present, ✗ absent, ? unsure, ✎ a note",
        "is it present? where?",
        _own_text,
        "The codebook's features; below each, the places that you gave",
    ),
    _WHAT,
    _FEATURE,
    _DIMENSION,
    _PATH,
    _unseen("verdict", 9, _answer, "Your answer in a word; `unjudged` where it is still to come", ("answer", "judged")),
    _NOTE,
)
"""Without the program's answer."""

WITH_EXCERPTS = 64
"""Cells from which on the line of code is shown beside a finding, and its title beside a feature."""
_LEAST, _MOST = 24, 44
"""Between them is the width of the findings then; the rest is for what they are."""


def columns_for(rows: Sequence[EvidenceRow], room: int, *, blind: bool) -> tuple[Column[EvidenceRow], ...]:
    """Returns the columns for a width: what a row is stands in sight where there is room for it.

    Args:
        rows: The evidence.
        room: Cells of the table.
        blind: Whether without the program's answer.
    """
    columns = BLIND_COLUMNS if blind else EVIDENCE_COLUMNS
    if room < WITH_EXCERPTS:
        return columns
    shown = next(column for column in columns if column.id == "finding")
    longest = max((len(shown.cell(row).text) for row in rows), default=0)
    narrowed = replace(shown, width=min(max(_LEAST, longest), _MOST, room // 2))
    what = replace(_WHAT, hidden=False)
    return tuple(narrowed if column.id == "finding" else what if column.id == "what" else column for column in columns)
