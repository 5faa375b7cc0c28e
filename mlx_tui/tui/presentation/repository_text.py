"""What a repository's screen says of the repository as a whole."""

from mlx_tui.detection.derived import Readiness
from mlx_tui.detection.model import RepositoryScan
from mlx_tui.tui.actions.keymap import KeyMap
from mlx_tui.tui.presentation.plan_text import counted


def left_text(left: int, elsewhere: int, keys: KeyMap, *, blind: bool) -> str:
    """Says how much is left to judge.

    Args:
        left: In this repository.
        elsewhere: In the study's other repositories.
        keys: Which keys do what.
        blind: Whether features are judged, not findings.
    """
    if left:
        return f"{left:,}{' features' if blind else ''} left to judge, {left + elsewhere:,} in the study"
    going_on = f", {elsewhere:,} in the study: {keys.label('app.resume')} goes on" if elsewhere else ""
    return f"all judged here{going_on}"


def scan_text(scan: RepositoryScan, readiness: Readiness | None, outdated: int, keys: KeyMap) -> str:
    """Says what was found, as far as it may be seen, and how many judgements hold no more.

    Args:
        scan: Of the repository.
        readiness: After judgements; None where one judges blind.
        outdated: Judgements that hold no more.
        keys: Which keys do what.
    """
    if readiness is None:
        following = f"{keys.label('repository.next')} goes to the next place that the program marked"
        text = f"{scan.files} files; {following}, {keys.label('repository.file')} opens any file"
    else:
        found = f"{counted(len(scan.findings), 'finding')} in {counted(scan.files, 'file')}"
        ready = f"readiness {readiness.score} of {len(readiness.conditions)}"
        of_what = f", {keys.label('repository.about')} tells of what"
        text = f"{found} · {ready}{_anomalies(scan, keys) or of_what}"
    return text + (f" · {counted(outdated, 'judgement')} outdated" if outdated else "")


def _anomalies(scan: RepositoryScan, keys: KeyMap) -> str:
    count, key = len(scan.anomalies), keys.label("repository.about")
    return f" · {count} {'anomaly' if count == 1 else 'anomalies'}, {key} shows them" if count else ""


def nothing_shown(*, blind: bool) -> str:
    """What is said in place of a finding where a filter leaves none."""
    return f"No {'feature' if blind else 'finding'} fits the filter."
