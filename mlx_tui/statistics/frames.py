"""The study's CSVs as pandas frames, with the types that analysis needs, and cross-tabulations of them."""

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from mlx_tui.annotation.effective import Presence
from mlx_tui.reproduction.model import Cause, Outcome

if TYPE_CHECKING:
    import pandas as pd

NONE = "(none)"


class FrameError(ValueError):
    """A column that isn't there; the message names those that are."""


def results_frame(source: Path | BinaryIO) -> "pd.DataFrame":
    """Reads `results.csv`.

    Args:
        source: `results.csv`: its path, or a stream of its content.

    Returns:
        One row a repository, indexed by `repo`. Outcomes, causes and presences are categories in the codebook's order,
        counts are nullable integers, truth values nullable booleans.

    Raises:
        OSError: The file can't be read.
    """
    import pandas as pd

    # Unknown is an empty cell; a text such as NA (North America) or None is one of the corpus's own.
    frame = pd.read_csv(source, index_col="repo", keep_default_na=False, na_values=[""]).convert_dtypes()
    for name in frame.columns:
        categories = _categories(str(name))
        if categories:
            frame[name] = pd.Categorical(frame[name], categories=categories)
    return frame


def _categories(column: str) -> list[str]:
    if column.startswith(("presence.", "dimension.")):
        return [presence.value for presence in Presence]
    if column == "outcome":
        return [outcome.value for outcome in Outcome]
    return [cause.value for cause in Cause] if column == "cause" else []


def crosstab(frame: "pd.DataFrame", rows: str, columns: str) -> "pd.DataFrame":
    """Counts included repositories by the values of two columns, with totals.

    Args:
        frame: As `results_frame` reads it.
        rows: Column whose values become rows.
        columns: Column whose values become columns.

    Returns:
        Counts; an empty cell counts as `(none)`; the last row and column, `all`, are totals.

    Raises:
        FrameError: There is no such column.
    """
    import pandas as pd

    frame = frame.reset_index()
    for name in (rows, columns):
        if name not in frame.columns:
            raise FrameError(f"results.csv has no column {name}; it has {', '.join(frame.columns)}")
    included = frame[frame["included"].fillna(True)]
    down, across = (included[name].astype("string").fillna(NONE) for name in (rows, columns))
    return pd.crosstab(down, across, margins=True, margins_name="all")
