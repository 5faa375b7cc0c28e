"""Attempts from their start to their end: phases, limits, cancelling, and what is left behind."""

import os
import re
import signal
import subprocess
import threading
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from attempt_support import (
    ISOLATIONS,
    STARTED,
    again,
    assert_nothing_left,
    command,
    commit_repository,
    finished,
    git,
    log_of,
    make_plan,
    plan_of,
    run,
    started,
    until,
)

from mlx_tui.json_file import write_json
from mlx_tui.reproduction import attempts as attempts_module
from mlx_tui.reproduction.attempt_files import AttemptFiles, PhaseEvent
from mlx_tui.reproduction.attempts import (
    cancel_attempt,
    create_attempt,
    list_attempts,
    start_attempt,
)
from mlx_tui.reproduction.leftovers import process_start, processes_of
from mlx_tui.reproduction.model import Cause, Isolation, Outcome, Phase

each_isolation = pytest.mark.parametrize("isolation", ISOLATIONS)

# Ignores SIGTERM, and so does a process that it forked twice, in a session of its own, with an environment of its own.
STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if not os.fork():
    os.setsid()
    if not os.fork():
        while True:
            open("daemon.txt", "w").write(str(time.time()))
            time.sleep(0.05)
    os._exit(0)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"], env={})
while not os.path.exists("daemon.txt"):
    time.sleep(0.01)
print("up", flush=True)
"""
FOR_EVER = STUBBORN + "time.sleep(1000)\n"


def seen(attempt, text):  # type: ignore[no-untyped-def]
    return lambda: text in log_of(attempt).partition("=== running")[2].partition("\n")[2]


def assert_daemon_dead(folder: Path) -> None:
    written = (folder / "work" / "daemon.txt").stat().st_mtime_ns
    for _ in range(3):
        subprocess.run(["sleep", "0.1"], check=True)
    assert (folder / "work" / "daemon.txt").stat().st_mtime_ns == written


@each_isolation
def test_a_run_goes_through_its_phases_and_leaves_its_outputs(tmp_path: Path, isolation: Isolation) -> None:
    plan = plan_of(tmp_path, "open('result.txt', 'w').write('42'); print('trained')", isolation)
    attempt = run(tmp_path, plan)
    state, files = attempt.state, AttemptFiles(Path(attempt.folder))
    assert (state.outcome, state.cause, state.exit_status) == (Outcome.EXECUTED, None, 0)
    assert state.isolation is isolation
    assert state.reason == "ran to its end without an MLflow run"
    assert state.created_at <= state.started_at <= state.ended_at
    assert state.run_seconds > 0
    assert state.environment_seconds > 0
    events = [msgspec.json.decode(line, type=PhaseEvent) for line in files.events.read_bytes().splitlines()]
    phases = [Phase.PREPARING, Phase.ENVIRONMENT, Phase.RUNNING, Phase.COLLECTING, Phase.FINISHED]
    assert [event.phase for event in events] == phases
    assert "trained" in log_of(attempt)
    assert (files.work / "result.txt").read_text() == "42"
    assert files.freeze.is_file()
    assert files.runs.is_file()
    assert files.supervisor_log.read_text() == ""
    assert_nothing_left(attempt)


def test_the_working_copy_has_history_and_a_branch_but_no_remote_and_no_hook(tmp_path: Path) -> None:
    commit = commit_repository(tmp_path / "clone", {"a.txt": "a"})
    git(tmp_path / "clone", "remote", "add", "origin", "https://example.org/x.git")
    (tmp_path / "clone" / "untracked.txt").write_text("mine")
    attempt = run(tmp_path, make_plan(tmp_path / "clone", commit, command("cat a.txt && ls -a . .git")))
    work = Path(attempt.folder) / "work"
    assert attempt.state.outcome is Outcome.EXECUTED
    assert git(work, "rev-parse", "HEAD") == commit
    assert git(work, "branch", "--show-current") == "main"
    assert git(work, "remote") == git(work, "status", "--porcelain") == ""
    assert not (work / "untracked.txt").exists()
    assert not (work / ".git" / "hooks").exists()


def test_a_commit_that_is_gone_is_a_failed_clone(tmp_path: Path) -> None:
    commit_repository(tmp_path / "clone", {"a.txt": "a"})
    attempt = run(tmp_path, make_plan(tmp_path / "clone", "0" * 40, command("true")))
    assert (attempt.state.outcome, attempt.state.cause) == (Outcome.FAILED, Cause.CLONE)
    assert "can't be checked out" in attempt.state.reason


def test_steps_run_in_order_in_their_folder_until_one_fails(tmp_path: Path) -> None:
    commit = commit_repository(tmp_path / "clone", {"deep/here.txt": "x"})
    steps = (command("echo one > ../one.txt", "deep"), command("cat one.txt; exit 3"), command("touch three"))
    attempt = run(tmp_path, make_plan(tmp_path / "clone", commit, *steps))
    assert (attempt.state.step, attempt.state.exit_status) == (2, 3)
    assert (attempt.state.outcome, attempt.state.cause) == (Outcome.FAILED, Cause.CODE)
    assert not (Path(attempt.folder) / "work" / "three").exists()


@pytest.mark.parametrize("workdir", ["nowhere", "../../.."])
def test_a_folder_that_is_not_in_the_repository_is_no_entry_point(tmp_path: Path, workdir: str) -> None:
    commit = commit_repository(tmp_path / "clone", {"a.txt": "a"})
    attempt = run(tmp_path, make_plan(tmp_path / "clone", commit, command("true", workdir)))
    assert (attempt.state.outcome, attempt.state.cause) == (Outcome.FAILED, Cause.NO_ENTRY_POINT)


@each_isolation
def test_cancelling_ends_what_ignores_sigterm_and_its_daemons(tmp_path: Path, isolation: Isolation) -> None:
    attempt = started(tmp_path, plan_of(tmp_path, FOR_EVER, isolation))
    until(seen(attempt, "up"))
    ended = cancel_attempt(again(attempt))
    assert (ended.state.outcome, ended.state.phase) == (Outcome.CANCELLED, Phase.FINISHED)
    assert_nothing_left(attempt)
    assert_daemon_dead(Path(attempt.folder))


def test_cancelling_waits_for_what_remains_to_be_tidied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the processes are gone the attempt isn't going on, however long its environment takes to remove."""
    monkeypatch.setattr(attempts_module, "CANCEL_SECONDS", 0.3)
    commit = commit_repository(tmp_path / "clone", {"a.txt": "a"})
    attempt = create_attempt(tmp_path / "attempts", make_plan(tmp_path / "clone", commit, command("true")))
    me = os.getpid()
    tidying = replace(attempt.state, phase=Phase.COLLECTING, supervisor_pid=me, supervisor_start=process_start(me))
    files = AttemptFiles(Path(attempt.folder))
    write_json(files.state, tidying)
    done = replace(tidying, phase=Phase.FINISHED, outcome=Outcome.CANCELLED)
    timer = threading.Timer(1.0, lambda: write_json(files.state, done))
    timer.start()
    assert cancel_attempt(attempt).state.outcome is Outcome.CANCELLED
    timer.join()


