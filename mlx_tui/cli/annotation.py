"""Commands of human work: annotate, merge, agreement, left, outdated."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mlx_tui.annotation.model import Verdict
from mlx_tui.cli.options import HERE, JsonOption, RepositoryArgument, StudyOption
from mlx_tui.cli.output import print_json, print_table
from mlx_tui.cli.results import refresh_csvs
from mlx_tui.counted import counted
from mlx_tui.safe_text import safe_text

if TYPE_CHECKING:
    from mlx_tui.annotation.agreement import Agreement
    from mlx_tui.annotation.save_report import SaveReport
    from mlx_tui.study.agreeing import StudyAgreement


def register(app: typer.Typer) -> None:
    """Adds this module's commands."""
    app.command("annotate")(annotate)
    app.command("merge")(merge)
    app.command("agreement")(agreement)
    app.command("left")(left)
    app.command("outdated")(outdated)


def annotate(
    repo: RepositoryArgument,
    feature: Annotated[str, typer.Argument(metavar="FEATURE", help="A feature's id; '' for the repository itself.")],
    verdict: Annotated[Verdict, typer.Option(help="What you say.")],
    at: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH:LINE",
            help="The finding, or the place of a missed one (PATH#CELL:LINE); give it again for several.",
        ),
    ] = None,
    also: Annotated[
        list[str] | None, typer.Option(metavar="REPO", help="A further repository; give it again for several.")
    ] = None,
    note: Annotated[str | None, typer.Option(help="Free text; without it, the note of before stays.")] = None,
    study: StudyOption = HERE,
) -> None:
    """Judge findings, a feature as a whole (without --at), or repositories (with an empty feature): all or none."""
    from mlx_tui.study import Study
    from mlx_tui.study.targets import Subject

    if at and also:
        raise typer.BadParameter("a place is in one repository: give --at or --also, not both")
    opened = Study(study)
    if at:
        subjects = [Subject(repo, feature, opened.finding_at(repo, feature, place)) for place in at]
    else:
        subjects = [Subject(name, feature) for name in dict.fromkeys((repo, *(also or ())))]
    report = opened.judge_all(subjects, verdict, note=note)
    many = f"{len(subjects)} judgements " if len(subjects) > 1 else ""
    typer.echo(f"{many}saved in {opened.annotations.journal.path}")
    _tell(report)
    refresh_csvs(opened)


def merge(
    other: Annotated[Path, typer.Argument(metavar="OTHER.csv", help="Another annotator's annotations.csv.")],
    study: StudyOption = HERE,
) -> None:
    """Merge another annotations.csv into the study's: by key, the newest wins, conflicts are listed."""
    from mlx_tui.study import Study

    opened = Study(study)
    report = opened.annotations.journal.merge_file(other)
    _tell(report)
    judgements = opened.annotations.journal.judgements()
    taken = counted(len(report.saved), "judgement")
    typer.echo(f"{taken} taken over; {len(judgements)} in {opened.annotations.journal.path}")
    here = {(clone.repo, clone.commit) for clone in opened.corpus.clones()}
    elsewhere = sum((judgement.key.repo, judgement.key.commit) not in here for judgement in judgements)
    if elsewhere:
        typer.echo(f"note: {elsewhere} are about repositories or commits that this study doesn't hold", err=True)
    refresh_csvs(opened)


def _tell(report: "SaveReport") -> None:
    """Says on standard error what else a save or a merge brought about."""
    for notice in report.notices:
        typer.echo(f"note: {notice}", err=True)
    for row in report.unread:
        typer.echo(f"note: line {row.line} can't be read and stays as it is: {safe_text(row.reason)}", err=True)
    for judgement in report.restored:
        key = judgement.key
        about = " ".join(text for text in (key.repo, key.feature, key.place) if text)
        typer.echo(f"note: the file had lost a judgement, it is back: {about} ({key.annotator})", err=True)
    for conflict in report.conflicts:
        typer.echo(f"conflict: {conflict}", err=True)


def agreement(study: StudyOption = HERE, json: JsonOption = False) -> None:
    """Print Cohen's kappa, its interval and the raw agreement of each pair of annotators, per feature and on all."""
    from mlx_tui.study import Study

    found = Study(study).agreement()
    if json:
        print_json(found.rows)
    elif found.rows:
        print_table(
            ("feature", "annotators", "n", "raw", "kappa", "95 %"),
            [_row(row) for row in found.rows],
            right=frozenset({2, 3, 4, 5}),
        )
    else:
        typer.echo("Nothing was judged by two annotators; `mlx-tui merge` takes another one's annotations.csv in.")
    typer.echo(_counted(found), err=json)


def _counted(found: "StudyAgreement") -> str:
    """Says which verdicts were looked at."""
    left_out = [
        f"{number} {why}"
        for number, why in (
            (found.outdated, "outdated (`mlx-tui outdated` lists them)"),
            (found.excluded, "of excluded repositories"),
            (found.elsewhere, "of repositories that aren't in the corpus, or of commits that aren't the pinned ones"),
        )
        if number
    ]
    counted = f"Counted: {found.counted} verdicts that hold at the pinned commits of included repositories"
    return f"{counted}, as in the report." + (f" Left out: {', '.join(left_out)}." if left_out else "")


def _row(row: "Agreement") -> tuple[str, ...]:
    kappa = "undefined" if row.kappa is None else f"{row.kappa:.2f}"
    interval = "–" if row.interval is None else f"{row.interval[0]:.2f} – {row.interval[1]:.2f}"
    return (row.feature, " / ".join(row.annotators), str(row.n), f"{row.raw:.2f}", kappa, interval)


def left(
    blind: Annotated[
        bool, typer.Option("--blind", help="Count features as a whole, as who judges blind does, not findings.")
    ] = False,
    study: StudyOption = HERE,
    json: JsonOption = False,
) -> None:
    """Print what you still have to judge in each repository; calls of wrappers don't count, nor what is excluded."""
    from mlx_tui.study import Study

    opened = Study(study)
    rows = opened.progress(blind=blind or opened.options.blind)
    if json:
        print_json(rows)
        return
    print_table(
        ("repository", "to judge", "left"),
        [(row.repo, str(row.items), str(row.left)) for row in rows if row.left],
        right=frozenset({1, 2}),
    )
    total = sum(row.left for row in rows)
    done = f"{total} left to judge by {opened.annotations.annotator}"
    typer.echo(done if rows else "No repository is scanned: run `mlx-tui scan`.")


def outdated(study: StudyOption = HERE, json: JsonOption = False) -> None:
    """List judgements of other commits that hold no more at the pinned one; judge the feature anew to settle one."""
    from mlx_tui.study import Study

    found = [judgement for result in Study(study).results() for judgement in result.outdated]
    if json:
        print_json(found)
        return
    rows = [
        (j.key.repo, j.key.commit[:8], j.key.feature, j.key.place, j.verdict.value, j.key.annotator, j.note)
        for j in found
    ]
    if rows:
        print_table(("repository", "given at", "feature", "place", "verdict", "annotator", "note"), rows)
    else:
        typer.echo("No judgement is outdated.")
