"""The scan of one repository at one commit: a pure function of clone, commit and codebook."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.file_matchers import REPOSITORY_MATCHERS, matchers_of
from mlx_tui.detection.findings import pack
from mlx_tui.detection.mlflow_versions import version_conflicts, version_range
from mlx_tui.detection.model import Anomaly, DeclaredVersion, Finding, RepositoryScan, Tier, VersionBound
from mlx_tui.detection.python.matcher import PythonMatcher
from mlx_tui.detection.python.notebook_code import DATABRICKS_SUFFIXES, holds_python_cells
from mlx_tui.detection.python.scan import PythonScan
from mlx_tui.detection.repository import GitError, open_repository
from mlx_tui.detection.source import RepositoryView, SourceFile
from mlx_tui.execution.garbage import without_garbage_collection
from mlx_tui.safe_text import storable
from mlx_tui.text_files import UnreadableError

BASELINE = (b"log_param", b"autolog", b"log_metric")
MUCH_PARSED = 1_000_000
_MESSAGE = 300

_STRENGTH = {tier: number for number, tier in enumerate((Tier.DIRECT, Tier.INTEGRATION, Tier.FILE, Tier.WRAPPER))}

Yielded = Iterator[Finding | Anomaly | VersionBound | DeclaredVersion]


@dataclass
class _Collector:
    """Gathers what matchers yield; one that raises becomes an anomaly of its file."""

    codebook: Codebook
    findings: dict[tuple[str, str, int | None, int], Finding] = field(default_factory=dict)
    anomalies: set[Anomaly] = field(default_factory=set)
    bounds: list[VersionBound] = field(default_factory=list)
    declared: list[DeclaredVersion] = field(default_factory=list)

    def _add(self, finding: Finding) -> None:
        """A feature is found once on a line, by the strongest evidence."""
        if not self.codebook.counts(finding.feature, finding.rule):
            return
        finding = _stored(finding)
        key = (finding.feature, finding.path, finding.cell, finding.line)
        known = self.findings.get(key)
        if known is None or _STRENGTH[finding.tier] < _STRENGTH[known.tier]:
            self.findings[key] = finding

    def collect(self, path: str, yielded: Callable[[], Yielded]) -> None:
        try:
            for item in yielded():
                if isinstance(item, Finding):
                    self._add(item)
                elif isinstance(item, Anomaly):
                    self.anomalies.add(replace(item, message=storable(item.message)))
                elif isinstance(item, VersionBound):
                    self.bounds.append(item)
                else:
                    self.declared.append(item)
        except (Exception, RecursionError, MemoryError) as error:  # a hostile file must cost itself alone
            message = f"{type(error).__name__}: {error}"[:_MESSAGE]
            self.anomalies.add(Anomaly(path, "internal", storable(message)))


def _stored(finding: Finding) -> Finding:
    """A finding as it can be kept: a string of a source may hold what no file can."""
    texts = (finding.value, finding.excerpt, finding.explanation)
    value, excerpt, explanation = map(storable, texts)
    same = (value, excerpt, explanation) == texts
    return finding if same else replace(finding, value=value, excerpt=excerpt, explanation=explanation)


def scan_repository(repo: str, path: Path, commit: str, codebook: Codebook) -> RepositoryScan:
    """Finds the evidence of every feature in a repository.

    Nothing that the repository holds makes it raise: what can't be read is an anomaly.

    Args:
        repo: `owner/name`.
        path: A work tree of it.
        commit: The full SHA that is read.
        codebook: What to look for.
    """
    collector = _Collector(codebook)
    try:
        view, anomalies = open_repository(path, commit)
    except (GitError, OSError) as error:
        collector.anomalies.add(Anomaly("", "missing", f"the commit can't be listed: {error}"[:_MESSAGE]))
        return _scan(repo, commit, codebook, collector, False, 0)
    collector.anomalies.update(anomalies)
    try:
        with without_garbage_collection():
            baseline, parsed = _scan_view(view, codebook, collector)
    finally:
        view.close()
    if parsed > MUCH_PARSED:
        gc.collect()  # what little still hangs in circles keeps much memory from being free for the next repository
    return _scan(repo, commit, codebook, collector, baseline, len(view.paths))


def scan_packed(repo: str, path: Path, commit: str, codebook: Codebook) -> RepositoryScan:
    """As `scan_repository`, with findings that go from process to process, and lie in memory, in little space."""
    scan = scan_repository(repo, path, commit, codebook)
    return replace(scan, findings=pack(scan.findings))


def _scan_view(view: RepositoryView, codebook: Codebook, collector: _Collector) -> tuple[bool, int]:
    """Scans; whether the original study's test holds, and how many characters of Python were parsed."""
    python = PythonScan(_matcher(codebook), view.paths)
    baseline = _scan_files(view, codebook, python, collector)
    collector.collect("", python.findings)
    for matcher in REPOSITORY_MATCHERS:
        collector.collect("", partial(matcher.match_repository, view, codebook))
    collector.collect("", partial(version_conflicts, collector.bounds, collector.declared))
    return baseline, python.characters


def _scan_files(view: RepositoryView, codebook: Codebook, python: PythonScan, collector: _Collector) -> bool:
    """Gives each file to those that want it; whether the original study's test holds."""
    baseline = False
    for path in view.paths:
        matchers = matchers_of(path)
        is_python = path.endswith((".py", ".ipynb"))
        if not matchers and not is_python and not path.lower().endswith(DATABRICKS_SUFFIXES):
            continue
        try:
            file = view.open(path)
        except UnreadableError as error:
            collector.anomalies.add(Anomaly(path, error.kind, str(error)[:_MESSAGE]))
            continue
        if is_python:
            baseline = baseline or any(word in file.data for word in BASELINE)
        if is_python or holds_python_cells(path, file.data):
            collector.collect(path, partial(_add, python, file))
        for matcher in matchers:
            collector.collect(path, partial(matcher.match, file, view, codebook))
    return baseline


def _add(python: PythonScan, file: SourceFile) -> Yielded:
    python.add(file)
    yield from ()


_matchers: dict[str, PythonMatcher] = {}


def _matcher(codebook: Codebook) -> PythonMatcher:
    """The matcher of a codebook, made once a process."""
    if codebook.hash not in _matchers:
        _matchers[codebook.hash] = PythonMatcher(codebook)
    return _matchers[codebook.hash]


def _scan(
    repo: str, commit: str, codebook: Codebook, collector: _Collector, baseline: bool, files: int
) -> RepositoryScan:
    findings = sorted(
        collector.findings.values(), key=lambda f: (f.path, -1 if f.cell is None else f.cell, f.line, f.feature, f.rule)
    )
    anomalies = sorted(collector.anomalies, key=lambda a: (a.path, a.kind, a.message))
    versions = version_range(collector.bounds, collector.declared)
    return RepositoryScan(repo, commit, codebook.identity, tuple(findings), tuple(anomalies), baseline, files, versions)
