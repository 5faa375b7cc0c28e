"""A study: one investigation in one folder."""

import threading
from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from mlx_tui.annotation.carrying import Holding
from mlx_tui.annotation.journal import SaveReport
from mlx_tui.annotation.model import Verdict
from mlx_tui.annotation.progress import Progress, items_of, left_of
from mlx_tui.annotation.results import RepositoryResult
from mlx_tui.config import read_options
from mlx_tui.corpus.entries import write_corpus
from mlx_tui.corpus.model import Clone, CloneStatus
from mlx_tui.detection.codebook import Codebook, load_codebook
from mlx_tui.detection.model import Finding, RepositoryScan, Tier
from mlx_tui.detection.search import Query
from mlx_tui.reproduction.attempt_files import AttemptFiles
from mlx_tui.reproduction.model import Attempt, Phase
from mlx_tui.safe_text import safe_text
from mlx_tui.study import writing
from mlx_tui.study.annotations import Annotations
from mlx_tui.study.attempts import Attempts
from mlx_tui.study.blind import own
from mlx_tui.study.corpus import CLONES, CORPUS, Corpus
from mlx_tui.study.errors import StudyError
from mlx_tui.study.files import Files
from mlx_tui.study.holdings import holdings
from mlx_tui.study.places import parse_place
from mlx_tui.study.results import Results
from mlx_tui.study.scans import ScanProgress, Scans
from mlx_tui.study.searching import SearchProgress, SearchResult, search
from mlx_tui.study.steps import Steps
from mlx_tui.study.targets import Subject, check_target
from mlx_tui.study.writing import FINDINGS, RESULTS

if TYPE_CHECKING:  # what a report, the statistics or an attempt's claims need is imported there: not to open a study
    from mlx_tui.annotation.claims import Claim
    from mlx_tui.statistics.summary import CorpusStatistics
    from mlx_tui.study.agreeing import StudyAgreement
    from mlx_tui.study.attempt_report import AttemptReport
    from mlx_tui.study.package import Packaged

PART = 1_000


