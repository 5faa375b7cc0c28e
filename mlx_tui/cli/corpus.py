"""Commands that make a study and fill it: init, add, remove, fetch, cache."""

import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mlx_tui.cli.options import HERE, JsonOption, RepositoryArgument, StudyOption
from mlx_tui.cli.output import print_json, print_progress, print_table
from mlx_tui.counted import counted
from mlx_tui.safe_text import safe_text

if TYPE_CHECKING:
    from mlx_tui.corpus.clone_cache import CloneCache


def register(app: typer.Typer) -> None:
    """Adds this module's commands."""
    app.command("init")(init)
    app.command("add")(add)
    app.command("remove")(remove)
    app.command("fetch")(fetch)
    cache = typer.Typer(help="The clone cache, shared by all studies.", no_args_is_help=True)
    cache.command("list")(cache_list)
    cache.command("images")(cache_images)
    cache.command("verify")(cache_verify)
    cache.command("prune")(cache_prune)
    app.add_typer(cache, name="cache")


def init(directory: Annotated[Path, typer.Argument(metavar="DIR", help="The study's folder.")]) -> None:
    """Make a study: a folder with an empty corpus.csv."""
    from mlx_tui.study import Study

    study = Study.create(directory)
    typer.echo(f"{study.path} is a study of {counted(len(study.corpus.entries()), 'repository')}.")
    typer.echo(f"Next: mlx-tui add --study {directory} URL…")


def add(
    sources: Annotated[list[str], typer.Argument(metavar="URL|PATH|CSV…", help="Repositories, or lists of them.")],
    study: StudyOption = HERE,
) -> None:
    """Add repositories: URLs, a CSV of URLs with any further columns, a clone, or a folder of clones."""
    from mlx_tui.study import Study

    new, again = Study(study).corpus.add(sources)
    for entry in new:
        typer.echo(entry.repo)
    for entry in again:
        columns = [*(["ref"] if entry.ref else []), *(name for name, _ in entry.columns)]
        unused = f"; not taken over: {', '.join(columns)}" if columns else ""
        typer.echo(safe_text(f"{entry.repo} is in the corpus already{unused}"), err=True)
    typer.echo(f"{len(new)} added. Next: mlx-tui fetch --study {study}", err=True)


def remove(repo: RepositoryArgument, study: StudyOption = HERE) -> None:
    """Remove a repository from the corpus; its judgements and attempts stay on disk."""
    from mlx_tui.study import Study

    Study(study).corpus.remove(repo)


def fetch(
    repos: Annotated[list[str] | None, typer.Argument(metavar="[REPO]…", help="Default: all that are missing.")] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Pin the newest commits instead, by default of all repositories.")
    ] = False,
    study: StudyOption = HERE,
    json: JsonOption = False,
) -> None:
    """Clone the repositories at a pinned commit, several at once; goes on where it was stopped."""
    from mlx_tui.corpus.model import CloneStatus, FetchProgress
    from mlx_tui.study import Study

    opened = Study(study)
    names = None if not repos else {opened.corpus.find(repo).repo for repo in repos}
    before = {clone.repo: clone for clone in opened.corpus.clones()}
    missing = [repo for repo, clone in before.items() if update or clone.status is not CloneStatus.READY]
    total = len(missing if names is None else names)
    done = 0
    lock = threading.Lock()

    def show(progress: FetchProgress) -> None:
        nonlocal done
        with lock:
            if progress.clone is not None:
                done += 1
                ready = progress.clone.status is CloneStatus.READY
                told = progress.clone.commit[:12] if ready else progress.message
                print_progress(done, total, f"{progress.repo} {told}")
            elif sys.stderr.isatty():
                share = "" if progress.fraction is None else f" {progress.fraction:.0%}"
                print_progress(done, total, f"{progress.repo} {progress.message}{share}")

    clones = opened.corpus.fetch(names, update=update, on_progress=show, cancelled=cancel_on_interrupt())
    failed = [clone for clone in clones if clone.status is CloneStatus.FAILED]
    moved = {c.repo for c in clones if before[c.repo].commit and c.commit not in {before[c.repo].commit, ""}}
    judged = sum(judgement.key.repo in moved for judgement in opened.annotations.journal.judgements()) if moved else 0
    if judged:
        typer.echo(
            f"note: {judged} judgements are about other commits: after `mlx-tui scan` those hold whose line is "
            "the same, and `mlx-tui outdated` lists the others",
            err=True,
        )
    if json:
        print_json([{"repo": c.repo, "status": c.status, "commit": c.commit, "error": c.error} for c in clones])
    elif failed:
        print_table(("repository", "not fetched because"), [(clone.repo, clone.error) for clone in failed])
    left = sum(clone.status is CloneStatus.MISSING for clone in clones)
    if left:
        typer.echo(f"Stopped before {counted(left, 'repository')}; the same command goes on.", err=True)
    if failed or left:
        raise typer.Exit(1)


def cancel_on_interrupt() -> threading.Event:
    """An event that Ctrl-C sets, so that what was finished is kept; a second Ctrl-C ends the program."""
    cancelled = threading.Event()

    def stop(*_: object) -> None:
        cancelled.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    signal.signal(signal.SIGINT, stop)
    return cancelled


def cache_list(json: JsonOption = False) -> None:
    """List the clones of the cache."""
    clones = _cache().listing()
    if json:
        print_json([{"path": str(clone.path), "bytes": clone.size, "fetched_at": clone.fetched_at} for clone in clones])
    else:
        print_table(("clone", "MB"), [(str(c.path), f"{c.size / 1e6:.1f}") for c in clones], right=frozenset({1}))


def cache_images(json: JsonOption = False) -> None:
    """List the container images that attempts built."""
    from mlx_tui.reproduction.built_images import listing

    images = listing()
    if json:
        print_json([{"engine": i.engine, "name": i.name, "commit": i.commit, "bytes": i.size} for i in images])
    else:
        rows = [(i.name, i.engine, i.commit[:12], f"{i.size / 1e6:.1f}") for i in images]
        print_table(("image", "engine", "commit", "MB"), rows, right=frozenset({3}))


def cache_verify(json: JsonOption = False) -> None:
    """Check every clone of the cache; exit status 1 where one is damaged."""
    damaged = _cache().verify()
    if json:
        print_json([{"path": str(path), "error": error} for path, error in damaged])
    elif damaged:
        print_table(("clone", "damage"), [(str(path), error) for path, error in damaged])
    if damaged:
        typer.echo("Delete the damaged folders; `mlx-tui fetch` makes them anew.", err=True)
        raise typer.Exit(1)


def cache_prune(
    study: Annotated[list[Path], typer.Option("--keep", metavar="DIR", help="A study whose clones and images stay.")],
) -> None:
    """Delete the clones that no named study uses, and the images that attempts built for them."""
    from mlx_tui.study import Study
    from mlx_tui.study.pruning import prune

    pruned = prune(_cache(), [clone for folder in study for clone in Study(folder).corpus.clones()])
    for path in pruned.clones:
        typer.echo(f"deleted {path}")
    for image in pruned.images:
        typer.echo(safe_text(f"deleted the image {image.name} ({image.engine})"))


def _cache() -> "CloneCache":
    from mlx_tui import paths
    from mlx_tui.corpus.clone_cache import CloneCache

    return CloneCache(paths.cache_dir() / "clones")
