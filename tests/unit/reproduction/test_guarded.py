"""The limits on a single command, the log's own limit, and slots."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from mlx_tui.reproduction import guard
from mlx_tui.reproduction.attempt_log import AttemptLog, LogFull
from mlx_tui.reproduction.guarded import GRACE
from mlx_tui.reproduction.leftovers import remove_folders
from mlx_tui.reproduction.slots import slot
from mlx_tui.reproduction.watching import folder_size

# In a process of its own: what runs a guard ends all of its own children.
RUN = """
import os, sys
from pathlib import Path
from mlx_tui.reproduction import watching
from mlx_tui.reproduction.attempt_log import AttemptLog
from mlx_tui.reproduction.guarded import Confines, run_guarded
from mlx_tui.reproduction.watching import Limits

watching.DISK_TICK = 0.2
folder = Path(sys.argv[1])
log = AttemptLog(folder / "log", limit=1_000_000)
limits = Limits(30, **eval(sys.argv[3]))
confines = Confines(folder, dict(os.environ), limits, (folder,), ())
ended = run_guarded(["/bin/sh", "-c", sys.argv[2]], confines, log, lambda: None)
log.close()
print(ended.status, ended.stop, ended.left)
"""


def run_limited(folder: Path, command: str, limits: str = "{}") -> tuple[str, str, str]:
    line = [sys.executable, "-c", RUN, str(folder), command, limits]
    done = subprocess.run(line, capture_output=True, text=True, check=True, timeout=60)
    status, stop, left = done.stdout.split()
    return status, stop, left


def test_exit_statuses_and_signals_are_told_apart(tmp_path: Path) -> None:
    assert run_limited(tmp_path, "exit 7") == ("7", "None", "0")
    assert run_limited(tmp_path, "kill -9 $$") == ("-9", "None", "0")
    assert run_limited(tmp_path, "exec sleep 0.01") == ("0", "None", "0")
    assert run_limited(tmp_path, "sleep 100 & sleep 100 & exit 0") == ("0", "None", "2")


def test_a_log_that_is_full_stops_the_command(tmp_path: Path) -> None:
    status, stop, _ = run_limited(tmp_path, "exec yes")
    assert (status, stop) == ("-15", "output")
    assert 1_000_000 <= (tmp_path / "log").stat().st_size < 1_001_000


def test_a_disk_share_that_is_used_up_stops_the_command(tmp_path: Path) -> None:
    command = "head -c 3000000 /dev/zero > big; sleep 100"
    assert run_limited(tmp_path, command, "{'disk': 2_000_000}")[1] == "disk"


def test_a_file_may_not_grow_beyond_its_limit(tmp_path: Path) -> None:
    status, stop, _ = run_limited(tmp_path, "head -c 3000000 /dev/zero > big", "{'file_size': 1_000_000}")
    assert (status, stop) != ("0", "None")
    assert (tmp_path / "big").stat().st_size == 1_000_000


def test_output_that_is_closed_and_a_command_that_goes_on(tmp_path: Path) -> None:
    assert run_limited(tmp_path, "exec >&- 2>&-; sleep 0.5; exit 4") == ("4", "None", "0")
    assert GRACE > 0


def test_a_folder_that_is_closed_goes_and_what_it_links_to_stays(tmp_path: Path) -> None:
    kept, folder = tmp_path / "kept", tmp_path / "folder"
    kept.mkdir(mode=0o750)
    (folder / "closed" / "inner").mkdir(parents=True)
    (folder / "closed" / "link").symlink_to(kept)
    for path in ("closed/inner", "closed"):
        (folder / path).chmod(0)
    guard.remove(str(folder))
    assert not folder.exists()
    assert kept.stat().st_mode & 0o777 == 0o750


def test_the_log_keeps_its_own_lines_beyond_its_limit(tmp_path: Path) -> None:
    log = AttemptLog(tmp_path / "log", limit=10)
    log.write(b"12345")
    with pytest.raises(LogFull):
        log.write(b"67890+")
    log.note("stopped at http://me:pw@host")
    log.close()
    assert (tmp_path / "log").read_bytes() == b"1234567890\n=== stopped at http://***@host\n"


@pytest.mark.parametrize(
    ("pieces", "logged"),
    [
        ((b"https://u:p@h/", b"x"), b"https://***@h/x"),
        ((b"https:/", b"/u", b":p", b"@h"), b"https://***@h"),
        ((b"git@host:x mail@y http://h/a@b",), b"git@host:x mail@y http://h/a@b"),
        ((b"50%\r", b"100%\r"), b"50%\r100%\r"),
        ((b"a:",), b"a:"),
    ],
)
def test_credentials_are_redacted_wherever_the_output_is_cut(
    tmp_path: Path, pieces: tuple[bytes, ...], logged: bytes
) -> None:
    log = AttemptLog(tmp_path / "log")
    for piece in pieces:
        log.write(piece)
    log.close()
    assert (tmp_path / "log").read_bytes() == logged


def test_slots_are_given_in_order_and_come_back(tmp_path: Path) -> None:
    order: list[str] = []
    release = threading.Event()

    def wait(name: str) -> None:
        with slot(tmp_path, name, 1, lambda: False) as held:
            assert held
            order.append(name)

    with slot(tmp_path, "a", 1, lambda: False) as held:
        assert held
        later, sooner = threading.Thread(target=wait, args=("c",)), threading.Thread(target=wait, args=("b",))
        later.start()
        while not (tmp_path / ".slots" / "c.ticket").exists():
            release.wait(0.01)
        sooner.start()
        while not (tmp_path / ".slots" / "b.ticket").exists():
            release.wait(0.01)
        with slot(tmp_path, "d", 1, lambda: True) as refused:
            assert not refused
        assert order == []
    sooner.join(10)
    later.join(10)
    assert order == ["b", "c"]
    assert list((tmp_path / ".slots").glob("*.ticket")) == []


def test_several_slots(tmp_path: Path) -> None:
    with slot(tmp_path, "a", 2, lambda: False) as first, slot(tmp_path, "b", 2, lambda: False) as second:
        assert first
        assert second
        tries = iter((False, True))
        with slot(tmp_path, "c", 2, lambda: next(tries)) as third:
            assert not third


def test_removing_folders_that_resist(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").touch()
    folder = tmp_path / "transient"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "file").touch()
    (folder / "link").symlink_to(outside)
    (folder / "deep").chmod(0)
    (tmp_path / "linked").symlink_to(outside)
    assert folder_size(outside) == 0
    remove_folders([folder, tmp_path / "linked", tmp_path / "nowhere"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["outside"]
    assert (outside / "precious").exists()
