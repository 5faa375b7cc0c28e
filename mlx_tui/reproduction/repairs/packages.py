"""Repairs of the packages: one more, or one bounded to versions that have what the code asks for."""

import re
from dataclasses import replace

from packaging.version import Version

from mlx_tui.formats.packages import normalise
from mlx_tui.formats.versions import version_of
from mlx_tui.reproduction.import_names import HOST_PROVIDED, distribution_of, is_standard
from mlx_tui.reproduction.model import EnvironmentSpec, Plan
from mlx_tui.reproduction.outcome import short
from mlx_tui.reproduction.repairs.failure import Failure, repaired
from mlx_tui.reproduction.requirement_lines import name_of
from mlx_tui.reproduction.worktree import folder_of

_NO_MODULE = re.compile(r"No module named '?(?P<name>[A-Za-z_][\w.]*)'?|Missing optional dependency '(?P<other>\w+)'")
_OF_SETUPTOOLS = frozenset({"pkg_resources", "distutils"})
_UNTRUSTED = re.compile(r"UntrustedTypes|[Uu]ntrusted types")
# What MLflow took away: the first says a module, function or argument of its own, the second an attribute of the
# objects that it returns.
_MLFLOW_INTERFACE = re.compile(
    r"module 'mlflow[\w.]*' has no attribute|cannot import name '?\w+'? from 'mlflow|No module named 'mlflow\."
    r"|'(?:Run|RunInfo|RunData|Experiment|ModelVersion|RegisteredModel|MlflowClient|PyFuncModel|ModelInfo)' object has"
    r" no attribute"
    r"|\b(?:log_(?:model|artifacts?|metrics?|params?|dict|input)|start_run|save_model|register_model|autolog)\(\) "
    r"got an unexpected keyword"
)
_NUMPY_1 = re.compile(
    r"A module that was compiled using NumPy 1\.x|RuntimeError: Numpy is not available|_ARRAY_API not found"
    r"|numpy\.dtype size changed|was removed in the NumPy 2\.0 release|numpy\.core\.multiarray failed to import"
)
_NUMPY_ALIAS = re.compile(r"module 'numpy' has no attribute '(?:bool|int|float|complex|object|str|long|unicode)'")
_PROGRAM = re.compile(
    r"(?:^|[:/ ])(?P<name>dvc|kedro|papermill|jupyter): (?:command )?not found|program '(?P<other>dvc)'"
)


def with_requirement(spec: EnvironmentSpec, name: str, bound: str = "") -> EnvironmentSpec:
    """The environment with a package added, or bounded in place of what it says of that package; extras stay."""
    extras = ""
    for line in spec.requirements:
        if name_of(line) == name and (match := re.match(r"^[\w.-]+(\[[\w,. -]+\])", line)):
            extras = match[1]
    kept = tuple(line for line in spec.requirements if name_of(line) != name)
    constraints = tuple(line for line in spec.constraints if name_of(line) != name)
    return replace(spec, requirements=(*kept, f"{name}{extras}{bound}"), constraints=constraints)


def _bounded(plan: Plan, failure: Failure, name: str, bound: str, reason: str) -> Plan:
    changed = replace(plan, environment=with_requirement(plan.environment, name, bound))
    had = failure.installed.get(name)
    did = f"{name}{bound} installed{f' in place of {had}' if had else ''}: {reason}"
    return repaired(changed, f"{name}{bound}", did, failure.line)


def older_setuptools(plan: Plan, failure: Failure) -> Plan | None:
    """`setuptools<81`: later ones come without `pkg_resources`, and Python 3.12 without `distutils`."""
    if missing_module(failure).partition(".")[0] not in _OF_SETUPTOOLS:
        return None
    return _bounded(plan, failure, "setuptools", "<81", "later ones have no pkg_resources")


