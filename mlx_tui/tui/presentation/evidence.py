"""The evidence in one repository as a list: each feature, below it its findings, with what was judged."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from mlx_tui.annotation.effective import FeatureResult, Presence, effective_features
from mlx_tui.annotation.model import Judgement
from mlx_tui.annotation.progress import is_judged, is_to_judge
from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.explain import explain
from mlx_tui.detection.model import Feature, Finding, RepositoryScan, Tier
from mlx_tui.safe_text import safe_text
from mlx_tui.tui.presentation.marks import VERDICT

Place = tuple[str, str, int | None, int | None]
"""Feature, safe path, cell and line, as in a judgement's key."""


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A feature's heading, or a finding below it.

    Attributes:
        key: Unique within the repository.
        feature: The feature.
        result: What is known of it here.
        finding: None for the heading.
        missed: The program finds nothing there: the place was added by hand, or isn't found any more.
        judgements: Of this place, or of the feature as a whole; all annotators'.
        mine: This annotator's.
        to_judge: Whether a verdict on it is asked for.
    """

    key: str
    feature: Feature
    result: FeatureResult
    finding: Finding | None
    missed: bool
    judgements: tuple[Judgement, ...]
    mine: Judgement | None
    to_judge: bool

    @property
    def open(self) -> bool:
        """Whether this annotator's verdict on it is still to come."""
        return self.to_judge and not is_judged(self.mine)


def evidence_rows(
    codebook: Codebook, scan: RepositoryScan, judgements: Iterable[Judgement], annotator: str
) -> tuple[EvidenceRow, ...]:
    """Lists the features that are present, then the absent ones, then those that nothing is known of.

    Args:
        codebook: What was looked for.
        scan: The repository's scan.
        judgements: Of this repository at this commit.
        annotator: Whose verdicts are `mine`.
    """
    judgements = tuple(judgements)
    at: dict[Place, list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        about = judgement.key
        at[about.feature, about.path, about.cell, about.line].append(judgement)
    found: dict[str, list[tuple[Finding, bool]]] = defaultdict(list)
    for finding in scan.findings:
        found[finding.feature].append((finding, False))
    known = {_place(finding) for finding in scan.findings}
    for place in at:
        if place not in known and place[1]:
            name, path, cell, line = place
            found[name].append((Finding(name, path, cell, line or 0, Tier.FILE), True))
    order = {Presence.PRESENT: 0, Presence.ABSENT: 1, Presence.UNKNOWN: 2}
    results = effective_features(codebook.features, scan.findings, judgements)
    pairs = sorted(
        zip(codebook.features, results, strict=True),
        key=lambda pair: (not found[pair[0].id], order[pair[1].presence]),
    )
    rows: list[EvidenceRow] = []
    for feature, result in pairs:
        rows.append(_row(f"{feature.id}", feature, result, None, False, at[feature.id, "", None, None], annotator))
        for number, (finding, missed) in enumerate(found[feature.id]):
            key = f"{feature.id} {number} {finding.place}"
            rows.append(_row(key, feature, result, finding, missed, at[_place(finding)], annotator))
    return tuple(rows)


def _place(finding: Finding) -> Place:
    return finding.feature, safe_text(finding.path), finding.cell, finding.line


def _row(
    key: str,
    feature: Feature,
    result: FeatureResult,
    finding: Finding | None,
    missed: bool,
    judgements: Sequence[Judgement],
    annotator: str,
) -> EvidenceRow:
    mine = next((judgement for judgement in judgements if judgement.key.annotator == annotator), None)
    to_judge = is_to_judge(finding) and not missed
    return EvidenceRow(key, feature, result, finding, missed, tuple(judgements), mine, to_judge)


def details(row: EvidenceRow, codebook: Codebook) -> list[tuple[str, str]]:
    """Says what a row is, why, and who said what of it, as (text, role) lines; the texts are raw."""
    said = [
        (
            f"{VERDICT[j.verdict][0]} {j.verdict.value} by {j.key.annotator}, {j.annotated_at:%Y-%m-%d %H:%M}"
            f"{f', at {j.given_at[:8]}' if j.given_at else ''}",
            VERDICT[j.verdict][1],
        )
        for j in row.judgements
    ]
    notes = [(f"✎ {judgement.note}", "") for judgement in row.judgements if judgement.note]
    title = [(f"{row.feature.title} · {row.feature.id}", "title")]
    if row.finding is None or row.missed:
        present = "present" if row.result.presence is Presence.PRESENT else row.result.presence.value
        state = present if row.feature.detected else "not detected by this version of the program"
        rest = [f"Present when: {row.feature.definition}"]
        rest += [f"Does not count: {row.feature.excludes}"] if row.feature.excludes else []
        return [*title, (f"In this repository: {state}", ""), *said, *notes, *((line, "muted") for line in rest)]
    # The first two lines of the explanation say place and excerpt, which are in sight already.
    lines = explain(row.finding, codebook).split("\n")[1 + bool(row.finding.excerpt) :]
    return [*title, *said, *notes, *(line for text in lines for line in _explained(text))]


def _explained(text: str) -> list[tuple[str, str]]:
    """A line of the explanation; the steps by which a name was resolved one below the other."""
    if not text.startswith(("Value", "Why")):
        return [(text, "muted")]
    first, *steps = text.split(" → ")
    return [(first, ""), *((f"  → {step}", "") for step in steps)]


def next_open(rows: Sequence[EvidenceRow], after: str, given: Collection[str] = ()) -> EvidenceRow | None:
    """Returns the next finding without a verdict, going round at the end; None where all are judged.

    Args:
        rows: The evidence in the order in which it is shown.
        after: Key of the row to start behind.
        given: Keys of rows whose verdict was given, but isn't in `rows` yet.
    """
    start = next((index for index, row in enumerate(rows) if row.key == after), -1) + 1
    return next((row for row in (*rows[start:], *rows[:start]) if row.open and row.key not in given), None)


def left_to_judge(rows: Iterable[EvidenceRow]) -> int:
    """Returns how much this annotator hasn't judged: findings, those of wrappers left out; features, where blind."""
    return sum(row.open for row in rows)


def findings_in(rows: Iterable[EvidenceRow], path: str) -> list[tuple[Finding, tuple[str, str]]]:
    """Returns the findings in a file, each with the sign and role of this annotator's verdict; `●` without one."""
    return [
        (row.finding, VERDICT[row.mine.verdict] if row.mine else ("●", "accent"))
        for row in rows
        if row.finding is not None and row.finding.path == path
    ]
