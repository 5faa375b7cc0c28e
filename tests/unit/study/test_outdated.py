"""A repository is fetched at a newer commit: judgements follow their lines, and the others are told."""

import csv
import os
import subprocess
from pathlib import Path

import pytest

from mlx_tui.annotation.effective import Presence
from mlx_tui.annotation.model import Verdict
from mlx_tui.cli import app
from mlx_tui.study import Study
from mlx_tui.study.blind import blind_result

BEFORE = """import mlflow

mlflow.log_param("depth", 3)
mlflow.log_metric("loss", 0.5)
"""
AFTER = """import mlflow

mlflow.set_tag("stage", "new")
mlflow.log_param("width", 3)
mlflow.log_metric("loss", 0.5)
"""


def commit(folder: Path, content: str) -> None:
    (folder / "train.py").write_text(content)
    who = {f"GIT_{role}_{key}": "x" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    for line in (["add", "train.py"], ["commit", "--quiet", "-m", "x"]):
        subprocess.run(["git", "-C", folder, *line], env={**os.environ, **who}, check=True)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """A study of one repository that was judged, and then fetched and scanned at its next commit."""
    source = tmp_path / "repository"
    source.mkdir()
    subprocess.run(["git", "-C", source, "init", "--quiet"], check=True)
    commit(source, BEFORE)
    study = Study.create(tmp_path / "study")
    study.corpus.add([str(source)])
    study.corpus.fetch()
    study.scan(jobs=1)
    for feature, line in (("parameters.logged", 3), ("metrics.logged", 4)):
        finding = study.finding_at("repository", feature, f"train.py:{line}")
        study.judge("repository", feature, Verdict.REJECTED, finding=finding, note="not run")
    study.judge("repository", "artifacts.logged", Verdict.CONFIRMED)
    study.judge("repository", "", Verdict.NOTE, note="a toy")
    study.export()
    commit(source, AFTER)
    study.corpus.fetch(update=True)
    study.scan(jobs=1)
    return study


def presence(study: Study) -> dict[str, Presence]:
    return {feature.feature: feature.presence for feature in study.results()[0].features}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_what_holds_counts_and_what_does_not_is_told(study):
    (result,) = study.results()
    assert presence(study)["metrics.logged"] is Presence.ABSENT
    assert presence(study)["parameters.logged"] is Presence.PRESENT
    assert presence(study)["artifacts.logged"] is Presence.ABSENT
    assert result.notes == "a toy"
    assert {j.key.feature for j in result.outdated} == {"parameters.logged", "artifacts.logged"}


def test_the_csvs_say_where_a_verdict_was_given(study):
    old = {row["commit"] for row in rows(study.path / "annotations.csv")}
    findings, results = study.export()
    (row,) = [row for row in rows(findings) if row["feature"] == "metrics.logged"]
    assert (row["line"], row["verdict"], row["note"]) == ("5", "rejected", "not run")
    assert {row["judged_commit"]} == old != {row["commit"]}
    assert {row["judged_commit"] for row in rows(findings) if row["feature"] == "parameters.logged"} == {""}
    assert [row["outdated"] for row in rows(results)] == ["2"]
    assert {row["commit"] for row in rows(study.path / "annotations.csv")} == old


def test_a_note_on_a_verdict_that_was_carried_over_keeps_the_verdict(study):
    finding = study.finding_at("repository", "metrics.logged", "train.py:5")
    report = study.judge("repository", "metrics.logged", Verdict.NOTE, finding=finding, note="seen again")
    (change,) = report.saved
    assert change.after is not None
    assert (change.after.verdict, change.after.note) == (Verdict.REJECTED, "seen again")
    assert change.after.key.commit == study.corpus.clone("repository").commit


def test_the_command_lists_what_is_outdated_until_it_is_judged_anew(study, capfd):
    def listed() -> str:
        with pytest.raises(SystemExit):
            app.run(["outdated", "--study", str(study.path)])
        return capfd.readouterr().out

    assert [line.split()[2] for line in listed().splitlines()[2:]] == ["parameters.logged", "artifacts.logged"]
    study.judge("repository", "parameters.logged", Verdict.CONFIRMED)
    study.judge("repository", "artifacts.logged", Verdict.REJECTED)
    assert listed() == "No judgement is outdated.\n"


def test_who_judges_blind_sees_nothing_that_followed_a_finding(study):
    (result,) = study.results()
    blind = blind_result(result, study.codebook, study.annotations.annotator)
    assert [judgement.key.feature for judgement in blind.judgements] == [""]


def test_agreement_counts_what_the_statistics_count_and_says_what_it_leaves_out(study, monkeypatch, capfd):
    def printed() -> str:
        with pytest.raises(SystemExit):
            app.run(["agreement", "--study", str(study.path)])
        return capfd.readouterr().out

    monkeypatch.setenv("MLX_TUI_ANNOTATOR", "somebody else")
    other = Study(study.path)
    finding = other.finding_at("repository", "metrics.logged", "train.py:5")
    other.judge("repository", "metrics.logged", Verdict.CONFIRMED, finding=finding)
    found = other.agreement()
    assert found.rows == other.statistics().agreement
    assert [(row.feature, row.n, row.raw) for row in found.rows] == [("metrics.logged", 1, 0.0)]
    assert (found.counted, found.outdated, found.excluded, found.elsewhere) == (2, 2, 0, 0)
    assert "Counted: 2 verdicts" in printed()
    assert "Left out: 2 outdated (`mlx-tui outdated` lists them)." in printed()
    other.judge("repository", "", Verdict.EXCLUDED, note="a toy")
    assert other.agreement().rows == other.statistics().agreement == ()
    assert "Left out: 2 outdated (`mlx-tui outdated` lists them), 2 of excluded repositories." in printed()
    other.corpus.remove("repository")
    assert "Left out: 4 of repositories that aren't in the corpus" in printed()
