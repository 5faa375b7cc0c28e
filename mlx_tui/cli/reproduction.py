"""Commands of reproduction: plan, reproduce, attempts, cancel, log."""

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mlx_tui.cli.corpus import cancel_on_interrupt
from mlx_tui.cli.options import HERE, JsonOption, StudyOption
from mlx_tui.cli.output import print_json, print_table
from mlx_tui.cli.results import refresh_csvs

if TYPE_CHECKING:
    import threading

    from mlx_tui.reproduction.model import Attempt, Plan
    from mlx_tui.study.study import Study

POLL_SECONDS = 0.2

Timeout = Annotated[int, typer.Option(metavar="S", help="Limit of the run in seconds; 0: the study's option.")]
AsOf = Annotated[str, typer.Option("--as-of", metavar="DATE", help="Resolve open versions as of this date.")]
NoNetwork = Annotated[bool, typer.Option("--no-network", help="The run gets no network.")]
IsolationOption = Annotated[str, typer.Option(metavar="auto|bwrap|none", help="How the run is isolated.")]
Repair = Annotated[bool, typer.Option("--repair", help="Repair what fails by named repairs, and run it again.")]
Command = Annotated[str, typer.Option("--command", help="Run this command line instead of the first candidate.")]
Repositories = Annotated[list[str], typer.Argument(metavar="REPO|PATH…", help="Of the corpus, or a git work tree.")]


def register(app: typer.Typer) -> None:
    """Adds this module's commands."""
    app.command("plan")(plan)
    app.command("reproduce")(reproduce)
    app.command("attempts")(attempts)
    app.command("cancel")(cancel)
    app.command("log")(log)


def plan(
    repo: Annotated[str, typer.Argument(metavar="REPO|PATH", help="Of the corpus, or a git work tree.")],
    timeout: Timeout = 0,
    as_of: AsOf = "",
    no_network: NoNetwork = False,
    isolation: IsolationOption = "",
    command: Command = "",
    repair: Repair = False,
    study: StudyOption = HERE,
    json: JsonOption = False,
) -> None:
    """Show how a repository would be run: command, environment, deviations, needs, isolation. Nothing runs."""
    from mlx_tui.reproduction.plan_text import render_plan

    made = _plan(_study(study), repo, timeout, as_of, no_network, isolation, command, repair)
    if json:
        print_json(made)
    else:
        typer.echo(render_plan(made))


def reproduce(
    repos: Repositories,
    repeat: Annotated[int, typer.Option(min=1, help="Run the same plan N times.")] = 1,
    timeout: Timeout = 0,
    as_of: AsOf = "",
    no_network: NoNetwork = False,
    isolation: IsolationOption = "",
    command: Command = "",
    repair: Repair = False,
    detach: Annotated[bool, typer.Option("--detach", help="Start, print the ids, and don't wait.")] = False,
    study: StudyOption = HERE,
    json: JsonOption = False,
) -> None:
    """Run experiments again and say how they ended. Ctrl-C cancels what runs."""
    from mlx_tui.reproduction.model import Outcome
    from mlx_tui.reproduction.plan import NoCandidate

    opened = _study(study)
    started: list[Attempt] = []
    for repo in repos:
        try:
            made = _plan(opened, repo, timeout, as_of, no_network, isolation, command, repair)
        except NoCandidate as error:
            clone = opened.corpus.clone_or_work_tree(repo)
            started.append(opened.attempts.record_no_entry_point(clone, str(error)))
        else:
            started.extend(opened.attempts.start(made, repeat))
    finished = started if detach else _wait(opened, started, cancel_on_interrupt())
    refresh_csvs(opened)
    if json:
        print_json([attempt.state for attempt in finished])
    else:
        _print_attempts(finished)
    ended_well = {Outcome.REPRODUCED, Outcome.DIFFERS, Outcome.EXECUTED}
    if any(a.state.outcome not in ended_well for a in finished if a.state.outcome or not detach):
        raise typer.Exit(1)


