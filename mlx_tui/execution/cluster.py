"""A Dask cluster as an executor. Its workers need this package, and the clones below the same paths."""

import importlib
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

R = TypeVar("R")
CONNECT_SECONDS = 10
"""How long a scheduler's answer is waited for."""


class ExecutorError(ValueError):
    """The executor asked for can't be opened; the message says what to install or to correct."""


class ClusterExecutor(Executor):
    """Runs tasks on the workers of a Dask scheduler.

    `distributed`'s own executor can't cancel what waits, and leaves its connection open.

    Args:
        address: Of the scheduler, `tcp://host:8786`.

    Raises:
        ExecutorError: The extra `dask` isn't installed, or nothing answers there.
    """

    def __init__(self, address: str) -> None:
        try:
            distributed = importlib.import_module("distributed")
        except ImportError as error:
            raise ExecutorError("a scheduler needs the extra `dask`: pip install 'mlx-tui[dask]'") from error
        try:
            self._client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ExecutorError(f"no Dask scheduler answers at {address}: {error}") from error
        self._tasks = self._client.get_executor(pure=False)

    def submit(self, function: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        """Sends a task to the cluster."""
        future: Future[R] = self._tasks.submit(function, *args, **kwargs)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leaves the cluster; tasks that run are waited for, or cancelled with those that wait."""
        self._tasks.shutdown(wait=wait and not cancel_futures)
        self._client.close()
