import pytest

from mlx_tui.corpus.entries import CorpusError, write_corpus
from mlx_tui.corpus.model import CorpusEntry
from mlx_tui.corpus.sources import expand


@pytest.mark.parametrize(
    ("argument", "entry"),
    [
        ("https://github.com/owner/name", CorpusEntry("owner/name", "https://github.com/owner/name")),
        ("github.com/owner/name", CorpusEntry("owner/name", "https://github.com/owner/name")),
        ("owner/name", CorpusEntry("owner/name", "https://github.com/owner/name")),
        ("git@host.org:owner/name.git", CorpusEntry("owner/name", "git@host.org:owner/name.git")),
        ("https://github.com/o/n/tree/feature/x", CorpusEntry("o/n", "https://github.com/o/n", "feature/x")),
        ("https://github.com/o/n/commit/" + "a" * 40, CorpusEntry("o/n", "https://github.com/o/n", "a" * 40)),
        ("https://gitlab.com/g/s/n/-/tree/v1", CorpusEntry("g/s/n", "https://gitlab.com/g/s/n", "v1")),
        ("https://github.com/o/n?tab=readme#top", CorpusEntry("o/n", "https://github.com/o/n")),
    ],
)
def test_urls(tmp_path, argument, entry):
    assert expand(argument, tmp_path) == (entry,)


@pytest.mark.parametrize("argument", ["", "--help", "nothing", "missing.csv", "a/b/c", "ftp://x/a/b", "ext::sh -c id"])
def test_what_names_nothing_is_an_error(tmp_path, argument):
    with pytest.raises(CorpusError):
        expand(argument, tmp_path)


@pytest.mark.parametrize(
    ("argument", "says"),
    [
        ("https://github.com/o/n/issues/3", "add https://github.com/o/n"),
        ("https://codeberg.org/o", "name one of its repositories"),
    ],
)
def test_a_page_that_is_no_repository(tmp_path, argument, says):
    with pytest.raises(CorpusError, match=says):
        expand(argument, tmp_path)


def test_a_csv_of_urls(tmp_path):
    entry = CorpusEntry("o/n", "https://github.com/o/n", "", (("stars", "7"),))
    write_corpus(tmp_path / "list.csv", (entry,))
    assert expand("list.csv", tmp_path) == (entry,)


def test_a_work_tree_and_a_bare_repository(repository, tmp_path):
    assert expand("source/project", tmp_path) == (CorpusEntry("project", str(repository.path)),)
    assert expand(repository.path.as_uri(), tmp_path) == (CorpusEntry("project", str(repository.path)),)
    repository.git("clone", "--quiet", "--bare", str(repository.path), str(tmp_path / "bare.git"))
    assert expand(str(tmp_path / "bare.git"), tmp_path)[0].url == str(tmp_path / "bare.git")


def test_a_folder_of_clones(tmp_path, make_repository):
    for place in ("host/a/one", "host/a/two", "two", ".hidden/x"):
        make_repository(tmp_path / "clones" / place).commit(x="1")
    nested = make_repository(tmp_path / "clones/two/vendored")
    nested.commit(x="1")
    assert [entry.repo for entry in expand("clones", tmp_path)] == ["one", "two", "clones/two"]
    with pytest.raises(CorpusError, match="none is in it"):
        (tmp_path / "empty").mkdir()
        expand("empty", tmp_path)
