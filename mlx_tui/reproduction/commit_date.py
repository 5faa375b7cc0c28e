"""When the code of a clone was written."""

import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mlx_tui.formats.notebook import NotebookError, parse_notebook
from mlx_tui.git_environment import git_environment
from mlx_tui.reproduction.model import Candidate, StepKind
from mlx_tui.reproduction.worktree import MAX_NOTEBOOK_BYTES, WorkTree, join

# So much later than its notebook's outputs, a commit was made for another reason than to record them.
APART = timedelta(days=7)
_TIME = re.compile(r"\b(20[12]\d)[-/](\d\d)[-/](\d\d)[ T]\d\d:\d\d")

_COMMITTER = re.compile(rb"^committer .*> (\d+) [+-]\d{4}$", re.MULTILINE)


def commit_date(clone: Path, commit: str) -> datetime | None:
    """Reads a commit's committer date, in UTC; None where the clone doesn't have the commit.

    The commit object itself is read: `git log` would obey the repository's configuration.
    """
    if not re.fullmatch(r"[0-9a-f]{7,64}|HEAD", commit):
        return None
    command = ["git", "-C", str(clone), "cat-file", "commit", commit]
    try:
        done = subprocess.run(command, env=git_environment(), capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = _COMMITTER.search(done.stdout)
    return datetime.fromtimestamp(int(match[1]), UTC) if match and len(match[1]) < 12 else None


def executed_date(tree: WorkTree, candidate: Candidate, committed: datetime | None) -> datetime | None:
    """When the notebooks of a candidate were last executed, by the newest time that their stored outputs print.

    A commit may be years younger than the code (a README that was mended), and then misleads about versions.

    Args:
        tree: The clone's files.
        candidate: What is run.
        committed: The commit's date; later times aren't believed.

    Returns:
        The end of that day, in UTC; None where no notebook tells it, or where it is within `APART` of the commit.
    """
    times = [time for time in _printed_times(tree, candidate) if committed is None or time <= committed]
    if not times or (committed is not None and committed - max(times) <= APART):
        return None
    return max(times) + timedelta(days=1)


def _printed_times(tree: WorkTree, candidate: Candidate) -> Iterator[datetime]:
    for step in candidate.steps:
        if step.kind is not StepKind.NOTEBOOK:
            continue
        try:
            notebook = parse_notebook(tree.read_bytes(join(step.workdir, step.text), MAX_NOTEBOOK_BYTES))
        except NotebookError:
            continue
        for cell in notebook.code_cells():
            for output in cell.outputs:
                for year, month, day in _TIME.findall(output):
                    try:
                        yield datetime(int(year), int(month), int(day), tzinfo=UTC)
                    except ValueError:
                        continue
