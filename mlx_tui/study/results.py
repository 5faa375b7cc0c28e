"""The results of a study's repositories: made part by part, and anew only where something changed."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mlx_tui.annotation.model import Judgement
from mlx_tui.annotation.results import RepositoryResult, counting_attempt, repository_result
from mlx_tui.corpus.model import Clone, CloneStatus, CorpusEntry
from mlx_tui.corpus.urls import redacted
from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.model import RepositoryScan
from mlx_tui.reproduction.model import Attempt, CapturedRuns
from mlx_tui.study.annotations import Annotations
from mlx_tui.study.attempts import Attempts
from mlx_tui.study.corpus import Corpus
from mlx_tui.study.scans import Scans

READING = "reading"
"""The scan state of a repository of which only its row of `corpus.csv` is known."""


@dataclass(frozen=True, slots=True)
class _Known:
    """All that a result is made from."""

    entry: CorpusEntry
    clone: Clone
    scan: RepositoryScan | None
    judgements: Sequence[Judgement]
    attempts: Sequence[Attempt]

    def same(self, other: "_Known") -> bool:
        """Whether it gives the same result; scans are large, and one that changed is another object."""
        return (
            self.scan is other.scan
            and self.entry == other.entry
            and self.clone == other.clone
            and self.judgements == other.judgements
            and self.attempts == other.attempts
        )


class Results:
    """One result a repository, in the corpus's order.

    Args:
        codebook: What is measured with.
        corpus: The repositories.
        scans: Their scans.
        annotations: The judgements.
        attempts: The attempts.
    """

    def __init__(
        self, codebook: Codebook, corpus: Corpus, scans: Scans, annotations: Annotations, attempts: Attempts
    ) -> None:
        self._codebook = codebook
        self._corpus = corpus
        self._scans = scans
        self._annotations = annotations
        self._attempts = attempts
        self._made: dict[str, tuple[_Known, RepositoryResult]] = {}

    def outline(self) -> tuple[RepositoryResult, ...]:
        """What `corpus.csv` alone says: cheap, for a first look while the rest is read."""
        template = replace(repository_result(self._codebook, repo="", url="", commit=""), scan_state=READING)
        return tuple(
            replace(template, repo=entry.repo, url=redacted(entry.url), columns=entry.columns)
            for entry in self._corpus.entries()
        )

    def parts(self, size: int) -> Iterator[tuple[RepositoryResult, ...]]:
        """Gives the results in parts of so many repositories."""
        judgements: dict[str, list[Judgement]] = defaultdict(list)
        for judgement in self._annotations.journal.judgements():
            judgements[judgement.key.repo].append(judgement)
        attempts: dict[str, list[Attempt]] = defaultdict(list)
        for attempt in self._attempts.list():
            attempts[attempt.state.repo].append(attempt)
        entries, clones = self._corpus.entries_and_clones()
        for start in range(0, len(entries), size):
            yield tuple(
                self._result(
                    _Known(
                        entry,
                        clone,
                        self._scans.of(clone),
                        judgements.get(entry.repo, ()),
                        attempts.get(entry.repo, ()),
                    )
                )
                for entry, clone in zip(entries[start : start + size], clones[start : start + size], strict=True)
            )

    def _result(self, known: _Known) -> RepositoryResult:
        before = self._made.get(known.entry.repo)
        if before is not None and before[0].same(known):
            return before[1]
        result = repository_result(
            self._codebook,
            repo=known.clone.repo,
            url=redacted(known.clone.url),
            commit=known.clone.commit,
            columns=known.entry.columns,
            clone_error=known.clone.error if known.clone.status is CloneStatus.FAILED else "",
            scan=known.scan,
            judgements=known.judgements,
            attempts=known.attempts,
            captured=self._captured(known),
        )
        self._made[known.entry.repo] = (known, result)
        return result

    def _captured(self, known: _Known) -> CapturedRuns | None:
        """What the attempt that counts captured, where it ran the commit that was scanned."""
        attempt = counting_attempt(known.attempts)
        if attempt is None or known.scan is None or attempt.state.commit != known.scan.commit:
            return None
        return self._attempts.captured(attempt)
