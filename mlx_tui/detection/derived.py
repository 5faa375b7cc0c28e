"""Columns derived from findings: presence, dimensions, readiness."""

from collections.abc import Collection
from dataclasses import dataclass

from mlx_tui.detection.codebook import Codebook


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition for a second execution.

    Attributes:
        name: A few words.
        features: The features of which any one meets it.
        met_by: Those of them that are present; empty where the condition isn't met.
    """

    name: str
    features: tuple[str, ...]
    met_by: tuple[str, ...]

    @property
    def met(self) -> bool:
        """Whether the condition is met."""
        return bool(self.met_by)


@dataclass(frozen=True, slots=True)
class Readiness:
    """How many of the six conditions for a second execution are met, and which."""

    conditions: tuple[Condition, ...]

    @property
    def score(self) -> int:
        """The conditions that are met, 0 to 6."""
        return sum(condition.met for condition in self.conditions)


CONDITIONS = (
    ("a way to start it", ("execution.entry_point", "execution.pipeline", "execution.documented")),
    ("an interpreter", ("environment.interpreter", "environment.container")),
    ("dependencies declared", ("dependencies.declared",)),
    ("dependencies pinned or locked", ("dependencies.pinned", "dependencies.locked")),
    ("parameters known", ("parameters.logged", "parameters.autologged", "parameters.declared")),
    ("a seed", ("execution.seeded",)),
)
"""The codebook's "Readiness": name of each condition, and the features of which any one meets it."""


def readiness(present: Collection[str]) -> Readiness:
    """The six conditions for a second execution, judged on the features that are present."""
    return Readiness(
        tuple(
            Condition(name, features, tuple(feature for feature in features if feature in present))
            for name, features in CONDITIONS
        )
    )


def dimensions(codebook: Codebook) -> tuple[str, ...]:
    """The dimensions in the codebook's order."""
    return tuple(dict.fromkeys(feature.dimension for feature in codebook.features))
