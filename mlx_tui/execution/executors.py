"""Where work runs: here, in processes of this machine, or on a cluster, behind `concurrent.futures.Executor`."""

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import resource_tracker

from mlx_tui.execution.cluster import ClusterExecutor, ExecutorError
from mlx_tui.execution.priority import Priority, lower_own

__all__ = ["ExecutorError", "open_executor", "process_pool"]


def open_executor(jobs: int, scheduler: str = "", preload: Sequence[str] = ()) -> Executor:
    """Opens an executor; use it as a context, so that its processes end.

    Args:
        jobs: How many tasks at once; with 1, they run in this process, unless it has an interface to give way to. A
            cluster decides itself.
        scheduler: Address of a Dask scheduler (`tcp://host:8786`); empty for this machine.
        preload: Modules that every task needs: processes of this machine share them, imported once.

    Returns:
        An executor; tasks, arguments and results must be picklable.

    Raises:
        ExecutorError: A scheduler is named, and the extra `dask` isn't installed or nothing answers there.
    """
    if scheduler:
        return ClusterExecutor(scheduler)
    if jobs <= 1 and not Priority.lower:
        # A thread, so that submitting returns at once: each result is seen as it comes, and the rest can be cancelled.
        return ThreadPoolExecutor(1, thread_name_prefix="work")
    return process_pool(max(1, jobs), preload)


def process_pool(jobs: int, preload: Sequence[str] = ()) -> Executor:
    """Opens a pool of processes of this machine, also of one alone; as `open_executor`."""
    # Never a plain fork: the interface runs threads, and a fork copies locks that they hold.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*preload])
    # It hands its child the descriptor of `sys.stderr`, which a terminal application replaces by an object without one.
    with contextlib.redirect_stderr(sys.__stderr__):
        resource_tracker.ensure_running()
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_start_worker, initargs=(Priority.lower,))


def _start_worker(lower: int) -> None:
    """Leaves Ctrl-C to the parent, ends with the parent even if that is killed, and gives way to an interface."""
    lower_own(lower)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="parent-watch", daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
