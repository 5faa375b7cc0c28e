"""What a source of candidates returns: a candidate with what its rank depends on."""

from dataclasses import dataclass

from mlx_tui.reproduction.model import Candidate


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate and what is known of it.

    Attributes:
        candidate: The candidate; its `reason` says what speaks for it or against it.
        leads_to_mlflow: A script or notebook that it runs leads to MLflow; None where that can't be told.
        missing: Parameters that have no value, so that it can't run as it is.
        weight: Rank within its kind of source, highest first.
    """

    candidate: Candidate
    leads_to_mlflow: bool | None = None
    missing: tuple[str, ...] = ()
    weight: int = 0


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Something that looked like a way to run the experiment and wasn't taken, with the reason."""

    path: str
    reason: str