@each_isolation
def test_daemons_end_with_the_run_that_left_them(tmp_path: Path, isolation: Isolation) -> None:
    attempt = run(tmp_path, plan_of(tmp_path, STUBBORN + "time.sleep(0.3)", isolation))
    assert attempt.state.outcome is Outcome.EXECUTED
    assert re.search(r"had left running were ended: \d \(.*python", log_of(attempt)) or isolation is Isolation.BWRAP
    assert_nothing_left(attempt)
    assert_daemon_dead(Path(attempt.folder))


@each_isolation
def test_what_isolates_is_no_process_that_the_command_left(tmp_path: Path, isolation: Isolation) -> None:
    commit = commit_repository(tmp_path / "clone", {"a.txt": "a"})
    steps = [command(f"exit 0; # {number}") for number in range(8)]
    attempt = run(tmp_path, make_plan(tmp_path / "clone", commit, *steps, isolation=isolation))
    assert attempt.state.outcome is Outcome.EXECUTED
    assert log_of(attempt).count("exit status 0") == 9  # the environment's, and one a step
    assert "left running" not in log_of(attempt)


@each_isolation
def test_a_time_limit_gives_time_to_save_and_then_ends_everything(tmp_path: Path, isolation: Isolation) -> None:
    code = (
        "import signal, sys, time\n"
        "def stop(*_): time.sleep(0.5); open('saved.txt', 'w').write('x'); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, stop)\n"
        "time.sleep(1000)\n"
    )
    attempt = run(tmp_path, plan_of(tmp_path, code, isolation, timeout=5))
    assert (attempt.state.outcome, attempt.state.reason) == (Outcome.TIMED_OUT, "stopped at its time limit")
    assert (Path(attempt.folder) / "work" / "saved.txt").exists()
    assert_nothing_left(attempt)


@each_isolation
def test_a_killed_supervisor_takes_its_attempt_along_and_that_is_told(tmp_path: Path, isolation: Isolation) -> None:
    attempt = started(tmp_path, plan_of(tmp_path, FOR_EVER, isolation))
    until(seen(attempt, "up"))
    os.kill(again(attempt).state.supervisor_pid, signal.SIGKILL)
    until(lambda: again(attempt).state.outcome is Outcome.INTERRUPTED)
    assert "died while running" in again(attempt).state.reason
    until(lambda: not processes_of(Path(attempt.folder)))  # the guard is the last to go, once it has tidied up
    assert_nothing_left(attempt)
    assert_daemon_dead(Path(attempt.folder))
    settled = cancel_attempt(again(attempt))
    assert settled.state.outcome is Outcome.INTERRUPTED
    assert settled.state.ended_at is not None
    assert again(attempt).state == settled.state


def test_a_terminated_supervisor_says_that_it_was_interrupted(tmp_path: Path) -> None:
    attempt = started(tmp_path, plan_of(tmp_path, FOR_EVER))
    until(seen(attempt, "up"))
    os.kill(again(attempt).state.supervisor_pid, signal.SIGTERM)
    ended = finished(attempt)
    assert (ended.state.outcome, ended.state.reason) == (Outcome.INTERRUPTED, "its supervisor was told to end")
    assert_nothing_left(attempt)


