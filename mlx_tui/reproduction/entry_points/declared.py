"""Candidates that the repository declares: MLproject entry points, DVC pipelines, CI jobs, tasks, READMEs."""

import re
from pathlib import PurePosixPath

from mlx_tui.formats.mlproject import EntryPoint
from mlx_tui.reproduction.entry_points import kedro
from mlx_tui.reproduction.entry_points.ci import ci_jobs
from mlx_tui.reproduction.entry_points.found import Found
from mlx_tui.reproduction.entry_points.make import read_targets
from mlx_tui.reproduction.entry_points.markdown import command_blocks
from mlx_tui.reproduction.entry_points.mlproject import FilledCommand, Project, fill_command
from mlx_tui.reproduction.entry_points.resolver import Resolver
from mlx_tui.reproduction.entry_points.run_names import looked_for
from mlx_tui.reproduction.entry_points.shell import split_lines
from mlx_tui.reproduction.entry_points.ways import Resolved, alternatives, any_leads, together
from mlx_tui.reproduction.model import Candidate, CommandSource, Step, StepKind
from mlx_tui.reproduction.worktree import folder_of

_TRAINS = re.compile(r"train|experiment|fit|reproduc|repro|run|pipeline|main|all|tune|mlflow", re.IGNORECASE)
_ASIDE = re.compile(r"serv|deploy|predict|infer|app|docker|lint|test|clean|install|setup|build|help", re.IGNORECASE)


def from_mlprojects(resolver: Resolver) -> list[Found]:
    """The entry points of each MLproject: `main` first; without it all in order as one chain, then each."""
    return [found for project in resolver.projects for found in _project_candidates(resolver, project)]


def _project_candidates(resolver: Resolver, project: Project) -> list[Found]:
    points = [point for point in project.content.entry_points if point.command]
    filled = [(point, fill_command(project, point)) for point in points]
    found: list[Found] = []
    complete = [(point, command) for point, command in filled if not command.missing]
    if len(complete) > 1 and not any(point.name == "main" for point in points):
        found.append(_chain(resolver, project, complete, len(points)))
    for order, (point, command) in enumerate(filled):
        main = point.name == "main"
        step = Step(StepKind.COMMAND, command.text, project.folder, of_project=True)
        reason = f"entry point {point.name} of the MLproject"
        candidate = Candidate(
            (step,), CommandSource.MLPROJECT, project.path, point.command_line, command.parameters, reason
        )
        leads = resolver.leads(command.text, project.folder)
        found.append(Found(candidate, True if main else leads, command.missing, 100 if main else 50 - order))
    return found


def _chain(
    resolver: Resolver, project: Project, complete: list[tuple[EntryPoint, FilledCommand]], declared: int
) -> Found:
    line, commands = complete[0][0].line, [command for _, command in complete]
    steps = tuple(
        Step(
            StepKind.COMMAND,
            command.text,
            project.folder,
            of_project=True,
            run_name=looked_for(resolver.index, point.name),
        )
        for point, command in complete
    )
    values = tuple(dict.fromkeys(value for command in commands for value in command.parameters))
    left = declared - len(commands)
    without = f"; {left} left out for want of a parameter's value" if left else ""
    reason = f"the MLproject has no main entry point: its {len(commands)} others in their order{without}"
    candidate = Candidate(steps, CommandSource.MLPROJECT, project.path, line, values, reason)
    leads = any_leads(resolver.leads(step.text, step.workdir) for step in steps)
    return Found(candidate, leads, weight=90)


def from_ci(resolver: Resolver) -> list[Found]:
    """CI jobs of which a step leads to MLflow, up to that step."""
    found: list[Found] = []
    for job in ci_jobs(resolver.tree):
        commands: list[Resolved] = []
        for script in job.scripts:
            commands += resolver.resolve_text(split_lines(script.text, script.line), script.folder)
        resolved = together(commands, commands[0].line, job.name) if commands else None
        if resolved and resolved.leads_to_mlflow:
            line = next(item.line for item in commands if item.leads_to_mlflow)
            found.append(_found(resolved, CommandSource.CI, job.path, line, f"job {job.name} trains"))
    return found


def from_dvc(resolver: Resolver) -> list[Found]:
    """The pipeline of each `dvc.yaml`."""
    found: list[Found] = []
    for path in resolver.tree.named("dvc.yaml"):
        resolved = resolver.stages(path)
        if resolved:
            reason = f"{len(resolved.steps)} stages in dependency order"
            found.append(_found(resolved, CommandSource.DVC, path, resolved.line, reason))
    return found


def from_tasks(resolver: Resolver) -> list[Found]:
    """Targets of Makefiles and justfiles and shell scripts that run something of the clone."""
    found: list[Found] = []
    for path in resolver.tree.named("makefile", "gnumakefile", "justfile"):
        targets = read_targets(resolver.tree.read_text(path))
        for name, target in list(targets.items())[:200]:
            resolved = resolver.target(targets, name, folder_of(path), target.line, 0)
            if resolved:
                reason = f"target {name}"
                found.append(_found(resolved, CommandSource.TASK, path, target.line, reason, _task_weight(name)))
    for path in resolver.tree.with_suffix(".sh")[:200]:
        # A driver script is meant to be run from the root more often than from its own folder.
        resolved = resolver.script(path, ".") or resolver.script(path, folder_of(path))
        if resolved:
            weight = _task_weight(PurePosixPath(path).stem)
            found.append(_found(resolved, CommandSource.TASK, path, resolved.line, "driver script", weight))
    return found


def from_kedro(resolver: Resolver) -> list[Found]:
    """The default pipeline of each Kedro project."""
    found: list[Found] = []
    for folder, (path, line) in kedro.projects(resolver.tree).items():
        resolved = resolver.pipeline_of_kedro(kedro.RUN, line, folder)
        if resolved:
            found.append(_found(resolved, CommandSource.TASK, path, line, "the default pipeline of a Kedro project"))
    return found


def _task_weight(name: str) -> int:
    return (10 if _TRAINS.search(name) else 0) - (20 if _ASIDE.search(name) else 0)


def from_readmes(resolver: Resolver) -> list[Found]:
    """Commands that READMEs show, but not those that only serve, install or start MLflow's interface."""
    found: list[Found] = []
    for path in _readmes(resolver):
        blocks = command_blocks(resolver.tree.read_text(path))
        resolved = [resolver.resolve_text(lines, folder_of(path)) for lines in blocks]
        for order, way in enumerate(alternatives([block for block in resolved if block])):
            weight = -order - 20 * path.count("/")
            found.append(_found(way, CommandSource.README, path, way.line, "shown in the README", weight))
    return found


def _readmes(resolver: Resolver) -> list[str]:
    return [path for path in resolver.tree.files if PurePosixPath(path).name.lower().startswith("readme")][:50]


def _found(resolved: Resolved, source: CommandSource, path: str, line: int, reason: str, weight: int = 0) -> Found:
    candidate = Candidate(resolved.steps, source, path, line, resolved.parameters, reason)
    return Found(candidate, resolved.leads_to_mlflow, resolved.missing, weight)
