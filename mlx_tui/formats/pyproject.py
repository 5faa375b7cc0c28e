"""Dependencies in `pyproject.toml` (PEP 621, PEP 735, Poetry, PDM, pixi) and in a `Pipfile`."""

import re
from collections.abc import Iterator

from mlx_tui.formats.packages import Bound, Package, PackageList, normalise
from mlx_tui.formats.requirements import parse_requirement
from mlx_tui.formats.toml_lines import TomlDocument

_POETRY_EXACT = re.compile(r"(?:={2,3}\s*)?v?(\d[^\s,*^~<>|=]*)$")
_TOOL_LISTS = (("tool", "pdm", "dev-dependencies"), ("dependency-groups",), ("project", "optional-dependencies"))


def parse_pyproject(text: str) -> PackageList:
    """Parses a `pyproject.toml`.

    Raises:
        TomlError: The text isn't TOML.
    """
    document = TomlDocument(text)
    packages = [*_listed(document, "project", "dependencies"), *_poetry(document)]
    for path in _TOOL_LISTS:
        for group in document.table(*path):
            packages.extend(_listed(document, *path, group))
    packages.extend(_listed(document, "tool", "uv", "dev-dependencies"))
    packages.extend(_pixi(document))
    return PackageList(tuple(packages), interpreter=_interpreter(document))


def parse_pipfile(text: str) -> PackageList:
    """Parses a `Pipfile`.

    Raises:
        TomlError: The text isn't TOML.
    """
    document = TomlDocument(text)
    packages = [
        *_table(document, ("packages",), r"={2,3}\s*([^\s,*]+)$"),
        *_table(document, ("dev-packages",), r"={2,3}\s*([^\s,*]+)$"),
    ]
    interpreter = None
    for key in ("python_full_version", "python_version"):
        if isinstance(asked := document.get("requires", key), str):
            interpreter = Bound(asked, document.line("requires", key))
            break
    return PackageList(tuple(packages), interpreter=interpreter)


def _interpreter(document: TomlDocument) -> Bound | None:
    for path in (
        ("project", "requires-python"),
        ("tool", "poetry", "dependencies", "python"),
        ("tool", "pixi", "dependencies", "python"),
    ):
        value = document.get(*path)
        if isinstance(value, dict):
            value = value.get("version")
        if isinstance(value, str):
            return Bound(value, document.line(*path))
    return None


def _listed(document: TomlDocument, *path: str) -> Iterator[Package]:
    value = document.get(*path)
    line = document.line(*path)
    for entry in value if isinstance(value, list) else []:
        if isinstance(entry, str):
            line = document.line_of_text(entry, line)
            if package := parse_requirement(entry, line):
                yield package


def _poetry(document: TomlDocument) -> Iterator[Package]:
    exact = _POETRY_EXACT.pattern
    yield from _table(document, ("tool", "poetry", "dependencies"), exact)
    yield from _table(document, ("tool", "poetry", "dev-dependencies"), exact)
    for group in document.table("tool", "poetry", "group"):
        yield from _table(document, ("tool", "poetry", "group", group, "dependencies"), exact)


def _pixi(document: TomlDocument) -> Iterator[Package]:
    for table in ("dependencies", "pypi-dependencies"):
        yield from _table(document, ("tool", "pixi", table), r"={2,3}\s*([^\s,*]+)$")


def _table(document: TomlDocument, path: tuple[str, ...], exact: str) -> Iterator[Package]:
    for name, value in document.table(*path).items():
        line = document.line(*path, name)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, str):
            found = re.match(exact, value.strip())
            yield Package(normalise(name), found[1] if found else "", line, f"{name} = {value}")
        elif isinstance(value, dict):
            yield _from_dict(name, value, exact, line)


def _from_dict(name: str, value: dict[str, object], exact: str, line: int) -> Package:
    version, commit, url = value.get("version"), value.get("rev") or value.get("ref"), value.get("url")
    pin = ""
    if isinstance(version, str) and (found := re.match(exact, version.strip())):
        pin = found[1]
    elif isinstance(commit, str) and re.fullmatch(r"[0-9a-f]{7,40}", commit):
        pin = commit
    elif isinstance(url, str):
        pin = url
    return Package(normalise(name), pin, line, f"{name} = {version or url or value.get('git') or ''}", "path" in value)
