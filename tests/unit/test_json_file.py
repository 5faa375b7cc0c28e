"""Typed JSON files."""

import os
import stat
import subprocess
import sys

import pytest

from mlx_tui.json_file import replace_file, replacing, sweep

IN_MANY_THREADS = """
import sys, threading
sys.setswitchinterval(1e-6)
from mlx_tui.detection.codebook import load_codebook
barrier = threading.Barrier(8)
def load():
    barrier.wait()
    assert len(load_codebook().features) == 48
threads = [threading.Thread(target=load) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


@pytest.mark.parametrize("_again", range(4))
def test_a_type_may_be_used_first_in_several_threads_at_once(_again: int) -> None:
    """Without `prepare`, msgspec crashes the interpreter in some of these."""
    done = subprocess.run([sys.executable, "-c", IN_MANY_THREADS], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_file_keeps_its_permissions_and_a_link_stays_one(tmp_path):
    kept = tmp_path / "elsewhere" / "kept.csv"
    kept.parent.mkdir()
    kept.write_text("old")
    kept.chmod(0o600)
    link = tmp_path / "link.csv"
    link.symlink_to(kept)
    replace_file(link, b"new")
    assert link.is_symlink()
    assert (kept.read_text(), stat.S_IMODE(kept.stat().st_mode)) == ("new", 0o600)


def test_a_new_file_has_the_permissions_that_the_user_wants(tmp_path):
    before = os.umask(0o027)
    try:
        replace_file(tmp_path / "new.csv", b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new.csv").stat().st_mode) == 0o640


def test_a_name_may_be_as_long_as_the_file_system_takes(tmp_path):
    path = tmp_path / ("ä" * 125 + ".csv")
    replace_file(path, b"new")
    assert [child.name for child in tmp_path.iterdir()] == [path.name]


def test_what_is_no_regular_file_is_written_to_and_never_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        replace_file(pipe, b"new")
        assert os.read(reader, 10) == b"new"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_an_error_names_the_file_that_was_meant(tmp_path):
    with pytest.raises(FileNotFoundError) as raised:
        replace_file(tmp_path / "nowhere" / "report.html", b"new")
    assert raised.value.filename == str(tmp_path / "nowhere" / "report.html")


def test_a_file_that_cant_be_made_is_named_not_its_temporary_one(tmp_path):
    (tmp_path / "file").touch()
    target = tmp_path / "file" / "report.html"
    with pytest.raises(NotADirectoryError) as failed:
        replace_file(target, b"")
    assert failed.value.filename == str(target)


def test_what_a_killed_writer_left_is_swept_and_what_a_living_one_writes_is_not(tmp_path):
    path, left = tmp_path / "a.json", tmp_path / ".a.json.0123456789ab.tmp"
    others = [tmp_path / name for name in (".b.json.0123456789ab.tmp", ".a.json.0123456789ab", "a.json.tmp")]
    for file in (left, *others):
        file.write_text("half")
        os.utime(file, (0, 0))
    with replacing(path) as stream:
        (mine,) = set(tmp_path.glob(".a.json.*.tmp"))
        os.utime(mine, (0, 0))
        stream.write(b"1")
        replace_file(path, b"2")
        assert path.read_bytes() == b"2"
    assert path.read_bytes() == b"1"
    assert sorted(tmp_path.iterdir()) == sorted([path, *others])


def test_a_temporary_file_that_was_just_made_is_left_alone(tmp_path):
    (tmp_path / ".a.json.0123456789ab.tmp").touch()
    sweep(tmp_path)
    assert list(tmp_path.iterdir())
