"""Repairs of a pipeline: a stage whose work the repository holds already, and the name of the run of a stage."""

import re
from dataclasses import replace

from mlx_tui.formats.yaml_lines import YamlError
from mlx_tui.reproduction.code_index import CodeIndex
from mlx_tui.reproduction.entry_points.dvc import Stage, read_stages
from mlx_tui.reproduction.entry_points.run_names import names_looked_for
from mlx_tui.reproduction.model import Plan, Step
from mlx_tui.reproduction.repairs.failure import Failure, repaired
from mlx_tui.reproduction.worktree import WorkTree

_WORD = re.compile(r"[a-z]{4,}")


def why_kept(tree: WorkTree, step: Step) -> str:
    """Why a step can be left out: its DVC stage's input isn't in the repository, its output is; else empty."""
    for path in tree.named("dvc.yaml"):
        try:
            stages = read_stages(tree, path)
        except YamlError:
            continue
        stage = next((one for one in stages if one.workdir == step.workdir and step.text in one.commands), None)
        if stage is not None:
            return _why(tree, stage, stages)
    return ""


def _why(tree: WorkTree, stage: Stage, stages: tuple[Stage, ...]) -> str:
    made = {path for other in stages if other is not stage for path in other.outputs}
    missing = [path for path in stage.inputs if path not in made and not tree.exists(path)]
    if not missing or not stage.outputs or not all(map(tree.exists, stage.outputs)):
        return ""
    return f"stage {stage.name} reads {missing[0]}, which isn't in the repository; what it writes is"


def kept_stage(plan: Plan, failure: Failure) -> Plan | None:
    """A pipeline without the stage that failed, of which the repository holds the output and not the input."""
    position, steps = failure.step - 1, plan.candidate.steps
    if not failure.kept or not 0 <= position < len(steps) or len(steps) < 2:
        return None
    left = (*steps[:position], *steps[position + 1 :])
    did = f"`{steps[position].text}` left out: {failure.kept}"
    changed = replace(plan, candidate=replace(plan.candidate, steps=left))
    return repaired(changed, "stage left out, its output is committed", did, failure.line)


def sought_names(index: CodeIndex, line: str) -> tuple[str, ...]:
    """The names of runs, spelt in code that looks runs up by name, that a line of the log says."""
    return tuple(name for name in names_looked_for(index) if re.search(rf"\b{re.escape(name)}\b", line))


def run_name(plan: Plan, failure: Failure) -> Plan | None:
    """The name by which a stage looks for an earlier one's run, given to the only earlier stage that it can mean."""
    earlier = plan.candidate.steps[: max(failure.step - 1, 0)]
    for name in failure.sought:
        words = set(_WORD.findall(name.lower()))
        meant = [step for step in earlier if words & set(_WORD.findall(step.text.lower())) and step.of_project]
        if len(meant) == 1 and not meant[0].run_name:
            named = replace(meant[0], run_name=name)
            steps = tuple(named if step is meant[0] else step for step in plan.candidate.steps)
            did = f"the run of `{named.text}` named {name}, by which a later step looks for it"
            changed = replace(plan, candidate=replace(plan.candidate, steps=steps))
            return repaired(changed, f"run named {name}", did, failure.line)
    return None
