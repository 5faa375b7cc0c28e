"""Which of the repositories that a user names are new to a corpus, and what they are called in it."""

from collections.abc import Iterable
from dataclasses import replace

from mlx_tui.corpus.entries import CorpusError
from mlx_tui.corpus.git import origin_url
from mlx_tui.corpus.model import CorpusEntry
from mlx_tui.corpus.urls import host_and_path, identity, local_folder, plain_name, redacted
from mlx_tui.safe_text import safe_text


def without_known(
    known: Iterable[CorpusEntry], given: Iterable[CorpusEntry]
) -> tuple[tuple[CorpusEntry, ...], tuple[CorpusEntry, ...]]:
    """Parts repositories into those that a corpus lacks and those that it has.

    A repository is there already where its place and ref are, or where its name is and it has the same origin. Another
    one of a name that is taken gets a name that says where it is from.

    Returns:
        The new ones, named apart, and the others, in the order given.

    Raises:
        CorpusError: Two different repositories can't be named apart.
    """
    by_name = {entry.repo.lower(): entry for entry in known}
    places = {(identity(entry.url), entry.ref) for entry in by_name.values()}
    new: list[CorpusEntry] = []
    again: list[CorpusEntry] = []
    for entry in given:
        namesake = by_name.get(entry.repo.lower())
        if (identity(entry.url), entry.ref) in places or (namesake and _origin(namesake.url) == _origin(entry.url)):
            again.append(entry)
            continue
        if namesake:
            entry = replace(entry, repo=_longer_name(entry, namesake, by_name))
        new.append(entry)
        by_name[entry.repo.lower()] = entry
        places.add((identity(entry.url), entry.ref))
    return tuple(new), tuple(again)


def _origin(url: str) -> str:
    """The identity of what a repository was cloned from; its own where it is no clone of a URL."""
    folder = local_folder(url)
    origin = origin_url(folder) if folder is not None else ""
    return identity(origin if origin and local_folder(origin) is None else url)


def _longer_name(entry: CorpusEntry, namesake: CorpusEntry, taken: Iterable[str]) -> str:
    folder = local_folder(entry.url)
    before = host_and_path(entry.url)[0] if folder is None else folder.parent.name
    name = f"{plain_name(before) or 'local'}/{entry.repo}"
    if name.lower() in taken:
        theirs, ours = (safe_text(redacted(url)) for url in (namesake.url, entry.url))
        raise CorpusError(
            f"{theirs} and {ours} are both called {safe_text(entry.repo)}: write one of them into corpus.csv yourself, "
            "with a name of its own in a column `repo`"
        )
    return name
