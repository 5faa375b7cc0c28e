"""`annotations.removed.csv`: which judgements were taken back, and when.

Without it a removed judgement would come back from another program's memory or from an older copy of the file.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from mlx_tui.annotation.annotations_file import read_annotations, render_header, render_row
from mlx_tui.annotation.model import Judgement, JudgementKey, Verdict

_NEVER = datetime.fromtimestamp(0, UTC)


def render_removals(removals: Mapping[JudgementKey, datetime]) -> bytes:
    """The file's content: rows of `annotations.csv` whose time is that of the removal."""
    rows = (render_row(Judgement(key, Verdict.NOTE, "removed", "", when)) for key, when in removals.items())
    return (render_header() + "".join(rows)).encode()


def read_removals(data: bytes) -> dict[JudgementKey, datetime]:
    """Reads the file's content; rows that can't be read count for nothing."""
    removals: dict[JudgementKey, datetime] = {}
    for row in read_annotations(data, _NEVER).rows:
        judgement = row.judgement
        removals[judgement.key] = max(judgement.annotated_at, removals.get(judgement.key, _NEVER))
    return removals
