"""MLflow's own store tracked in git: runs, databases and artifacts. Their content is never read (ground rule 1)."""

import re
from collections.abc import Iterator

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.model import Anomaly, Finding, Tier
from mlx_tui.detection.source import RepositoryView

_RUN = re.compile(r"((?:.*/)?)[^/]+/[0-9a-f]{32}/meta\.yaml$")
_EXPERIMENT = re.compile(r"(?:^|/)(?:\d+|[0-9a-f]{32})/[0-9a-f]{32}/meta\.yaml$")
_DATABASE = re.compile(r"(?:^|/)mlflow[^/]*\.db$")
_ARTIFACTS = re.compile(r"((?:^|.*/)mlartifacts)/(?!\.gitkeep$).+")
_PARTS = ("meta.yaml", ".db", "mlartifacts")
"""What the path of a store's file holds."""
_FOREIGN = re.compile(r"(?:^|/)(?:site-packages|node_modules)/")


def match_repository(repository: RepositoryView, codebook: Codebook) -> Iterator[Finding | Anomaly]:
    """Yields one finding a store: its first run, with the number of runs."""
    runs: dict[str, list[str]] = {}
    artifacts: dict[str, str] = {}
    for path in repository.tracked:
        if not any(part in path for part in _PARTS) or _FOREIGN.search(path):
            continue
        if path.endswith("/meta.yaml") and _EXPERIMENT.search(path) and (run := _RUN.match(path)):
            runs.setdefault(run[1], []).append(path)
        elif _DATABASE.search(path) and repository.size(path) > 0:
            yield _finding(path, "database", "a database of MLflow's that isn't empty", "")
        elif found := _ARTIFACTS.match(path):
            artifacts.setdefault(found[1], path)
    for store, paths in runs.items():
        why = f"{len(paths)} run(s) of the store `{store or './'}` are tracked in git"
        yield _finding(paths[0], "runs", why, str(len(paths)))
    for path in artifacts.values():
        yield _finding(path, "artifacts", "files under `mlartifacts/` are tracked in git", "")


def _finding(path: str, rule: str, why: str, value: str) -> Finding:
    return Finding("runs.committed", path, None, 1, Tier.FILE, value, "", f"runs.committed.{rule}", why)
