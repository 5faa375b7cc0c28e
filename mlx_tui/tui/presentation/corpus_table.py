"""The corpus as a table: one row a repository."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from mlx_tui.annotation.effective import FeatureResult, Presence
from mlx_tui.detection.model import Feature
from mlx_tui.study.results import READING
from mlx_tui.tui.presentation.corpus_more import MORE_COLUMNS
from mlx_tui.tui.presentation.corpus_row import CorpusColumn, CorpusRow
from mlx_tui.tui.presentation.corpus_widths import Widths, state_text
from mlx_tui.tui.presentation.marks import OUTCOME_WIDTH, PRESENCE, feature_text, outcome_text
from mlx_tui.tui.widgets.table_model import Cell, SortKey

COMPACT, WIDE, VERY_WIDE = 100, 176, 240
"""Below the first width, dimensions have three cells each; from the second on, their names are written out; from the
third on, more is shown of attempts and notes."""
_SHORTEST = {"code_version": "cod", "dependencies": "dep", "execution": "exe", "beyond": "byd"}
_SHORT = {
    "usage": "use",
    "code_version": "code",
    "parameters": "prm",
    "metrics": "met",
    "artifacts": "art",
    "models": "mod",
    "environment": "env",
    "dependencies": "deps",
    "tracking": "trk",
    "execution": "exec",
    "beyond": "bynd",
}
_SHORT_WORDS = {
    "Configuration": "Config",
    "Dependencies": "Deps",
    "MLproject": "MLproj",
    "Parameters": "Params",
    "configured": "set",
    "environment": "env",
    "evaluation": "eval",
    "registered": "regist.",
}
"""Words in the headings of features where the room is short."""
_ALIASES = {"parameters": ("params", "prm"), "dependencies": ("deps",), "environment": ("env",), "execution": ("exec",)}


def corpus_columns(
    features: Sequence[Feature],
    widths: Widths,
    own: Sequence[CorpusColumn] = (),
    *,
    width: int,
    each_feature: bool,
) -> tuple[CorpusColumn, ...]:
    """Makes every column there is; those that a user has to ask for are hidden.

    Args:
        features: The codebook's.
        widths: What the rows need.
        own: The corpus's own columns.
        width: Cells that the terminal has.
        each_feature: Whether the features are shown at first, not the dimensions.
    """
    wide, compact = width >= WIDE, width < COMPACT
    name = CorpusColumn(
        "repo",
        "repository",
        _compact_name(widths) if compact else min(max(18, widths.repo), 40 if wide else 26),
        lambda row: Cell(row.result.repo, "strong" if row.result.included else "muted"),
        lambda row: row.result.repo.casefold(),
        description="Owner and name of the repository",
        aliases=("name",),
        searchable=True,
    )
    dimensions = [
        replace(column, hidden=each_feature) for column in _dimension_columns(features, wide=wide, compact=compact)
    ]
    single = [replace(column, hidden=not each_feature) for column in _feature_columns(features, wide=wide)]
    more = [replace(column, hidden=width < VERY_WIDE or column.hidden) for column in MORE_COLUMNS]
    readiness, outcome, judged = _STATE_COLUMNS
    outcome = replace(outcome, width=widths.outcome)
    if compact:
        readiness = replace(readiness, title="rdy", width=3)
        judged = replace(judged, width=6, cell=_judged_in_6)
    else:
        judged = replace(judged, width=widths.judged)
    baseline, state, commit = _TAIL_COLUMNS
    tail = (baseline, replace(state, width=widths.state), commit)
    return (name, readiness, outcome, judged, *dimensions, *single, *tail, *own, *more)


def _compact_name(widths: Widths) -> int:
    """A width with which a column ends at the eightieth cell: a dimension takes four, with the gap before it."""
    wanted = min(max(17, widths.repo), 24)
    return wanted + (66 - widths.outcome - wanted) % 4


def _ready(row: CorpusRow) -> Cell:
    readiness = row.result.readiness
    return (
        Cell("?", "warn") if readiness is None else Cell(f"{readiness.score}/6", "good" if readiness.score > 3 else "")
    )


def _outcome(row: CorpusRow) -> Cell:
    phase = row.running.phase if row.running else None
    return Cell(*outcome_text(None if phase else row.result.reproduction.outcome, phase))


def _judged(row: CorpusRow) -> Cell:
    result = row.result
    if not result.scanned:
        return Cell("?", "warn")
    done = result.findings and result.judged == result.findings
    return Cell(f"{result.judged}/{result.findings}", "good" if done else "" if result.judged else "muted")


def _judged_in_6(row: CorpusRow) -> Cell:
    """The same in 6 cells: as a share where the numbers are too long."""
    cell, result = _judged(row), row.result
    if len(cell.text) <= 6:
        return cell
    share = 100 * result.judged // result.findings
    return Cell(f"{share} %" if share else "<1 %", cell.role)


def _state(row: CorpusRow) -> Cell:
    text = state_text(row)
    muted = not row.result.included or row.result.scan_state == READING
    return Cell(text, "muted" if muted else "bad" if text == "failed" else "" if text == "scanned" else "warn")


def _baseline(row: CorpusRow) -> Cell:
    found = row.result.baseline_substring
    return Cell(*PRESENCE[Presence.UNKNOWN if found is None else Presence.PRESENT if found else Presence.ABSENT])


_STATE_COLUMNS = (
    CorpusColumn(
        "readiness",
        "ready",
        5,
        _ready,
        lambda row: None if row.result.readiness is None else row.result.readiness.score,
        align="right",
        description="Readiness: how many of the six conditions for running it again are met",
        aliases=("ready",),
        descending=True,
    ),
    CorpusColumn(
        "outcome",
        "outcome",
        OUTCOME_WIDTH,
        _outcome,
        lambda row: _outcome(row).text.partition(" ")[2] or None,
        description="How the reproduction attempt that counts ended",
        searchable=True,
    ),
    CorpusColumn(
        "judged",
        "judged",
        7,
        _judged,
        lambda row: row.result.judged / row.result.findings if row.result.findings else None,
        align="right",
        description="How many findings are judged, of how many there are",
        descending=True,
    ),
)
_TAIL_COLUMNS = (
    CorpusColumn(
        "baseline",
        "base",
        4,
        _baseline,
        lambda row: None if row.result.baseline_substring is None else int(row.result.baseline_substring),
        align="center",
        description="Baseline: log_param, autolog or log_metric anywhere in a .py or .ipynb file as text",
        descending=True,
    ),
    CorpusColumn(
        "state",
        "state",
        9,
        _state,
        lambda row: _state(row).text,
        description="Whether it was fetched and scanned",
        searchable=True,
    ),
    CorpusColumn(
        "commit",
        "commit",
        8,
        lambda row: Cell(row.result.commit[:8], "muted"),
        lambda row: row.result.commit or None,
        description="The pinned commit",
        searchable=True,
    ),
)


def _dimension_columns(features: Sequence[Feature], *, wide: bool, compact: bool) -> tuple[CorpusColumn, ...]:
    members: dict[str, list[int]] = {}
    for index, feature in enumerate(features):
        members.setdefault(feature.dimension, []).append(index)
    return tuple(
        _dimension_column(name, position, tuple(indexes), _dimension_title(name, wide=wide, compact=compact), compact)
        for position, (name, indexes) in enumerate(members.items())
    )


def _dimension_title(name: str, *, wide: bool, compact: bool) -> str:
    if wide:
        return name.replace("_", " ")
    short = _SHORT.get(name, name[:4])
    return _SHORTEST.get(name, short[:3]) if compact else short


def _dimension_column(name: str, position: int, members: tuple[int, ...], title: str, compact: bool) -> CorpusColumn:
    def count(row: CorpusRow) -> int:
        return sum(_found(row.result.features[index]) for index in members)

    def cell(row: CorpusRow) -> Cell:
        sign, role = PRESENCE[row.result.dimensions[position].presence]
        found = count(row)
        if compact and found > 99:
            return Cell("99+", role)
        return Cell(f"{sign}{found}" if found and sign == "●" else sign, role)

    return CorpusColumn(
        name,
        title,
        max(3 if compact else 4, len(title)),
        cell,
        lambda row: _dimension_key(row, position, count),
        description=f"Dimension {name.replace('_', ' ')}: ● present with the number of findings, · absent, ? unknown",
        aliases=_ALIASES.get(name, ()),
        descending=True,
    )


def _dimension_key(row: CorpusRow, position: int, count: Callable[[CorpusRow], int]) -> SortKey:
    presence = row.result.dimensions[position].presence
    return None if presence is Presence.UNKNOWN else count(row) if presence is Presence.PRESENT else 0


def _feature_columns(features: Sequence[Feature], *, wide: bool) -> tuple[CorpusColumn, ...]:
    return tuple(_feature_column(index, feature, wide) for index, feature in enumerate(features))


def _feature_title(title: str) -> str:
    return " ".join(_SHORT_WORDS.get(word, word) for word in title.split(" "))


def _feature_column(index: int, feature: Feature, wide: bool) -> CorpusColumn:
    missing = "" if feature.detected else " (not detected by this version)"

    def key(row: CorpusRow) -> SortKey:
        result = row.result.features[index]
        return None if result.presence is Presence.UNKNOWN else _found(result)

    title = feature.title if wide else _feature_title(feature.title)
    return CorpusColumn(
        feature.id,
        title,
        max(4, min(len(title), 24)),
        lambda row: Cell(*feature_text(row.result.features[index])),
        key,
        description=f"{feature.id}: {feature.definition}{missing}",
        descending=True,
    )


def _found(result: FeatureResult) -> int:
    return (result.count or 0) + result.missed
