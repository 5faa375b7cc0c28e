"""A plan in words, before anything runs."""

from collections.abc import Iterator

from mlx_tui.reproduction.container_names import container_line, volume_lines
from mlx_tui.reproduction.model import (
    Candidate,
    CommandSource,
    Container,
    EnvironmentSpec,
    Isolation,
    Need,
    Plan,
    Step,
    StepKind,
)
from mlx_tui.tui.widgets.table_model import Cell, Column

Line = tuple[str, str]
"""Raw text and its role."""

ISOLATION = {
    Isolation.BWRAP: "bubblewrap: read-only system, own home and /tmp, own processes, no view of other files of yours",
    Isolation.CONTAINER: "container: no capabilities, own file system, nothing of yours but the attempt's own folders",
    Isolation.NONE: "NONE: limits on resources and a cleaned environment only; the code can read your files",
}
_NEED = {True: ("✓", "good"), False: ("✗", "bad"), None: ("?", "warn")}


def step_text(step: Step) -> str:
    """Returns what a step runs, as it would be typed."""
    text = step.text if step.kind is StepKind.COMMAND else f"notebook {step.text}"
    return text if step.workdir in (".", "") else f"{text}  (in {step.workdir})"


def candidate_text(candidate: Candidate) -> str:
    """Returns what a candidate runs, on one line."""
    return "; ".join(step_text(step) for step in candidate.steps)


def candidate_source(candidate: Candidate) -> str:
    """Returns where a candidate was read from."""
    if candidate.source is CommandSource.USER:
        return "typed by you"
    return f"{candidate.path}:{candidate.line}" if candidate.line else candidate.path or candidate.source.value


def candidate_columns(width: int) -> tuple[Column[Candidate], ...]:
    """The columns, for a width of the table in cells; in narrow ones the command has the most room."""
    return (
        Column[Candidate](
            "command",
            "what could be run",
            0,
            lambda c: Cell(candidate_text(c), "strong"),
            candidate_text,
            searchable=True,
        ),
        Column[Candidate](
            "source",
            "read from",
            24 if width >= 60 else 12,
            lambda c: Cell(candidate_source(c), "muted"),
            candidate_source,
            keep_end=True,
            searchable=True,
            least=10,
        ),
    )


def plan_lines(plan: Plan, *, blind: bool = False) -> Iterator[Line]:
    """Yields the plan line by line; where one judges blind, not why the command was chosen: that tells of MLflow."""
    yield from _run(plan, blind=blind)
    if plan.container is not None:
        yield from _container(plan.container)
    else:
        yield from _environment(plan.environment)
    yield "", ""
    yield f"Deviations from what the repository asks: {len(plan.deviations) or 'none'}", "title"
    for deviation in plan.deviations:
        yield (
            f"  ≠ {deviation.subject}: asked {deviation.asked or 'nothing'}, uses {deviation.used or 'nothing'}",
            "warn",
        )
        yield f"    because {deviation.reason}", "muted"
    yield "", ""
    yield f"What the code will ask for: {len(plan.needs) or 'nothing that was seen'}", "title"
    yield from map(_need, plan.needs)
    yield "", ""
    yield "Isolation and limits", "title"
    yield f"  {ISOLATION[plan.isolation]}", "bad" if plan.isolation is Isolation.NONE else ""
    yield (
        f"  network while it runs: {'allowed' if plan.network else 'off'} (building the environment always uses it)",
        "",
    )
    memory = f"{plan.memory / 2**30:.1f} GiB memory" if plan.memory else "no memory limit"
    yield f"  stopped after {duration(plan.timeout)}; {memory}", ""
    from mlx_tui.reproduction.repairs.ladder import MOST  # what repairs need: not to say how long something took

    repairs = f"at most {MOST}, where it fails, each named" if plan.repair else "none: what fails has failed"
    yield f"  repairs: {repairs}", ""
    for repair in plan.repairs:
        yield f"    {repair.name}: {repair.did} (because: {repair.why})", "muted"
    if plan.likely:
        yield "", ""
        yield f"Likely: {plan.likely}", "accent"


def _run(plan: Plan, *, blind: bool) -> Iterator[Line]:
    candidate = plan.candidate
    yield "What is run", "title"
    for step in candidate.steps:
        yield f"  $ {step_text(step)}", "strong"
    reason = f" ({candidate.reason})" if candidate.reason and not blind else ""
    yield f"  read from {candidate_source(candidate)}{reason}", "muted"
    for parameter in candidate.parameters:
        yield f"  {parameter.name} = {parameter.value}", ""
    yield "", ""


def _container(container: Container) -> Iterator[Line]:
    yield "Environment", "title"
    yield f"  {container_line(container)}", ""
    yield from ((f"  {line}", "") for line in volume_lines(container))
    yield (
        f"  read from {container.path} (docker_env); isolation bwrap or none takes a Python environment instead",
        "muted",
    )


def _environment(spec: EnvironmentSpec) -> Iterator[Line]:
    yield "Environment", "title"
    where = f"{spec.path} ({spec.source})" if spec.path else spec.source
    yield f"  read from {where}", ""
    asked = f"asked {spec.python_asked}, " if spec.python_asked else "not asked for, "
    yield f"  Python: {asked}uses {spec.python_used}", ""
    yield (
        f"  packages: {len(spec.requirements)} lines"
        + (f", versions left open as of {spec.as_of[:10]}" if spec.as_of else ", versions left open as of today"),
        "",
    )
    for requirement in spec.requirements:
        yield f"    {requirement}", "muted"


def _need(need: Need) -> Line:
    sign, role = _NEED[need.met]
    return f"  {sign} {need.kind.value}: {need.what}  ({need.place})", role


def duration(seconds: float) -> str:
    """Returns a duration as a person says it: `48.2 s`, `3 min 05 s`, `1 h 02 min`."""
    if seconds < 60:
        return f"{seconds:.0f} s" if float(seconds).is_integer() else f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s" if rest else f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def short_duration(seconds: float) -> str:
    """Returns a duration in 8 cells at most, for a column: `48.2 s`, `3m 05s`, `1h 02m`, `5d 07h`."""
    if seconds < 60:
        return duration(seconds)
    minutes, rest = divmod(round(seconds), 60)
    hours = minutes // 60
    if hours < 1:
        return f"{minutes}m {rest:02d}s"
    return f"{hours}h {minutes % 60:02d}m" if hours < 100 else f"{hours // 24}d {hours % 24:02d}h"


def counted(number: int, thing: str) -> str:
    """Returns `1 run`, `2 runs`."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
