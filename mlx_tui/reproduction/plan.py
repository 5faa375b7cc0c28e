"""Makes the plan of a reproduction: what would be run, in which environment, and what of it isn't as asked."""

from datetime import datetime
from pathlib import Path

from mlx_tui.reproduction.candidates import Discovery
from mlx_tui.reproduction.commit_date import commit_date, executed_date
from mlx_tui.reproduction.container_environment import choose_container
from mlx_tui.reproduction.environment import dated, everything_pinned, read_environment
from mlx_tui.reproduction.foresight import foresee
from mlx_tui.reproduction.interpreters import python_specifier
from mlx_tui.reproduction.isolation import choose_isolation
from mlx_tui.reproduction.model import Candidate, Deviation, EnvironmentSpec, Isolation, Plan
from mlx_tui.reproduction.needs import find_needs
from mlx_tui.reproduction.plan_options import TODAY, PlanOptions, asked_time
from mlx_tui.reproduction.repairs.contents import without_blocking_cells, without_comments
from mlx_tui.reproduction.variables import standing_deviations

MAX_SECONDS = 366 * 24 * 3600


class NoCandidate(ValueError):  # noqa: N818 - named after what is missing
    """Nothing in the repository says how its experiment is run; the message says what was looked for."""


def make_plan(
    repo: str, commit: str, clone: Path, options: PlanOptions | None = None, candidate: Candidate | None = None
) -> Plan:
    """Makes the plan of a reproduction; nothing of the repository is run.

    Args:
        repo: `owner/name`.
        commit: Full SHA.
        clone: The repository's work tree at that commit.
        options: What the user asks.
        candidate: What is run; by default the first that was found and can run as it is.

    Raises:
        NoCandidate: Nothing says how it is run.
        NoInterpreter: There is no Python 3 on this machine.
        IsolationError: The isolation that was asked for can't be had here.
        ValueError: The options make no sense.
    """
    options = options or PlanOptions()
    _check(options)
    discovery = Discovery(clone, tolerant=options.repair)
    chosen = candidate or choose_candidate(discovery)
    committed = commit_date(clone, commit)
    executed = executed_date(discovery.tree, chosen, committed)
    until = asked_time(options.as_of) or executed or committed
    choice = choose_container(discovery.tree, chosen, options.isolation)
    if choice.container is None:
        isolation = choose_isolation(options.isolation)
        spec, deviations = read_environment(clone, chosen, written=until, python=options.python, index=discovery.index)
        spec, decision = _with_date(spec, options.as_of, until, by_outputs=executed is not None)
        deviations = (*deviations, *decision)
    else:
        isolation, spec, deviations = Isolation.CONTAINER, choice.environment, ()
    known = None if choice.container else spec  # what an image holds isn't told by names
    needs = find_needs(clone, chosen, index=discovery.index, environment=known, network=options.network)
    needs = (*choice.needs, *needs)
    foresight, likely = foresee(needs)
    plan = Plan(
        repo=repo,
        commit=commit,
        clone=str(clone.resolve()),
        candidate=chosen,
        environment=spec,
        deviations=(
            *_of_candidate(chosen),
            *choice.deviations,
            *deviations,
            *standing_deviations(isolation, options.network),
        ),
        needs=needs,
        isolation=isolation,
        network=options.network,
        timeout=options.timeout,
        memory=options.memory,
        likely=likely,
        foresight=foresight,
        repair=options.repair,
        variables=choice.variables,
        container=choice.container,
    )
    return _repaired(plan, discovery) if options.repair else plan


def _check(options: PlanOptions) -> None:
    """Refuses what makes no sense, whoever asks for it."""
    if not 1 <= options.timeout <= MAX_SECONDS:
        raise ValueError(f"the time limit is {options.timeout} s: it is at least 1, and at most a year")
    if options.memory < 0:
        raise ValueError("the limit of memory is negative: give 0 for none")
    if options.python and python_specifier(options.python) is None:
        raise ValueError(f"`{options.python}` is no version of Python: write 3.11, or >=3.9")


