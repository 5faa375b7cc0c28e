"""MLflow's versions in `results.csv`."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from mlx_tui.annotation.results import repository_result
from mlx_tui.annotation.tables import results_csv
from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.model import DeclaredVersion, Direction, VersionBound, VersionRange


def test_the_range_and_what_is_declared(tmp_path: Path, codebook: Codebook, make) -> None:
    lower = VersionBound("2.5.0", "2.0.1", Direction.LOWER, "mlflow.log_table", "a.py", None, 1)
    declared = tuple(DeclaredVersion("mlflow", text, path, 1) for text, path in [("==2.30", "a"), ("", "b"), ("", "c")])
    scan = replace(make.scan(), versions=VersionRange(lower, None, declared))
    results = [
        repository_result(codebook, repo="o/n", url="u", commit=make.commit, scan=scan),
        repository_result(codebook, repo="o/m", url="u", commit=""),
    ]
    (tmp_path / "results.csv").write_bytes(results_csv(results, codebook))
    table = pd.read_csv(tmp_path / "results.csv", index_col="repo")
    row = table.loc["o/n"]
    assert (row["mlflow_min"], row["mlflow_declared"]) == ("2.5.0", "mlflow==2.30; mlflow")
    assert pd.isna(row["mlflow_max"])
    assert table.loc["o/m", ["mlflow_min", "mlflow_max", "mlflow_declared"]].isna().all()
