"""Attempts on disk: make, start, read, list and cancel them.

An attempt belongs to its supervisor, a process of its own session. Everybody else reads `state.json`, and asks the
supervisor to stop by a file.
"""

import contextlib
import re
import secrets
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from mlx_tui.json_file import read_json, write_json
from mlx_tui.reproduction.attempt_files import AttemptFiles
from mlx_tui.reproduction.leftovers import remove_folders, supervisor_alive, sweep
from mlx_tui.reproduction.model import (
    Attempt,
    AttemptState,
    Candidate,
    Cause,
    CommandSource,
    EnvironmentSpec,
    Isolation,
    Outcome,
    Phase,
    Plan,
)
from mlx_tui.reproduction.plan_key import plan_key
from mlx_tui.reproduction.usage import read_usage
from mlx_tui.safe_text import safe_text

START_SECONDS = 60
"""After so long without a supervisor an attempt counts as never started."""
CANCEL_SECONDS = 45.0
"""`cancel_attempt` waits so long: more than the steps' grace and the supervisor's own collecting."""
TIDY_SECONDS = 600.0
"""It waits so long once the processes are gone: a large environment takes a minute to remove."""
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class AttemptError(RuntimeError):
    """An attempt can't be made, started or read; the message says what to do."""


def attempt_folder(study_attempts: Path, repo: str) -> Path:
    """The folder of a repository's attempts, `<owner>__<name>`, whatever characters its name has."""
    parts = [_UNSAFE.sub("_", part).lstrip(".") or "_" for part in repo.split("/")]
    return study_attempts / "__".join(parts)[:200]


def create_attempt(attempts_root: Path, plan: Plan, series: str = "", repeat: int = 1) -> Attempt:
    """Makes the folder of an attempt with its plan; nothing runs yet.

    Args:
        attempts_root: The study's `attempts` folder.
        plan: What will be run.
        series: Id shared by the attempts of one `--repeat`.
        repeat: Which of them, from 1.

    Raises:
        AttemptError: The folder can't be written.
    """
    now = datetime.now(UTC)
    identifier = f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03d}Z-{secrets.token_hex(2)}"
    files = AttemptFiles(attempt_folder(attempts_root.absolute(), plan.repo) / identifier)
    state = AttemptState(
        id=identifier,
        repo=plan.repo,
        commit=plan.commit,
        phase=Phase.QUEUED,
        series=series,
        repeat=repeat,
        isolation=plan.isolation,
        created_at=now,
        repairs=plan.repairs,
        plan_key=plan_key(plan),
    )
    made = False
    try:
        files.folder.mkdir(parents=True)
        made = True
        write_json(files.plan, plan)
        write_json(files.state, state)
        files.log.touch()
    except OSError as error:
        if made:  # else it is another attempt's
            remove_folders((files.folder,))
        raise AttemptError(f"{files.folder} can't be written: {error.strerror or error}") from error
    return Attempt(str(files.folder), plan, state)


def record_no_entry_point(attempts_root: Path, repo: str, commit: str, clone: Path, reason: str) -> Attempt:
    """Records that a repository was tried and nothing in it says how it is run: an attempt that failed at once.

    Args:
        attempts_root: The study's `attempts` folder.
        repo: `owner/name`.
        commit: Full SHA.
        clone: Its work tree.
        reason: What was looked for, and what was found.

    Raises:
        AttemptError: The folder can't be written.
    """
    nothing = EnvironmentSpec(source="none", path="", python_asked="", interpreter="", python_used="", requirements=())
    plan = Plan(
        repo=repo,
        commit=commit,
        clone=str(clone),
        candidate=Candidate((), CommandSource.USER, reason=reason),
        environment=nothing,
        deviations=(),
        needs=(),
        isolation=Isolation.NONE,
        network=False,
        timeout=0,
    )
    attempt = create_attempt(attempts_root, plan)
    state = replace(
        attempt.state,
        phase=Phase.FINISHED,
        outcome=Outcome.FAILED,
        cause=Cause.NO_ENTRY_POINT,
        reason=safe_text(reason),
        ended_at=attempt.state.created_at,
    )
    try:
        write_json(AttemptFiles(Path(attempt.folder)).state, state)
    except OSError as error:
        raise AttemptError(f"{attempt.folder} can't be written: {error.strerror or error}") from error
    return Attempt(attempt.folder, plan, state)


def start_attempt(attempt: Attempt, at_once: int = 1) -> None:
    """Starts the supervisor, which goes on when this program ends; returns when it is up.

    Args:
        attempt: An attempt that was created and not started.
        at_once: How many attempts of this study may run at the same time; the others queue.

    Raises:
        AttemptError: The supervisor didn't come up; the message says why.
    """
    command = [sys.executable, "-m", "mlx_tui.reproduction.supervisor", attempt.folder, "--at-once", str(at_once)]
    try:
        # The process started here forks the supervisor and ends, so that nobody has to wait for the supervisor.
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=START_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AttemptError(f"the supervisor of {attempt.state.id} can't be started: {error}") from error
    if done.returncode:
        detail = done.stderr.decode(errors="replace").strip().splitlines()
        raise AttemptError(
            f"the supervisor of {attempt.state.id} didn't come up: {detail[-1] if detail else 'no message'}"
        )


