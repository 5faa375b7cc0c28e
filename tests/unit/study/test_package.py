"""A study as an archive."""

import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from mlx_tui.annotation.model import Verdict
from mlx_tui.corpus.model import CloneStatus
from mlx_tui.study import Study, StudyError
from mlx_tui.study import package as packaging


def unpacked(archive, folder):
    with zipfile.ZipFile(archive) as stream:
        stream.extractall(folder)
    (made,) = folder.iterdir()
    return made


@pytest.fixture
def attempt_folder(demo_study):
    clone = demo_study.corpus.clone("missing-data")
    attempt = demo_study.attempts.record_no_entry_point(clone, "nothing says how it is run")
    return Path(attempt.folder)


def test_the_unpacked_archive_is_the_study(demo_study, attempt_folder, tmp_path):
    demo_study.judge("lookalike", "usage.mlflow", Verdict.REJECTED, note="only Comet")
    chosen = replace(demo_study.attempts.choice(demo_study.corpus.clone("chatty")), repeat=3)
    demo_study.attempts.keep_choice(chosen)
    demo_study.export()
    packaged = demo_study.package(tmp_path / "study.zip")
    assert (packaged.left_out, packaged.local) == ((), len(demo_study.corpus.entries()))
    folder = unpacked(tmp_path / "study.zip", tmp_path / "there")
    listed = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    assert set(files) == {*listed, "SHA256SUMS"}
    assert packaged.files == len(files)
    assert all(hashlib.sha256(files[name].read_bytes()).hexdigest() == told for name, told in listed.items())
    for name in ("results.csv", "findings.csv", "annotations.csv"):
        assert files[name].read_bytes() == (demo_study.path / name).read_bytes()
    there = Study(folder)
    assert [attempt.state for attempt in there.attempts.list()] == [a.state for a in demo_study.attempts.list()]
    assert there.attempts.choice(there.corpus.clone("chatty")) == chosen
    assert there.annotations.journal.judgements() == demo_study.annotations.journal.judgements()
    assert [clone.commit for clone in there.corpus.clones()] == [c.commit for c in demo_study.corpus.clones()]
    assert all(clone.status is CloneStatus.READY for clone in there.corpus.clones()), "the cache has these commits"

    assert not any("sample-repositories" in name for name in files)


def test_nothing_that_a_link_leads_to_is_packed(demo_study, attempt_folder, tmp_path):
    secret = tmp_path / "id_rsa"
    secret.write_text("a private key")
    for name in ("runs.json", "log"):
        (attempt_folder / name).unlink(missing_ok=True)
        (attempt_folder / name).symlink_to(secret)
    packaged = demo_study.package(tmp_path / "study.zip")
    assert [left.partition(": ")[0] for left in packaged.left_out] == [f"{attempt_folder}/runs.json"]
    with zipfile.ZipFile(tmp_path / "study.zip") as archive:
        assert not any(b"private key" in archive.read(name) for name in archive.namelist())


def test_a_long_log_keeps_its_beginning_and_its_end(demo_study, attempt_folder, tmp_path, monkeypatch):
    monkeypatch.setattr(packaging, "LOG_END_BYTES", 10)
    (attempt_folder / "log").write_bytes(b"0123456789" + b"x" * 500 + b"9876543210")
    demo_study.package(tmp_path / "study.zip")
    folder = unpacked(tmp_path / "study.zip", tmp_path / "there")
    (log,) = folder.rglob("log")
    assert log.read_bytes() == b"0123456789\n[500 bytes are left out here]\n9876543210"


def test_no_password_of_a_url_is_packed(tmp_path):
    study = Study.create(tmp_path / "study")
    study.corpus.add(["https://me:secret@git.example.org/o/n"])
    study.package(tmp_path / "study.zip")
    with zipfile.ZipFile(tmp_path / "study.zip") as archive:
        assert b"https://git.example.org/o/n" in archive.read("study/corpus.csv")
        assert not any(b"secret" in archive.read(name) for name in archive.namelist())


def test_a_package_that_cannot_be_written_leaves_the_old_one(demo_study, tmp_path):
    old = tmp_path / "study.zip"
    old.write_bytes(b"old")
    (demo_study.path / "clones.csv").write_text("nonsense")
    with pytest.raises(ValueError, match="no column"):
        demo_study.package(old)
    assert (old.read_bytes(), {child.name for child in tmp_path.iterdir()}) == (b"old", {"study", "study.zip"})
    with pytest.raises(StudyError, match=r"is a \.zip file"):
        demo_study.package(tmp_path / "study.tar")
