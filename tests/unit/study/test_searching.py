"""Looking for a text in the whole corpus, as a service and as a command."""

import csv
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from mlx_tui.detection.search import Query
from mlx_tui.safe_text import safe_text
from mlx_tui.study import StudyError
from mlx_tui.study.searching import COLUMNS

PROGRAM = Path(sys.executable).parent / "mlx-tui"


def mlx(*arguments):
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=120)


def test_hits_come_in_the_corpus_order_and_every_repository_is_told(demo_study):
    told = []
    result = demo_study.search(Query("log_param"), jobs=2, on_progress=told.append)
    order = [entry.repo for entry in demo_study.corpus.entries()]
    repos = [hit.repo for hit in result.hits]
    assert repos == sorted(repos, key=order.index)
    assert sorted(step.repo for step in told) == sorted(order)
    assert [step.done for step in told] == list(range(1, len(order) + 1))
    assert (result.repositories, result.errors, result.stopped) == (len(order), (), False)
    for hit in result.hits:
        assert "log_param" in demo_study.files.lines(hit.repo, hit.path, hit.cell)[hit.line - 1]


def test_one_repository_and_what_is_no_query(demo_study):
    assert {hit.repo for hit in demo_study.search(Query("import"), {"noisy-mlp"}).hits} == {"noisy-mlp"}
    with pytest.raises(StudyError, match="no regular expression"):
        demo_study.search(Query("[", regex=True))


def test_a_search_that_is_stopped_says_so(demo_study):
    cancelled = threading.Event()
    result = demo_study.search(Query("import"), jobs=1, on_progress=lambda step: cancelled.set(), cancelled=cancelled)
    assert result.stopped
    assert result.repositories < len(demo_study.corpus.entries())


def test_the_command_prints_places_that_show_takes_and_ends_as_grep_does(demo_folder, tmp_path):
    found = mlx("search", "log_param(", "--study", demo_folder)
    assert found.returncode == 0, found.stderr
    assert 'noisy-mlp train.py:22: mlflow.log_param("hidden", args.hidden)' in found.stdout.splitlines()
    shown = mlx("show", "noisy-mlp", "train.py:22", "--around", 0, "--study", demo_folder)
    assert "log_param" in shown.stdout
    assert mlx("search", "nowhere to be found", "--study", demo_folder).returncode == 1
    wrong = mlx("search", "-E", "(", "--study", demo_folder)
    assert (wrong.returncode, "is no regular expression" in wrong.stderr) == (2, True)
    hits = tmp_path / "hits.csv"
    assert mlx("search", "-E", "-i", r"LOG_PARAM\w*\(", "-o", hits, "--study", demo_folder).stdout == ""
    with hits.open(newline="", encoding="utf-8") as stream:
        header, *rows = csv.reader(stream)
    assert tuple(header) == COLUMNS
    assert {row[0] for row in rows} >= {"noisy-mlp", "ci-dvc"}
    listed = json.loads(mlx("search", "log_param(", "hostile", "--json", "--study", demo_folder).stdout)
    assert {hit["repo"] for hit in listed} == {"hostile"}


def test_no_text_of_a_repository_reaches_the_terminal_raw(demo_folder):
    found = mlx("search", "-E", ".", "hostile", "--study", demo_folder)
    assert found.stdout
    assert all(line == safe_text(line) for line in found.stdout.split("\n"))
