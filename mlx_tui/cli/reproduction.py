"""Commands on attempts that were made: attempts, outcome, repeats, cancel, log."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from mlx_tui.cli.attempt_table import print_attempts
from mlx_tui.cli.options import HERE, JsonOption, StudyOption
from mlx_tui.cli.output import print_json, print_table
from mlx_tui.cli.planning import open_study, plan
from mlx_tui.cli.reproducing import reproduce
from mlx_tui.cli.results import refresh_csvs

POLL_SECONDS = 0.2

AttemptId = Annotated[
    str, typer.Argument(metavar="ID", help="The attempt's id, the beginning of it, or a repository: its newest.")
]


def register(app: typer.Typer) -> None:
    """Adds the commands of reproduction."""
    app.command("plan")(plan)
    app.command("reproduce")(reproduce)
    app.command("attempts")(attempts)
    app.command("outcome")(outcome)
    app.command("repeats")(repeats)
    app.command("cancel")(cancel)
    app.command("log")(log)


def attempts(
    repo: Annotated[str, typer.Argument(metavar="[REPO]", help="owner/name, or name where only one fits.")] = "",
    study: StudyOption = HERE,
    json: JsonOption = False,
) -> None:
    """List the attempts of the study, oldest first."""
    opened = open_study(study)
    found = opened.attempts.named(repo) if repo else opened.attempts.list()
    if repo and not found:
        opened.corpus.find(repo)  # a name that was mistyped is told
    if json:
        print_json([attempt.state for attempt in found])
    else:
        print_attempts(found)


def outcome(identifier: AttemptId, study: StudyOption = HERE, json: JsonOption = False) -> None:
    """Tell everything of an attempt: outcome, comparison, claim and reality, captured runs, times of cells."""
    from mlx_tui.safe_text import safe_text
    from mlx_tui.tui.presentation.attempt_details import detail_lines

    opened = open_study(study)
    report = opened.report_attempt(opened.attempts.find(identifier))
    if json:
        print_json(report)
        return
    for text, _role in detail_lines(report, datetime.now(UTC)):
        typer.echo(safe_text(text))


def repeats(identifier: AttemptId, study: StudyOption = HERE, json: JsonOption = False) -> None:
    """Print the metrics of an attempt and of all others that ran the same thing, side by side."""
    opened = open_study(study)
    metrics = opened.attempts.repeats(opened.attempts.find(identifier))
    if json:
        print_json(metrics)
        return
    rows = [
        (
            metric.name,
            "" if metric.reference is None else f"{metric.reference:.6g}",
            str(len(metric.values)),
            f"{min(metric.values):.6g}",
            f"{max(metric.values):.6g}",
            " ".join(f"{value:.6g}" for value in metric.values),
        )
        for metric in metrics
    ]
    headings = ("metric", "reference", "repeats", "least", "greatest", "values, oldest first")
    print_table(headings, rows, right=frozenset({1, 2, 3, 4}))


def cancel(
    identifier: AttemptId,
    study: StudyOption = HERE,
) -> None:
    """End an attempt and every process of it."""
    opened = open_study(study)
    ended = opened.attempts.cancel(opened.attempts.find(identifier))
    refresh_csvs(opened)
    print_attempts([ended])


def log(
    identifier: AttemptId,
    follow: Annotated[bool, typer.Option("-f", "--follow", help="Wait for more until the attempt ends.")] = False,
    study: StudyOption = HERE,
) -> None:
    """Print an attempt's log, made safe for a terminal."""
    from mlx_tui.reproduction.log_index import LogIndex
    from mlx_tui.reproduction.model import Phase
    from mlx_tui.safe_text import safe_text

    opened = open_study(study)
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
