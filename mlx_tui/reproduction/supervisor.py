"""The process that owns an attempt: `python -m mlx_tui.reproduction.supervisor FOLDER`.

It forks into a session of its own, so that it outlives whoever started it, waits for a slot, and writes every change
into `state.json`. It stays single-threaded: what tells a child of its parent's death is tied to the parent's thread.
"""

import argparse
import ctypes
import errno
import os
import signal
import sys
import traceback
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from mlx_tui.json_file import read_json
from mlx_tui.reproduction import guard
from mlx_tui.reproduction.attempt_files import AttemptFiles, StateKeeper
from mlx_tui.reproduction.attempt_log import AttemptLog
from mlx_tui.reproduction.attempt_run import AttemptRun
from mlx_tui.reproduction.attempts import settle_interrupted
from mlx_tui.reproduction.guarded import end_children
from mlx_tui.reproduction.leftovers import process_start, remove_folders, sweep
from mlx_tui.reproduction.model import AttemptState, Cause, Outcome, Phase, Plan
from mlx_tui.reproduction.outcome import Verdict, classify
from mlx_tui.reproduction.series import wait_for_earlier_repeats
from mlx_tui.reproduction.slots import slot
from mlx_tui.reproduction.watching import Stop

_UP = b"up"


def main(arguments: list[str]) -> None:
    """Starts the supervisor and ends as soon as it is up; the exit status is 1 where it isn't."""
    parser = argparse.ArgumentParser(prog="mlx_tui.reproduction.supervisor")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--at-once", type=int, default=1)
    options = parser.parse_args(arguments)
    receive, send = os.pipe()
    if os.fork():
        os.close(send)
        with os.fdopen(receive, "rb") as stream:
            said = stream.read()
        if said != _UP:
            sys.exit(said.decode(errors="replace") or "the supervisor ended without a message")
        return
    os.close(receive)
    _detached(AttemptFiles(options.folder.absolute()), options.at_once, send)


def _detached(files: AttemptFiles, at_once: int, send: int) -> None:
    """What the forked process does: take over the attempt, say so, run it, and never return."""
    status = 1
    try:
        os.setsid()
        keeper = _take_over(files)
        os.write(send, _UP)
        os.close(send)
        _redirect_output(files)
        _Supervisor(files, keeper, at_once).run()
        status = 0
    except BaseException as error:
        message = "".join(traceback.format_exception(error))
        try:
            os.write(send, f"{error}".encode())
        except OSError:
            print(message, file=sys.stderr)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _take_over(files: AttemptFiles) -> StateKeeper:
    state = read_json(files.state, AttemptState)
    if state.supervisor_pid or state.phase is not Phase.QUEUED:
        raise RuntimeError(f"attempt {state.id} was started already")
    ctypes.CDLL(None).prctl(guard.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    keeper = StateKeeper(files, state)
    keeper.save(replace(state, supervisor_pid=os.getpid(), supervisor_start=process_start(os.getpid())))
    return keeper


def _redirect_output(files: AttemptFiles) -> None:
    nowhere = os.open(os.devnull, os.O_RDONLY)
    own_log = os.open(files.supervisor_log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for source, target in ((nowhere, 0), (own_log, 1), (own_log, 2)):
        os.dup2(source, target)
    os.closerange(3, 256)
    os.chdir("/")


class _Supervisor:
    """Waits for a slot, runs the attempt, and leaves nothing behind."""

    def __init__(self, files: AttemptFiles, keeper: StateKeeper, at_once: int) -> None:
        self._files = files
        self._keeper = keeper
        self._at_once = at_once
        self._terminated = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._terminated = True

    def asked_to_stop(self) -> Stop | None:
        """Whether the user asked to cancel, or the system to end."""
        if self._terminated:
            return Stop.TERMINATED
        return Stop.CANCELLED if self._files.cancel_request.exists() else None

    def run(self) -> None:
        """Runs the attempt to its end and writes how it ended."""
        state = self._keeper.state
        root = self._files.folder.parent.parent
        try:
            wait_for_earlier_repeats(self._files.folder, state, lambda: self.asked_to_stop() is not None)
            with slot(root, state.id, self._at_once, lambda: self.asked_to_stop() is not None) as held:
                verdict = self._attempt(held)
                self._clean()
        except Exception as error:
            verdict = _own_failure(error)
            self._clean()
        self._finish(verdict)

    def _attempt(self, held: bool) -> Verdict:
        stop = self.asked_to_stop()
        if not held or stop is not None:
            return classify(Phase.QUEUED, 0, stop or Stop.CANCELLED, ())
        self._keeper.save(replace(self._keeper.state, started_at=datetime.now(UTC)))
        settle_interrupted(self._files.folder.parent.parent)
        plan = read_json(self._files.plan, Plan)
        with closing(AttemptLog(self._files.log)) as log:
            return AttemptRun(self._files, plan, self._keeper, log, self.asked_to_stop).run()

    def _clean(self) -> None:
        end_children()
        sweep(self._files.folder)
        remove_folders(self._files.transient)

    def _finish(self, verdict: Verdict) -> None:
        self._keeper.save(
            replace(
                self._keeper.state,
                phase=Phase.FINISHED,
                outcome=verdict.outcome,
                cause=verdict.cause,
                reason=verdict.reason,
                evidence_line=verdict.evidence_line,
                ended_at=datetime.now(UTC),
            ),
            detail=verdict.outcome,
        )


def _own_failure(error: Exception) -> Verdict:
    """What a failure of the supervisor itself, and not of the project, makes of an attempt."""
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Verdict(Outcome.FAILED, Cause.DISK_FULL, "the disk that holds the study is full")
    traceback.print_exc()
    return Verdict(Outcome.INTERRUPTED, None, f"the supervisor failed, see supervisor.log: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])
