"""The installed program without its interface."""

import csv
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).parent / "mlx-tui"
SAMPLES = 14


def mlx(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, cwd=cwd, timeout=120)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_demo_prints_the_table_and_writes_three_csvs(tmp_path):
    done = mlx("demo", "--no-ui", "--study", tmp_path)
    assert done.returncode == 0, done.stderr
    names = [row["repo"] for row in rows(tmp_path / "results.csv")]
    assert len(names) == SAMPLES
    assert all(any(line.startswith(name) for line in done.stdout.splitlines()) for name in names)
    assert {row["repo"] for row in rows(tmp_path / "findings.csv")} == set(names)
    assert rows(tmp_path / "annotations.csv") == []


def test_a_study_from_a_folder_of_clones(demo_folder, tmp_path):
    study = tmp_path / "mine"
    assert mlx("init", study).returncode == 0
    added = mlx("add", "--study", study, demo_folder / "sample-repositories")
    assert added.stdout.split() == sorted(path.name for path in (demo_folder / "sample-repositories").iterdir())
    assert mlx("fetch", "--study", study).returncode == 0
    assert mlx("scan", "--study", study, "-o", study / "elsewhere.csv").returncode == 0
    assert rows(study / "elsewhere.csv") == rows(study / "findings.csv") != []


def test_add_says_what_was_there_already_and_which_columns_that_leaves_out(demo_folder, tmp_path):
    clone = demo_folder / "sample-repositories" / "lookalike"
    mlx("init", tmp_path)
    mlx("add", "--study", tmp_path, clone)
    (tmp_path / "list.csv").write_text(f"url,stars\nfile://{clone},3\n")
    done = mlx("add", "--study", tmp_path, tmp_path / "list.csv")
    assert "lookalike is in the corpus already; not taken over: stars" in done.stderr
    assert "0 added" in done.stderr


def test_fetch_lists_what_failed_with_its_reason(tmp_path):
    mlx("init", tmp_path)
    (tmp_path / "corpus.csv").write_text("url\n/nowhere/at/all\n")
    done = mlx("fetch", "--study", tmp_path)
    assert done.returncode == 1
    assert "/nowhere/at/all" in done.stderr + done.stdout
    (row,) = mlx("status", "--study", tmp_path).stdout.splitlines()[2:]
    assert row.split()[:2] == ["all", "failed"]


def test_scan_of_a_work_tree_needs_no_study(demo_folder, tmp_path):
    tree = demo_folder / "sample-repositories" / "sklearn-mlproject"
    done = mlx("scan", tree, "-o", tmp_path / "findings.csv", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = rows(tmp_path / "findings.csv")
    assert {row["repo"] for row in found} == {"sklearn-mlproject"}
    assert {"metrics.logged", "execution.entry_point"} <= {row["feature"] for row in found}


def test_judging_from_the_shell(demo_folder):
    place = next(
        row
        for row in rows(demo_folder / "findings.csv")
        if row["feature"] == "metrics.logged" and row["tier"] == "direct"
    )
    at = f"{place['path']}{'#' + place['cell'] if place['cell'] else ''}:{place['line']}"
    done = mlx(
        "annotate", place["repo"], "metrics.logged", "--verdict", "rejected", "--at", at, "--note", "=no", "--study",
        demo_folder,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (row,) = rows(demo_folder / "annotations.csv")
    assert (row["verdict"], row["note"], row["annotator"]) == ("rejected", "'=no", "tester")
    judged = [row for row in rows(demo_folder / "findings.csv") if row["verdict"]]
    assert [(row["path"], row["line"], row["verdict"]) for row in judged] == [
        (place["path"], place["line"], "rejected")
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("annotate", "hostile", "no.such", "--verdict", "confirmed"), "no feature no.such"),
        (("annotate", "nobody", "usage.mlflow", "--verdict", "confirmed"), "no repository nobody"),
        (("annotate", "hostile", "usage.mlflow", "--verdict", "missed", "--at", "x"), "isn't a place"),
        (("explain", "hostile", "no.such"), "no feature no.such"),
        (("cancel", "nothing"), "no attempts have an id that begins with nothing; `mlx-tui attempts` lists them"),
        (("report", "-o", "report.docx"), ".html or a .md"),
        (("crosstab", "colour", "outcome"), "no column colour"),
        (("merge", "nowhere.csv"), "nowhere.csv isn't a file"),
    ],
)
def test_wrong_use_says_what_is_wrong_and_exits_with_2(demo_folder, arguments, says):
    done = mlx(*arguments, "--study", demo_folder)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_what_cannot_be_written_is_named(demo_folder):
    done = mlx("report", "-o", demo_folder / "nowhere" / "report.html", "--study", demo_folder)
    assert done.returncode == 1
    assert done.stderr.strip().endswith(f"error: {demo_folder}/nowhere/report.html: No such file or directory")


def test_a_judgement_that_is_saved_stays_although_the_csvs_cannot_be_written(demo_folder):
    (demo_folder / "results.csv").unlink()
    (demo_folder / "results.csv").mkdir()
    done = mlx("annotate", "lookalike", "usage.mlflow", "--verdict", "unsure", "--study", demo_folder)
    assert done.returncode == 0
    assert f"saved in {demo_folder}/annotations.csv" in done.stdout
    assert f"note: {demo_folder}/results.csv: Is a directory" in done.stderr


