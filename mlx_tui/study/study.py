"""A study: one investigation in one folder."""

import threading
from collections import defaultdict
from collections.abc import Callable, Collection
from functools import cached_property
from pathlib import Path

from mlx_tui.annotation.model import Judgement
from mlx_tui.annotation.results import RepositoryResult, repository_result
from mlx_tui.annotation.tables import write_findings_csv, write_results_csv
from mlx_tui.config import read_options
from mlx_tui.corpus.entries import write_corpus
from mlx_tui.corpus.model import CloneStatus
from mlx_tui.detection.codebook import Codebook, load_codebook
from mlx_tui.detection.model import RepositoryScan
from mlx_tui.reproduction.model import Attempt
from mlx_tui.statistics.summary import CorpusStatistics, summarize
from mlx_tui.study.annotations import Annotations
from mlx_tui.study.attempts import Attempts
from mlx_tui.study.corpus import CORPUS, Corpus
from mlx_tui.study.errors import StudyError
from mlx_tui.study.scans import ScanProgress, Scans

FINDINGS = "findings.csv"
RESULTS = "results.csv"


class Study:
    """One investigation in one folder.

    Methods may take long and may be called from several threads: call them from workers.

    Args:
        path: The study's folder.

    Raises:
        StudyError: The folder holds no `corpus.csv`.
        ConfigError: `mlx-tui.toml` can't be read.

    Attributes:
        corpus: The repositories and their clones.
        annotations: The human work.
        attempts: Plans and reproduction attempts.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        if not (self.path / CORPUS).is_file():
            raise StudyError(f"{self.path} is not a study: it has no {CORPUS}. `mlx-tui init {path}` makes one.")
        self.options = read_options(self.path)
        self.corpus = Corpus(self.path, self.options)
        self.annotations = Annotations(self.path, self.options)
        self.attempts = Attempts(self.path, self.options)
        self._export_lock = threading.Lock()

    @classmethod
    def create(cls, path: Path) -> "Study":
        """Makes an empty study, or opens the one that is there."""
        path.mkdir(parents=True, exist_ok=True)
        if not (path / CORPUS).exists():
            write_corpus(path / CORPUS, ())
        return cls(path)

    @cached_property
    def codebook(self) -> Codebook:
        """The codebook that this study measures with."""
        return load_codebook(self.path / self.options.codebook if self.options.codebook else None)

    @cached_property
    def scans(self) -> Scans:
        """The scans of the clones."""
        return Scans(self.codebook)

    def scan(
        self,
        repos: Collection[str] | None = None,
        *,
        use_cache: bool = True,
        jobs: int = 0,
        on_progress: Callable[[ScanProgress], None] = lambda progress: None,
        cancelled: threading.Event | None = None,
    ) -> tuple[RepositoryScan, ...]:
        """Scans the clones that are ready, all or some; see `Scans.run`."""
        clones = [clone for clone in self.corpus.clones() if repos is None or clone.repo in repos]
        return self.scans.run(
            clones,
            jobs=jobs or self.options.job_count,
            use_cache=use_cache,
            on_progress=on_progress,
            cancelled=cancelled,
        )

    def scan_of(self, repo: str) -> RepositoryScan | None:
        """The scan of a repository at its pinned commit, where one was made."""
        return self.scans.of(self.corpus.clone(repo))

    def results(self) -> tuple[RepositoryResult, ...]:
        """One result a repository, in the corpus's order: the rows of the table and of `results.csv`."""
        judgements: dict[str, list[Judgement]] = defaultdict(list)
        for judgement in self.annotations.journal.judgements():
            judgements[judgement.key.repo].append(judgement)
        attempts: dict[str, list[Attempt]] = defaultdict(list)
        for attempt in self.attempts.list():
            attempts[attempt.state.repo].append(attempt)
        entries = {entry.repo: entry for entry in self.corpus.entries()}
        return tuple(
            repository_result(
                self.codebook,
                repo=clone.repo,
                url=clone.url,
                commit=clone.commit,
                columns=entries[clone.repo].columns,
                clone_error=clone.error if clone.status is CloneStatus.FAILED else "",
                scan=self.scans.of(clone),
                judgements=judgements[clone.repo],
                attempts=attempts[clone.repo],
            )
            for clone in self.corpus.clones()
        )

    def statistics(self) -> CorpusStatistics:
        """The corpus's statistics."""
        return summarize(self.results(), self.codebook)

    def export(self) -> tuple[Path, Path]:
        """Writes `findings.csv` and `results.csv`; returns their paths.

        Raises:
            OSError: One can't be written; the old one is as it was.
        """
        with self._export_lock:
            scans = [scan for clone in self.corpus.clones() if (scan := self.scans.of(clone))]
            findings, results = self.path / FINDINGS, self.path / RESULTS
            write_findings_csv(findings, scans, self.annotations.journal.judgements())
            write_results_csv(results, self.results(), self.codebook)
            return findings, results
