"""Claim and reality over a corpus: in the statistics, the report and results.csv."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

from mlx_tui.annotation.claims import Claim, ClaimState
from mlx_tui.annotation.results import RepositoryResult
from mlx_tui.annotation.tables import results_csv
from mlx_tui.detection.codebook import Codebook
from mlx_tui.statistics.claims import ClaimStatistics
from mlx_tui.statistics.report_markdown import markdown_report
from mlx_tui.statistics.summary import summarize


def claim(what: str, state: ClaimState) -> Claim:
    return Claim(what, state, (), (), ())


def with_claims(results: tuple[RepositoryResult, ...]) -> tuple[RepositoryResult, ...]:
    first, second, third, *others = [replace(result, included=True) for result in results]
    return (
        replace(first, claims=(claim("metrics", ClaimState.MET), claim("tags", ClaimState.UNFORESEEN))),
        replace(second, claims=(claim("parameters", ClaimState.UNMET), claim("metrics", ClaimState.PARTLY))),
        replace(third, claims=(claim("parameters", ClaimState.NOT_RUN), claim("models", ClaimState.NOT_RUN))),
        *others,
    )


def test_claims_are_counted_by_kind(results: tuple[RepositoryResult, ...], codebook: Codebook, tmp_path: Path) -> None:
    claimed = with_claims(results)
    found = summarize(claimed, codebook)
    assert found.claims == (
        ClaimStatistics("parameters", 0, 0, 1, 1, 0),
        ClaimStatistics("metrics", 1, 1, 0, 0, 0),
        ClaimStatistics("tags", 0, 0, 0, 0, 1),
        ClaimStatistics("models", 0, 0, 0, 1, 0),
    )
    assert [one.claimed for one in found.claims] == [1, 2, 0, 0]
    text = markdown_report(found, claimed, codebook, made_on=date(2026, 11, 22))
    assert "Claim and reality" in text and "| parameters | 1 | 0 | 0 | 1 | 1 | 0 |" in text
    (tmp_path / "results.csv").write_bytes(results_csv(claimed, codebook))
    with (tmp_path / "results.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [rows[0][f"claims.{state}"] for state in ClaimState] == ["metrics", "", "", "", "tags"]
    assert [rows[1][f"claims.{state}"] for state in ClaimState] == ["", "metrics", "parameters", "", ""]
    assert rows[2]["claims.not_run"] == "parameters; models"


def test_without_a_captured_run_nothing_is_said(results: tuple[RepositoryResult, ...], codebook: Codebook) -> None:
    assert summarize(results, codebook).claims == ()
    assert "Claim and reality" not in markdown_report(
        summarize(results, codebook), results, codebook, made_on=date(2026, 11, 22)
    )
