"""What an environment lacks for the code that will run in it, as far as names tell."""

import os
import re
import shutil
import sys
from collections.abc import Iterable

from packaging.requirements import InvalidRequirement, Requirement

from mlx_tui.formats.packages import normalise
from mlx_tui.reproduction.code_index import CodeFile, CodeIndex
from mlx_tui.reproduction.environment import external_modules
from mlx_tui.reproduction.import_names import HOST_PROVIDED, distribution_of, provides
from mlx_tui.reproduction.model import EnvironmentSpec, Need, NeedKind
from mlx_tui.reproduction.requirement_lines import local_path, name_of, names_of

LONGEST_SHOWN = 200
# What MLflow brings along since 2.0, and didn't before.
_SINCE_MLFLOW_2 = frozenset({"sklearn", "matplotlib", "scipy"})
_MLFLOW_2 = "2022-11-14"
_MLFLOW_PIN = re.compile(r"^mlflow(?:\[[\w,. -]+\])?\s*(?:==|~=|<=)\s*(\d+)")
_MLFLOW = frozenset({"mlflow"})
# Packages that exist for one system alone; a freeze made there lists them.
OF_OTHER_SYSTEMS = frozenset(
    (
        *("pywin32", "pywin32-ctypes", "pypiwin32", "pywinpty", "windows-curses", "pyreadline", "pyreadline3"),
        *("comtypes", "wmi", "appnope", "pyobjc-core", "pyobjc-framework-cocoa"),
        *("tensorflow-macos", "tensorflow-metal", "tensorflow-intel"),
    )
)


def missing_modules(file: CodeFile, index: CodeIndex, environment: EnvironmentSpec | None) -> list[Need]:
    """The modules that neither the clone nor the environment provides, as far as names tell."""
    if environment is None:
        return []
    listed, locked = names_of(environment.requirements), names_of(environment.constraints)
    without = listed - _MLFLOW if _before_mlflow_2(environment) else listed
    found: list[Need] = []
    for module in external_modules(file, index):
        names = without if module.split(".")[0] in _SINCE_MLFLOW_2 else listed
        known = any(provides(name, module) for name in names) or normalise(distribution_of(module)) in locked
        if not known:
            first = next(item for item in file.source.imports if item.module == module)
            met = None if first.deferred else False
            found.append(Need(NeedKind.MODULE, module.split(".")[0], f"{file.path}:{first.line}", met))
    found += [
        Need(NeedKind.MODULE, item.module, f"{file.path}:{item.line}", False)
        for item in index.missing_local(file.path)
        if not any(provides(name, item.module) for name in listed)
    ]
    for item in file.source.imports:
        host = HOST_PROVIDED.get(item.module) or HOST_PROVIDED.get(item.module.split(".")[0])
        if host and not item.guarded and not item.submodule:
            what = f"{item.module} (only on {host})"
            found.append(Need(NeedKind.MODULE, what, f"{file.path}:{item.line}", False))
    return found


def _before_mlflow_2(environment: EnvironmentSpec) -> bool:
    """Whether the environment's MLflow is older than 2.0, by its pin or by the date of the versions left open."""
    pins = [match[1] for line in environment.requirements if (match := _MLFLOW_PIN.match(line))]
    return pins[0] in ("0", "1") if pins else bool(environment.as_of) and environment.as_of < _MLFLOW_2


def packages_of_other_systems(environment: EnvironmentSpec | None) -> list[Need]:
    """The packages that are listed without a marker and exist for one other system alone."""
    if environment is None or not sys.platform.startswith("linux"):
        return []
    names = [name_of(line) for line in environment.requirements if ";" not in line]
    return [
        Need(NeedKind.PACKAGE, f"{name}, which is of another system", environment.path, False)
        for name in names
        if name in OF_OTHER_SYSTEMS
    ]


def missing_programs(files: Iterable[CodeFile]) -> list[Need]:
    """The programs of the system that a package of the code starts and that aren't here."""
    if shutil.which("java") or os.environ.get("JAVA_HOME"):
        return []
    for file in files:
        for item in file.source.imports:
            if item.module.split(".")[0] == "pyspark" and not item.guarded:
                return [Need(NeedKind.PACKAGE, "java, which pyspark starts", f"{file.path}:{item.line}", False)]
    return []


def malformed_requirements(environment: EnvironmentSpec | None) -> list[Need]:
    """The lines among the requirements that no installer understands."""
    found: list[Need] = []
    for line in environment.requirements if environment else ():
        plain = line.split(" #")[0].strip()
        if plain.startswith("-") or local_path(line) or "://" in line or not plain or plain.endswith((".whl", ".gz")):
            continue
        try:
            Requirement(re.sub(r"(?<!\s)\s+--hash[=\s].*", "", plain))
        except InvalidRequirement:
            path = environment.path if environment else ""
            shown = plain if len(plain) <= LONGEST_SHOWN else f"{plain[:LONGEST_SHOWN]}…"
            found.append(Need(NeedKind.PACKAGE, f"`{shown}` is no requirement", path, False))
    return found