@each_isolation
def test_a_memory_limit(tmp_path: Path, isolation: Isolation) -> None:
    code = "import time; block = bytearray(b'x') * 400_000_000; time.sleep(1000)"
    attempt = run(tmp_path, plan_of(tmp_path, code, isolation, memory=200_000_000))
    assert (attempt.state.outcome, attempt.state.cause) == (Outcome.FAILED, Cause.OUT_OF_MEMORY)
    assert_nothing_left(attempt)


def test_attempts_queue_and_a_queued_one_can_be_cancelled(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "import time; print('up', flush=True); time.sleep(1000)")
    first = started(tmp_path, plan)
    until(seen(first, "up"))
    second, third = started(tmp_path, plan), started(tmp_path, plan)
    assert [again(attempt).state.phase for attempt in (second, third)] == [Phase.QUEUED, Phase.QUEUED]
    cancelled = cancel_attempt(second)
    assert (cancelled.state.outcome, cancelled.state.started_at) == (Outcome.CANCELLED, None)
    assert again(third).state.phase is Phase.QUEUED
    cancel_attempt(first)
    until(seen(third, "up"))
    cancel_attempt(third)
    assert [attempt.state.id for attempt in list_attempts(tmp_path / "attempts")] == [
        attempt.state.id for attempt in (first, second, third)
    ]


def test_repeats_of_a_series_run_one_after_the_other_though_there_is_room(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "import time; print('up', flush=True); time.sleep(1000)")
    root = tmp_path / "attempts"
    first, second = (create_attempt(root, plan, "series", number) for number in (1, 2))
    for attempt in (first, second):
        STARTED.append(attempt)
        start_attempt(attempt, at_once=3)
    other = started(tmp_path, plan, at_once=3)
    until(seen(first, "up"))
    until(seen(other, "up"))
    assert again(second).state.phase is Phase.QUEUED
    ended = cancel_attempt(first)
    until(seen(second, "up"))
    begun = again(second).state.started_at
    assert begun is not None and ended.state.ended_at is not None and begun >= ended.state.ended_at
    third = create_attempt(root, plan, "series", 3)
    STARTED.append(third)
    start_attempt(third, at_once=3)
    assert cancel_attempt(third).state.outcome is Outcome.CANCELLED  # while it waits
    for attempt in (second, other):
        cancel_attempt(attempt)


def test_credentials_in_what_is_printed_do_not_reach_the_log(tmp_path: Path) -> None:
    code = "for part in ('see http', '://bob:se', 'cret@host/x\\n'): print(part, end='', flush=True)"
    attempt = run(tmp_path, plan_of(tmp_path, code))
    assert "see http://***@host/x\n" in log_of(attempt)
    assert "secret" not in log_of(attempt)


KILL_ABOVE = """
import os, signal
def parent(pid):
    return int(open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[1])
def above(word):
    pid = os.getppid()
    while pid > 1 and word not in open(f"/proc/{pid}/cmdline").read():
        pid = parent(pid)
    return pid
guard, supervisor = above("guard.py"), above("mlx_tui.reproduction.supervisor")
assert guard > 1 and supervisor > 1
"""


def test_a_script_that_kills_its_guard_gains_nothing(tmp_path: Path) -> None:
    code = KILL_ABOVE + STUBBORN + "os.kill(guard, signal.SIGKILL)\ntime.sleep(1000)\n"
    attempt = run(tmp_path, plan_of(tmp_path, code))
    assert (attempt.state.outcome, attempt.state.exit_status) == (Outcome.FAILED, -9)
    assert_nothing_left(attempt)
    assert_daemon_dead(Path(attempt.folder))


def test_what_a_script_left_that_killed_everything_above_it_is_swept_when_cancelled(tmp_path: Path) -> None:
    code = KILL_ABOVE + STUBBORN + "os.kill(supervisor, 9); os.kill(guard, 9)\ntime.sleep(1000)\n"
    attempt = started(tmp_path, plan_of(tmp_path, code))
    until(lambda: again(attempt).state.outcome is Outcome.INTERRUPTED)
    cancel_attempt(again(attempt))
    assert_nothing_left(attempt)
    assert_daemon_dead(Path(attempt.folder))


def test_cancelling_while_the_environment_is_built(tmp_path: Path) -> None:
    commit = commit_repository(
        tmp_path / "clone", {"slow/setup.py": "import time\nprint('building')\ntime.sleep(1000)\n"}
    )
    plan = make_plan(tmp_path / "clone", commit, command("true"), requirements=("./slow",))
    attempt = started(tmp_path, plan)
    until(lambda: again(attempt).state.phase is Phase.ENVIRONMENT and "uv pip" in log_of(attempt))
    ended = cancel_attempt(again(attempt))
    assert (ended.state.outcome, ended.state.run_seconds) == (Outcome.CANCELLED, 0)
    assert_nothing_left(attempt)
