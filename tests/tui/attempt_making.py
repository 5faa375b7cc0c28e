"""Attempts on disk, as a supervisor would have left them or is writing them."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from mlx_tui.json_file import write_json
from mlx_tui.reproduction.attempts import create_attempt
from mlx_tui.reproduction.leftovers import process_start
from mlx_tui.reproduction.model import (
    Attempt,
    CapturedMetric,
    CapturedRun,
    CapturedRuns,
    MetricPoint,
    Phase,
)
from mlx_tui.study import Study

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def make_attempt(study: Study, repo: str, log: bytes = b"", **state: object) -> Attempt:
    """An attempt on disk as a supervisor would have left it, or is writing it."""
    clone = study.corpus.clone(repo)
    attempt = create_attempt(study.attempts.root, study.attempts.plan(clone))
    folder = Path(attempt.folder)
    (folder / "log").write_bytes(log)
    write_json(folder / "state.json", replace(attempt.state, **state))  # type: ignore[arg-type]
    return study.attempts.read(attempt)


def running(study: Study, repo: str, log: bytes = b"") -> Attempt:
    """An attempt whose supervisor is this very process."""
    return make_attempt(
        study,
        repo,
        log,
        phase=Phase.RUNNING,
        supervisor_pid=os.getpid(),
        supervisor_start=process_start(os.getpid()),
        started_at=datetime.now(UTC),
    )


def finish(attempt: Attempt, **state: object) -> None:
    done = replace(attempt.state, phase=Phase.FINISHED, ended_at=datetime.now(UTC), **state)  # type: ignore[arg-type]
    write_json(Path(attempt.folder) / "state.json", done)


def run_with(**values: float) -> CapturedRuns:
    metrics = tuple(CapturedMetric(name, (MetricPoint(0, 0, value),)) for name, value in values.items())
    return CapturedRuns("3.1", (), (CapturedRun("r", "", "", "FINISHED", "", (), metrics, (), ()),), ())
