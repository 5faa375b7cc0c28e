"""The repair of the interpreter: another one of this machine that the packages have wheels for."""

import re
from dataclasses import replace
from datetime import UTC, datetime

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from mlx_tui.reproduction.install_failure import InstallCause
from mlx_tui.reproduction.interpreters import Interpreter, choose_from
from mlx_tui.reproduction.model import Plan
from mlx_tui.reproduction.repairs.failure import Failure, repaired
from mlx_tui.reproduction.repairs.packages import missing_module

MOST = 2
"""Each means building an environment again."""
_MENDED = (InstallCause.NO_WHEEL, InstallCause.BUILD, InstallCause.CONFLICT, InstallCause.INTERPRETER)
_WANTS = re.compile(r"does not satisfy Python((?:[<>=!~]{1,2}\d[\d.*]*,?)+)")
# Modules that Python 3.12 dropped, and that no package brings back.
_DROPPED = frozenset({"imp", "asynchat", "asyncore", "smtpd"})


def fitting_interpreter(plan: Plan, failure: Failure) -> Plan | None:
    """An interpreter that fits: one that a package asks for, else the newest that was current at the commit's date."""
    done = sum(repair.name.startswith("python ") for repair in plan.repairs)
    if done >= MOST:
        return None
    others = [item for item in failure.interpreters if str(item.path) != plan.environment.interpreter]
    if failure.install is not None and failure.install.cause in _MENDED:
        chosen, why = _for_packages(plan, failure, others), failure.install.message
    elif missing_module(failure).partition(".")[0] in _DROPPED:
        chosen, why = _newest_below(others, Version("3.12")), failure.line
    else:
        return None
    if chosen is None:
        return None
    spec = replace(plan.environment, interpreter=str(chosen.path), python_used=str(chosen.version))
    did = f"Python {chosen.version} used in place of {plan.environment.python_used}"
    return repaired(replace(plan, environment=spec), f"python {chosen.minor[0]}.{chosen.minor[1]}", did, why)


def _for_packages(plan: Plan, failure: Failure, others: list[Interpreter]) -> Interpreter | None:
    used = Version(plan.environment.python_used)
    wanted = [match[1].strip(",") for line in failure.lines for match in _WANTS.finditer(line)]
    fitting = [item for item in others if any(_fits(item, text) for text in wanted)]
    when = _when(plan)
    if fitting:
        return choose_from(tuple(fitting), "", when)[0]
    if failure.with_wheels:
        wheels = tuple(item for item in others if item in failure.with_wheels)
        return choose_from(wheels, "", when)[0] if wheels else None
    if not others:
        return None
    current = choose_from(failure.interpreters, "", when)[0]
    if current.version.minor < used.minor or (current.minor != _minor(used) and not _repaired(plan)):
        return current
    return _newest_below(others, Version(f"3.{used.minor}"))


def _when(plan: Plan) -> datetime:
    text = plan.environment.as_of
    return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else datetime.now(UTC)


def _repaired(plan: Plan) -> bool:
    return any(repair.name.startswith("python ") for repair in plan.repairs)


def _minor(version: Version) -> tuple[int, int]:
    return (version.major, version.minor)


def _newest_below(found: list[Interpreter], version: Version) -> Interpreter | None:
    older = [item for item in found if item.version < version]
    return older[-1] if older else None


def _fits(item: Interpreter, text: str) -> bool:
    try:
        return SpecifierSet(text).contains(item.version, prereleases=True)
    except InvalidSpecifier:
        return False
