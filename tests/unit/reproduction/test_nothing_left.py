"""However an attempt ends, no process, mount or temporary folder of it is left."""

import os
import signal
from pathlib import Path

import psutil
import pytest
from attempt_support import ISOLATIONS, again, assert_nothing_left, finished, log_of, plan_of, started, until
from leaving import ENDS, LEAVES

from mlx_tui.reproduction.attempts import cancel_attempt
from mlx_tui.reproduction.model import Attempt, Isolation


def mounted() -> list[str]:
    """What is mounted, without what a container engine keeps or uses at the same time."""
    lines = Path("/proc/self/mounts").read_text().splitlines()
    return [line for line in lines if "/containers/" not in line and "/netns" not in line]


def end(attempt: Attempt, how: str) -> Attempt:
    if how not in ("cancel", "killed supervisor"):
        return finished(attempt)
    until(lambda: "\nup" in log_of(attempt).partition("=== running")[2])
    if how == "killed supervisor":
        os.kill(again(attempt).state.supervisor_pid, signal.SIGKILL)
        finished(attempt)
    return cancel_attempt(attempt)  # of one whose supervisor is gone, it sweeps what is left


@pytest.mark.parametrize("isolation", ISOLATIONS)
@pytest.mark.parametrize("how", ENDS)
def test_nothing_is_left(tmp_path: Path, how: str, isolation: Isolation, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    mounts = mounted()
    code, outcome = ENDS[how]
    attempt = started(tmp_path, plan_of(tmp_path, LEAVES + code, isolation, timeout=5 if how == "timeout" else 60))
    ended = end(attempt, how)
    assert ended.state.outcome is outcome, log_of(attempt)
    until(lambda: not psutil.pid_exists(again(attempt).state.supervisor_pid))
    assert_nothing_left(attempt)
    assert list(temporary.iterdir()) == []
    assert mounted() == mounts
    assert sorted(path.name for path in (Path(attempt.folder) / "work").iterdir()) == [".git", "train.py"]
