"""What a repository's screen says of the repository as a whole."""

from collections.abc import Iterable

from mlx_tui.counted import counted
from mlx_tui.detection.derived import Readiness
from mlx_tui.detection.model import RepositoryScan
from mlx_tui.tui.actions.keymap import KeyMap
from mlx_tui.tui.presentation.evidence import EvidenceRow, left_to_judge
from mlx_tui.tui.presentation.forms import PARTS


def title_forms(commit: str, left: int, elsewhere: int, keys: KeyMap, *, blind: bool) -> tuple[str, ...]:
    """Says how much is left to judge, in ever fewer words.

    Args:
        commit: The repository's.
        left: In this repository.
        elsewhere: In the study's other repositories.
        keys: Which keys do what.
        blind: Whether features are judged, not findings.
    """
    if left:
        here = f"{left:,}{' features' if blind else ''} left to judge"
        whole = f"{here}, {left + elsewhere:,} in the study"
        return f"{commit[:8]}{PARTS}{whole}", whole, here, f"{left:,} left"
    going_on = f", {elsewhere:,} in the study: {keys.label('app.resume')} goes on" if elsewhere else ""
    whole = f"all judged here{going_on}"
    return f"{commit[:8]}{PARTS}{whole}", whole, "all judged here", "all judged"


def scan_forms(
    scan: RepositoryScan, rows: Iterable[EvidenceRow], readiness: Readiness | None, outdated: int, keys: KeyMap
) -> tuple[str, ...]:
    """Says what was found, as far as it may be seen, and how many judgements hold no more; in ever fewer words.

    Args:
        scan: Of the repository.
        rows: Its evidence.
        readiness: After judgements; None where one judges blind.
        outdated: Judgements that hold no more.
        keys: Which keys do what.
    """
    if readiness is None:
        following = f"{keys.label('repository.next')} goes to the next place that the program marked"
        text = f"{counted(scan.files, 'file')}; {following}, {keys.label('repository.file')} opens any file"
        return (text, following)
    key = keys.label("repository.about")
    judged, wrappers = judged_text(rows)
    ready = f"readiness {readiness.score} of {len(readiness.conditions)}"
    count = len(scan.anomalies)
    anomalies = f"{count} {'anomaly' if count == 1 else 'anomalies'}, {key} shows them" if count else ""
    old = f"{counted(outdated, 'judgement')} outdated" if outdated else ""
    files = counted(scan.files, "file")
    judging = " ".join(keys.label(f"repository.{name}") for name in ("confirm", "reject", "unsure"))
    of_what = ready if anomalies else f"{ready}, {key} tells of what"
    forms = (
        (judged + wrappers, of_what, anomalies, old, files),
        (judged, of_what, anomalies, old),
        (judged + wrappers, ready, anomalies, old),
        (judged + wrappers, anomalies, old),
        (judged, anomalies or ready, old),
        (judged, f"{judging} judge"),
    )
    return tuple(PARTS.join(part for part in parts if part) for parts in forms)


def judged_text(rows: Iterable[EvidenceRow]) -> tuple[str, str]:
    """Says how many of the findings are judged, and, for behind it, how many others ask for no verdict."""
    found = [row for row in rows if row.finding is not None and not row.missed]
    to_judge = [row for row in found if row.to_judge]
    others = len(found) - len(to_judge)
    judged = f"{len(to_judge) - left_to_judge(to_judge):,} of {counted(len(to_judge), 'finding')} judged"
    return judged, f"; {others:,} of wrappers {'need' if others > 1 else 'needs'} none" if others else ""


def nothing_shown(*, blind: bool) -> str:
    """What is said in place of a finding where a filter leaves none."""
    return f"No {'feature' if blind else 'finding'} fits the filter."
