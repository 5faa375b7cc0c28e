"""Looks for a text in the files of a study's clones, several repositories at once, each at its pinned commit."""

import threading
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from mlx_tui.annotation.tables import csv_bytes
from mlx_tui.corpus.model import Clone, CloneStatus
from mlx_tui.detection.search import Hit, Query, RepositoryHits, search_repository
from mlx_tui.execution.batch import run_all
from mlx_tui.json_file import replace_file
from mlx_tui.safe_text import csv_cell, safe_text
from mlx_tui.study.errors import StudyError

COLUMNS = ("repo", "commit", "path", "cell", "line", "text")


@dataclass(frozen=True, slots=True)
class SearchProgress:
    """One repository was searched.

    Attributes:
        repo: `owner/name`.
        done: How many are done, this one included.
        total: Of how many.
        hits: What was found in it.
        error: Why it couldn't be searched, or not to its end; empty otherwise.
    """

    repo: str
    done: int
    total: int
    hits: tuple[Hit, ...]
    error: str = ""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found.

    Attributes:
        hits: In the order of the corpus, of files and of lines.
        files: How many files were looked into.
        repositories: How many repositories were searched to the end.
        errors: Repositories that weren't, with the reason.
        stopped: Whether it was cancelled.
    """

    hits: tuple[Hit, ...]
    files: int
    repositories: int
    errors: tuple[tuple[str, str], ...]
    stopped: bool


def search(
    clones: Collection[Clone],
    query: Query,
    *,
    jobs: int,
    on_progress: Callable[[SearchProgress], None] = lambda progress: None,
    cancelled: threading.Event | None = None,
) -> SearchResult:
    """Searches the clones that are ready, in processes of their own: an expression that takes long blocks nobody.

    Args:
        clones: Which.
        query: What to look for.
        jobs: How many processes.
        on_progress: Called in this thread, once a repository.
        cancelled: Set it to stop; what was found stays.

    Raises:
        StudyError: There is nothing to look for, or it is no regular expression.
    """
    try:
        query.pattern()
    except ValueError as error:
        raise StudyError(safe_text(str(error))) from error
    stop = cancelled or threading.Event()
    ready = [clone for clone in clones if clone.status is CloneStatus.READY]
    found: dict[str, RepositoryHits] = {}
    errors: list[tuple[str, str]] = []
    arguments = [(clone.repo, clone.path, clone.commit, query) for clone in ready]
    if arguments:
        preload = [search_repository.__module__]
        tasks = run_all(search_repository, arguments, jobs=jobs, cancelled=stop, preload=preload, apart=True)
        for number, done in enumerate(tasks, 1):
            repo = ready[done.position].repo
            result, reason = done.result, safe_text(str(done.error)) if done.error else ""
            if result is not None:
                found[repo], reason = result, result.more
            if reason:
                errors.append((repo, reason))
            on_progress(SearchProgress(repo, number, len(ready), result.hits if result else (), reason))
    hits = tuple(hit for clone in ready if clone.repo in found for hit in found[clone.repo].hits)
    whole = sum(not result.more for result in found.values())
    return SearchResult(hits, sum(r.files for r in found.values()), whole, tuple(errors), stop.is_set())


def write_hits(path: Path, hits: Iterable[Hit]) -> None:
    """Writes one row a hit, atomically.

    Raises:
        OSError: It can't be written; the file is as it was.
    """
    rows = (
        (csv_cell(hit.repo), hit.commit, csv_cell(hit.path), hit.cell, hit.line, csv_cell(hit.text)) for hit in hits
    )
    replace_file(path, csv_bytes(COLUMNS, rows))
