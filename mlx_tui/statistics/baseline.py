"""The original study's substring test beside the detector."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mlx_tui.annotation.agreement import cohens_kappa
from mlx_tui.annotation.effective import Presence
from mlx_tui.annotation.results import RepositoryResult
from mlx_tui.detection.codebook import Codebook
from mlx_tui.statistics.prevalence import Proportion

BASELINE_FEATURES = ("parameters.logged", "parameters.autologged", "metrics.logged")
"""The features that the baseline's words `log_param`, `autolog` and `log_metric` stand for."""


@dataclass(frozen=True, slots=True)
class BaselineComparison:
    """The original study's substring test beside the detector (any of `BASELINE_FEATURES`, after judgements).

    Attributes:
        both: Repositories for which both say yes.
        baseline_only: Only the substring test does.
        detector_only: Only the detector does.
        neither: Neither does.
    """

    both: int
    baseline_only: int
    detector_only: int
    neither: int

    @property
    def n(self) -> int:
        """Repositories for which both are known."""
        return self.both + self.baseline_only + self.detector_only + self.neither

    @property
    def agreed(self) -> Proportion:
        """Repositories for which both say the same."""
        return Proportion(self.both + self.neither, self.n)

    @property
    def precision(self) -> Proportion:
        """Repositories with the detector's yes, of those with the baseline's."""
        return Proportion(self.both, self.both + self.baseline_only)

    @property
    def recall(self) -> Proportion:
        """Repositories with the baseline's yes, of those with the detector's."""
        return Proportion(self.both, self.both + self.detector_only)

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa of the two; None where both say one and the same throughout."""
        cells = (("y", "y"), self.both), (("y", "n"), self.baseline_only), (("n", "y"), self.detector_only)
        pairs = [pair for pair, count in (*cells, (("n", "n"), self.neither)) for _ in range(count)]
        return cohens_kappa(pairs)


def baseline(included: Sequence[RepositoryResult]) -> Proportion:
    """Repositories that pass the substring test, of those of which it is known."""
    known = [result.baseline_substring for result in included if result.baseline_substring is not None]
    return Proportion(sum(known), len(known))


def compare(included: Sequence[RepositoryResult], codebook: Codebook) -> BaselineComparison:
    """The substring test beside the detector."""
    positions = [index for index, feature in enumerate(codebook.features) if feature.id in BASELINE_FEATURES]
    cells: Counter[tuple[bool, bool]] = Counter()
    for result in included:
        presences = {result.features[position].presence for position in positions}
        detected = Presence.PRESENT in presences
        if result.baseline_substring is not None and (detected or Presence.UNKNOWN not in presences):
            cells[result.baseline_substring, detected] += 1
    return BaselineComparison(cells[True, True], cells[True, False], cells[False, True], cells[False, False])
