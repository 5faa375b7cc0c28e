"""What goes wrong for real: full disks, folders that can't be written, killed programs, programs at the same time."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from mlx_tui.annotation import store
from mlx_tui.annotation.annotations_file import read_annotations
from mlx_tui.annotation.journal import Journal, SaveError
from mlx_tui.annotation.model import Judgement, JudgementKey, Verdict

START = datetime(2026, 11, 22, 12, tzinfo=UTC)


def judgement(line: int = 1, verdict: Verdict = Verdict.CONFIRMED, note: str = "", by: str = "alice") -> Judgement:
    key = JudgementKey("owner/name", "c" * 40, "metrics.logged", "train.py", None, line, by)
    return Judgement(key, verdict, note, "0" * 16, START + timedelta(seconds=line))


def lines_on_disk(path: Path, by: str = "alice") -> set[int | None]:
    content = read_annotations(path.read_bytes(), START)
    assert not content.unread
    return {row.judgement.key.line for row in content.rows if row.judgement.key.annotator == by}


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """No file of this process grows beyond `size` bytes: what a full disk or a quota is to a writer."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_does_not_fit_stays_in_memory_and_is_written_later(tmp_path: Path) -> None:
    path = tmp_path / "annotations.csv"
    journal = Journal(path)
    journal.record(judgement(1))
    before = path.read_bytes()
    with file_size_limit(len(before) + 50):
        with pytest.raises(SaveError, match="File too large"):
            journal.record(judgement(2, note="x" * 200))
        assert path.read_bytes() == before
        assert [change.key.line for change in journal.pending] == [2]
        assert {item.key.line for item in journal.judgements()} == {1, 2}
        with pytest.raises(SaveError):
            journal.save()
    assert not list(tmp_path.glob(".*.tmp"))
    report = journal.record(judgement(3))
    assert {change.key.line for change in report.saved} == {2, 3}
    assert lines_on_disk(path) == {1, 2, 3}
    assert journal.pending == ()


def test_undo_that_could_not_be_written_is_written_later(tmp_path: Path) -> None:
    path = tmp_path / "annotations.csv"
    journal = Journal(path)
    journal.record(judgement(1))
    journal.record(judgement(2))
    with file_size_limit(60), pytest.raises(SaveError):
        journal.undo()
    assert lines_on_disk(path) == {1, 2}
    assert {item.key.line for item in journal.judgements()} == {1}
    journal.save()
    assert lines_on_disk(path) == {1}


