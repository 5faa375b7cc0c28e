"""The evidence as somebody sees it who judges blind: the codebook's questions, and one's own answers.

Hidden are the program's answer (which feature it found, how often, why, of which tier) and everybody else's
judgements. What stays in sight are the places at which the program found evidence of whatever feature: where to look,
not what is there.
"""

from collections.abc import Iterable
from dataclasses import replace

from mlx_tui.annotation.effective import FeatureResult, Presence
from mlx_tui.annotation.model import Judgement, Verdict
from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.model import Feature, Finding, RepositoryScan, Tier
from mlx_tui.study.places import Place
from mlx_tui.tui.presentation.evidence import EvidenceRow
from mlx_tui.tui.presentation.marks import BLIND_ANSWER, VERDICT

MARK = ("◦", "muted")
"""Sign and role of a place at which the program found something."""


def blind_rows(codebook: Codebook, judgements: Iterable[Judgement]) -> tuple[EvidenceRow, ...]:
    """Lists the features in the codebook's order, below each the places that the annotator gave for it.

    Args:
        codebook: What is looked for.
        judgements: The annotator's own, of this repository at this commit.
    """
    said: dict[str, list[Judgement]] = {}
    for judgement in judgements:
        said.setdefault(judgement.key.feature, []).append(_neutral(judgement))
    rows: list[EvidenceRow] = []
    for feature in codebook.features:
        own = said.get(feature.id, [])
        whole = next((judgement for judgement in own if not judgement.key.path), None)
        rows.append(_row(feature.id, feature, None, whole))
        for judgement in sorted((j for j in own if j.key.path), key=_position):
            about = judgement.key
            finding = Finding(feature.id, about.path, about.cell, about.line or 0, Tier.FILE)
            rows.append(_row(f"{feature.id} {finding.place}", feature, finding, judgement))
    return tuple(rows)


def blind_details(row: EvidenceRow) -> list[tuple[str, str]]:
    """Asks for the feature under the cursor, as (text, role) lines; the texts are raw."""
    lines = [(f"{row.feature.title} · {row.feature.id}", "title")]
    if row.finding is None:
        lines += [("Is it present in this repository? Where?", "strong")]
    if row.mine is not None:
        answer = row.mine.verdict.value if row.finding else BLIND_ANSWER.get(row.mine.verdict, row.mine.verdict.value)
        sign, role = VERDICT[row.mine.verdict]
        lines += [(f"{sign} you said: {answer}, {row.mine.annotated_at:%Y-%m-%d %H:%M}", role)]
        lines += [(f"✎ {row.mine.note}", "")] if row.mine.note else []
    lines += [(f"Present when: {row.feature.definition}", "muted")]
    lines += [(f"Does not count: {row.feature.excludes}", "muted")] if row.feature.excludes else []
    return lines


def places_of(scan: RepositoryScan) -> tuple[Place, ...]:
    """Every place at which the program found something, whatever it is, in order of file, cell and line."""
    found = {(finding.path, -1 if finding.cell is None else finding.cell, finding.line) for finding in scan.findings}
    return tuple(Place(path, None if cell < 0 else cell, line) for path, cell, line in sorted(found))


def _row(key: str, feature: Feature, finding: Finding | None, mine: Judgement | None) -> EvidenceRow:
    hidden = FeatureResult(feature.id, None, 0, 0, 0, 0, 0, Presence.UNKNOWN)
    judgements = () if mine is None else (mine,)
    # Whether the program looks for a feature at all is part of its answer.
    return EvidenceRow(
        key, replace(feature, detected=True), hidden, finding, False, judgements, mine, to_judge=finding is None
    )


def _neutral(judgement: Judgement) -> Judgement:
    """Evidence that the program found too and evidence that it missed look the same."""
    return replace(judgement, verdict=Verdict.CONFIRMED) if judgement.verdict is Verdict.MISSED else judgement


def _position(judgement: Judgement) -> tuple[str, int, int]:
    about = judgement.key
    return about.path, -1 if about.cell is None else about.cell, about.line or 0
