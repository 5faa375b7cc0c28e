"""What an annotator still has to judge."""

from datetime import UTC, datetime

from mlx_tui.annotation.model import Judgement, JudgementKey, Verdict
from mlx_tui.annotation.progress import Item, is_to_judge, items_of, left_of
from mlx_tui.detection.model import Feature, Finding, RepositoryScan, Tier

FEATURES = (Feature("b.first", "", "b", ""), Feature("a.second", "", "a", ""))
FINDINGS = (
    Finding("a.second", "x.py", None, 1, Tier.DIRECT),
    Finding("b.first", "x\n.py", None, 2, Tier.FILE),
    Finding("b.first", "x.py", None, 3, Tier.WRAPPER),
)
SCAN = RepositoryScan("r", "c", "1", FINDINGS, (), False, 1)


def said(item: Item, verdict: Verdict, annotator: str = "me") -> Judgement:
    found = item.finding
    path = found.path.replace("\n", "␊") if found else ""
    key = JudgementKey(
        "r", "c", item.feature, path, found.cell if found else None, found.line if found else None, annotator
    )
    return Judgement(key, verdict, "", "", datetime.now(UTC))


def test_findings_but_for_wrappers_in_the_codebooks_order() -> None:
    items = items_of(SCAN, FEATURES)
    assert [(item.feature, item.finding.line) for item in items if item.finding] == [("b.first", 2), ("a.second", 1)]
    assert not is_to_judge(FINDINGS[2]) and not is_to_judge(None) and is_to_judge(None, blind=True)
    assert not is_to_judge(FINDINGS[0], blind=True)


def test_a_verdict_takes_one_away_and_a_note_does_not() -> None:
    first, second = items_of(SCAN, FEATURES)
    assert left_of([first, second], [said(first, Verdict.UNSURE), said(second, Verdict.NOTE)]) == [second]
    assert left_of([first, second], [said(Item("b.first"), Verdict.CONFIRMED)]) == [first, second]


def test_who_judges_blind_judges_features() -> None:
    items = items_of(SCAN, FEATURES, blind=True)
    assert items == [Item("b.first"), Item("a.second")]
    assert left_of(items, [said(items[1], Verdict.REJECTED)]) == [items[0]]