def _of_candidate(candidate: Candidate) -> tuple[Deviation, ...]:
    paths = [
        Deviation(f"parameter {item.name}", item.asked, item.value, "that path is of another machine, this one is here")
        for item in candidate.parameters
        if item.asked
    ]
    names = [
        Deviation(f"run of step {number}", "not named", step.run_name, "the code looks for a run of that name")
        for number, step in enumerate(candidate.steps, 1)
        if step.run_name
    ]
    return (*paths, *names)


def _repaired(plan: Plan, discovery: Discovery) -> Plan:
    """The plan with the repairs that are known to be needed before anything runs."""
    path = plan.candidate.path
    if path in discovery.mended:
        plan = without_comments(plan, [path], f"{path} isn't valid YAML with them")
    return without_blocking_cells(plan, {path: file.text for path, file in discovery.index.notebooks.items()})


def find_ways(clone: Path, *, repair: bool) -> tuple[tuple[Candidate, ...], Candidate | None]:
    """Finds the ways to run a repository, best first, and the one that a plan takes by itself, or None.

    Args:
        clone: The repository's work tree; nothing in it is run or imported.
        repair: Whether the plan is to be repaired: then it may take one of a file that can't be read as it is.
    """
    discovery = Discovery(clone, tolerant=repair)
    found = (Discovery(clone) if discovery.mended else discovery).candidates
    try:
        return found, choose_candidate(discovery)
    except NoCandidate:
        return found, None


def choose_candidate(discovery: Discovery) -> Candidate:
    """The first candidate that can run as it is and may lead to MLflow.

    Raises:
        NoCandidate: There is none; the message says what was found instead.
    """
    for item, candidate in zip(discovery.found, discovery.candidates, strict=True):
        if not item.missing and item.leads_to_mlflow is not False:
            return candidate
    raise NoCandidate(_why_none(discovery))


def _why_none(discovery: Discovery) -> str:
    looked = (
        "looked for MLproject entry points, CI steps, Makefiles and scripts, Kedro projects, DVC stages, README "
        "commands, notebooks"
    )
    reasons: list[str] = []
    if not discovery.uses_mlflow:
        reasons.append("no Python code in it uses MLflow")
    incomplete = [item for item in discovery.found if item.missing]
    if incomplete:
        first = incomplete[0]
        step = first.candidate.steps[0].text
        reasons.append(f"`{step}` ({first.candidate.path}) has no value for {', '.join(first.missing)}")
    other = [item for item in discovery.found if not item.missing]
    if other:
        step = other[0].candidate.steps[0].text
        found = f"`{step}`" if len(other) == 1 else f"`{step}` and {len(other) - 1} more commands"
        reasons.append(f"no way leads from {found} to MLflow")
    reasons += [f"{item.path}: {item.reason}" for item in discovery.passed_over[:3]]
    told = "; ".join(reasons) or "no code that uses MLflow has a main part"
    return f"nothing says how the experiment is run: {told} ({looked}); give a command to run it all the same"


def _with_date(
    spec: EnvironmentSpec, asked: str, until: datetime | None, *, by_outputs: bool
) -> tuple[EnvironmentSpec, tuple[Deviation, ...]]:
    """The environment with its date, and the decision with its reason."""
    subject = "versions left open"
    if asked == TODAY or until is None:
        reason = "asked for" if asked else "the commit's date isn't known"
        return spec, (Deviation(subject, "the newest", "as of today", reason),)
    if asked:
        reason = "asked for"
    elif by_outputs:
        reason = "the notebook's stored outputs are of that time, the commit is younger"
    elif everything_pinned(spec):
        reason = "everything that is listed is pinned and taken as it is; what that brings along isn't"
    else:
        reason = "the commit's date: newer versions change interfaces and results"
    return dated(spec, until), (Deviation(subject, "the newest", f"as of {asked or until.date()}", reason),)
