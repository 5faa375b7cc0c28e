"""What reproduction works with: plans, attempts and their outcomes; one module an idea.

All of these are written as JSON (`plan.json`, `state.json`, `runs.json`) with msgspec, so paths are text here.
"""

from mlx_tui.reproduction.model.attempt import Attempt, AttemptState, Phase
from mlx_tui.reproduction.model.captured import (
    CapturedDataset,
    CapturedMetric,
    CapturedRun,
    CapturedRuns,
    KeyValue,
    MetricPoint,
    ModelVersion,
)
from mlx_tui.reproduction.model.command import Candidate, CommandSource, ParameterValue, Step, StepKind
from mlx_tui.reproduction.model.comparison import Comparison, MetricComparison, MetricVerdict, Spread
from mlx_tui.reproduction.model.container import Container, ImageOrigin, OwnVolume
from mlx_tui.reproduction.model.outcome import RAN_TO_ITS_END, SAYS_NOTHING, Cause, Ending, Foresight, Outcome
from mlx_tui.reproduction.model.plan import Deviation, EnvironmentSpec, Isolation, Need, NeedKind, Plan, Variable
from mlx_tui.reproduction.model.repair import Edit, EditKind, Repair
from mlx_tui.reproduction.model.usage import Usage, UsageSample

__all__ = [
    "RAN_TO_ITS_END",
    "SAYS_NOTHING",
    "Attempt",
    "AttemptState",
    "Candidate",
    "CapturedDataset",
    "CapturedMetric",
    "CapturedRun",
    "CapturedRuns",
    "Cause",
    "CommandSource",
    "Comparison",
    "Container",
    "Deviation",
    "Edit",
    "EditKind",
    "Ending",
    "EnvironmentSpec",
    "Foresight",
    "ImageOrigin",
    "Isolation",
    "KeyValue",
    "MetricComparison",
    "MetricPoint",
    "MetricVerdict",
    "ModelVersion",
    "Need",
    "NeedKind",
    "Outcome",
    "OwnVolume",
    "ParameterValue",
    "Phase",
    "Plan",
    "Repair",
    "Spread",
    "Step",
    "StepKind",
    "Usage",
    "UsageSample",
    "Variable",
]