def added_module(plan: Plan, failure: Failure) -> Plan | None:
    """A package that isn't listed, as of the plan's date; never for a module of the repository or of Python itself."""
    module = missing_module(failure)
    top = module.partition(".")[0]
    elsewhere = is_standard(top) or top in _OF_SETUPTOOLS or {top, module} & HOST_PROVIDED.keys()
    if not top or elsewhere or local_places(top, failure):
        return None
    name = normalise(distribution_of(module))
    # Of a namespace's name alone it can't be told which of its packages is meant.
    if name in failure.installed or top in failure.installed or name == "google":
        return None
    changed = replace(plan, environment=with_requirement(plan.environment, name))
    when = f"as of {plan.environment.as_of[:10]}" if plan.environment.as_of else "as of today"
    did = f"{name} installed {when}: the code imports {top}, and no file lists it"
    return repaired(changed, f"{name} added", did, failure.line)


def added_program(plan: Plan, failure: Failure) -> Plan | None:
    """A program that a step calls and that is a Python package of the same name."""
    match = _PROGRAM.search(failure.line)
    name = (match["name"] or match["other"]) if match else ""
    if not name or name in failure.installed:
        return None
    changed = replace(plan, environment=with_requirement(plan.environment, name))
    return repaired(changed, f"{name} added", f"{name} installed: a step calls it, and no file lists it", failure.line)


def older_mlflow(plan: Plan, failure: Failure) -> Plan | None:
    """A bounded `mlflow`: below 3.14 for models that skops distrusts, an older major for interfaces that are gone."""
    name = next((name for name in ("mlflow", "mlflow-skinny") if name in failure.installed), "")
    version = installed_version(failure, name)
    if version is None:
        return None
    if _UNTRUSTED.search(failure.line):
        fits = version >= Version("3.14")
        return _bounded(plan, failure, name, "<3.14", "later ones refuse to log such models") if fits else None
    if not _MLFLOW_INTERFACE.search(failure.line) or version.major < 2:
        return None
    bound = f"<{min(version.major, 3)}"
    return _bounded(plan, failure, name, bound, "the code asks for what later ones no longer have")


def older_numpy(plan: Plan, failure: Failure) -> Plan | None:
    """A bounded `numpy`: 2 breaks what was compiled for 1, and 1.24 has no `np.float` and its like any more."""
    version = installed_version(failure, "numpy")
    if version is None:
        return None
    said = next((line for line in (failure.line, *reversed(failure.lines[-400:])) if _NUMPY_1.search(line)), "")
    if version.major >= 2 and said:
        changed = _bounded(plan, failure, "numpy", "<2", "what was compiled for NumPy 1 doesn't work with 2")
        return replace(changed, repairs=(*changed.repairs[:-1], replace(changed.repairs[-1], why=short(said))))
    if version >= Version("1.24") and _NUMPY_ALIAS.search(failure.line):
        return _bounded(plan, failure, "numpy", "<1.24", "later ones have no such name")
    return None


def older_sqlalchemy(plan: Plan, failure: Failure) -> Plan | None:
    """A bounded `sqlalchemy` where MLflow's database store breaks on a newer one."""
    version, mlflow = installed_version(failure, "sqlalchemy"), installed_version(failure, "mlflow")
    said = [failure.line, *failure.lines[-200:]]
    if version is None or "sqlalchemy" not in "\n".join(said).lower() or "sqlite3.OperationalError" in failure.line:
        return None
    if mlflow is not None and mlflow.major < 2 and version.major >= 2:
        return _bounded(plan, failure, "sqlalchemy", "<2", "MLflow 1 was written for SQLAlchemy 1")
    if version >= Version("2.1"):
        return _bounded(plan, failure, "sqlalchemy", "<2.1", "2.1 removed what MLflow's database store imports")
    return None


def missing_module(failure: Failure) -> str:
    """The dotted name of the module that wasn't found; empty where the failure is another."""
    match = _NO_MODULE.search(failure.line)
    return (match["name"] or match["other"]).strip(".") if match else ""


def local_places(top: str, failure: Failure) -> list[str]:
    """The files and folders of the repository that are a module of this name, shallow ones first."""
    files = [path for path in failure.files if path == f"{top}.py" or path.endswith(f"/{top}.py")]
    with_code = {folder_of(path) for path in failure.files if path.endswith(".py")}
    folders = [folder for folder in with_code if folder == top or folder.endswith(f"/{top}")]
    return sorted([*files, *folders], key=lambda path: (path.count("/"), path))


def installed_version(failure: Failure, name: str) -> Version | None:
    """The version of an installed package; None where there is none that can be read."""
    return version_of(failure.installed.get(name, ""))
