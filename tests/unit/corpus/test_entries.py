import contextlib
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mlx_tui.corpus.entries import CorpusError, read_corpus, read_corpus_notes, repo_name, write_corpus
from mlx_tui.corpus.model import CorpusEntry


def written(folder: Path, data: str | bytes) -> Path:
    path = folder / "corpus.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://github.com/owner/name", "owner/name"),
        ("https://github.com/owner/name.git/", "owner/name"),
        ("https://user:secret@example.org:8443/owner/name.git", "owner/name"),
        ("http://gitlab.com/group/sub/name", "group/sub/name"),
        ("ssh://git@example.org:2222/owner/name.git", "owner/name"),
        ("git@github.com:owner/name.git", "owner/name"),
        ("git://example.org/owner/na.me.git", "owner/na.me"),
        ("https://dev.azure.com/org/project/_git/name", "org/project/name"),
    ],
)
def test_name_from_a_url(url, name):
    assert repo_name(url) == name


@pytest.mark.parametrize("url", ["https://github.com", "https://github.com/..", "git@github.com:../x", "https://["])
def test_urls_that_name_no_repository(url):
    with pytest.raises(ValueError, match=r"."):
        repo_name(url)


def test_names_are_keys_without_unusual_characters(tmp_path):
    assert repo_name("https://host.org/a%20b/c%1B[2J%0Ad") == "a_b/c__2J_d"
    assert repo_name(str(tmp_path / "x" / "..")) == tmp_path.name
    assert repo_name(str(tmp_path / "[red] my\nproject.git")) == "_red__my_project"
    with pytest.raises(ValueError, match="names no repository"):
        repo_name("/")


def test_name_of_a_folder(repository):
    assert repo_name(str(repository.path)) == "project"
    assert repo_name(repository.path.as_uri()) == "project"
    repository.git("remote", "add", "origin", "https://github.com/owner/name.git")
    assert repo_name(str(repository.path)) == "owner/name"


def test_byte_order_mark_crlf_and_quoted_line_breaks(tmp_path):
    data = b'\xef\xbb\xbfurl,note,ref\r\nhttps://github.com/a/b,"two\r\nlines, quoted",v1\r\n\r\n'
    assert read_corpus(written(tmp_path, data)) == (
        CorpusEntry("a/b", "https://github.com/a/b", "v1", (("note", "two\r\nlines, quoted"),)),
    )


def test_semicolons_as_some_spreadsheets_save_them(tmp_path):
    entries = read_corpus(written(tmp_path, "url;stars\nhttps://github.com/a/b;7\n"))
    assert entries[0].columns == (("stars", "7"),)


def test_seart_export_as_it_is(tmp_path):
    head = "id,name,isFork,commits,lastCommitSHA\n"
    entries = read_corpus(written(tmp_path, head + "1,mlflow/mlflow-example,false,33,0651d1\n"))
    assert entries[0].url == "https://github.com/mlflow/mlflow-example"
    assert entries[0].repo == "mlflow/mlflow-example"
    assert dict(entries[0].columns)["name"] == "mlflow/mlflow-example"
    write_corpus(tmp_path / "again.csv", entries)
    assert read_corpus(tmp_path / "again.csv") == entries


def test_folders_are_relative_to_the_file_and_a_study_can_be_moved(tmp_path, repository):
    study = repository.path.parent
    entries = read_corpus(written(study, "url\nproject\n"))
    assert entries[0].url == str(repository.path)
    write_corpus(study / "corpus.csv", entries)
    assert (study / "corpus.csv").read_text() == "url\nproject\n"
    study.rename(tmp_path / "moved")
    assert read_corpus(tmp_path / "moved/corpus.csv")[0].url == str(tmp_path / "moved/project")


