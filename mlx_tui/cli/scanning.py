"""Commands that detect: demo, scan, explain."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mlx_tui.cli.corpus import cancel_on_interrupt
from mlx_tui.cli.interface import open_study_in_interface
from mlx_tui.cli.options import HERE, JsonOption, RepositoryArgument, StudyOption
from mlx_tui.cli.output import print_json, print_progress, print_table
from mlx_tui.counted import counted
from mlx_tui.safe_text import safe_text

if TYPE_CHECKING:
    from mlx_tui.detection.model import Feature, RepositoryScan
    from mlx_tui.study import Study


def register(app: typer.Typer) -> None:
    """Adds this module's commands."""
    app.command("demo")(demo)
    app.command("scan")(scan)
    app.command("explain")(explain)
    app.command("codebook")(codebook)


def demo(
    study: Annotated[
        Path | None, typer.Option("--study", metavar="DIR", help="Where; default: your data folder.")
    ] = None,
    no_ui: Annotated[bool, typer.Option("--no-ui", help="Print the table and write the CSVs.")] = False,
) -> None:
    """Make a study on the sample corpus (fetch, scan) and open it."""
    from mlx_tui.cli.results import print_results
    from mlx_tui.demo import create_demo
    from mlx_tui.paths import demo_dir

    opened = create_demo(study or demo_dir())
    failed = [clone for clone in opened.corpus.fetch() if clone.error]
    opened.scan(on_progress=lambda p: print_progress(p.done, p.total, f"scanned {p.repo}"))
    written = opened.export()
    if not no_ui:
        open_study_in_interface(opened.path)
        return
    print_results(opened)
    opened.annotations.journal.ensure_file()
    for path in (*written, opened.annotations.journal.path):
        typer.echo(f"wrote {path}", err=True)
    if failed:
        raise typer.Exit(1)


def scan(
    trees: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH]…", help="git work trees; none: the study.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="CSV", help="Write the findings here.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=0, help="Processes; 0: one a processor.")] = 0,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Scan again what didn't change.")] = False,
    scheduler: Annotated[
        str, typer.Option(metavar="ADDRESS", help="A Dask scheduler, tcp://host:8786, whose workers see the clones.")
    ] = "",
    study: StudyOption = HERE,
    json: JsonOption = False,
) -> None:
    """Detect the codebook's features in the study's clones, or in any git work trees."""
    from mlx_tui.annotation.tables import write_findings_csv
    from mlx_tui.study import Study
    from mlx_tui.study.corpus import work_tree
    from mlx_tui.study.scans import ScanProgress

    errors: list[str] = []

    def show(progress: ScanProgress) -> None:
        print_progress(progress.done, progress.total, f"{progress.repo} {progress.error}".rstrip())
        if progress.error:
            errors.append(progress.repo)

    cancelled = cancel_on_interrupt()
    if trees:
        bare = Study(study, bare=True)
        clones = [work_tree(path) for path in trees]
        workers = jobs or bare.options.job_count
        scans = bare.scans.run(
            clones,
            jobs=workers,
            scheduler=scheduler,
            use_cache=not no_cache,
            on_progress=show,
            cancelled=cancelled,
        )
        if output is not None:
            write_findings_csv(output, scans, ())
    else:
        opened = Study(study)
        scans = opened.scan(
            use_cache=not no_cache, jobs=jobs, scheduler=scheduler, on_progress=show, cancelled=cancelled
        )
        opened.export()
        known = len(opened.corpus.entries())
        absent = known - len(scans) - len(errors)
        if absent > 0 and not cancelled.is_set():
            typer.echo(f"note: {absent} of {known} repositories have no clone yet: run `mlx-tui fetch`", err=True)
        if output is not None:
            held = (judgement for result in opened.results() for judgement in result.judgements)
            write_findings_csv(output, scans, held)
    if json:
        print_json(scans)
    elif output is None:
        rows = [(s.repo, s.commit[:12], str(s.files), str(len(s.findings)), str(len(s.anomalies))) for s in scans]
        print_table(("repository", "commit", "files", "findings", "anomalies"), rows, right=frozenset({2, 3, 4}))
    if errors or cancelled.is_set():
        raise typer.Exit(1)


