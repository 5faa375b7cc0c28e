"""Lock files: the version of every package, as constraints on what the project itself lists.

Formats: uv, Poetry, PDM and PEP 751 (`pylock.toml`) hold `[[package]]`/`[[packages]]` tables; Pipenv holds JSON.
A lock lists what other platforms and optional groups need too, so its packages constrain and aren't installed as such.
"""

from collections import defaultdict

import msgspec

from mlx_tui.formats.packages import normalise
from mlx_tui.formats.toml_lines import load_toml

NAMES = ("uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml")


def locked_versions(name: str, text: str) -> tuple[str, ...]:
    """Reads a lock file as constraints, `name==version`.

    Args:
        name: The file's name, one of `NAMES`.
        text: Its content.

    Returns:
        One constraint a package, but none for a package with several versions (they depend on markers); empty where
        the file can't be read.
    """
    try:
        rows = _pipenv(text) if name == "Pipfile.lock" else _tables(text)
    except (ValueError, RecursionError):
        return ()
    versions: dict[str, set[str]] = defaultdict(set)
    for package, version in rows:
        versions[normalise(package)].add(version)
    return tuple(f"{package}=={next(iter(known))}" for package, known in sorted(versions.items()) if len(known) == 1)


def _tables(text: str) -> list[tuple[str, str]]:
    document = load_toml(text)
    packages = document.get("package") or document.get("packages") or []
    rows: list[tuple[str, str]] = []
    for package in packages if isinstance(packages, list) else []:
        if isinstance(package, dict) and _from_index(package):
            name, version = package.get("name"), package.get("version")
            if isinstance(name, str) and isinstance(version, str):
                rows.append((name, version))
    return rows


def _from_index(package: dict[str, object]) -> bool:
    """Whether a package comes from an index: uv gives `registry`, Poetry gives a source only for others."""
    source = package.get("source")
    if isinstance(source, dict):
        return "registry" in source or source.get("type") in ("legacy", "pypi")
    return not any(key in package for key in ("git", "path", "directory", "vcs"))


def _pipenv(text: str) -> list[tuple[str, str]]:
    document = msgspec.json.decode(text.encode())
    section = document.get("default") if isinstance(document, dict) else None
    rows: list[tuple[str, str]] = []
    for name, entry in section.items() if isinstance(section, dict) else ():
        version = entry.get("version") if isinstance(entry, dict) else None
        if isinstance(version, str) and version.startswith("=="):
            rows.append((str(name), version[2:]))
    return rows
