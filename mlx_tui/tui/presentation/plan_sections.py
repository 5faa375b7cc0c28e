"""What a plan says, part by part, before anything runs; and how the parts are laid out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from mlx_tui.counted import counted
from mlx_tui.reproduction.command_text import candidate_source, step_text
from mlx_tui.reproduction.container_names import container_line, volume_lines
from mlx_tui.reproduction.model import Container, Deviation, EnvironmentSpec, Isolation, Need, NeedKind, Plan
from mlx_tui.safe_text import safe_text
from mlx_tui.tui.presentation.plan_text import ISOLATION, Line, duration

_MET = {True: ("✓ there", "good"), False: ("✗ missing", "bad"), None: ("? unknown", "warn")}
_KINDS = {
    NeedKind.DATA: "data",
    NeedKind.HOST: "network host",
    NeedKind.CREDENTIAL: "credentials",
    NeedKind.MODULE: "Python module",
    NeedKind.PACKAGE: "package",
    NeedKind.HARDWARE: "hardware",
    NeedKind.PATH: "absolute path",
}
_READ_AS = {
    "python_env": "the MLproject's python_env",
    "conda": "a conda file",
    "lock": "a lock file",
    "requirements": "a list of requirements",
    "pyproject": "the project's pyproject.toml",
    "setup": "the project's setup.py",
    "dockerfile": "a Dockerfile",
    "imports": "no file lists packages: they are those that the code imports",
    "image": "an image",
    "none": "no file lists packages, and the code imports none",
}


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a plan."""

    title: str
    lines: tuple[Line, ...]


def plan_sections(plan: Plan, *, blind: bool = False) -> tuple[Section, ...]:
    """Returns a plan part by part, what matters first.

    Args:
        plan: The plan.
        blind: Whether one judges blind: why the command was chosen is left out then, since it tells of MLflow.
    """
    standing = _standing(plan)
    special = [each for each in plan.deviations if each not in standing]
    always = [each for each in plan.deviations if each in standing]
    title = f"Otherwise than the repository asks: {counted(len(special), 'thing')}"
    return (
        Section("What is run", tuple(_run(plan, blind=blind))),
        Section("What to expect", tuple(_expected(plan))),
        Section("Environment", tuple(_container(plan.container) if plan.container else _python(plan.environment))),
        Section(title if special else "As the repository asks", tuple(_deviations(special))),
        Section("Isolation and limits", tuple(_limits(plan))),
        Section("As in every attempt", tuple((f"  {_told(each)}: {each.reason}", "muted") for each in always)),
    )


def laid_out(sections: Sequence[Section], width: int) -> list[Line]:
    """Returns the lines of some parts, one below the other; what continues a line is set in."""
    lines: list[Line] = []
    for section in sections:
        if section.lines:
            lines += [("", "")] if lines else []
            lines.append((section.title, "title"))
            lines += [(part, role) for text, role in section.lines for part in _wrapped(text, width)]
    return lines


def _wrapped(text: str, width: int) -> Iterator[str]:
    for line in safe_text(text, multiline=True).split("\n"):
        inner = " " * min(len(line) - len(line.lstrip()) + 2, max(0, width - 8))
        yield from wrap(line, max(8, width), subsequent_indent=inner, break_on_hyphens=False)


def _standing(plan: Plan) -> tuple[Deviation, ...]:
    from mlx_tui.reproduction.variables import standing_deviations  # what runs attempts: not to show a table

    return standing_deviations(plan.isolation, network=True)  # that it is off was asked for


def _run(plan: Plan, *, blind: bool) -> Iterator[Line]:
    candidate = plan.candidate
    for step in candidate.steps:
        yield f"  $ {step_text(step)}", "strong"
    reason = f": {candidate.reason}" if candidate.reason and not blind and candidate.path else ""
    where = candidate_source(candidate)
    yield f"  read from {where}{reason}" if candidate.path else f"  {where}", "muted"
    for parameter in candidate.parameters:
        yield f"  {parameter.name} = {parameter.value}", ""


def _expected(plan: Plan) -> Iterator[Line]:
    if plan.likely:
        yield f"  {expected_text(plan)}", "good" if plan.likely == "runs" else "warn"
    if plan.needs:
        yield "  What its code asks for, as far as its text tells:", "muted"
    yield from map(_need, sorted(plan.needs, key=lambda need: (need.met is not False, need.met is not None)))


def expected_text(plan: Plan) -> str:
    """Says which outcome the needs make likely; empty where nothing is foreseen."""
    if plan.likely == "runs":
        return "It should run: nothing is missing" + ("" if plan.needs else " that its text tells of")
    what, _, which = plan.likely.partition(": ")
    cause = what.removeprefix("fails, ").replace("_", " ")
    return f"It will probably fail ({cause}): {which}" if which else plan.likely


def _need(need: Need) -> Line:
    sign, role = _MET[need.met]
    return f"  {sign:9}  {_KINDS[need.kind]}: {need.what}  ({need.place})", role


def _container(container: Container) -> Iterator[Line]:
    yield f"  {container_line(container)}", ""
    yield from ((f"  {line}", "") for line in volume_lines(container))
    yield (
        f"  read from {container.path} (docker_env); isolation bwrap or none takes a Python environment instead",
        "muted",
    )


def _python(spec: EnvironmentSpec) -> Iterator[Line]:
    asked = f"the repository asks for {spec.python_asked}" if spec.python_asked else "the repository doesn't say which"
    yield f"  Python {spec.python_used} ({asked})", ""
    read_as = _READ_AS.get(spec.source, spec.source)
    yield f"  packages read from {spec.path}, {read_as}" if spec.path else f"  {read_as}", ""
    if spec.requirements:
        left_open = f"as of {spec.as_of[:10]}" if spec.as_of else "the newest of today"
        yield f"  versions that it leaves open: {left_open}", ""
        yield f"  {counted(len(spec.requirements), 'package')}: {', '.join(spec.requirements)}", "muted"
    if spec.constraints:
        yield f"  {counted(len(spec.constraints), 'version')} fixed by a lock or constraints file", "muted"


def _deviations(deviations: Sequence[Deviation]) -> Iterator[Line]:
    if not deviations:
        yield "  nothing is done otherwise, but for what every attempt does", "good"
    for deviation in deviations:
        yield f"  ≠ {_told(deviation)}", "warn"
        if deviation.reason:
            yield f"    because {deviation.reason}", "muted"


def _told(deviation: Deviation) -> str:
    return f"{deviation.subject}: {deviation.asked or 'nothing'} → {deviation.used or 'nothing'}"


def _limits(plan: Plan) -> Iterator[Line]:
    from mlx_tui.reproduction.repairs.ladder import MOST  # what repairs need: not to say how long something took

    yield f"  {ISOLATION[plan.isolation]}", "bad" if plan.isolation is Isolation.NONE else ""
    network = "allowed" if plan.network else "off"
    yield f"  network while it runs: {network} (building the environment always uses it)", ""
    memory = f"{plan.memory / 2**30:.1f} GiB memory" if plan.memory else "no memory limit"
    yield f"  stopped after {duration(plan.timeout)}; {memory}", ""
    repairs = f"at most {MOST}, where it fails, each named" if plan.repair else "none: what fails has failed"
    yield f"  repairs: {repairs}", ""
    for repair in plan.repairs:
        yield f"    {repair.name}: {repair.did} (because: {repair.why})", "muted"
