"""Reading the files of a clone: lines, copies for an editor, pages on the web."""

import json
import stat
import subprocess
import tempfile
from pathlib import Path

import pytest

from mlx_tui.study import Study, StudyError
from mlx_tui.study.places import parse_place


@pytest.fixture(autouse=True)
def temporary(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where copies are made: who calls removes them."""
    folder = tmp_path_factory.mktemp("copies")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_files_are_those_that_the_commit_holds(demo_study):
    names = demo_study.files.names("autolog-notebook")
    assert {"digits.ipynb", "README.md", ".python-version"} <= set(names)
    assert list(names) == sorted(names) and not any(name.startswith(".git/") for name in names)


def test_a_copy_is_read_only_alone_and_at_the_line(demo_study):
    copy = demo_study.files.copy("sklearn-mlproject", parse_place("train.py:31"))
    assert copy.line == 31 and copy.path.name == "train.py"
    assert copy.path.read_bytes() == demo_study.files.read("sklearn-mlproject", "train.py")
    assert stat.S_IMODE(copy.path.stat().st_mode) == 0o400
    assert stat.S_IMODE(copy.path.parent.stat().st_mode) == 0o700
    assert [path.name for path in copy.path.parent.iterdir()] == ["train.py"]


def test_a_notebook_is_copied_as_a_script_at_the_line_of_its_cell(demo_study):
    finding = next(f for f in demo_study.scan_of("autolog-notebook").findings if f.cell == 5)
    copy = demo_study.files.copy("autolog-notebook", parse_place(finding.place))
    lines = copy.path.read_text().split("\n")
    assert copy.path.name == "digits.ipynb.py"
    assert lines[copy.line - 1].strip() == finding.excerpt
    assert f"# %% cell {finding.cell}" in lines


def test_lines_are_counted_as_detection_counts_them(demo_study, tmp_path):
    root = demo_study.corpus.clone("lookalike").path
    (root / "odd.py").write_bytes(b"a = 1\x0c\nb = '\xe2\x80\xa8'\r\nc = 3\rd = 4\n")
    assert [line[:1] for line in demo_study.files.lines("lookalike", "odd.py", None)] == ["a", "b", "c", "d"]


def test_the_page_of_a_folder_is_that_of_its_origin(demo_study, tmp_path):
    source = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", demo_study.corpus.clone("lookalike").path, source], check=True)
    url = "https://someone:secret@gitlab.com/group/project.git"
    subprocess.run(["git", "-C", source, "remote", "set-url", "origin", url], check=True)
    study = Study.create(tmp_path / "study")
    study.corpus.add([str(source)])
    (clone,) = study.corpus.fetch()
    page = study.files.page(clone.repo, parse_place("a b.py:3"))
    assert page == f"https://gitlab.com/group/project/-/blob/{clone.commit}/a%20b.py#L3"


def test_a_repository_without_a_forge_has_no_page(demo_study):
    with pytest.raises(StudyError, match="no forge"):
        demo_study.files.page("lookalike", parse_place("a.py:3"))


def test_a_name_that_an_editor_or_shell_would_obey_is_not_used(demo_study):
    root = demo_study.corpus.clone("lookalike").path
    name = "-x;$(touch y)\n\x1b[2J.py"
    (root / name).write_text("x\n")
    copy = demo_study.files.copy("lookalike", parse_place(f"{name}:1"))
    assert copy.path.name.isascii() and not set(copy.path.name) & set(";$( \n\x1b")
    assert copy.path.is_absolute()


def test_a_broken_notebook_is_copied_as_its_text(demo_study):
    root: Path = demo_study.corpus.clone("lookalike").path
    (root / "broken.ipynb").write_text("{")
    assert demo_study.files.copy("lookalike", parse_place("broken.ipynb#1:1")).path.read_text() == "{"


def test_an_r_notebook_becomes_an_r_script(demo_study):
    root: Path = demo_study.corpus.clone("lookalike").path
    cells = [{"cell_type": "markdown", "source": "a\nb"}, {"cell_type": "code", "source": ["x <- 1\n", "y <- 2"]}]
    content = {"cells": cells, "metadata": {"kernelspec": {"name": "ir"}}, "nbformat": 4}
    (root / "r.ipynb").write_text(json.dumps(content))
    copy = demo_study.files.copy("lookalike", parse_place("r.ipynb#1:2"))
    assert copy.path.name == "r.ipynb.R"
    assert copy.path.read_text().split("\n")[copy.line - 1] == "y <- 2"
    assert "# a\n# b\n" in copy.path.read_text()


def test_a_copy_that_cant_be_written_leaves_no_folder(demo_study, temporary, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        demo_study.files.copy("sklearn-mlproject", parse_place("train.py:31"))
    assert not list(temporary.iterdir())
