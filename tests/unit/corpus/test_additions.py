"""What is new to a corpus, and what it is called."""

import pytest

from mlx_tui.corpus.additions import without_known
from mlx_tui.corpus.entries import CorpusError, read_corpus, write_corpus
from mlx_tui.corpus.model import CorpusEntry
from mlx_tui.corpus.sources import expand


def entry(url: str, repo: str = "o/n", ref: str = "") -> CorpusEntry:
    return CorpusEntry(repo, url, ref)


@pytest.mark.parametrize(
    "again",
    [
        entry("https://github.com/o/n.git"),
        entry("git@github.com:o/n"),
        entry("https://github.com/O/N", "O/N"),
        entry("https://github.com/o/n", ref="v1"),
        entry("https://github.com/o/n", "a name of its own"),
    ],
)
def test_one_repository_under_another_url_is_no_second_one(again):
    assert without_known([entry("https://github.com/o/n")], [again]) == ((), (again,))


def test_a_clone_of_a_repository_that_is_there_is_no_second_one(tmp_path, repository):
    repository.git("remote", "add", "origin", "https://github.com/o/n.git")
    (clone,) = expand(str(repository.path), tmp_path)
    assert clone.repo == "o/n"
    assert without_known([entry("https://github.com/o/n")], [clone]) == ((), (clone,))


def test_two_commits_of_one_repository_under_two_names_stay_two():
    known = [entry("https://github.com/o/n", ref="v1")]
    later = entry("https://github.com/o/n", "n-later", "v2")
    assert without_known(known, [later]) == ((later,), ())


def test_another_repository_of_a_name_that_is_taken_is_named_by_its_place(tmp_path, make_repository):
    for place in ("a/x", "b/x"):
        make_repository(tmp_path / place).commit(x="1")
    given = [
        entry("https://github.com/o/n"),
        entry("https://gitlab.com/o/n"),
        entry("https://git.example.org/O/N", "O/N"),
        *expand(str(tmp_path / "a/x"), tmp_path),
        *expand(str(tmp_path / "b/x"), tmp_path),
    ]
    new, again = without_known([], given)
    assert [found.repo for found in new] == ["o/n", "gitlab.com/o/n", "git.example.org/O/N", "x", "b/x"]
    assert again == ()
    write_corpus(tmp_path / "corpus.csv", new)
    assert read_corpus(tmp_path / "corpus.csv") == new


def test_what_cannot_be_named_apart_is_told():
    given = [entry("https://a.org/o/n"), entry("https://b.org/o/n"), entry("https://b.org/x", "o/n")]
    with pytest.raises(CorpusError, match=r"https://a\.org/o/n and https://b\.org/x are both called o/n"):
        without_known([], given)
