"""Many tasks at once: workers that die, cancelling, and a real Dask cluster on this machine."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from mlx_tui.execution.batch import WorkerDied, run_all
from mlx_tui.execution.executors import ExecutorError


def half(number: int) -> float:
    if number < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return 1 / (number - 7) if number == 7 else number / 2


def die_once(folder: str, number: int) -> int:
    """The first task kills its worker the first time."""
    mark = Path(folder, str(number))
    if number == 0 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def sleep_on(folder: str, number: int) -> int:
    Path(folder, str(number)).touch()
    time.sleep(5 if number else 0)
    return number


@pytest.mark.parametrize("jobs", [1, 3])
def test_every_task_ends_with_its_result_or_its_error(jobs):
    ended = list(run_all(half, [(number,) for number in range(20)], jobs=jobs, cancelled=threading.Event()))
    assert sorted(done.position for done in ended) == list(range(20))
    assert {done.position: done.result for done in ended if done.error is None} == {
        number: number / 2 for number in range(20) if number != 7
    }
    assert [type(done.error) for done in ended if done.error] == [ZeroDivisionError]


def test_a_task_that_kills_its_worker_costs_itself_alone():
    numbers = [*range(8, 20), -1, *range(20, 40), -2, *range(40, 45)]
    ended = list(run_all(half, [(number,) for number in numbers], jobs=2, cancelled=threading.Event()))
    assert sorted(done.position for done in ended) == list(range(len(numbers)))
    died = {numbers[done.position]: done.error for done in ended if done.error}
    assert set(died) == {-1, -2}
    assert all(isinstance(error, WorkerDied) for error in died.values())


def test_what_died_in_company_and_not_alone_costs_nothing(tmp_path):
    ended = list(run_all(die_once, [(str(tmp_path), n) for n in range(5)], jobs=2, cancelled=threading.Event()))
    assert {done.position: done.result for done in ended} == {number: number for number in range(5)}


def test_cancelling_does_not_wait_for_what_has_not_begun(tmp_path):
    cancelled = threading.Event()
    arguments = [(str(tmp_path), 0), *[(str(tmp_path), number) for number in (0, 0, 0)]]
    for done in run_all(sleep_on, arguments, jobs=1, cancelled=cancelled):
        assert done.result == 0
        cancelled.set()
    assert len(list(run_all(sleep_on, arguments, jobs=1, cancelled=cancelled))) == 0


def test_a_cluster_runs_the_tasks_and_their_errors_come_back(cluster):
    arguments = [(number,) for number in range(20)]
    ended = list(run_all(half, arguments, jobs=1, cancelled=threading.Event(), scheduler=cluster.scheduler_address))
    assert {done.position: done.result for done in ended if done.error is None} == {
        number: number / 2 for number in range(20) if number != 7
    }
    assert [type(done.error) for done in ended if done.error] == [ZeroDivisionError]


def test_a_cluster_s_tasks_can_be_cancelled(cluster, tmp_path):
    cancelled = threading.Event()
    arguments = [(str(tmp_path), number) for number in range(12)]
    running = run_all(sleep_on, arguments, jobs=1, cancelled=cancelled, scheduler=cluster.scheduler_address)
    assert next(running).position == 0
    cancelled.set()
    assert list(running) == []
    assert len(list(tmp_path.iterdir())) < len(arguments)


def test_an_address_where_no_scheduler_is(cluster):
    with pytest.raises(ExecutorError, match="no Dask scheduler answers at nonsense://x"):
        list(run_all(half, [(1,)], jobs=1, cancelled=threading.Event(), scheduler="nonsense://x"))
