"""pip's requirements files (and pip-tools' `.in`, constraints and freezes): one entry a logical line.

Format: pip's documentation, "Requirements File Format"; names and specifiers: PEP 440, PEP 508.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from mlx_tui.formats.packages import Bound, Package, PackageList, normalise

MAX_LINES = 20_000

_INCLUDE = re.compile(r"(?:-r|--requirement)[=\s]*(\S+)")
_EDITABLE = re.compile(r"(?:-e|--editable)[=\s]*(.+)")
_NAME = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(\[[^\]]*\])?\s*(.*)", re.DOTALL)
_AFTER_NAME = re.compile(r"[<>=!~(;@,]|$|--|\s")
_EXACT = re.compile(r"\(?\s*={2,3}\s*([^\s,;()*]+)\s*\)?$")
_DIRECT = re.compile(r"(?:git|hg|svn|bzr)\+|https?://|ftp://|file:", re.IGNORECASE)
_COMMIT = re.compile(r"@[0-9a-f]{7,40}(?=$|[#?&\s])")
_VERSIONED_FILE = re.compile(r"\.(?:whl|tar\.gz|tgz|zip|tar\.bz2)(?=$|[#?&\s])", re.IGNORECASE)
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9._-]+)")
_WHEEL = re.compile(r"/([A-Za-z0-9._]+)-(\d[^-/]*)(?:-[^/]*\.whl|\.tar\.gz|\.zip)")
_LOCAL = re.compile(r"\.{0,2}[/\\]|\.{1,2}$|\.\[|[A-Za-z]:[/\\]|file:")


def parse_requirements(text: str) -> PackageList:
    """Parses a requirements file.

    Args:
        text: The file's content, decoded.

    Returns:
        Its packages and the files that it includes; lines that are neither (options, prose) are left out.
    """
    packages: list[Package] = []
    includes: list[Bound] = []
    hashed = False
    for line, entry in logical_lines(text):
        hashed = hashed or "--hash" in entry
        if include := _INCLUDE.match(entry):
            includes.append(Bound(include[1], line))
        elif package := parse_requirement(entry, line):
            packages.append(package)
    return PackageList(tuple(packages), tuple(includes), hashed)


def logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yields (line on which it starts, text) of each entry: continuations joined, comments and blank lines left out."""
    pending, start = "", 0
    for number, raw in enumerate(text.lstrip("\ufeff").split("\n", MAX_LINES)[:MAX_LINES], 1):
        start = start or number
        content = re.sub(r"(^|\s)#.*$", "", raw)
        if content.rstrip().endswith("\\"):
            pending += content.rstrip()[:-1] + " "
            continue
        entry, pending = (pending + content).strip(), ""
        if entry:
            yield start, entry
        start = 0
    if pending.strip():
        yield start, pending.strip()


def parse_requirement(entry: str, line: int) -> Package | None:
    """Parses one requirement (PEP 508, a URL, `-e …` or a path); None where it is an option or prose."""
    editable = _EDITABLE.match(entry)
    body = (editable[1] if editable else entry).strip().strip("'\"")
    if body.startswith("-") or not body:
        return None
    if _DIRECT.match(body):
        return _from_url("", body, entry, line)
    if _LOCAL.match(body) or (editable and not _DIRECT.search(body)):
        return Package(PurePosixPath(body).name.lower(), "", line, entry, local=True)
    return _named(body, entry, line)


def _named(body: str, entry: str, line: int) -> Package | None:
    match = _NAME.match(body)
    if not match:
        return None
    name, rest = match[1], re.split(r"\s--?[a-z]|;", match[3], maxsplit=1)[0].strip()
    if rest.startswith("@"):
        return _from_url(name, rest[1:].strip(), entry, line)
    if rest and not re.match(r"[<>=!~(]", rest):
        return None
    if _VERSIONED_FILE.search(name):
        return Package(normalise(name), "", line, entry, local=True)
    exact = _EXACT.match(rest)
    return Package(normalise(name), exact[1] if exact else "", line, entry)


def _from_url(name: str, url: str, entry: str, line: int) -> Package:
    if url.lower().startswith("file:"):
        return Package(normalise(name or "file"), "", line, entry, local=True)
    egg, wheel, commit = _EGG.search(url), _WHEEL.search(url), _COMMIT.search(url)
    name = name or (egg[1] if egg else "") or (wheel[1] if wheel else "") or _last_part(url)
    immutable = commit or (_VERSIONED_FILE.search(url) and re.search(r"\d+\.\d+", url)) or "#sha256=" in url
    return Package(normalise(name), url if immutable else "", line, entry)


def _last_part(url: str) -> str:
    tail = re.split(r"[@#?]", url.rstrip("/").rpartition("/")[2], maxsplit=1)[0]
    return tail.removesuffix(".git") or url
