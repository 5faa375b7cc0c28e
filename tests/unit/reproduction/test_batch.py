"""Many repositories in one command, which goes on where it was stopped: real attempts, real signals."""

import json
import signal
import subprocess
import sys
import threading
from itertools import pairwise
from pathlib import Path

import pytest
from attempt_support import assert_nothing_left, commit_repository, until

from mlx_tui.corpus.model import Clone, CloneStatus
from mlx_tui.reproduction.model import Attempt, Candidate, CommandSource, Outcome, Phase, Plan, Step, StepKind
from mlx_tui.study import Study
from mlx_tui.study.batch import Batch, BatchOptions, BatchProgress, BatchResult

PROGRAM = Path(sys.executable).parent / "mlx-tui"
pytestmark = pytest.mark.attempt


@pytest.fixture
def study(tmp_path: Path) -> Study:
    (tmp_path / "study").mkdir()
    return Study(tmp_path / "study", bare=True)


@pytest.fixture
def trees(tmp_path: Path) -> list[Path]:
    for name in ("one", "two", "three"):
        commit_repository(tmp_path / name, {"note.txt": name})
    return [tmp_path / name for name in ("one", "two", "three")]


def run_batch(
    study: Study, clones: list[Clone], command: str = "echo done", **options: int
) -> tuple[BatchResult, list[BatchProgress]]:
    def make_plan(clone: Clone) -> Plan:
        choice = study.attempts.choice(clone)
        candidate = Candidate((Step(StepKind.COMMAND, command),), CommandSource.USER)
        return study.attempts.plan(clone, type(choice)(clone.repo, clone.commit, choice.options, candidate))

    told: list[BatchProgress] = []
    batch = Batch(study.attempts, clones, make_plan, BatchOptions(**options), told.append)  # type: ignore[arg-type]
    return batch.run(threading.Event()), told


def ids(attempts: tuple[Attempt, ...]) -> list[str]:
    return [attempt.state.id for attempt in attempts]


def test_what_was_done_is_not_done_again_and_what_cannot_be_tried_stops_nothing(
    study: Study, trees: list[Path]
) -> None:
    clones = [study.corpus.clone_or_work_tree(str(path)) for path in trees[:2]]
    clones.insert(1, Clone("gone", "/gone", "", "", None, CloneStatus.FAILED, "it isn't there"))
    first, told = run_batch(study, clones)
    assert [attempt.state.outcome for attempt in first.attempts] == [Outcome.EXECUTED] * 2
    assert [attempt.state.repo for attempt in first.attempts] == [clones[0].repo, clones[2].repo]
    assert first.errors == (("gone", "gone has no clone: it isn't there"),)
    assert (told[-1].done, told[-1].total) == (3, 3)
    second, told = run_batch(study, clones)
    assert ids(second.attempts) == ids(first.attempts)
    assert [progress.before for progress in told if progress.attempt] == [True, True]
    third, _ = run_batch(study, clones, again=True)
    assert not set(ids(third.attempts)) & set(ids(first.attempts))
    other, _ = run_batch(study, clones, "echo another")
    assert not set(ids(other.attempts)) & set(ids(first.attempts))


def test_more_repeats_join_the_series_that_is_there(study: Study, trees: list[Path]) -> None:
    clone = study.corpus.clone_or_work_tree(str(trees[0]))
    once, _ = run_batch(study, [clone])
    thrice, _ = run_batch(study, [clone], repeat=3, at_once=2)
    assert [attempt.state.repeat for attempt in thrice.attempts] == [1, 2, 3]
    assert {attempt.state.series for attempt in thrice.attempts} == {once.attempts[0].state.series}
    assert ids(thrice.attempts)[0] == ids(once.attempts)[0]
    times = [(attempt.state.started_at, attempt.state.ended_at) for attempt in thrice.attempts]
    for (_, ended), (begun, _) in pairwise(times):  # one after the other, so that each has those before to compare with
        assert ended is not None and begun is not None and begun >= ended


def reproduce(study: Study, trees: list[Path], *options: str) -> subprocess.Popen[str]:
    line = [str(PROGRAM), "reproduce", *map(str, trees), "--study", str(study.path), *options]
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def running(study: Study) -> list[Attempt]:
    return [attempt for attempt in study.attempts.list() if attempt.state.phase is Phase.RUNNING]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_command_that_was_stopped_goes_on(study: Study, trees: list[Path], number: signal.Signals) -> None:
    line = (
        "--command",
        "while [ ! -e ../../../../go ]; do sleep 0.05; done; echo done",
        "--isolation",
        "none",
        "--json",
    )
    stopped = reproduce(study, trees, *line)
    until(lambda: running(study), 60)
    (first,) = study.attempts.list()
    stopped.send_signal(number)
    out, err = stopped.communicate(timeout=60)
    if number is signal.SIGINT:
        assert stopped.returncode == 1
        assert [state["outcome"] for state in json.loads(out)] == ["cancelled"], err
        assert_nothing_left(first)
    else:
        assert study.attempts.read(first).state.phase is Phase.RUNNING  # it goes on without the command
    again = reproduce(study, trees, *line)
    (study.path / "go").touch()
    out, err = again.communicate(timeout=120)
    assert again.returncode == 0, err
    states = json.loads(out)
    assert [state["outcome"] for state in states] == ["executed"] * 3
    assert (states[0]["id"] == first.state.id) is (number is signal.SIGKILL)
    assert len(study.attempts.list()) == (3 if number is signal.SIGKILL else 4)
    for attempt in study.attempts.list():
        assert_nothing_left(attempt)
