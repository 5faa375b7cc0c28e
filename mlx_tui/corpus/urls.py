"""The names and places of repositories: what a URL or a folder is called, pure but for a folder's origin."""

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from mlx_tui.corpus.git import origin_url

SCHEMES = ("https", "http", "ssh", "git", "file")
# Hosts that compare names without regard to case.
_CASELESS = {"github.com", "gitlab.com", "bitbucket.org"}
# `user@host:path`, as scp takes it (git-clone(1), "GIT URLS").
_SCP = re.compile(r"(?:[\w.+-]+@)?(?P<host>[A-Za-z0-9][\w.-]*):(?P<path>(?!//)[^:].*)")
# What nearly every URL of a corpus looks like: nothing in it needs urlsplit, which takes ten times as long.
_PLAIN = re.compile(r"https?://(?P<host>[\w.-]+)/(?P<path>[\w./+~-]*)", re.ASCII)
# What is no part of a name: a name is a key in every CSV, a folder of attempts, and is typed in a shell.
_UNNAMED = re.compile(r"[^\w.~+-]")
_WEB_USER = re.compile(r"(https?://)[^/\s@'\"]+@", re.IGNORECASE)
_PASSWORD = re.compile(r"(?<=://)([^/\s@:'\"]*):[^/\s@'\"]+@")
# A scheme, or the `<transport>::` of a remote helper (gitremote-helpers(7)), which runs a program.
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?://|:)")


def is_url(text: str) -> bool:
    """Whether a text names a repository elsewhere (a scheme, or `user@host:path`), and isn't a folder's path."""
    if _SCHEME.match(text):
        return True
    found = _SCP.fullmatch(text)
    return bool(found) and "/" not in text.partition(":")[0]


def scheme(url: str) -> str:
    """The scheme of a URL in lower case; `ssh` for `user@host:path`; empty for a folder's path."""
    found = _SCHEME.match(url)
    if found:
        return found[1].lower()
    return "ssh" if is_url(url) else ""


def host_and_path(url: str) -> tuple[str, str]:
    """The host (lower case; empty for a file) and the path without `.git` and outer slashes.

    Raises:
        ValueError: The URL is malformed.
    """
    plain = _PLAIN.fullmatch(url)
    if plain:
        host, path = plain["host"], plain["path"]
    elif not _SCHEME.match(url):
        found = _SCP.fullmatch(url) if is_url(url) else None
        host, path = (found["host"], found["path"]) if found else ("", url)
    else:
        parts = urlsplit(url)
        host, path = parts.hostname or "", unquote(parts.path)
    return host.lower(), path.strip().strip("/").removesuffix(".git").strip("/")


def local_folder(url: str) -> Path | None:
    """The folder that a path or a `file://` URL names; None for a URL of another machine."""
    if scheme(url) == "file":
        return Path(unquote(urlsplit(url).path))
    return None if is_url(url) else Path(url)


def repo_name(url: str) -> str:
    """The name of a repository: `owner/name` from a URL, `.git` stripped.

    A folder is called by its origin's URL where it has one, else by its own name. Characters that are unusual in names
    become `_`.

    Args:
        url: https, ssh, `user@host:path`, `file://`, or a folder's path (relative to the current folder).

    Raises:
        ValueError: The URL names no repository.
    """
    folder = local_folder(url)
    if folder is not None:
        origin = origin_url(folder) if folder.is_dir() else ""
        return repo_name(origin) if origin and local_folder(origin) is None else folder_name(folder)
    parts = [part for part in host_and_path(url)[1].split("/") if part != "_git"]
    if any(part.strip(".") == "" for part in parts):
        raise ValueError(f"{redacted(url)} names no repository")
    return "/".join(map(plain_name, parts))


def plain_name(text: str) -> str:
    """A part of a name without characters that are unusual in names."""
    return _UNNAMED.sub("_", text)


def folder_name(folder: Path) -> str:
    """A folder's own name as that of a repository.

    Raises:
        ValueError: It has none, as the root.
    """
    name = plain_name(Path(os.path.normpath(folder.absolute())).name.removesuffix(".git"))
    if name.strip(".") == "":
        raise ValueError(f"{folder} names no repository")
    return name


def identity(url: str) -> str:
    """A text that two URLs of one repository share: `https://`, `git@host:`, a final `.git` make no difference."""
    folder = local_folder(url)
    if folder is not None:
        return str(folder.absolute())
    host, path = host_and_path(url)
    return f"{host}/{path.lower() if host in _CASELESS else path}"


def redacted(text: str) -> str:
    """A text without the passwords of the URLs in it, nor the user names of web URLs, which may be tokens."""
    if "@" not in text:
        return text
    return _PASSWORD.sub(r"\1@", _WEB_USER.sub(r"\1", text))