def explain(
    repo: RepositoryArgument,
    feature: Annotated[
        str,
        typer.Argument(metavar="[FEATURE]", help="A feature's id, such as parameters.logged; none: the repository."),
    ] = "",
    study: StudyOption = HERE,
) -> None:
    """Say why each finding of a feature is one; without FEATURE: readiness, MLflow versions that fit, anomalies."""
    from mlx_tui.study import Study, StudyError

    opened = Study(study)
    known = next((candidate for candidate in opened.codebook.features if candidate.id == feature), None)
    if known is None and feature:
        raise StudyError(f"the codebook has no feature {feature}; `mlx-tui codebook` lists those that there are")
    found = opened.scan_of(repo)
    if found is None:
        raise StudyError(f"{repo} isn't scanned at its pinned commit: run `mlx-tui scan`")
    if known is None:
        _explain_repository(found, opened)
    else:
        _explain_feature(known, found, opened)


def _explain_feature(feature: "Feature", found: "RepositoryScan", opened: "Study") -> None:
    from mlx_tui.detection.explain import explain as explain_finding
    from mlx_tui.study.errors import StudyError
    from mlx_tui.study.places import Place

    typer.echo(f"{feature.id}: {feature.title}\n{feature.definition}")
    if feature.excludes:
        typer.echo(f"Does not count: {feature.excludes}")
    findings = [finding for finding in found.findings if finding.feature == feature.id]
    on_forge = True
    for finding in findings:
        told = explain_finding(finding, opened.codebook, definition=False)
        typer.echo(f"\n{safe_text(told, multiline=True)}")
        try:
            if on_forge:
                typer.echo(opened.files.page(found.repo, Place(finding.path, finding.cell, finding.line)))
        except StudyError:  # a folder, or a server that isn't known
            on_forge = False
    if not findings:
        typer.echo("\nNo finding." if feature.detected else "\nThis version of the program doesn't detect it.")


def _explain_repository(found: "RepositoryScan", opened: "Study") -> None:
    from mlx_tui.annotation.effective import effective_readiness
    from mlx_tui.detection.mlflow_versions import describe_versions

    findings, files = counted(len(found.findings), "finding"), counted(found.files, "file")
    typer.echo(f"{safe_text(found.repo)} at {found.commit[:12]}: {findings} in {files}\n")
    judgements = opened.judgements_of(opened.corpus.clone(found.repo)).judgements
    ready = effective_readiness(opened.codebook.features, found.findings, judgements)
    typer.echo(f"Readiness for a second execution: {ready.score} of {len(ready.conditions)}")
    for condition in ready.conditions:
        told = ", ".join(condition.met_by) or f"missing ({' or '.join(condition.features)})"
        typer.echo(f"  {condition.name}: {told}")
    typer.echo()
    typer.echo(safe_text(describe_versions(found.versions), multiline=True))
    for anomaly in found.anomalies:
        where = safe_text(anomaly.path) or "the repository"
        typer.echo(f"\n{anomaly.kind}: {where}\n  {safe_text(anomaly.message)}")
    if not found.anomalies:
        typer.echo("\nNo anomaly.")


def codebook(
    own: Annotated[Path | None, typer.Argument(metavar="[CODEBOOK.toml]", help="A study's own codebook.")] = None,
) -> None:
    """Print the codebook as Markdown; checks a codebook of your own."""
    from mlx_tui.detection.codebook import load_codebook
    from mlx_tui.detection.codebook_markdown import codebook_markdown

    typer.echo(codebook_markdown(load_codebook(own)), nl=False)