def attempts(
    repo: Annotated[str, typer.Argument(metavar="[REPO]")] = "", study: StudyOption = HERE, json: JsonOption = False
) -> None:
    """List the attempts of the study, oldest first."""
    found = _study(study).attempts.list(repo or None)
    if json:
        print_json([attempt.state for attempt in found])
    else:
        _print_attempts(found)


def cancel(
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="The attempt's id, the beginning of it, or a repository: its newest.")
    ],
    study: StudyOption = HERE,
) -> None:
    """End an attempt and every process of it."""
    opened = _study(study)
    ended = opened.attempts.cancel(opened.attempts.find(identifier))
    refresh_csvs(opened)
    _print_attempts([ended])


def log(
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="The attempt's id, the beginning of it, or a repository: its newest.")
    ],
    follow: Annotated[bool, typer.Option("-f", "--follow", help="Wait for more until the attempt ends.")] = False,
    study: StudyOption = HERE,
) -> None:
    """Print an attempt's log, made safe for a terminal."""
    from mlx_tui.reproduction.log_index import LogIndex
    from mlx_tui.reproduction.model import Phase
    from mlx_tui.safe_text import safe_text

    opened = _study(study)
    attempt = opened.attempts.find(identifier)
    index = LogIndex(Path(attempt.folder) / "log")
    printed = 0
    while True:
        last_look = not follow or opened.attempts.read(attempt).state.phase is Phase.FINISHED
        index.refresh()
        whole = index.line_count if last_look else index.line_count - 1  # the last line may still grow
        while printed < whole:
            typer.echo(safe_text(index.line(printed)))
            printed += 1
        if last_look:
            return
        time.sleep(POLL_SECONDS)


def _study(folder: Path) -> "Study":
    from mlx_tui.study import Study

    return Study(folder, bare=True)


def _plan(
    study: "Study", repo: str, timeout: int, as_of: str, no_network: bool, isolation: str, command: str, repair: bool
) -> "Plan":
    from mlx_tui.reproduction.model import Candidate, CommandSource, Step, StepKind

    options = study.attempts.plan_options()
    options = replace(
        options,
        timeout=timeout or options.timeout,
        as_of=as_of or options.as_of,
        network=options.network and not no_network,
        isolation=isolation or options.isolation,
        repair=repair,
    )
    candidate = None
    if command:
        candidate = Candidate((Step(StepKind.COMMAND, command),), CommandSource.USER)
    return study.attempts.plan(study.corpus.clone_or_work_tree(repo), options, candidate)


def _wait(study: "Study", started: "list[Attempt]", cancelled: "threading.Event") -> "list[Attempt]":
    from mlx_tui.reproduction.model import Phase

    current = started
    shown: dict[str, str] = {}
    while True:
        current = [study.attempts.read(attempt) for attempt in current]
        for attempt in current:
            if shown.get(attempt.folder) != attempt.state.phase:
                shown[attempt.folder] = attempt.state.phase
                typer.echo(f"{attempt.state.repo} {attempt.state.id} {attempt.state.phase}", err=True)
        if all(attempt.state.phase is Phase.FINISHED for attempt in current):
            return current
        if cancelled.is_set():
            return [study.attempts.cancel(attempt) for attempt in current]
        time.sleep(POLL_SECONDS)


def _print_attempts(found: "list[Attempt] | tuple[Attempt, ...]") -> None:
    rows = []
    for attempt in found:
        state = attempt.state
        outcome = str(state.outcome or state.phase) + (f" ({state.cause})" if state.cause else "")
        seconds = f"{state.environment_seconds:.1f}+{state.run_seconds:.1f}"
        repairs = ", ".join(repair.name for repair in state.repairs)
        rows.append(
            (state.id, state.repo, outcome, seconds, str(state.runs), str(state.metrics), repairs, state.reason)
        )
    headings = ("attempt", "repository", "outcome", "seconds", "runs", "metrics", "repairs", "reason")
    print_table(headings, rows, right=frozenset({3, 4, 5}))
