"""A plan as plain text, for the command line."""

from collections.abc import Iterator

from mlx_tui.reproduction.container_names import container_line, volume_lines
from mlx_tui.reproduction.model import Candidate, Isolation, Need, Plan, StepKind
from mlx_tui.reproduction.repairs.ladder import MOST
from mlx_tui.safe_text import safe_text

MAX_REQUIREMENTS = 12
MAX_NEEDS = 20

_ISOLATION = {
    Isolation.BWRAP: "bubblewrap: read-only system, own home and /tmp, no view of your files",
    Isolation.CONTAINER: "container: no capabilities, nothing of yours but the attempt's own folders",
    Isolation.NONE: "none: limits and a scrubbed environment only; the code can read your files",
}
_MET = {True: "there", False: "MISSING", None: "can't be told"}


def render_plan(plan: Plan) -> str:
    """A plan as text of several lines; everything of the repository's made safe for a terminal."""
    return "\n".join(_lines(plan))


def _lines(plan: Plan) -> Iterator[str]:
    candidate = plan.candidate
    yield f"{safe_text(plan.repo)} at {safe_text(plan.commit[:12])}"
    yield ""
    yield "Run"
    for number, step in enumerate(candidate.steps, 1):
        kind = "notebook " if step.kind is StepKind.NOTEBOOK else ""
        yield f"  {number}. {kind}{safe_text(step.text)}    (in {safe_text(step.workdir)})"
    yield f"  read from {safe_text(_origin(candidate))}: {safe_text(candidate.reason)}"
    yield ""
    yield "Environment"
    if plan.container is not None:
        yield f"  {safe_text(container_line(plan.container))}"
        yield from (f"  {safe_text(line)}" for line in volume_lines(plan.container))
        yield f"  asked for by {safe_text(plan.container.path)} (docker_env); a Python environment by --isolation bwrap"
    else:
        yield from _python_environment(plan)
    yield ""
    yield "Otherwise than asked"
    for item in plan.deviations:
        yield f"  {safe_text(f'{item.subject}: {item.asked} → {item.used} ({item.reason})')}"
    yield ""
    yield "What the code will ask for"
    yield from (_need(need) for need in plan.needs[:MAX_NEEDS])
    if len(plan.needs) > MAX_NEEDS:
        yield f"  … and {len(plan.needs) - MAX_NEEDS} more"
    if not plan.needs:
        yield "  nothing that its text tells"
    yield ""
    yield f"Isolation  {_ISOLATION[plan.isolation]}"
    yield f"Network    {'yes' if plan.network else 'no'}"
    memory = f", {plan.memory // 2**20} MiB of memory" if plan.memory else ""
    yield f"Limits     {plan.timeout} s{memory}"
    yield f"Repairs    {f'at most {MOST} where it fails, each named' if plan.repair else 'none'}"
    for repair in plan.repairs:
        yield f"  {safe_text(f'{repair.name}: {repair.did} ({repair.why})')}"
    yield f"Likely     {safe_text(plan.likely or 'not told')}"


def _python_environment(plan: Plan) -> Iterator[str]:
    environment = plan.environment
    place = f"{environment.source} ({environment.path})" if environment.path else environment.source
    yield f"  packages from {safe_text(place)}"
    yield f"  python {safe_text(environment.python_used)}    {safe_text(environment.interpreter)}"
    yield f"  versions left open: as of {environment.as_of[:10] or 'today'}"
    yield f"  {safe_text(_requirements(plan))}"


def _origin(candidate: Candidate) -> str:
    if not candidate.path:
        return "your own command"
    return f"{candidate.path}:{candidate.line}"


def _requirements(plan: Plan) -> str:
    lines = plan.environment.requirements
    shown = ", ".join(lines[:MAX_REQUIREMENTS])
    more = f" and {len(lines) - MAX_REQUIREMENTS} more" if len(lines) > MAX_REQUIREMENTS else ""
    locked = f"; {len(plan.environment.constraints)} versions fixed" if plan.environment.constraints else ""
    return f"{shown or 'none'}{more}{locked}"


def _need(need: Need) -> str:
    return f"  {_MET[need.met]:14}{need.kind:11}{safe_text(need.what)}    {safe_text(need.place)}"