def test_a_folders_name_stays_when_the_folder_is_gone(tmp_path, repository):
    repository.git("remote", "add", "origin", "https://github.com/owner/name.git")
    before = read_corpus(written(tmp_path, f"url\n{repository.path}\n"))
    write_corpus(tmp_path / "corpus.csv", before)
    repository.path.rename(tmp_path / "elsewhere")
    assert read_corpus(tmp_path / "corpus.csv")[0].repo == "owner/name"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", "empty"),
        ("link,stars\nx,1\n", r"line 1: no column `url`.*link, stars"),
        ("url,url\nx,y\n", "line 1: column `url` is there twice"),
        ("url,n\nhttps://github.com/a/b,1\n ,2\n", "line 3, column `url`: empty"),
        ("url,n\n\nhttps://github.com/a/b,1,2\n", "line 3: 3 cells, but the header has 2"),
        ("url\nftp://example.org/a/b\n", r"line 2, column `url`: only https, .*ftp://example.org/a/b"),
        ("url\next::sh -c id\n", "line 2, column `url`"),
        ("url,ref\nhttps://github.com/a/b,--upload-pack=x\n", "line 2, column `ref`"),
        ("url,repo\nhttps://github.com/a/b,../../etc\n", "line 2, column `repo`"),
        ("id,name\n1,no-owner\n", "line 2, column `name`"),
        ('url,note\nhttps://github.com/a/b,"never closed\n', "line 2: unexpected end"),
        (b"url\nhttps://github.com/a/\xff\n", "not UTF-8"),
    ],
)
def test_errors_name_line_and_column(tmp_path, data, message):
    with pytest.raises(CorpusError, match=message) as caught:
        read_corpus(written(tmp_path, data))
    assert str(tmp_path / "corpus.csv") in str(caught.value)


def test_a_repository_that_is_listed_twice_is_merged_and_told(tmp_path):
    data = "url,stars,license\nhttps://github.com/A/b,7,\ngit@github.com:a/b.git,8,MIT\nhttps://github.com/c/d,1,\n"
    read = read_corpus_notes(written(tmp_path, data))
    assert [entry.repo for entry in read.entries] == ["A/b", "c/d"]
    assert read.entries[0].columns == (("stars", "7"), ("license", "MIT"))
    assert read.notes == ("corpus.csv, line 3: a/b is already on line 2",)


def test_two_repositories_of_one_name_are_an_error_that_a_column_repo_settles(tmp_path):
    data = "url,repo\nhttps://github.com/a/b,\nhttps://gitlab.com/a/b,{}\n"
    with pytest.raises(CorpusError, match=r"line 3.*another repository.*line 2.*`repo`"):
        read_corpus(written(tmp_path, data.format("")))
    assert [e.repo for e in read_corpus(written(tmp_path, data.format("lab/a/b")))] == ["a/b", "lab/a/b"]


def test_one_repository_at_two_refs_is_an_error(tmp_path):
    with pytest.raises(CorpusError, match=r"line 3, column `ref`.*another ref"):
        read_corpus(written(tmp_path, "url,ref\nhttps://github.com/a/b,v1\nhttps://github.com/a/b,v2\n"))


def test_no_cell_is_a_formula_and_numbers_stay_numbers(tmp_path):
    columns = (("formula", "=1+1"), ("delta", "-3.5"), ("quote", "'=x"), ("note", "line\n=2"))
    entries = (CorpusEntry("a/b", "https://github.com/a/b", "", columns),)
    write_corpus(tmp_path / "corpus.csv", entries)
    assert "'=1+1,-3.5" in (tmp_path / "corpus.csv").read_text()
    assert read_corpus(tmp_path / "corpus.csv") == entries


_PRINTED = st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" \n\t,;'\"=+-@"), max_size=20)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(_PRINTED, _PRINTED), max_size=6))
def test_what_is_written_is_read_unchanged(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("round") / "corpus.csv"
    entries = tuple(
        CorpusEntry(f"o/n{number}", f"https://github.com/o/n{number}", "", (("α [b]", first), ("=2nd", second)))
        for number, (first, second) in enumerate(rows)
    )
    write_corpus(path, entries)
    assert read_corpus(path) == entries


@settings(deadline=None, max_examples=50)
@given(st.binary(max_size=300))
@example(b"~nobody-of-this-name,x\n")
@example(b"~\x00,x\n")
def test_any_bytes_give_a_corpus_or_one_kind_of_error(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "corpus.csv"
    path.write_bytes(b"url,x\n" + data)
    with contextlib.suppress(CorpusError):
        read_corpus(path)
