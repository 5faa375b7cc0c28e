"""Repairs of what is listed and can't be installed: lines run together, versions and packages that aren't there."""

import re
from dataclasses import replace

from packaging.requirements import InvalidRequirement, Requirement

from mlx_tui.formats.packages import normalise
from mlx_tui.formats.versions import version_of
from mlx_tui.reproduction.environment_needs import OF_OTHER_SYSTEMS
from mlx_tui.reproduction.install_failure import InstallCause
from mlx_tui.reproduction.model import Plan
from mlx_tui.reproduction.repairs.failure import Failure, repaired
from mlx_tui.reproduction.requirement_lines import name_of

_BETWEEN = re.compile(r"\s+-\s+|\s*[,;]\s+|\s+")


def separate_lines(plan: Plan, failure: Failure) -> Plan | None:
    """Two requirements that stand on one line, each on its own."""
    if failure.install is None or failure.install.cause is not InstallCause.MALFORMED:
        return None
    for line in plan.environment.requirements:
        parts = [part for part in _BETWEEN.split(line.strip()) if part]
        if len(parts) > 1 and not _is_requirement(line) and all(map(_is_pinned, parts)):
            did = f"`{line}` read as {len(parts)} requirements: {', '.join(parts)}"
            return _with_lines(plan, {line: tuple(parts)}, "requirements separated", did, failure.install.message)
    return None


def version_that_exists(plan: Plan, failure: Failure) -> Plan | None:
    """A pinned version that the index doesn't have: its later releases of the same number, then of the same minor."""
    install = failure.install
    if install is None or install.cause is not InstallCause.NO_VERSION or install.unknown:
        return None
    name = name_of(install.package)
    line = next((line for line in plan.environment.requirements if name_of(line) == name and "==" in line), "")
    match = re.search(r"==\s*([\d.]+)(\.\*)?\s*$", line)
    version = version_of(match[1].strip(".")) if match else None
    if match is None or version is None:
        return None
    bound = f"~={version.major}.{version.minor}.0" if match[2] else f"=={version}.*"
    did = f"{name}{bound} in place of `{line}`, which the index doesn't have"
    return _with_lines(plan, {line: (f"{name}{bound}",)}, f"{name}{bound}", did, install.message)


def without_foreign(plan: Plan, failure: Failure) -> Plan | None:
    """Without a package that the index doesn't know, or that is of another system; the run tells if it is missed."""
    install = failure.install
    name = name_of(install.package) if install is not None else ""
    if install is None or not name or not (install.unknown or name in OF_OTHER_SYSTEMS):
        return None
    lines = {line: tuple[str, ...]() for line in plan.environment.requirements if name_of(line) == name}
    left = tuple(line for line in plan.environment.constraints if name_of(line) != name)
    if not lines and len(left) == len(plan.environment.constraints):
        return None
    did = f"{name} left out: {'the index knows no such package' if install.unknown else 'it is of another system'}"
    changed = replace(plan, environment=replace(plan.environment, constraints=left))
    return _with_lines(changed, lines, f"{name} left out", did, install.message)


def _with_lines(plan: Plan, instead: dict[str, tuple[str, ...]], name: str, did: str, why: str) -> Plan:
    lines = tuple(new for line in plan.environment.requirements for new in instead.get(line, (line,)))
    return repaired(replace(plan, environment=replace(plan.environment, requirements=lines)), name, did, why)


def _is_requirement(text: str) -> bool:
    try:
        Requirement(text)
    except InvalidRequirement:
        return False
    return True


def _is_pinned(text: str) -> bool:
    """Whether a text is a requirement with a version, so that no word of prose is taken for one."""
    return _is_requirement(text) and bool(Requirement(text).specifier) and bool(normalise(Requirement(text).name))
