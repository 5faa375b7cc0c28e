"""Other values for the parameters of a candidate: an MLproject's entry point filled in anew, or flags of a command."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mlx_tui.formats.mlproject import EntryPoint
from mlx_tui.reproduction.code_index import CodeIndex
from mlx_tui.reproduction.command_flags import Flags, read_flags, with_flags
from mlx_tui.reproduction.entry_points.mlproject import Project, fill_command, read_projects
from mlx_tui.reproduction.model import Candidate, ParameterValue, Step, StepKind
from mlx_tui.reproduction.worktree import WorkTree


class ParameterError(ValueError):
    """A command has no such parameter; the message says what can be done."""


@dataclass(frozen=True, slots=True)
class _Origin:
    """The entry point that a step's command was made of, and the values that were put in."""

    project: Project
    point: EntryPoint
    given: tuple[ParameterValue, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*(one.name for one in self.point.parameters), *(one.name for one in self.given)]))


def known_parameters(clone: Path, candidate: Candidate) -> tuple[ParameterValue, ...]:
    """The parameters of a candidate, those without a value too (with an empty one).

    They are declared by an MLproject, shown in the command, or declared by the script that it starts.

    Args:
        clone: The repository's work tree.
        candidate: One of its candidates.
    """
    values = {item.name: item.value for item in candidate.parameters}
    found: dict[str, str] = {}
    for origin in _origins(clone, candidate):
        shown = origin.values if isinstance(origin, Flags) else {}
        for name in origin.names if origin else ():
            found.setdefault(name, shown.get(name, values.get(name, "")))
    return tuple(ParameterValue(name, value) for name, value in found.items())


def with_parameters(clone: Path, candidate: Candidate, given: Sequence[ParameterValue]) -> Candidate:
    """The candidate with other values for some parameters.

    Args:
        clone: The repository's work tree.
        candidate: One of its candidates.
        given: The new values; the other parameters keep theirs. Parameters that an entry point doesn't declare are
            appended as `--name value`, as MLflow does, where there is one entry point alone; so are flags of a script.

    Raises:
        ParameterError: The candidate has no such parameter.
    """
    origins = list(_origins(clone, candidate))
    filled = [origin for origin in origins if origin]
    if not filled:
        raise ParameterError("no parameter is known of this command; edit the command instead")
    known = {name for origin in filled for name in origin.names}
    unknown = [item.name for item in given if item.name not in known]
    of_project = len(filled) == 1 and isinstance(filled[0], _Origin)
    overrides = len(filled) == 1 and isinstance(filled[0], Flags) and filled[0].overrides
    if unknown and not (of_project or overrides):
        names = ", ".join(sorted(known)) or "none"
        raise ParameterError(f"no step has a parameter {unknown[0]}; its parameters are: {names}")
    values = {item.name: item for item in candidate.parameters} | {item.name: item for item in given}
    steps = [
        _refilled(step, origin, tuple(values[name] for name in (*origin.names, *unknown) if name in values), given)
        if origin
        else step
        for step, origin in zip(candidate.steps, origins, strict=True)
    ]
    return replace(candidate, steps=tuple(steps), parameters=tuple(values.values()))


def _refilled(
    step: Step, origin: _Origin | Flags, values: tuple[ParameterValue, ...], given: Sequence[ParameterValue]
) -> Step:
    if isinstance(origin, Flags):
        wanted = {item.name: item.value for item in values if item in given}
        return replace(step, text=with_flags(step.text, origin, wanted))
    return replace(step, text=fill_command(origin.project, origin.point, values).text)


def _origins(clone: Path, candidate: Candidate) -> Iterator[_Origin | Flags | None]:
    """For each step the entry point whose filled command it is, or the flags of its command; None where it has none."""
    tree = WorkTree(clone)
    projects, _ = read_projects(tree, tolerant=True)
    index = CodeIndex(tree)
    for step in candidate.steps:
        yield _origin(step, projects, candidate.parameters) or read_flags(step, index)


def _origin(step: Step, projects: Sequence[Project], values: tuple[ParameterValue, ...]) -> _Origin | None:
    if step.kind is not StepKind.COMMAND:
        return None
    for project in projects:
        for point in project.content.entry_points:
            declared = {parameter.name for parameter in point.parameters}
            own = tuple(item for item in values if item.name in declared)
            for given in (values, own):
                if project.folder == step.workdir and fill_command(project, point, given).text == step.text:
                    return _Origin(project, point, given)
    return None
