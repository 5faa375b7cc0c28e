"""One verdict on several repositories or places, from the command line."""

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mlx_tui.cli.app import app
from mlx_tui.study import Study, StudyError

RUN = CliRunner()


def judged(folder: Path) -> list[dict[str, str]]:
    with (folder / "annotations.csv").open(newline="", encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream))


def test_several_repositories_are_left_out_with_one_reason(demo_folder: Path) -> None:
    names = ["lookalike", "chatty", "hostile", "chatty"]
    also = [part for name in names[1:] for part in ("--also", name)]
    options = ["--verdict", "excluded", "--note", "a fork", "--study", str(demo_folder)]
    done = RUN.invoke(app, ["annotate", names[0], "", *also, *options])
    assert done.exit_code == 0 and "3 judgements saved" in done.stdout
    assert {(row["repo"], row["verdict"], row["note"]) for row in judged(demo_folder)} == {
        (name, "excluded", "a fork") for name in names
    }
    assert Study(demo_folder).statistics().excluded == 3


def test_several_places_of_a_repository(demo_folder: Path) -> None:
    study = Study(demo_folder)
    scan = study.scan_of("noisy-mlp")
    places = [f.place for f in scan.findings if f.feature == "metrics.logged"] if scan else []
    assert len(places) > 1
    at = [part for place in places for part in ("--at", place)]
    options = ["--verdict", "confirmed", "--study", str(demo_folder)]
    assert RUN.invoke(app, ["annotate", "noisy-mlp", "metrics.logged", *at, *options]).exit_code == 0
    assert len(judged(demo_folder)) == len(set(places))


def test_all_or_none(demo_folder: Path) -> None:
    options = ["--also", "no-such", "--verdict", "excluded", "--study", str(demo_folder)]
    done = RUN.invoke(app, ["annotate", "chatty", "", *options])
    assert isinstance(done.exception, StudyError) and "no-such" in str(done.exception)
    assert not (demo_folder / "annotations.csv").exists() or not judged(demo_folder)


@pytest.mark.parametrize("extra", [("--at", "train.py:1", "--also", "hostile")])
def test_a_place_belongs_to_one_repository(demo_folder: Path, extra: tuple[str, ...]) -> None:
    options = ["--verdict", "confirmed", "--study", str(demo_folder)]
    done = RUN.invoke(app, ["annotate", "chatty", "usage.mlflow", *extra, *options])
    assert done.exit_code == 2 and "not both" in done.output