def test_merging_says_what_it_left_and_what_has_no_place_here(demo_folder, tmp_path):
    commit = "0" * 40
    other = tmp_path / "other.csv"
    other.write_text(
        "repo,commit,feature,path,cell,line,excerpt_hash,verdict,note,annotator,annotated_at\n"
        f"lookalike,{commit},usage.mlflow,,,,,confirmed,,ann,2026-01-01T00:00:00Z\n"
        f"lookalike,{commit},usage.mlflow,,,,,perhaps,,ben,2026-01-01T00:00:00Z\n"
    )
    done = mlx("merge", other, "--study", demo_folder)
    assert done.returncode == 0, done.stderr
    assert "1 judgement taken over; 1 in" in done.stdout
    assert "line 3 can't be read" in done.stderr
    assert "1 are about repositories or commits that this study doesn't hold" in done.stderr


def test_a_folder_that_is_no_study(tmp_path):
    done = mlx("status", "--study", tmp_path)
    assert done.returncode == 2
    assert "mlx-tui init" in done.stderr


def test_a_word_that_is_no_command_lists_the_commands(tmp_path):
    done = mlx("scna", cwd=tmp_path)
    assert done.returncode == 2
    assert "scna is neither a folder nor a command" in done.stderr
    assert "scan" in done.stderr


def test_explain_says_why_a_finding_is_one(demo_folder):
    done = mlx("explain", "sklearn-mlproject", "models.logged", "--study", demo_folder)
    assert "mlflow.sklearn.log_model" in done.stdout
    assert "train.py:44" in done.stdout


def test_plan_shows_command_environment_and_isolation_and_runs_nothing(demo_folder):
    done = mlx("plan", "sklearn-mlproject", "--study", demo_folder)
    assert "python train.py --c 0.5" in done.stdout
    assert "MLproject:11" in done.stdout
    assert "mlflow==" in done.stdout
    assert not list((demo_folder / "attempts").glob("*/*")) if (demo_folder / "attempts").exists() else True
    as_json = json.loads(mlx("plan", "sklearn-mlproject", "--json", "--study", demo_folder).stdout)
    assert as_json["candidate"]["source"] == "mlproject"


def test_hostile_names_never_reach_the_terminal(demo_folder):
    for arguments in (
        ("status",),
        ("scan",),
        ("scan", "--json"),
        ("explain", "hostile", "usage.mlflow"),
        ("plan", "hostile"),
    ):
        done = mlx(*arguments, "--study", demo_folder)
        assert done.returncode == 0, done.stderr
        assert "\x1b" not in done.stdout + done.stderr
        assert "\u202e" not in done.stdout + done.stderr


def test_a_scan_as_json_holds_the_findings(demo_folder):
    done = mlx("scan", "--json", "--study", demo_folder)
    scans = json.loads(done.stdout)
    assert sum(len(scan["findings"]) for scan in scans) == len(rows(demo_folder / "findings.csv"))


def test_a_terminal_that_knows_no_unicode(demo_folder, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    done = mlx("status", "--study", demo_folder)
    assert done.returncode == 0, done.stderr
    assert "sklearn-mlproject" in done.stdout


def test_crosstab_writes_nothing(demo_folder):
    before = {path.name: path.stat().st_mtime_ns for path in demo_folder.glob("*.csv")}
    assert mlx("crosstab", "domain", "outcome", "--study", demo_folder).returncode == 0
    assert {path.name: path.stat().st_mtime_ns for path in demo_folder.glob("*.csv")} == before


def test_report_is_one_page_without_anything_from_outside(demo_folder):
    assert mlx("report", "-o", demo_folder / "r.html", "--study", demo_folder).returncode == 0
    page = (demo_folder / "r.html").read_text()
    assert "<svg" in page
    assert not [
        word
        for word in ("src=", "@import", "<link", "http://", "<script")
        if word in page.replace("http://www.w3.org", "")
    ]


def test_package_packs_the_study_for_others(demo_folder, tmp_path):
    done = mlx("package", "-o", tmp_path / "study.zip", "--study", demo_folder)
    assert done.returncode == 0, done.stderr
    assert f"{SAMPLES} repositories are folders of this machine" in done.stderr
    with zipfile.ZipFile(tmp_path / "study.zip") as archive:
        assert archive.testzip() is None
        assert {"study/results.csv", "study/report.html", "study/SHA256SUMS"} <= set(archive.namelist())


def test_exporting_never_empties_the_csvs(demo_folder, monkeypatch, tmp_path):
    before = rows(demo_folder / "findings.csv")
    monkeypatch.setenv("MLX_TUI_CACHE_DIR", str(tmp_path / "another cache"))
    done = mlx("annotate", "chatty", "usage.mlflow", "--verdict", "confirmed", "--study", demo_folder)
    assert done.returncode == 0, done.stderr
    assert "the CSVs stay as they are" in done.stderr
    assert rows(demo_folder / "findings.csv") == before
    assert mlx("fetch", "--study", demo_folder).returncode == 0
    assert mlx("export", "--study", demo_folder).returncode == 0
    assert len(rows(demo_folder / "findings.csv")) == len(before)


def test_a_repository_without_an_entry_point_is_a_failed_attempt(demo_folder):
    done = mlx("reproduce", "lookalike", "--study", demo_folder)
    assert done.returncode == 1
    assert "failed (no_entry_point)" in done.stdout
    (row,) = [row for row in rows(demo_folder / "results.csv") if row["repo"] == "lookalike"]
    assert (row["outcome"], row["cause"], row["attempts"]) == ("failed", "no_entry_point", "1")
    assert "failed (no_entry_point)" in mlx("attempts", "--study", demo_folder).stdout
    assert mlx("log", "lookalike", "--study", demo_folder).returncode == 0
