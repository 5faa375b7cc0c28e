"""The versions of MLflow on which a repository can run: by the calls it makes, and by what it declares.

Only some versions were sampled, so a bound is the sampled version that has what is called, beside the one next to it
that hasn't. A conflict is told only where it is certain: what is declared allows no version on the right side of that
one.
"""

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator

from packaging.version import Version

from mlx_tui.detection.mlflow_interface import Arguments, limits, sampled_versions
from mlx_tui.detection.model import Anomaly, DeclaredVersion, Direction, VersionBound, VersionRange
from mlx_tui.formats.version_ranges import Span, span_of

CONFLICT = "mlflow_version_conflict"

_OF_THE_FOLDER_ABOVE = frozenset(
    {
        *("requirements", "requirement", "reqs", "deps", "dependencies", "conda", "env", "envs", "environment"),
        *("environments", "docker", ".docker", "binder", ".binder", ".devcontainer", "config", "configs", "conf"),
    }
)


def call_bounds(
    names: Iterable[str], arguments: Arguments | None, *, path: str, cell: int | None, line: int
) -> Iterator[VersionBound]:
    """Yields the bounds that a call sets, at most one a direction.

    Args:
        names: What the callee may be; where it may be several things, the most generous counts.
        arguments: How it is called; None where it is only named.
        path: Where it stands.
        cell: The notebook's cell.
        line: The line.
    """
    versions = sampled_versions()
    by_name = [limits(name, arguments) for name in names]
    if not by_name or not all(by_name):
        return
    lower = min((max(found, key=lambda limit: limit.first) for found in by_name), key=lambda limit: limit.first)
    upper = max((min(found, key=lambda limit: limit.last) for found in by_name), key=lambda limit: limit.last)
    if lower.first > upper.last:
        return  # no version takes it: it isn't what it seems
    if lower.first > 0:
        first = lower.first
        yield VersionBound(versions[first], versions[first - 1], Direction.LOWER, lower.name, path, cell, line)
    if upper.last < len(versions) - 1:
        last = upper.last
        yield VersionBound(versions[last], versions[last + 1], Direction.UPPER, upper.name, path, cell, line)


def version_range(bounds: Iterable[VersionBound], declared: Iterable[DeclaredVersion]) -> VersionRange:
    """The range that all bounds leave; of calls that set the same bound, the first in order of place."""
    ordered = sorted(bounds, key=_place)
    return VersionRange(
        _tightest(ordered, Direction.LOWER),
        _tightest(ordered, Direction.UPPER),
        tuple(sorted(set(declared), key=lambda item: (item.path, item.line, item.package, item.specifier))),
    )


def _place(bound: VersionBound) -> tuple[str, int, int, str]:
    return bound.path, -1 if bound.cell is None else bound.cell, bound.line, bound.name


def _tightest(ordered: list[VersionBound], direction: Direction) -> VersionBound | None:
    sign = -1 if direction is Direction.LOWER else 1
    order = {version: sign * number for number, version in enumerate(sampled_versions())}
    here = [bound for bound in ordered if bound.direction is direction]
    return min(here, key=lambda bound: order[bound.version], default=None)


def version_conflicts(bounds: Iterable[VersionBound], declared: Iterable[DeclaredVersion]) -> Iterator[Anomaly]:
    """Yields where calls exclude every version that is declared for them, or one another.

    A list of dependencies stands for the code of its folder and below, as far as no nearer list does.

    Args:
        bounds: Every call's.
        declared: What every dependency file says.
    """
    by_folder: dict[str, list[DeclaredVersion]] = defaultdict(list)
    for item in declared:
        by_folder[_folder(item.path)].append(item)
    calls: dict[str, list[VersionBound]] = defaultdict(list)
    for bound in bounds:
        calls[_governing(bound.path, by_folder)].append(bound)
    for folder, group in sorted(calls.items()):
        found = version_range(group, by_folder.get(folder, ()))
        yield from _among_calls(found)
        for item in found.declared:
            yield from _with_declared(found, item, span_of(item.specifier))


def _among_calls(found: VersionRange) -> Iterator[Anomaly]:
    lower, upper = found.lower, found.upper
    if lower and upper and Version(upper.absent) <= Version(lower.absent):
        yield Anomaly(lower.path, CONFLICT, f"no version of MLflow has both: {_needs(lower)}; {_needs(upper)}")


def _with_declared(found: VersionRange, item: DeclaredVersion, span: Span) -> Iterator[Anomaly]:
    lower, upper = found.lower, found.upper
    said = f"`{item.requirement}` at line {item.line} allows no version that can run this: "
    if lower and span.high is not None and span.high <= Version(lower.absent):
        yield Anomaly(item.path, CONFLICT, said + _needs(lower))
    if upper and span.low is not None and span.low >= Version(upper.absent):
        yield Anomaly(item.path, CONFLICT, said + _needs(upper))


def _folder(path: str) -> str:
    """The folder that a list of dependencies stands for."""
    folder = posixpath.dirname(path)
    while posixpath.basename(folder).lower() in _OF_THE_FOLDER_ABOVE:
        folder = posixpath.dirname(folder)
    return folder


def _governing(path: str, folders: dict[str, list[DeclaredVersion]]) -> str:
    folder = posixpath.dirname(path)
    while folder and folder not in folders:
        folder = posixpath.dirname(folder)
    if folder not in folders and len(folders) == 1:
        return next(iter(folders))
    return folder


def _needs(bound: VersionBound) -> str:
    return f"{bound.name} at {bound.place} needs MLflow {_limit(bound)}"


def _limit(bound: VersionBound) -> str:
    beyond, sign = (">", "≥") if bound.direction is Direction.LOWER else ("<", "≤")
    return f"{beyond} {bound.absent}, surely {sign} {bound.version}"


def describe_versions(versions: VersionRange) -> str:
    """The range in words.

    Returns:
        Lines of raw text (they hold paths of the repository: pass them through `safe_text` to show them).
    """
    bounds = [bound for bound in (versions.lower, versions.upper) if bound is not None]
    lines = [f"MLflow {_limit(bound)}: {bound.name} at {bound.place}" for bound in bounds]
    if not lines:
        sampled = sampled_versions()
        lines.append(f"No call limits MLflow's version within {sampled[0]} to {sampled[-1]}.")
    lines += [f"Declared: {item.requirement} at {item.place}" for item in versions.declared]
    return "\n".join(lines if versions.declared else [*lines, "Declared: nowhere"])
