"""Which versions a dependency's entry allows, in the dialects of requirements, conda, Poetry and Pipfile.

Sources: PEP 440 (version specifiers); Poetry's documentation, "Dependency specification" (caret, tilde, wildcard);
conda's documentation, "Package match specifications" (`=1.2` takes 1.2.*).
"""

import re
from dataclasses import dataclass

from packaging.specifiers import InvalidSpecifier, Specifier, SpecifierSet
from packaging.version import Version

from mlx_tui.formats.packages import Package
from mlx_tui.formats.versions import MAX_LENGTH, version_of

_ENTRY = re.compile(r"['\"]?(?:[\w./-]+::)?[\w.-]+?\s*(?:\[[^\]]*\])?\s*(?P<rest>(?:[=<>~!^*(,;@\s\d]).*)?$", re.DOTALL)
_END = re.compile(r";|\s--?[a-z]|\s#|['\"]|\s@|^@")
_VERSION = re.compile(r"v?(\d+(?:\.\d+)*)")


@dataclass(frozen=True, slots=True)
class Span:
    """The smallest interval that holds every version that an entry allows.

    Attributes:
        low: Its lower end, allowed or not; None where there is none.
        high: Its upper end, allowed or not; None where there is none.
    """

    low: Version | None = None
    high: Version | None = None


def specifier_of(package: Package) -> str:
    """The versions that an entry of a dependency list allows, as a PEP 440 specifier.

    Args:
        package: The entry; its pin counts, else its text is read.

    Returns:
        For example `>=1.2,<2`; empty where any version is allowed, or what is allowed can't be told.
    """
    if package.version:
        pinned = version_of(package.version)
        return f"=={pinned}" if pinned else ""
    match = _ENTRY.match(package.text[:MAX_LENGTH].strip())
    rest = (match["rest"] or "").strip() if match else ""
    from_toml = bool(re.match(r"=\s", rest))
    rest = _END.split(rest.removeprefix("=") if from_toml else rest, maxsplit=1)[0].strip().strip("()")
    if "|" in rest:
        return ""
    clauses = [specifier for clause in rest.split(",") for specifier in _clause(clause.strip())]
    return ",".join(dict.fromkeys(clauses))


def _clause(clause: str) -> list[str]:
    """One clause of any dialect as PEP 440 clauses; none where it limits nothing or isn't understood."""
    operator = next(
        (o for o in ("===", "==", "~=", "!=", ">=", "<=", ">", "<", "^", "~", "=") if clause.startswith(o)), ""
    )
    version = clause[len(operator) :].strip()
    if operator in {"=", "=="} and "=" in version:
        version = version.partition("=")[0]  # conda's build string
    version = version.strip().removeprefix("v")
    if operator in {"^", "~"}:
        return _compatible(version, caret=operator == "^")
    if operator == "=" and not version.endswith("*"):
        version = f"{version}.*"
    specifier = f"{operator if operator not in {'', '='} else '=='}{version}"
    try:
        return [str(Specifier(specifier))]
    except InvalidSpecifier:
        return []


def _compatible(version: str, *, caret: bool) -> list[str]:
    """`^1.2.3` keeps the first part that isn't 0, `~1.2.3` major and minor (`~1` the major)."""
    match = _VERSION.match(version)
    if match is None:
        return []
    parts = [int(part) for part in match[1].split(".")][:3]
    if caret:
        kept = next((number for number, part in enumerate(parts) if part), len(parts) - 1)
    else:
        kept = min(1, len(parts) - 1)
    above = [*parts[:kept], parts[kept] + 1]
    return [f">={match[1]}", f"<{'.'.join(map(str, above))}"]


def span_of(specifier: str) -> Span:
    """The span of a PEP 440 specifier, as `specifier_of` gives it; without ends where it isn't one."""
    low: Version | None = None
    high: Version | None = None
    try:
        clauses = list(SpecifierSet(specifier))
    except ValueError:  # also of numbers that are too long for Python
        return Span()
    for clause in clauses:
        below, above = _ends(clause)
        low = below if low is None or (below is not None and below > low) else low
        high = above if high is None or (above is not None and above < high) else high
    return Span(low, high)


def _ends(clause: Specifier) -> tuple[Version | None, Version | None]:
    operator, text = clause.operator, clause.version
    if operator == "!=":
        return None, None
    version = version_of(text.removesuffix(".*"))
    if version is None:
        return None, None
    if text.endswith(".*"):
        return Version(f"{version.public}.dev0"), _next(version, len(version.release) - 1)
    if operator in {"==", "==="}:
        return version, version
    if operator == "~=":
        return version, _next(version, len(version.release) - 2)
    return (version, None) if operator in {">", ">="} else (None, version)


def _next(version: Version, position: int) -> Version:
    """The version above all that share the release's parts up to a position."""
    parts = [*version.release[:position], version.release[position] + 1]
    return Version(f"{version.epoch}!{'.'.join(map(str, parts))}")
