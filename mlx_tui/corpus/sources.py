"""What a user names to be added to a study: URLs, lists, clones."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from mlx_tui.corpus.entries import CorpusError, read_corpus
from mlx_tui.corpus.git import git_folder
from mlx_tui.corpus.model import CorpusEntry
from mlx_tui.corpus.urls import SCHEMES, is_url, redacted, repo_name, scheme
from mlx_tui.safe_text import safe_text

_SHORT = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[\w.-]+")
_HOST_FIRST = re.compile(r"(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org)/.+")
# What a browser shows of a branch, a tag or a commit: `/tree/<ref>` on GitHub, `/-/tree/<ref>` on GitLab.
_WEB_PAGE = re.compile(r"/(?P<repo>[^/]+/[^/]+(?:/[^/]+)*?)(?:/-)?/(?:tree|commit|src)/(?P<ref>[^?#]+?)/?")
# Where every repository is `owner/name`.
_TWO_PARTS = {"github.com", "bitbucket.org", "codeberg.org"}
_DEPTH = 3


def expand(argument: str, base: Path) -> tuple[CorpusEntry, ...]:
    """The repositories that an argument of `mlx-tui add` names.

    Args:
        argument: A URL (also of a branch's or commit's web page), `owner/name` on GitHub, a CSV, a git work tree or a
            bare repository, or a folder in which clones are (up to three folders deep).
        base: The folder from which a relative path is meant.

    Raises:
        CorpusError: It is none of these; the message says what was looked for.
    """
    argument = argument.strip()
    if not argument or argument.startswith("-"):
        raise CorpusError(f"{safe_text(argument) or 'an empty text'} names no repository")
    if is_url(argument) and scheme(argument) != "file":
        return (_entry(argument),)
    path = Path(unquote(urlsplit(argument).path)) if scheme(argument) == "file" else base / Path(argument).expanduser()
    if path.is_file():
        return read_corpus(path.absolute())
    if path.is_dir():
        return _from_folder(Path(os.path.normpath(path.absolute())))
    if _HOST_FIRST.fullmatch(argument):
        return (_entry(f"https://{argument}"),)
    if _SHORT.fullmatch(argument) and not argument.endswith(".csv"):
        return (_entry(f"https://github.com/{argument}"),)
    raise CorpusError(
        f"{safe_text(argument)} is neither a URL, nor owner/name on GitHub, nor a file or folder below {base}"
    )


def _entry(url: str) -> CorpusEntry:
    if scheme(url) not in SCHEMES:
        raise CorpusError(f"{safe_text(redacted(url))}: only {', '.join(SCHEMES)} URLs and folders can be fetched")
    ref = ""
    try:
        if scheme(url) in {"https", "http"}:
            parts = urlsplit(url)
            page = _WEB_PAGE.fullmatch(parts.path)
            path = page["repo"] if page else parts.path.strip("/")
            _check_is_repository(parts.hostname or "", path)
            ref = unquote(page["ref"]) if page else ""
            url = f"{parts.scheme}://{parts.netloc}/{path}"
        return CorpusEntry(repo_name(url), url, ref)
    except ValueError as error:
        raise CorpusError(safe_text(str(error))) from error


def _check_is_repository(host: str, path: str) -> None:
    """Refuses an owner's page, and a page of a repository that isn't a branch's or a commit's.

    Raises:
        ValueError: On this host a repository is `owner/name`, and the path isn't.
    """
    if host.removeprefix("www.") not in _TWO_PARTS or path.count("/") == 1:
        return
    owner, _, rest = path.partition("/")
    instead = f"add https://{host}/{owner}/{rest.partition('/')[0]}" if rest else "name one of its repositories"
    raise ValueError(f"https://{host}/{path} is a page, and no repository: {instead}")


def _from_folder(folder: Path) -> tuple[CorpusEntry, ...]:
    clones = sorted(_git_folders(folder, _DEPTH))
    if not clones:
        raise CorpusError(f"{folder} is no git repository, and none is in it")
    entries: dict[str, CorpusEntry] = {}
    for path in clones:
        name = repo_name(str(path))
        if name in entries:
            # A second clone of one repository, or a folder of the same name: called by its place.
            name = path.relative_to(folder.parent).as_posix()
        entries[name] = CorpusEntry(name, str(path))
    return tuple(entries.values())


def _git_folders(folder: Path, depth: int) -> Iterator[Path]:
    """The git repositories at or below a folder; links aren't followed, and none is looked for inside another."""
    if git_folder(folder) is not None:
        yield folder
    elif depth:
        with os.scandir(folder) as children:
            for child in children:
                if child.is_dir(follow_symlinks=False) and not child.name.startswith("."):
                    yield from _git_folders(Path(child.path), depth - 1)
