"""Frames for analysis."""

from pathlib import Path

import pandas as pd
import pytest

from mlx_tui.statistics.frames import FrameError, crosstab, results_frame


@pytest.fixture
def frame(scanned_demo: Path) -> pd.DataFrame:
    return results_frame(scanned_demo / "results.csv")


def test_types_that_analysis_needs(frame):
    assert frame.index.name == "repo"
    assert frame["presence.metrics.logged"].cat.categories.tolist() == ["present", "absent", "unknown"]
    assert str(frame["metrics.logged"].dtype) == "Int64"
    assert str(frame["included"].dtype) == "boolean"


def test_crosstab_counts_included_repositories(frame):
    frame.loc["hostile", "included"] = False
    table = crosstab(frame, "domain", "presence.metrics.logged")
    assert table.loc["all", "all"] == len(frame) - 1
    assert table.loc["medicine", "present"] == 3
    assert (table.drop(index="all").sum() == table.loc["all"]).all()


def test_an_unknown_column_is_named(frame):
    with pytest.raises(FrameError, match="no column colour"):
        crosstab(frame, "colour", "outcome")


def test_a_text_that_reads_like_a_missing_value_is_a_text(scanned_demo: Path, tmp_path: Path) -> None:
    lines = (scanned_demo / "results.csv").read_text().splitlines(keepends=True)
    header = lines[0].rstrip().split(",")
    row = dict.fromkeys(header, "") | {"repo": "o/n", "domain": "NA", "included": "True"}
    (tmp_path / "results.csv").write_text(lines[0] + ",".join(row.values()) + "\r\n")
    frame = results_frame(tmp_path / "results.csv")
    assert (frame.loc["o/n", "domain"], frame["outcome"].isna().all()) == ("NA", True)
