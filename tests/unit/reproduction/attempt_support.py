"""Real repositories, plans and attempts for the tests of the run side."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from mlx_tui.reproduction.attempts import create_attempt, read_attempt, start_attempt
from mlx_tui.reproduction.isolation import bwrap_problem
from mlx_tui.reproduction.leftovers import processes_of
from mlx_tui.reproduction.model import (
    Attempt,
    Candidate,
    CommandSource,
    EnvironmentSpec,
    Isolation,
    Phase,
    Plan,
    Step,
    StepKind,
)

ISOLATIONS = [Isolation.NONE, *([] if bwrap_problem() else [Isolation.BWRAP])]
STARTED: list[Attempt] = []
"""Attempts of the running test; a fixture cancels what a failed test left running."""
IDENTITY = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    **{f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], check=True, capture_output=True, text=True, env=os.environ | IDENTITY
    )
    return done.stdout.strip()


def commit_repository(folder: Path, files: dict[str, str | bytes]) -> str:
    """Makes a repository of these files; returns the commit."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet")
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--message", "as it is")
    return git(folder, "rev-parse", "HEAD")


def command(text: str, workdir: str = ".") -> Step:
    return Step(StepKind.COMMAND, text, workdir)


def make_plan(
    clone: Path,
    commit: str,
    *steps: Step,
    isolation: Isolation = Isolation.NONE,
    network: bool = False,
    timeout: int = 300,
    memory: int = 0,
    requirements: tuple[str, ...] = (),
    repo: str = "owner/name",
) -> Plan:
    version = ".".join(map(str, sys.version_info[:3]))
    interpreter = str(Path(sys.executable).resolve())  # of the base installation
    spec = EnvironmentSpec("none", "", "", interpreter, version, requirements)
    candidate = Candidate(steps, CommandSource.USER)
    return Plan(repo, commit, str(clone), candidate, spec, (), (), isolation, network, timeout, memory)


def plan_of(tmp_path: Path, code: str, isolation: Isolation = Isolation.NONE, **options: int) -> Plan:
    """A plan that runs `train.py` with this code."""
    commit = commit_repository(tmp_path / "clone", {"train.py": code})
    return make_plan(
        tmp_path / "clone",
        commit,
        command("python train.py"),
        isolation=isolation,
        timeout=options.get("timeout", 300),
        memory=options.get("memory", 0),
    )


def started(tmp_path: Path, plan: Plan, **options: int) -> Attempt:
    attempt = create_attempt(tmp_path / "attempts", plan)
    start_attempt(attempt, **options)
    STARTED.append(attempt)
    return attempt


def until(condition: Callable[[], object], seconds: float = 120) -> None:
    """Waits until a condition holds; fails the test where it never does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


def again(attempt: Attempt) -> Attempt:
    return read_attempt(Path(attempt.folder))


def finished(attempt: Attempt, seconds: float = 300) -> Attempt:
    until(lambda: again(attempt).state.phase is Phase.FINISHED, seconds)
    return again(attempt)


def run(tmp_path: Path, plan: Plan, seconds: float = 300) -> Attempt:
    return finished(started(tmp_path, plan), seconds)


def log_of(attempt: Attempt) -> str:
    return (Path(attempt.folder) / "log").read_text(errors="replace")


def assert_nothing_left(attempt: Attempt) -> None:
    folder = Path(attempt.folder)
    assert processes_of(folder) == []
    assert not [name for name in ("environment", "home", "tmp") if (folder / name).exists()]
    assert not list(folder.glob("uv-cache-*"))
    assert str(folder) not in Path("/proc/self/mounts").read_text()
