"""The command that runs experiments again: reproduce."""

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from mlx_tui.cli.attempt_table import outcome_text, print_attempts
from mlx_tui.cli.corpus import cancel_on_interrupt
from mlx_tui.cli.options import HERE, JsonOption, StudyOption
from mlx_tui.cli.output import print_json, print_table
from mlx_tui.cli.planning import NOTHING_ASKED, Asked, open_study, with_plan_options
from mlx_tui.cli.results import refresh_csvs
from mlx_tui.counted import counted
from mlx_tui.safe_text import safe_text

if TYPE_CHECKING:
    from mlx_tui.corpus.model import Clone
    from mlx_tui.reproduction.model import Attempt, Plan
    from mlx_tui.study.batch import BatchProgress, BatchResult
    from mlx_tui.study.study import Study


@with_plan_options
def reproduce(
    repos: Annotated[
        list[str] | None, typer.Argument(metavar="[REPO|PATH…]", help="Of the corpus, or git work trees.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every repository of the corpus that is fetched and not excluded.")
    ] = False,
    repeat: Annotated[int, typer.Option(min=0, help="Run the same plan N times; 0: as kept, else once.")] = 0,
    at_once: Annotated[
        int, typer.Option(min=0, metavar="N", help="So many attempts run at once; 0: the study's option.")
    ] = 0,
    again: Annotated[
        bool, typer.Option("--again", help="Run plans again of which an attempt came to its own end before.")
    ] = False,
    asked: Asked = NOTHING_ASKED,
    detach: Annotated[bool, typer.Option("--detach", help="Start, print the ids, and don't wait.")] = False,
    study: StudyOption = HERE,
    json: JsonOption = False,
) -> None:
    """Run experiments again and say how they ended.

    Stopped by Ctrl-C, which cancels what runs, or killed, the same command goes on: it runs the plans of which no
    attempt came to its own end.
    """
    from mlx_tui.study.batch import Batch, BatchOptions

    opened = open_study(study)
    clones = _clones(opened, repos or [], everything)

    def make_plan(clone: "Clone") -> "Plan":
        return opened.attempts.plan(clone, asked.choice(opened, clone))

    options = BatchOptions(repeat, at_once or opened.attempts.at_once, again)
    batch = Batch(opened.attempts, clones, make_plan, options, _teller())
    result = batch.start_all() if detach else batch.run(cancel_on_interrupt())
    refresh_csvs(opened)
    if json:
        print_json([_with_claims(opened, attempt) for attempt in result.attempts])
    else:
        _print_result(result)
    if result.errors or result.left or not all(_went_well(attempt, detach) for attempt in result.attempts):
        raise typer.Exit(1)


def _clones(study: "Study", names: list[str], everything: bool) -> "list[Clone]":
    """The repositories that are meant, each once."""
    if everything == bool(names):
        raise typer.BadParameter("name repositories, or give --all")
    if everything:
        return list(study.runnable())
    return list({clone.repo: clone for clone in map(study.corpus.clone_or_work_tree, names)}.values())


def _teller() -> "Callable[[BatchProgress], None]":
    """Tells on standard error what happens, with an estimate of the time that is left."""
    began = time.monotonic()
    lock = threading.Lock()
    before = set[str]()

    def tell(progress: "BatchProgress") -> None:
        with lock:
            typer.echo(
                f"[{progress.done}/{progress.total}] {progress.repo}: {_told(progress)}{left(progress)}", err=True
            )

    def left(progress: "BatchProgress") -> str:
        from mlx_tui.study.batch import remaining_seconds

        if progress.before:
            before.add(progress.repo)
        skipped = len(before)
        seconds = remaining_seconds(began, progress.done - skipped, progress.total - skipped)
        return f"; about {seconds / 60:.0f} min left" if seconds is not None and seconds >= 60 else ""

    return tell


def _told(progress: "BatchProgress") -> str:
    if progress.attempt is None:
        return f"not tried: {safe_text(progress.error)}"
    state = progress.attempt.state
    if progress.before:
        told = "under way already" if state.outcome is None else f"ran before: {outcome_text(progress.attempt)}"
        return f"{state.id} {told}{'' if state.outcome is None else '; --again runs it again'}"
    return f"{state.id} {state.phase if state.outcome is None else outcome_text(progress.attempt)}"


def _print_result(result: "BatchResult") -> None:
    from mlx_tui.study.batch import three_numbers

    print_attempts(result.attempts)
    if result.errors:
        typer.echo()
        print_table(("repository", "not tried because"), result.errors)
    if result.left:
        typer.echo(f"\nStopped before {counted(len(result.left), 'repository')}; the same command goes on with them.")
    if any(attempt.state.outcome for attempt in result.attempts):
        typer.echo(f"\n{three_numbers(result.attempts)}")


def _went_well(attempt: "Attempt", detached: bool) -> bool:
    from mlx_tui.reproduction.model import Outcome

    outcome = attempt.state.outcome
    return outcome in {Outcome.REPRODUCED, Outcome.DIFFERS, Outcome.EXECUTED} or (outcome is None and detached)


def _with_claims(study: "Study", attempt: "Attempt") -> dict[str, object]:
    """An attempt's state, and beside it what the code claims and what was logged."""
    import msgspec

    state: dict[str, object] = msgspec.to_builtins(attempt.state)
    return state | {"claims": study.claims_of(attempt)}