class Study:
    """One investigation in one folder.

    Methods may take long and may be called from several threads: call them from workers.

    Args:
        path: The study's folder.
        bare: Accept a folder without `corpus.csv`, for work on work trees that belong to no corpus.

    Raises:
        StudyError: The folder holds no `corpus.csv`.
        ConfigError: `mlx-tui.toml` can't be read.

    Attributes:
        corpus: The repositories and their clones.
        files: The files of the clones, for reading.
        annotations: The human work.
        attempts: Plans and reproduction attempts.
    """

    def __init__(self, path: Path, *, bare: bool = False) -> None:
        self.path = path.resolve()
        self.has_corpus = (self.path / CORPUS).is_file()
        if not self.has_corpus and not bare:
            raise StudyError(f"{self.path} is not a study: it has no {CORPUS}. `mlx-tui init {path}` makes one.")
        self.options = read_options(self.path)
        self.corpus = Corpus(self.path, self.options)
        self.files = Files(self.corpus)
        self.annotations = Annotations(self.path, self.options)
        self.attempts = Attempts(self.path, self.options)
        self._export_lock = threading.Lock()
        self._claims: dict[tuple[str, str], tuple[Claim, ...] | None] = {}

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

    @cached_property
    def rows(self) -> Results:
        """The results of the repositories, part by part."""
        return Results(self.codebook, self.corpus, self.scans, self.annotations, self.attempts)

    def scan(
        self,
        repos: Collection[str] | None = None,
        *,
        use_cache: bool = True,
        jobs: int = 0,
        scheduler: str = "",
        on_progress: Callable[[ScanProgress], None] = lambda progress: None,
        cancelled: threading.Event | None = None,
    ) -> tuple[RepositoryScan, ...]:
        """Scans the clones that are ready, all or some; see `Scans.run`."""
        clones = [clone for clone in self.corpus.clones() if repos is None or clone.repo in repos]
        return self.scans.run(
            clones,
            jobs=jobs or self.options.job_count,
            scheduler=scheduler,
            use_cache=use_cache,
            on_progress=on_progress,
            cancelled=cancelled,
        )

    def search(
        self,
        query: Query,
        repos: Collection[str] | None = None,
        *,
        jobs: int = 0,
        on_progress: Callable[[SearchProgress], None] = lambda progress: None,
        cancelled: threading.Event | None = None,
    ) -> SearchResult:
        """Looks for a text in the clones that are ready, all or some; see `searching.search`."""
        clones = [clone for clone in self.corpus.clones() if repos is None or clone.repo in repos]
        count = jobs or self.options.job_count
        return search(clones, query, jobs=count, on_progress=on_progress, cancelled=cancelled)

    def scan_of(self, repo: str) -> RepositoryScan | None:
        """The scan of a repository at its pinned commit, where one was made."""
        return self.scans.of(self.corpus.clone(repo))

    def runnable(self, repos: Collection[str] | None = None) -> tuple[Clone, ...]:
        """The repositories that can be run: fetched, and not left out of the study's statistics.

        Args:
            repos: Which of them; None for all. Those that are named are run though they are left out.
        """
        ready = [clone for clone in self.corpus.clones() if clone.status is CloneStatus.READY]
        if repos is not None:
            return tuple(clone for clone in ready if clone.repo in repos)
        included = {result.repo for result in self.results() if result.included}
        return tuple(clone for clone in ready if clone.repo in included)

    def claims_of(self, attempt: Attempt) -> "tuple[Claim, ...] | None":
        """What the code claims beside what a finished attempt logged; None where one of the two isn't known."""
        state = attempt.state
        scan = self.scans.at(state.repo, state.commit)
        if scan is None or state.phase is not Phase.FINISHED:
            return None
        key = (attempt.folder, scan.codebook)
        if key not in self._claims:
            from mlx_tui.annotation.claims import compare_claims

            captured = self.attempts.captured(attempt)
            self._claims[key] = None if captured is None else compare_claims(scan.findings, captured)
        return self._claims[key]

    def report_attempt(self, attempt: Attempt) -> "AttemptReport":
        """Everything that is told of one attempt, as it is now.

        Raises:
            AttemptError: It can't be read.
        """
        from mlx_tui.reproduction.notebook_cells import read_cell_times
        from mlx_tui.study.attempt_report import AttemptReport

        current = self.attempts.read(attempt)
        cells = read_cell_times(AttemptFiles(Path(current.folder)), current.plan)
        return AttemptReport(current, self.attempts.captured(current), self.claims_of(current), cells)

    def judge(
        self, repo: str, feature: str, verdict: Verdict, *, finding: Finding | None = None, note: str | None = None
    ) -> SaveReport:
        """Records a judgement; it is on disk when this returns; see `judge_all` for several.

        A verdict without a note keeps the annotator's note of before, and a note keeps the verdict.

        Raises:
            StudyError: The corpus has no such repository, the codebook no such feature, or the verdict makes no sense
                there; see `check_target`.
            SaveError: It couldn't be written; the judgement stays in memory and is written with the next one.
        """
        return self.judge_all([Subject(repo, feature, finding)], verdict, note=note)

    def judge_all(self, subjects: Sequence[Subject], verdict: Verdict, *, note: str | None = None) -> SaveReport:
        """Records one verdict on several subjects, all or none, undone as one; else as `judge`."""
        clones = self.corpus.clones_of(subject.repo for subject in subjects)
        known = {feature.id for feature in self.codebook.features}
        given = self.annotations.journal.judgements()
        judged = [judgement.key for judgement in given]
        held = holdings(clones.values(), given, self.scans).values()
        before_of = {judgement.key: judgement for holding in held for judgement in holding.judgements}
        judgements = []
        for subject in subjects:
            if subject.feature and subject.feature not in known:
                raise StudyError(f"the codebook has no feature {subject.feature}")
            clone = clones[subject.repo]
            key = self.annotations.key(clone, subject.feature, subject.finding)
            check_target(key, verdict, self.scans.of(clone), judged)
            before = before_of.get(key)
            said = before.verdict if before and verdict is Verdict.NOTE else verdict
            text = before.note if before and note is None else note
            judgements.append(
                self.annotations.judgement(clone, subject.feature, said, finding=subject.finding, note=text or "")
            )
        return self.annotations.judge_all(judgements)

    def judgements_of(self, clone: Clone) -> Holding:
        """What people said of a repository that holds at its pinned commit, and what is outdated."""
        return holdings([clone], self.annotations.journal.judgements(), self.scans)[clone.repo]

    def finding_at(self, repo: str, feature: str, place: str) -> Finding:
        """The finding of a feature at `path:line`, or, where the program found none there, a place for a missed one.

        Raises:
            StudyError: The text isn't a place, or the repository has no such line.
        """
        at = parse_place(place)
        clone = self.corpus.clone(repo)
        scan = self.scans.of(clone)
        for finding in scan.findings if scan else ():
            if (finding.feature, finding.cell, finding.line) == (feature, at.cell, at.line) and at.path in {
                finding.path,
                safe_text(finding.path),
            }:
                return finding
        lines = self.files.lines(repo, at.path, at.cell)
        if at.line > len(lines):
            raise StudyError(f"{at.path} has {len(lines)} lines")
        return Finding(feature, at.path, at.cell, at.line, Tier.FILE, excerpt=lines[at.line - 1].strip())

    def results(self) -> tuple[RepositoryResult, ...]:
        """One result a repository, in the corpus's order: the rows of the table and of `results.csv`."""
        return tuple(result for part in self.rows.parts(PART) for result in part)

    def progress(self, *, blind: bool = False) -> tuple[Progress, ...]:
        """How far the annotator is with each repository that is scanned and not excluded, in the corpus's order.

        Args:
            blind: Count features as a whole, as who judges blind does, not findings.
        """
        features, annotator = self.codebook.features, self.annotations.annotator
        found = []
        for result in self.results():
            if not result.scanned or not result.included:
                continue
            items = len(features) if blind else result.findings
            mine = own(result.judgements, annotator)
            # What a scan found is unpacked at each look: only where something was judged.
            scan = self.scans.at(result.repo, result.commit) if mine else None
            left = items if scan is None else len(left_of(items_of(scan, features, blind=blind), mine))
            found.append(Progress(result.repo, items, left))
        return tuple(found)

    def statistics(self) -> "CorpusStatistics":
        """The corpus's statistics."""
        from mlx_tui.statistics.summary import summarize

        return summarize(self.results(), self.codebook)

    def agreement(self) -> "StudyAgreement":
        """How far annotators agree, on the verdicts that the statistics count, and how many these are."""
        from mlx_tui.study.agreeing import agreement_of

        return agreement_of(self.results(), self.annotations.journal.judgements())

    @property
    def has_findings(self) -> bool:
        """Whether findings were written before: what isn't scanned now was scanned with something older."""
        return (self.path / FINDINGS).exists()

    def write_report(self, path: Path, steps: Steps | None = None) -> None:
        """Writes the statistics as Markdown or as one HTML page, by the path's suffix; see `writing.write_report`."""
        writing.write_report(self, path, steps or Steps())

    def package(self, path: Path, steps: Steps | None = None) -> "Packaged":
        """Writes the study as a ZIP archive without clones; see `write_package`.

        Raises:
            StudyError: The path doesn't end in `.zip`.
            WritingStopped: It was cancelled.
            OSError: It can't be written; the old one is as it was.
        """
        from mlx_tui.study.package import write_package

        if path.suffix != ".zip":
            raise StudyError(f"{path}: a package is a .zip file")
        return write_package(self, path, steps or Steps())

    def is_export_due(self) -> bool:
        """Whether a judgement, the corpus or an attempt is newer than `results.csv`, and it can be written anew."""
        sources = [self.annotations.journal.path, self.path / CORPUS, self.path / CLONES]
        sources += [Path(attempt.folder) / "state.json" for attempt in self.attempts.list()]
        newest = max((path.stat().st_mtime_ns for path in sources if path.exists()), default=0)
        results = self.path / RESULTS
        if results.exists() and results.stat().st_mtime_ns >= newest:
            return False
        pinned = [clone for clone in self.corpus.clones() if clone.commit]
        return bool(pinned) and all(self.scans.of(clone) for clone in pinned)

    def export(self, steps: Steps | None = None) -> tuple[Path, Path]:
        """Writes `findings.csv` and `results.csv`; returns their paths; see `writing.write_csvs`."""
        with self._export_lock:
            return writing.write_csvs(self, steps or Steps())
