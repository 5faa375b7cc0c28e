"""The metrics of attempts that ran the same thing, side by side."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from mlx_tui.reproduction.comparison import final_values
from mlx_tui.reproduction.model import Attempt, CapturedRuns
from mlx_tui.reproduction.reference import same_experiment


@dataclass(frozen=True, slots=True)
class RepeatedMetric:
    """One metric over repeats.

    Attributes:
        name: The metric's name.
        reference: The recorded value; None where there is none.
        values: One for each attempt that has the metric, in the order of the attempts.
    """

    name: str
    reference: float | None
    values: tuple[float, ...]


def are_repeats(one: Attempt, other: Attempt) -> bool:
    """Whether two attempts ran the same steps on the same commit of one repository, both to their end."""
    same_repo = one.state.repo == other.state.repo
    return same_repo and same_experiment(one, other.plan) and same_experiment(other, one.plan)


def repeated_metrics(repeats: Sequence[tuple[Attempt, CapturedRuns | None]]) -> tuple[RepeatedMetric, ...]:
    """Collects each metric's values over repeats: those with a reference first, then by name.

    Args:
        repeats: Attempts that ran the same thing, oldest first, with what each captured.
    """
    references: dict[str, float] = {}
    values: dict[str, list[float]] = {}
    for attempt, captured in repeats:
        compared = attempt.state.comparison.metrics if attempt.state.comparison else ()
        # A first attempt can be the reference of the later ones: then it has none itself.
        references |= {metric.name: metric.reference for metric in compared}
        found = {
            name: value for run in (captured.runs if captured else ()) for name, value in final_values(run).items()
        }
        found |= {metric.name: metric.value for metric in compared if metric.value is not None}
        for name, value in found.items():
            if math.isfinite(value):
                values.setdefault(name, []).append(value)
    names = sorted(values, key=lambda name: (name not in references, name))
    return tuple(RepeatedMetric(name, references.get(name), tuple(values[name])) for name in names)
