"""Fetching many repositories, several at once."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from mlx_tui.corpus.clone_cache import CloneCache
from mlx_tui.corpus.model import Clone, CloneStatus, CorpusEntry, FetchProgress


def fetch_all(
    entries: Sequence[CorpusEntry],
    cache: CloneCache,
    pinned: Mapping[str, str],
    jobs: int,
    on_progress: Callable[[FetchProgress], None],
    cancelled: threading.Event,
) -> list[Clone]:
    """Clones repositories at their pinned commits.

    Git does the work in processes of its own, so threads suffice.

    Args:
        entries: The repositories.
        cache: Where the clones go.
        pinned: Commit by repository; those not in it are fetched at their ref's newest.
        jobs: How many at once, at least 1.
        on_progress: Called from worker threads; once for each repository with its clone, when it is done.
        cancelled: Set it to stop within about a second; what was done stays, the others are `missing`.

    Returns:
        The clones in the entries' order.
    """

    def fetch_one(entry: CorpusEntry) -> Clone:
        clone = cache.fetch(entry, pinned.get(entry.repo, ""), on_progress, cancelled)
        message = {CloneStatus.READY: "done", CloneStatus.MISSING: "not fetched"}.get(clone.status, clone.error)
        on_progress(FetchProgress(entry.repo, message, 1.0, clone))
        return clone

    with ThreadPoolExecutor(max(1, jobs), thread_name_prefix="fetch") as pool:
        return list(pool.map(fetch_one, entries))
