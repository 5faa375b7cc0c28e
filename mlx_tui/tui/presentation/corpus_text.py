"""What is said of the corpus in the lines above and below its table."""

from collections import Counter
from collections.abc import Sequence

from mlx_tui.annotation.effective import Presence
from mlx_tui.annotation.results import RepositoryResult
from mlx_tui.corpus.model import FetchProgress
from mlx_tui.counted import counted
from mlx_tui.detection.model import Feature
from mlx_tui.study.results import READING
from mlx_tui.tui.actions.keymap import DEFAULT, KeyMap
from mlx_tui.tui.presentation.corpus_row import CorpusRow
from mlx_tui.tui.presentation.plan_text import duration
from mlx_tui.tui.presentation.readiness_text import readiness_text
from mlx_tui.tui.widgets.table_model import Column


def corpus_summary(
    rows: Sequence[CorpusRow], shown: int, marked: int, name: str, unread: int = 0, *, outdated: bool = False
) -> str:
    """Says how many repositories there are, are shown, were scanned, judged and run."""
    parts = [
        name,
        f"{shown} of {counted(len(rows), 'repository')}" if shown < len(rows) else counted(len(rows), "repository"),
    ]
    if marked:
        parts.append(f"{marked} marked")
    if unread:
        parts.append(f"{unread} still being read")
        return " · ".join(parts)
    lacks = Counter(_lack(row.result) for row in rows)
    to_scan = "to scan again: new codebook" if outdated else "not scanned"
    for lack, told in (("fetching failed", "failed to fetch"), ("clone", "to fetch"), ("scan", to_scan)):
        if lacks[lack]:
            parts.append(f"{lacks[lack]} {told}")
    judged, found = sum(row.result.judged for row in rows), sum(row.result.findings for row in rows)
    parts.append(f"{judged}/{found} findings judged")
    running = sum(row.running is not None for row in rows)
    if running:
        parts.append(f"⟳ {running} running")
    return " · ".join(parts)


def _lack(result: RepositoryResult) -> str:
    """What a repository lacks until its features are known; empty where nothing is lacking."""
    if result.scanned:
        return ""
    if result.scan_state.startswith("failed"):
        return "fetching failed"
    return "scan" if result.commit else "clone"


def cell_text(
    row: CorpusRow,
    column: Column[CorpusRow],
    features: Sequence[Feature],
    keys: KeyMap = DEFAULT,
    *,
    outdated: bool = False,
) -> str:
    """Says what the cell under the cursors means.

    Args:
        row: The repository.
        column: The column.
        features: The codebook's.
        keys: Which keys do what.
        outdated: Whether what isn't scanned was scanned before, with an older codebook or detector.
    """
    result = row.result
    if result.scan_state.startswith("failed"):
        return f"{result.scan_state}"
    if result.scan_state == READING:
        return f"{result.repo}: still being read"
    if not result.commit:
        return f"{result.repo}: not fetched yet. {keys.label('corpus.fetch')} fetches all that are missing."
    if not result.scanned:
        detect = keys.label("corpus.detect")
        if outdated:
            return f"scanned with an older codebook or detector: {detect} scans it again"
        return f"{result.repo}: not scanned yet. {detect} detects features."
    if column.id == "readiness" and result.readiness is not None:
        return readiness_text(result.readiness)
    if column.id == "outcome":
        again, plan = result.reproduction, keys.label("corpus.plan")
        cause = f" ({again.cause.value})" if again.cause else ""
        return f"{again.reason or f'not run yet. {plan} shows how it would be run'}{cause}"
    return _features_text(row, column, features) or f"{column.description}: {column.cell(row).text or '–'}"


def _features_text(row: CorpusRow, column: Column[CorpusRow], features: Sequence[Feature]) -> str:
    members = [
        (feature, result)
        for feature, result in zip(features, row.result.features, strict=True)
        if column.id in (feature.dimension, feature.id)
    ]
    if not members:
        return ""
    present = [
        f"{feature.title} {(result.count or 0) + result.missed}"
        for feature, result in members
        if result.presence is Presence.PRESENT
    ]
    unknown = sum(result.presence is Presence.UNKNOWN for _, result in members)
    if column.id == members[0][0].id:
        return f"{column.description}"
    text = f"{column.id.replace('_', ' ')}: {', '.join(present) or 'nothing found'}"
    return text + (f" · {unknown} of {len(members)} features unknown" if unknown else "")


def fetch_text(progress: FetchProgress, finished: int, total: int) -> str:
    """Says where fetching is."""
    where = f"fetching {finished}/{total}: {progress.repo}"
    if progress.clone is not None:
        return f"{where} failed: {progress.clone.error}" if progress.clone.error else f"{where} {progress.message}"
    share = "" if progress.fraction is None else f" {progress.fraction:.0%}"
    return f"{where} {progress.message}{share}"


def estimate_text(done: int, total: int, seconds: float) -> str:
    """Says how long the rest may take, judged by what is done; nothing while that can't be told."""
    if not 0 < done < total or seconds < 2:
        return ""
    return f" · about {duration(round(seconds / done * (total - done)))} left"


def next_step(results: Sequence[RepositoryResult]) -> str:
    """Returns the id of the action that a corpus needs first to be looked at; empty where it needs none."""
    if not results:
        return "corpus.add"
    lacks = {_lack(result) for result in results if result.scan_state != READING}
    return "corpus.fetch" if "clone" in lacks else "corpus.detect" if "scan" in lacks else ""
