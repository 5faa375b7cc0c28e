"""Wrong use of a command ends with a sentence and an exit status, whatever was typed."""

from dataclasses import replace
from pathlib import Path

import pytest

from mlx_tui.cli import app
from mlx_tui.study import Study

SAMPLE = "sklearn-mlproject"


def run(capfd: pytest.CaptureFixture[str], study: Path, *arguments: str) -> tuple[object, str, str]:
    """Runs a command in this process; returns its exit status, and what it wrote to both streams."""
    with pytest.raises(SystemExit) as ended:
        app.run([*arguments, "--study", str(study)])
    out, err = capfd.readouterr()
    assert "Traceback" not in err
    return ended.value.code, out, err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--as-of", "9999-12-31"), "`9999-12-31` is out of range"),
        (("--as-of", "0001-01-01T00:00+14:00"), "is out of range"),
        (("--timeout", "-5"), "--timeout"),
        (("--timeout", "9" * 20), "at most a year"),
        (("--memory", "-5"), "--memory"),
        (("--python", "banana"), "`banana` is no version of Python"),
        (("--command", "true", "--workdir", "../.."), "in the folder: one of the repository's"),
        (("--command", "true", "--workdir", "/etc"), "in the folder: one of the repository's"),
        (("--workdir", "src"), "--workdir is the folder of --command"),
    ],
)
def test_options_of_a_plan_that_make_no_sense(capfd, demo_folder, options, told):
    status, out, err = run(capfd, demo_folder, "plan", SAMPLE, *options)
    assert (status, out) == (2, "")
    assert told in err


def test_what_was_typed_reaches_the_terminal_through_the_gate(capfd, demo_folder):
    status, _, err = run(capfd, demo_folder, "show", SAMPLE, "a\x1b[2Jb")
    assert status == 2
    assert "\x1b" not in err
    assert "a␛[2Jb isn't a place" in err


def test_a_judgement_that_cant_be_written_is_not_said_to_be_kept(capfd, demo_folder):
    (demo_folder / ".annotations.csv.lock").mkdir()
    status, _, err = run(capfd, demo_folder, "annotate", SAMPLE, "usage.mlflow", "--verdict", "unsure")
    assert status == 1
    assert "nothing was saved" in err
    assert "memory" not in err


def test_a_file_without_judgements_is_not_merged(capfd, demo_folder, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("root:x:0:0\n")
    status, out, err = run(capfd, demo_folder, "merge", str(other))
    assert (status, out) == (2, "")
    assert "holds no judgement that can be read" in err


def test_repositories_are_counted_by_their_own_name_too(capfd, demo_folder):
    status, out, _ = run(capfd, demo_folder, "crosstab", "repo", "baseline_substring")
    assert status == 0
    assert "r-project" in out


def test_attempts_are_found_by_a_repositorys_name_alone(capfd, demo_folder):
    study = Study(demo_folder)
    study.attempts.record_no_entry_point(replace(study.corpus.clone(SAMPLE), repo=f"lab/{SAMPLE}"), "nothing")
    status, out, _ = run(capfd, demo_folder, "attempts", SAMPLE)
    assert status == 0
    assert f"lab/{SAMPLE}" in out
    assert study.attempts.find(SAMPLE).state.repo == f"lab/{SAMPLE}"


def test_attempts_at_a_repository_that_nobody_knows(capfd, demo_folder):
    status, _, err = run(capfd, demo_folder, "attempts", "nobody/nothing")
    assert status == 2
    assert "has no repository nobody/nothing" in err


@pytest.mark.parametrize("command", [("scan",), ("search", "log_param")])
def test_fewer_processes_than_none_are_refused(
    capfd: pytest.CaptureFixture[str], demo_folder: Path, command: tuple[str, ...]
) -> None:
    status, _, told = run(capfd, demo_folder, *command, "--jobs", "-3")
    assert status == 2
    assert "--jobs" in told
