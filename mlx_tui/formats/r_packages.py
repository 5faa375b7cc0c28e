"""R's `DESCRIPTION` (Debian control format) and renv's lock file.

Formats: "Writing R Extensions", section 1.1.1; renv's documentation, "The renv lockfile".
"""

import re

import msgspec

from mlx_tui.formats.packages import Bound, Package, PackageList, normalise

_FIELD = re.compile(r"([A-Za-z][\w/@-]*):\s?(.*)")
_DEPENDENCY_FIELDS = frozenset({"Depends", "Imports", "LinkingTo", "Suggests", "Enhances"})
_ENTRY = re.compile(r"([A-Za-z][A-Za-z0-9.]*)\s*(?:\(([^()]*)\))?")
_BASE = frozenset(
    [
        "R",
        "base",
        "compiler",
        "datasets",
        "graphics",
        "grDevices",
        "grid",
        "methods",
        "parallel",
        "splines",
        "stats",
        "stats4",
        "tcltk",
        "tools",
        "utils",
    ]
)
_RECORD = re.compile(r'^\s*"([A-Za-z][A-Za-z0-9.]*)"\s*:\s*\{')


def parse_description(text: str) -> PackageList:
    """Parses a `DESCRIPTION`; empty where the text isn't one."""
    packages: list[Package] = []
    interpreter: Bound | None = None
    known, field = False, ""
    for number, raw in enumerate(text.split("\n"), 1):
        match = _FIELD.match(raw)
        if match:
            field, rest = match[1], match[2]
            known = known or field in {"Package", "Type", "Imports", "Depends"}
        elif raw[:1] in " \t":
            rest = raw
        else:
            continue
        if field not in _DEPENDENCY_FIELDS:
            continue
        for name, constraint in _ENTRY.findall(rest):
            if name == "R" and constraint:
                interpreter = Bound(constraint, number)
            elif name not in _BASE:
                exact = re.match(r"==\s*(\S+)", constraint)
                packages.append(Package(normalise(name), exact[1] if exact else "", number, name))
    return PackageList(tuple(packages), interpreter=interpreter) if known else PackageList()


def parse_renv_lock(text: str) -> PackageList:
    """Parses a `renv.lock`: every package with its locked version; empty where the text isn't one."""
    try:
        document = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return PackageList()
    if not isinstance(document, dict):
        return PackageList()
    lines = text.split("\n")
    where = {match[1]: number for number, line in enumerate(lines, 1) if (match := _RECORD.match(line))}
    records = document.get("Packages")
    packages = tuple(
        Package(normalise(name), _version(record), where.get(name, 1), f"{name} {_version(record)}")
        for name, record in (records if isinstance(records, dict) else {}).items()
    )
    version = _version(document.get("R"))
    line = next((n for n, text in enumerate(lines, 1) if f'"{version}"' in text), 1)
    return PackageList(packages, hashed=True, interpreter=Bound(version, line) if version else None)


def _version(record: object) -> str:
    version = record.get("Version") if isinstance(record, dict) else None
    return version if isinstance(version, str) else ""
