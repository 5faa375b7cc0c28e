"""Looking for a text in a repository's files."""

import re
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.corpus.git import head_commit
from mlx_tui.detection import search
from mlx_tui.detection.search import Query, find_lines, search_repository


def lines_with(text, query):
    return [number for number, line in enumerate(text.split("\n"), 1) if query in line]


@given(st.text("ab\n", max_size=60), st.text("ab", min_size=1, max_size=3))
def test_each_line_that_holds_the_text_is_found_once(text, query):
    found = list(find_lines(Query(query).pattern(), text))
    assert [number for number, _ in found] == lines_with(text, query)
    assert [line for _, line in found] == [text.split("\n")[number - 1] for number, _ in found]


@given(st.text(max_size=200), st.text(min_size=1, max_size=5))
def test_plain_text_is_never_an_expression(text, query):
    assert bool(list(find_lines(Query(query).pattern(), text))) == (query in text)


def test_of_a_long_line_what_is_around_the_hit_is_told():
    ((number, told),) = find_lines(Query("needle").pattern(), "x\n" + "a" * 5_000 + "needle" + "b" * 5_000)
    assert (number, "needle" in told) == (2, True)
    assert len(told) <= search.MAX_TEXT


def test_lines_ends_and_hits_of_nothing():
    assert [n for n, _ in find_lines(Query("^b$", regex=True).pattern(), "ab\nb\n\nb")] == [2, 4]
    assert list(find_lines(Query("z*", regex=True).pattern(), "a\nb")) == []


@pytest.mark.parametrize("query", [Query(""), Query("(", regex=True), Query("a{9999999999}", regex=True)])
def test_what_is_no_query_is_told(query):
    with pytest.raises(ValueError, match=r"nothing to look for|is no regular expression"):
        query.pattern()


@pytest.fixture
def repository(tmp_path):
    def git(*arguments):
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.invalid"]
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q")
    (tmp_path / "code.py").write_bytes(b"first\r\nneedle one\r\nlast")
    (tmp_path / "wide.txt").write_bytes("a needle in UTF-16".encode("utf-16"))
    (tmp_path / "binary.dat").write_bytes(b"\0\1needle")
    (tmp_path / "book.ipynb").write_text(
        '{"cells": [{"cell_type": "markdown", "source": ["no"]}, {"cell_type": "code", "source": ["x\\n", "needle"]}]}'
    )
    (tmp_path / "broken.ipynb").write_text("needle {")
    (tmp_path / "node_modules" / "dependency").mkdir(parents=True)
    (tmp_path / "node_modules" / "dependency" / "index.js").write_text("needle")
    (tmp_path / "link.txt").symlink_to("/etc/passwd")
    git("add", "-A")
    git("commit", "-q", "-m", "one")
    return tmp_path


def test_committed_text_is_found_and_excluded_trees_links_and_binaries_are_left_out(repository):
    commit = head_commit(repository)
    (repository / "code.py").write_text("changed since")
    (repository / "untracked.py").write_text("needle")
    found = search_repository("r", repository, commit, Query("needle"))
    places = [(hit.path, hit.cell, hit.line) for hit in found.hits]
    assert places == [("book.ipynb", 1, 2), ("broken.ipynb", None, 1), ("code.py", None, 2), ("wide.txt", None, 1)]
    assert {(hit.repo, hit.commit) for hit in found.hits} == {("r", commit)}
    assert not search_repository("r", repository, commit, Query("root:")).hits
    assert len(search_repository("r", repository, commit, Query("NEEDLE", ignore_case=True)).hits) == len(places)
    assert not search_repository("r", repository, commit, Query("NEEDLE")).hits


def test_an_expression_that_never_ends_is_stopped(repository, monkeypatch):
    monkeypatch.setattr(search, "SECONDS", 0.2)
    (repository / "long.py").write_text("a" * 64 + "!")
    subprocess.run(["git", "add", "-A"], cwd=repository, check=True)
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@example.invalid", "commit", "-qm", "2"],
        cwd=repository,
        check=True,
    )
    found = search_repository("r", repository, head_commit(repository), Query(r"^(a+)+$", regex=True))
    assert "takes too long" in found.more


def test_more_hits_than_are_kept_are_told(repository, monkeypatch):
    monkeypatch.setattr(search, "MAX_HITS", 2)
    found = search_repository("r", repository, head_commit(repository), Query("needle"))
    assert (len(found.hits), "first 2 hits" in found.more) == (2, True)
    assert re.fullmatch(r"\d+", str(found.files))
