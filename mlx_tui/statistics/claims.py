"""Claim and reality over a corpus."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mlx_tui.annotation.claims import KINDS, ClaimState
from mlx_tui.annotation.results import RepositoryResult


@dataclass(frozen=True, slots=True)
class ClaimStatistics:
    """What became of a kind of claim, in the repositories of which something was captured.

    Attributes:
        what: The kind: `parameters`, `metrics`, …
        met: Repositories whose run logged it with every name that the code spells out.
        partly: Logged it, but not every name.
        unmet: Logged nothing of the kind.
        not_run: Logged nothing of the kind, and the code that claims it is none that the plan runs.
        unforeseen: Logged it, though the scan saw nothing that does so.
    """

    what: str
    met: int
    partly: int
    unmet: int
    not_run: int
    unforeseen: int

    @property
    def claimed(self) -> int:
        """Repositories whose code claims it, where that code was run as far as can be told."""
        return self.met + self.partly + self.unmet


def claim_statistics(results: Sequence[RepositoryResult]) -> tuple[ClaimStatistics, ...]:
    """What became of the claims of some repositories, in the order in which kinds are told."""
    counts: dict[str, Counter[ClaimState]] = {}
    for result in results:
        for claim in result.claims:
            counts.setdefault(claim.what, Counter())[claim.state] += 1
    return tuple(
        ClaimStatistics(what, *(counts[what][state] for state in ClaimState)) for what in KINDS if what in counts
    )
