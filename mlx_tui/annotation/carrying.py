"""What judgements of one commit say of another: a judgement follows its finding where the judged line is the same.

What stands in `annotations.csv` stays as it was given; what is carried over is found anew at each look, so that it
follows the pin back and forth. A decision or a note on the repository holds at every commit. A verdict on a place holds
where the program finds the same feature on the same line of text in the same file, wherever in it that stands. All else
is outdated: verdicts on a feature as a whole, which no text shows to be as true as before, and places whose line
changed, or that the program doesn't find. Of what an annotator said of one text at several commits, the newest counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from mlx_tui.annotation.excerpts import excerpt_hash
from mlx_tui.annotation.model import Judgement, Verdict
from mlx_tui.detection.model import Finding
from mlx_tui.safe_text import safe_text

_Text = tuple[str, str, str]
_Spot = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Holding:
    """The judgements of a repository as they stand at one commit.

    Attributes:
        judgements: Those that hold: given at this commit, or carried over to it (`Judgement.given_at` says from where).
        outdated: Those of other commits that hold no more, as they were given, oldest first; without those whose
            annotator judged the same feature anew, as a whole or in the same file.
    """

    judgements: tuple[Judgement, ...] = ()
    outdated: tuple[Judgement, ...] = ()


def judgements_at(commit: str, judgements: Iterable[Judgement], findings: Sequence[Finding] | None) -> Holding:
    """Finds what holds at a commit.

    Args:
        commit: Full SHA.
        judgements: Of one repository, at whatever commits.
        findings: Of the repository at that commit; None where it isn't scanned: nothing is said of places then.
    """
    here: list[Judgement] = []
    others: list[Judgement] = []
    for judgement in judgements:
        (here if judgement.key.commit == commit else others).append(judgement)
    if not others:
        return Holding(tuple(here))
    held, unfit = _carried(commit, _newest(others), findings or ())
    keys = {judgement.key for judgement in here}
    anew = {(key.annotator, key.feature, key.path) for key in keys}
    outdated = (
        judgement
        for judgement in sorted(unfit, key=lambda each: each.annotated_at)
        if anew.isdisjoint((judgement.key.annotator, judgement.key.feature, path) for path in ("", judgement.key.path))
    )
    return Holding(
        (*here, *(judgement for judgement in held if judgement.key not in keys)),
        () if findings is None else tuple(outdated),
    )


def _newest(judgements: Iterable[Judgement]) -> Iterator[Sequence[Judgement]]:
    """What each annotator said of the same text, or of the same feature as a whole, at the commit judged last."""
    by_subject: dict[tuple[str, _Text], dict[str, list[Judgement]]] = defaultdict(lambda: defaultdict(list))
    for judgement in judgements:
        key = judgement.key
        text = (key.feature, key.path, judgement.excerpt_hash if key.path else "")
        by_subject[key.annotator, text][key.commit].append(judgement)
    for by_commit in by_subject.values():
        yield max(by_commit.values(), key=lambda same: max(each.annotated_at for each in same))


def _carried(
    commit: str, subjects: Iterable[Sequence[Judgement]], findings: Sequence[Finding]
) -> tuple[list[Judgement], list[Judgement]]:
    """Those that hold, as judgements of the commit, and those that don't."""
    held: list[Judgement] = []
    unfit: list[Judgement] = []
    spots: dict[_Text, list[_Spot]] = defaultdict(list)
    for finding in findings:
        spots[finding.feature, safe_text(finding.path), excerpt_hash(finding)].append((finding.cell, finding.line))
    for same in subjects:
        key = same[0].key
        fit: list[tuple[Judgement, _Spot]]
        if not key.feature:
            fit = [(judgement, (None, None)) for judgement in same]
        else:
            fit = _assigned(same, spots.get((key.feature, key.path, same[0].excerpt_hash), ()) if key.path else ())
        held += [_moved(judgement, commit, spot) for judgement, spot in fit]
        fitting = {judgement.key for judgement, _ in fit}
        unfit += [judgement for judgement in same if judgement.key not in fitting]
    return held, unfit


def _assigned(judgements: Sequence[Judgement], spots: Sequence[_Spot]) -> list[tuple[Judgement, _Spot]]:
    """Gives an annotator's judgements on equal lines of a file to the places where that line stands now.

    Those whose place is the same keep it. Of the others, where they say different things, nobody knows which is which.
    """
    free = sorted(spots, key=_order)
    fit: list[tuple[Judgement, _Spot]] = []
    moved: list[Judgement] = []
    for judgement in sorted(judgements, key=lambda each: _order((each.key.cell, each.key.line))):
        spot = (judgement.key.cell, judgement.key.line)
        if spot in free:
            free.remove(spot)
            fit.append((judgement, spot))
        else:
            moved.append(judgement)
    if len({(judgement.verdict, judgement.note) for judgement in moved}) > 1 and len(moved) != len(free):
        return fit
    return [*fit, *zip(moved, free, strict=False)]


def _order(spot: _Spot) -> tuple[int, int]:
    return -1 if spot[0] is None else spot[0], spot[1] or 0


def _moved(judgement: Judgement, commit: str, spot: _Spot) -> Judgement:
    key = replace(judgement.key, commit=commit, cell=spot[0], line=spot[1])
    # What the program missed before and finds now is right.
    verdict = Verdict.CONFIRMED if judgement.verdict is Verdict.MISSED else judgement.verdict
    return replace(judgement, key=key, verdict=verdict, given_at=judgement.key.commit)