def read_attempt(folder: Path) -> Attempt:
    """Reads an attempt as it is now; `interrupted` is told where its supervisor is gone.

    Raises:
        AttemptError: The folder holds no readable attempt.
    """
    files = AttemptFiles(folder)
    try:
        plan = read_json(files.plan, Plan)
        state = read_json(files.state, AttemptState)
        reason = _interruption(state)
        if reason:  # it may have finished between the reading and the look at its process
            state = read_json(files.state, AttemptState)
            reason = _interruption(state)
    except (OSError, msgspec.DecodeError) as error:
        raise AttemptError(f"{folder} is no readable attempt: {error}") from error
    return Attempt(str(folder), plan, _interrupted(state, reason) if reason else state, read_usage(files.usage))


def _interruption(state: AttemptState) -> str:
    """Why an unfinished attempt will never finish; empty where it may."""
    if state.phase is Phase.FINISHED:
        return ""
    if state.supervisor_pid:
        if supervisor_alive(state):
            return ""
        return f"its supervisor (process {state.supervisor_pid}) is gone: it died while {state.phase}"
    age = (datetime.now(UTC) - state.created_at).total_seconds() if state.created_at else START_SECONDS + 1
    return "its supervisor never came up" if age > START_SECONDS else ""


def _interrupted(state: AttemptState, reason: str) -> AttemptState:
    return replace(state, phase=Phase.FINISHED, outcome=Outcome.INTERRUPTED, cause=None, reason=reason)


def list_attempts(attempts_root: Path, repo: str | None = None) -> list[Attempt]:
    """Every attempt of a study, or of one repository, oldest first; folders that hold none are left out."""
    pattern = "*" if repo is None else attempt_folder(attempts_root, repo).name
    found = []
    for state in attempts_root.glob(f"{pattern}/*/state.json"):
        with contextlib.suppress(AttemptError):
            found.append(read_attempt(state.parent))
    if repo is not None:
        found = [attempt for attempt in found if attempt.state.repo == repo]
    return sorted(found, key=lambda attempt: attempt.state.id)


def ask_to_cancel(attempt: Attempt) -> None:
    """Asks the supervisor of an attempt to end it, and doesn't wait; nothing is asked of one that is finished.

    Raises:
        AttemptError: The attempt can't be read or written.
    """
    files = AttemptFiles(Path(attempt.folder))
    try:
        if read_attempt(files.folder).state.phase is not Phase.FINISHED:
            files.cancel_request.touch()
    except OSError as error:
        raise AttemptError(f"{files.folder} can't be written: {error.strerror or error}") from error


def cancel_attempt(attempt: Attempt) -> Attempt:
    """Ends an attempt and every process of it, and waits for that.

    Where the supervisor is gone already, the attempt is marked `interrupted` and what it left is ended and removed.

    Returns:
        The attempt as it is then.

    Raises:
        AttemptError: The attempt can't be read or written, or goes on after the wait.
    """
    files = AttemptFiles(Path(attempt.folder))
    ask_to_cancel(attempt)
    try:
        deadline, ended = time.monotonic() + CANCEL_SECONDS, False
        while time.monotonic() < deadline:
            current = read_attempt(files.folder)
            if current.state.phase is Phase.COLLECTING and not ended:
                ended, deadline = True, time.monotonic() + TIDY_SECONDS
            if current.state.phase is Phase.FINISHED or not current.state.supervisor_pid:
                return _settle(files, current)
            time.sleep(0.05)
    except OSError as error:
        raise AttemptError(f"{files.folder} can't be written: {error.strerror or error}") from error
    raise AttemptError(f"{attempt.state.id} goes on {CANCEL_SECONDS:.0f} s after it was asked to stop")


def settle_interrupted(attempts_root: Path) -> None:
    """Writes the end of attempts whose supervisor died, with the machine perhaps, and sweeps what they left."""
    for attempt in list_attempts(attempts_root):
        files = AttemptFiles(Path(attempt.folder))
        if attempt.state.outcome is Outcome.INTERRUPTED and any(path.exists() for path in files.transient):
            _settle(files, attempt)


def _settle(files: AttemptFiles, attempt: Attempt) -> Attempt:
    """Writes the end of an attempt that no supervisor can write any more, and sweeps what is left of it."""
    state = attempt.state
    if state.phase is not Phase.FINISHED:  # never started
        state = replace(state, phase=Phase.FINISHED, outcome=Outcome.CANCELLED, reason="cancelled before it started")
    if state.outcome is Outcome.INTERRUPTED or not state.supervisor_pid:
        state = replace(state, ended_at=state.ended_at or datetime.now(UTC))
        sweep(files.folder)
        remove_folders(files.transient)
        write_json(files.state, state)
    return replace(attempt, state=state)
