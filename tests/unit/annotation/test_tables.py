"""results.csv and findings.csv, as pandas and LibreOffice read them."""

import csv
import os
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from mlx_tui.annotation.model import Verdict
from mlx_tui.annotation.results import RepositoryResult, repository_result
from mlx_tui.annotation.tables import FINDINGS_COLUMNS, results_columns, results_csv, write_findings_csv
from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.model import Tier
from mlx_tui.safe_text import csv_text

HOSTILE = '=HYPERLINK("http://x","y"),\x1b[2J\r\n\u202e"'


@pytest.fixture
def rows(codebook: Codebook, make) -> tuple[RepositoryResult, ...]:
    scan = make.scan(make.finding("parameters.logged"), make.finding("parameters.logged", 2), baseline=True)
    judgements = [
        make.judgement("", Verdict.NOTE, note="=1+1\nsecond line; with, signs"),
        make.judgement("parameters.logged", Verdict.CONFIRMED, 1),
    ]
    columns = (("stars", "12"), ("url", "taken"), ("remark", HOSTILE))
    return (
        repository_result(
            codebook, repo="o/n", url="u", commit=make.commit, columns=columns, scan=scan, judgements=judgements
        ),
        repository_result(codebook, repo="=o/m", url="u", commit="", columns=columns[:1], clone_error="gone"),
    )


def cells(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.reader(stream, strict=True))


def test_results_are_one_row_a_repository(tmp_path: Path, rows, codebook: Codebook) -> None:
    path = tmp_path / "results.csv"
    path.write_bytes(results_csv(rows, codebook))
    header, first, second = cells(path)
    assert tuple(header) == results_columns(codebook, ("stars", "url", "remark"))
    assert len(header) == len(first) == len(second) == len(set(header))
    row = dict(zip(header, first, strict=True))
    assert (row["repo"], row["scan_state"], row["included"], row["baseline_substring"]) == (
        "o/n",
        "scanned",
        "True",
        "True",
    )
    assert (row["parameters.logged"], row["presence.parameters.logged"]) == ("2", "present")
    assert (row["dimension.parameters"], row["readiness"], row["readiness.parameters_known"]) == (
        "present",
        "1",
        "True",
    )
    assert (row["judged"], row["findings"], row["stars"], row["corpus.url"]) == ("1", "2", "12", "taken")
    assert row["notes"] == "'=1+1\nsecond line; with, signs"
    assert dict(zip(header, second, strict=True))["scan_state"] == "failed: gone"


def test_pandas_reads_results_with_its_defaults(tmp_path: Path, rows, codebook: Codebook) -> None:
    path = tmp_path / "results.csv"
    path.write_bytes(results_csv(rows[:1], codebook))
    table = pd.read_csv(path)
    assert table["parameters.logged"].dtype == "int64"
    assert table["readiness"].dtype == "int64"
    assert table["included"].dtype == "bool"
    assert table["baseline_substring"].dtype == "bool"
    assert table["stars"].dtype == "int64"
    path.write_bytes(results_csv(rows, codebook))
    table = pd.read_csv(path, index_col="repo")
    assert table["parameters.logged"].dtype == "float64"
    assert pd.isna(table.loc["'=o/m", "parameters.logged"])
    assert table["included"].dtype == "bool"


def test_findings_are_one_row_a_finding_with_its_judgements(tmp_path: Path, make) -> None:
    path = tmp_path / "findings.csv"
    scan = make.scan(
        make.finding("metrics.logged", 1, value=HOSTILE, excerpt="=cmd|' /C calc'!A0", rule="r", explanation="why"),
        make.finding("metrics.logged", 2, cell=0, path=f"{HOSTILE}.ipynb"),
        make.finding("runs.committed", 3, tier=Tier.WRAPPER),
    )
    judgements = [
        make.judgement("metrics.logged", Verdict.CONFIRMED, 1, note="-yes\nof course"),
        make.judgement("metrics.logged", Verdict.REJECTED, 1, by="bob"),
        make.judgement("metrics.logged", Verdict.REJECTED, 1, commit="d" * 40),
        make.judgement("metrics.logged", Verdict.MISSED, 99),
    ]
    write_findings_csv(path, [scan], judgements)
    header, first, second, third = cells(path)
    assert tuple(header) == FINDINGS_COLUMNS
    row = dict(zip(header, first, strict=True))
    assert (row["verdict"], row["annotator"], row["note"]) == ("confirmed; rejected", "alice; bob", "'-yes\nof course")
    assert (row["line"], row["cell"], row["tier"], row["rule"], row["explanation"]) == ("1", "", "direct", "r", "why")
    assert row["value"].startswith("'=")
    assert csv_text(row["excerpt"]) == "=cmd|' /C calc'!A0"
    assert (second[4], second[9]) == ("0", "")
    assert third[6] == "wrapper"
    for cell in (*first, *second, *third):
        assert not cell.startswith(("=", "+", "-", "@"))
        assert "\x1b" not in cell
        assert "\u202e" not in cell
    table = pd.read_csv(path)
    assert table["line"].dtype == "int64"
    assert table.loc[0, "excerpt"] == "'=cmd|' /C calc'!A0"


def test_no_findings_is_a_header(tmp_path: Path) -> None:
    write_findings_csv(tmp_path / "findings.csv", [], [])
    assert cells(tmp_path / "findings.csv") == [list(FINDINGS_COLUMNS)]


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice isn't here")
def test_libreoffice_reads_the_same_cells(tmp_path: Path, rows, codebook: Codebook) -> None:
    path = tmp_path / "results.csv"
    path.write_bytes(results_csv(rows, codebook))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    # Comma, quote, UTF-8, from the first line, US English; numbers and dates looked for, as its dialog offers.
    arguments = [
        "--infilter=CSV:44,34,76,1,,1033,false,true",
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76,1",
    ]
    command = ["soffice", profile, "--headless", *arguments, "--outdir", str(tmp_path / "out"), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120, env=os.environ | {"HOME": str(tmp_path)})
    written, saved = cells(path), cells(tmp_path / "out" / "results.csv")
    assert [[cell.casefold() for cell in row] for row in saved] == [
        [cell.casefold() for cell in row] for row in written
    ]
