"""Attempts before they run: how they are created and started, and what is told of those that never came so far."""

import os
import resource
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import msgspec
import psutil
import pytest
from attempt_support import (
    again,
    assert_nothing_left,
    plan_of,
    run,
)

from mlx_tui.json_file import write_json
from mlx_tui.reproduction import attempts as attempts_module
from mlx_tui.reproduction.attempt_files import AttemptFiles
from mlx_tui.reproduction.attempts import (
    AttemptError,
    attempt_folder,
    cancel_attempt,
    create_attempt,
    list_attempts,
    read_attempt,
    start_attempt,
)
from mlx_tui.reproduction.leftovers import process_start
from mlx_tui.reproduction.model import Isolation, Outcome, Phase


def test_an_attempt_that_was_not_started_can_be_cancelled(tmp_path: Path) -> None:
    attempt = create_attempt(tmp_path / "attempts", plan_of(tmp_path, ""))
    assert cancel_attempt(attempt).state.outcome is Outcome.CANCELLED
    with pytest.raises(AttemptError, match="started already"):
        start_attempt(attempt)


def test_a_supervisor_that_never_came_up(tmp_path: Path) -> None:
    attempt = create_attempt(tmp_path / "attempts", plan_of(tmp_path, ""))
    assert again(attempt).state.phase is Phase.QUEUED
    old = replace(attempt.state, created_at=datetime.now(UTC) - timedelta(minutes=5))
    write_json(Path(attempt.folder) / "state.json", old)
    assert again(attempt).state.reason == "its supervisor never came up"


def test_another_process_under_the_supervisors_id(tmp_path: Path) -> None:
    attempt = create_attempt(tmp_path / "attempts", plan_of(tmp_path, ""))
    boot, _, tick = process_start(os.getpid()).partition("/")
    starts = {f"{boot}/{tick}": None, f"{boot}/{int(tick) - 1}": Outcome.INTERRUPTED, f"x/{tick}": Outcome.INTERRUPTED}
    for start, outcome in starts.items():
        state = replace(attempt.state, phase=Phase.RUNNING, supervisor_pid=os.getpid(), supervisor_start=start)
        write_json(Path(attempt.folder) / "state.json", state)
        assert again(attempt).state.outcome is outcome


def test_what_the_machine_left_when_it_died_is_swept_by_the_next_attempt(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "")
    dead = create_attempt(tmp_path / "attempts", plan)
    for name in ("environment", "home", "tmp", "work"):
        (Path(dead.folder) / name).mkdir()
    state = replace(dead.state, phase=Phase.RUNNING, supervisor_pid=psutil.Process().pid, supervisor_start="another")
    write_json(Path(dead.folder) / "state.json", state)
    run(tmp_path, plan)
    assert_nothing_left(dead)
    assert (Path(dead.folder) / "work").exists()
    written = msgspec.json.decode((Path(dead.folder) / "state.json").read_bytes())
    assert (written["outcome"], written["phase"]) == ("interrupted", "finished")


def test_a_supervisor_that_cannot_start_says_why(tmp_path: Path) -> None:
    attempt = create_attempt(tmp_path / "attempts", plan_of(tmp_path, ""))
    (Path(attempt.folder) / "state.json").write_text("{")
    with pytest.raises(AttemptError, match="didn't come up"):
        start_attempt(attempt)
    with pytest.raises(AttemptError, match="no readable attempt"):
        read_attempt(Path(attempt.folder))
    assert list_attempts(tmp_path / "attempts") == []


@pytest.mark.parametrize("repo", ["../../etc/x", "a/..", "a\nb/c d", "/", "ü/" + "x" * 500, ".git/hooks"])
def test_hostile_names_stay_inside_the_attempts_folder(tmp_path: Path, repo: str) -> None:
    folder = attempt_folder(tmp_path, repo)
    assert folder.parent == tmp_path
    assert folder.resolve().parent == tmp_path.resolve()
    assert not folder.name.startswith(".")
    folder.mkdir()


def test_an_attempt_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        with pytest.raises(AttemptError, match="File too large"):
            create_attempt(tmp_path / "attempts", plan)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not list((tmp_path / "attempts").glob("*/*"))


def test_an_attempt_whose_folder_is_taken_leaves_the_other_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    plan = plan_of(tmp_path, "print()", Isolation.NONE)
    monkeypatch.setattr(attempts_module, "datetime", SimpleNamespace(now=lambda _: at))
    monkeypatch.setattr(attempts_module.secrets, "token_hex", lambda _: "abcd")
    first = create_attempt(tmp_path / "study" / "attempts", plan)
    with pytest.raises(AttemptError, match="File exists"):
        create_attempt(tmp_path / "study" / "attempts", plan)
    assert AttemptFiles(Path(first.folder)).plan.is_file()
