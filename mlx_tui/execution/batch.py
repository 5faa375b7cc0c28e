"""Many tasks at once, each result as it comes; a task that kills its worker costs itself alone."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from mlx_tui.execution.executors import open_executor, process_pool

R = TypeVar("R")
_CANCEL_SECONDS = 0.2


class WorkerDied(Exception):  # noqa: N818 (its text is the reason)
    """A task's process was killed: it ran out of memory, or crashed."""

    def __init__(self) -> None:
        super().__init__("its process was killed: out of memory, or a crash")


@dataclass(frozen=True, slots=True)
class Done(Generic[R]):
    """A task that ended: its position, and its result or its error."""

    position: int
    result: R | None = None
    error: BaseException | None = None


def run_all(
    function: Callable[..., R],
    arguments: Sequence[tuple[object, ...]],
    *,
    jobs: int,
    cancelled: threading.Event,
    scheduler: str = "",
    preload: Sequence[str] = (),
    apart: bool = False,
) -> Iterator[Done[R]]:
    """Runs a function with each of many arguments and yields what came of it, in the order in which the tasks end.

    A worker that dies takes a pool with it. What may have killed it are the tasks at work, the first that were
    submitted and haven't ended: these are run again, each in a process of its own; then the others go on.

    Args:
        function: A module's function.
        arguments: What it is called with, one tuple a task.
        jobs: How many at once.
        cancelled: Set it to stop: what runs is waited for, and nothing more is yielded.
        scheduler: As of `open_executor`.
        preload: As of `open_executor`.
        apart: Never in this process, also where there is but one task.

    Raises:
        ExecutorError: As of `open_executor`.
    """

    def run(executor: Executor, positions: Sequence[int]) -> Iterator[Done[R]]:
        with _ending(executor):
            tasks = [(position, _submit(executor, function, arguments[position])) for position in positions]
            yield from _as_they_end(tasks, cancelled)

    left = list(range(len(arguments)))
    at_once = min(jobs, len(left))
    executor = process_pool(at_once, preload) if apart else open_executor(at_once, scheduler, preload)
    while True:
        broken: set[int] = set()
        for done in run(executor, left):
            if isinstance(done.error, BrokenExecutor):
                broken.add(done.position)
            else:
                yield done
        left = [position for position in left if position in broken]
        for suspect in left[:jobs]:
            for done in run(process_pool(1, preload), [suspect]):
                yield Done(suspect, error=WorkerDied()) if isinstance(done.error, BrokenExecutor) else done
        left = left[jobs:]
        if not left or cancelled.is_set():
            return
        executor = process_pool(jobs, preload)


def _submit(executor: Executor, function: Callable[..., R], arguments: tuple[object, ...]) -> Future[R]:
    try:
        return executor.submit(function, *arguments)
    except BrokenExecutor as error:  # a worker died while others were still being given their tasks
        failed: Future[R] = Future()
        failed.set_exception(error)
        return failed


def _as_they_end(tasks: Sequence[tuple[int, Future[R]]], cancelled: threading.Event) -> Iterator[Done[R]]:
    ended: SimpleQueue[tuple[int, Future[R]]] = SimpleQueue()
    for position, future in tasks:
        future.add_done_callback(partial(_tell, ended, position))
    waiting = len(tasks)
    while waiting and not cancelled.is_set():
        try:
            position, future = ended.get(timeout=_CANCEL_SECONDS)
        except Empty:
            continue
        waiting -= 1
        error = future.exception()
        yield Done(position, error=error) if error else Done(position, future.result())


def _tell(ended: "SimpleQueue[tuple[int, Future[R]]]", position: int, future: Future[R]) -> None:
    ended.put((position, future))


@contextmanager
def _ending(executor: Executor) -> Iterator[None]:
    """Ends an executor; where it is left early, what waits is dropped."""
    try:
        yield
    finally:
        executor.shutdown(cancel_futures=True)