def test_a_folder_that_is_not_there_keeps_the_work_in_memory(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    folder.write_text("a file where the folder should be")
    journal = Journal(folder / "annotations.csv")
    with pytest.raises(SaveError, match="folder isn't there"):
        journal.record(judgement(1))
    assert len(journal.pending) == 1
    folder.unlink()
    folder.mkdir()
    journal.save()
    assert lines_on_disk(folder / "annotations.csv") == {1}


MOUNTED = """
import subprocess, sys
from pathlib import Path
from mlx_tui.annotation.journal import Journal, SaveError
sys.path.insert(0, {tests!r})
from test_journal_faults import judgement, lines_on_disk

def mount(*options):
    subprocess.run(["mount", *options, {folder!r}], check=True)

def refused():
    try:
        journal.record(judgement(2, note="x" * 3000))
    except SaveError as error:
        return str(error)
    raise SystemExit("it was written")

mount("-t", "tmpfs", "-o", "size=64k", "tmpfs")
path = Path({folder!r}) / "annotations.csv"
journal = Journal(path)
journal.record(judgement(1))
filler = path.with_name("filler")
try:
    with filler.open("wb", buffering=0) as stream:
        while stream.write(b"x" * 512):
            pass
except OSError:
    pass
assert "No space left" in refused()
assert lines_on_disk(path) == {{1}}
filler.unlink()
mount("-o", "remount,ro")
assert "Read-only file system" in refused()
assert Journal(path).judgements(), "a folder that can't be written can be read"
mount("-o", "remount,rw")
journal.save()
assert lines_on_disk(path) == {{1, 2}}
print("survived")
"""


def _can_mount() -> bool:
    if not shutil.which("unshare"):
        return False
    mount = ["unshare", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(mount, capture_output=True, timeout=10).returncode == 0


@pytest.mark.skipif(not _can_mount(), reason="no file system can be mounted here")
def test_a_full_and_a_read_only_file_system(tmp_path: Path) -> None:
    script = MOUNTED.format(folder=str(tmp_path), tests=str(Path(__file__).parent))
    command = ["unshare", "--map-root-user", "--mount", sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.returncode) == ("survived\n", 0), done.stderr


WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_journal_faults import Journal, judgement
journal = Journal(Path({path!r}))
for line in range({first}, {last}):
    report = journal.record(judgement(line, note="n" * 500, by={by!r}))
    assert not report.conflicts and not report.restored, report
    print(line, flush=True)
"""


def writer(path: Path, first: int, last: int, by: str = "alice") -> "subprocess.Popen[str]":
    script = WRITER.format(tests=str(Path(__file__).parent), path=str(path), first=first, last=last, by=by)
    return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)


def test_a_killed_program_loses_nothing_that_it_called_saved(tmp_path: Path) -> None:
    path = tmp_path / "annotations.csv"
    first = 1
    for acknowledged in (1, 7, 20):
        with writer(path, first, 10_000) as program:
            assert program.stdout is not None
            saved = [int(next(program.stdout)) for _ in range(acknowledged)]
            program.send_signal(signal.SIGKILL)
            saved += [int(line) for line in program.stdout]
        on_disk = lines_on_disk(path)
        assert set(range(1, saved[-1] + 1)) <= on_disk <= set(range(1, saved[-1] + 2))
        first = saved[-1] + 1
    Journal(path).record(judgement(first))
    assert not list(tmp_path.glob(".annotations.csv.*.tmp")), "what the killed left is swept"


def test_two_programs_at_once_keep_all_work(tmp_path: Path) -> None:
    path = tmp_path / "annotations.csv"
    with writer(path, 1, 41, "alice") as first, writer(path, 1, 41, "bob") as second:
        assert first.wait(60) == second.wait(60) == 0
    assert lines_on_disk(path, "alice") == lines_on_disk(path, "bob") == set(range(1, 41))


def test_threads_of_one_program_keep_all_work(tmp_path: Path) -> None:
    path = tmp_path / "annotations.csv"
    journal = Journal(path)

    def work(by: str) -> None:
        for line in range(1, 21):
            journal.record(judgement(line, by=by))

    threads = [threading.Thread(target=work, args=(by,)) for by in ("alice", "bob", "carol")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for by in ("alice", "bob", "carol"):
        assert lines_on_disk(path, by) == set(range(1, 21))


def test_a_program_that_never_finishes_writing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_LOCK_SECONDS", 0.2)
    path = tmp_path / "annotations.csv"
    journal = Journal(path)
    with FileLock(tmp_path / ".annotations.csv.lock"), pytest.raises(SaveError, match="another program"):
        journal.record(judgement(1))
    assert journal.save().saved[0].key.line == 1


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    link = tmp_path / "annotations.csv"
    link.symlink_to(tmp_path / "shared" / "annotations.csv")
    Journal(link).record(judgement(1))
    assert link.is_symlink()
    assert lines_on_disk(tmp_path / "shared" / "annotations.csv") == {1}


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice isn't here")
@pytest.mark.parametrize("saved_as", ["59,34,76,1", "44,34,UTF8,1,,0,true"])
def test_libreoffice_saves_a_file_that_reads_back_unchanged(tmp_path: Path, saved_as: str) -> None:
    path = tmp_path / "annotations.csv"
    notes = ["=1+1", "0012", "1/2", "3.10", "first\nsecond; with, “signs”", "'quoted", "-", "TRUE", "  spaces  "]
    journal = Journal(path)
    journal.record_all(judgement(line, note=note) for line, note in enumerate(notes, 1))
    key = JudgementKey("2021-03", "1" * 40, "f", "0012", 0, 1, "007")
    journal.record(Judgement(key, Verdict.UNSURE, "", "1234e56789012345", START + timedelta(microseconds=123_456)))
    before = journal.judgements()
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    command += [
        "--infilter=CSV:44,34,76,1,,1033,false,true",
        "--convert-to",
        f"csv:Text - txt - csv (StarCalc):{saved_as}",
    ]
    environment = os.environ | {"HOME": str(tmp_path)}
    out = tmp_path / "out"
    subprocess.run([*command, "--outdir", out, path], check=True, capture_output=True, timeout=120, env=environment)
    shutil.copyfile(out / "annotations.csv", path)
    report = journal.load()
    assert journal.judgements() == before
    assert (report.updated, report.conflicts, report.restored, report.unread) == ((), (), (), ())
    assert Journal(path).judgements() == before
