"""The Python environment of an attempt: what the repository declares, else what its code imports."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from mlx_tui.reproduction.candidate_code import reached_files
from mlx_tui.reproduction.code_index import CodeFile, CodeIndex
from mlx_tui.reproduction.declared_environment import Declared, find_declared, nearest_folders
from mlx_tui.reproduction.import_names import HOST_PROVIDED, distribution_of, is_standard
from mlx_tui.reproduction.interpreters import choose_interpreter
from mlx_tui.reproduction.model import Candidate, Deviation, EnvironmentSpec, StepKind
from mlx_tui.reproduction.project_dependencies import console_scripts, pyproject_requirements, setup_requirements
from mlx_tui.reproduction.python_asked import find_python_asked
from mlx_tui.reproduction.requirement_lines import local_path, names_of, pinned
from mlx_tui.reproduction.worktree import WorkTree, folder_of, join

_MLFLOW = frozenset({"mlflow", "mlflow-skinny", "mlflow-tracing", "databricks-connect"})
# Packages that a method needs and no import names.
_NEEDED_BY_CALL = ((r"\.(?:read|to)_excel\(", "openpyxl"), (r"\.(?:read|to)_hdf\(", "tables"))
_PIP_LINE = re.compile(
    r"^[^\S\n]*[!%][^\S\n]*(?:\{?sys\.executable\}?\s+-m\s+|python3?\s+-m\s+)?pip3?\s+install\s+(.+)$", re.MULTILINE
)


def read_environment(
    clone: Path,
    candidate: Candidate,
    *,
    written: datetime | None = None,
    python: str = "",
    index: CodeIndex | None = None,
) -> tuple[EnvironmentSpec, tuple[Deviation, ...]]:
    """Reads the environment in which a candidate is to be run.

    Args:
        clone: The repository's work tree; nothing in it is run.
        candidate: What is to be run.
        written: The time of the code: where several interpreters fit, one that was in use then is taken.
        python: The interpreter that the user asks for, over what the repository says.
        index: The clone's code, where it was read before.

    Returns:
        The environment, its `as_of` empty, and everything that is otherwise than the repository asks.

    Raises:
        NoInterpreter: There is no Python 3 on this machine.
    """
    index = index or CodeIndex(WorkTree(clone))
    files = reached_files(candidate, index)
    declared = find_declared(index.tree, candidate)
    deviations = list(declared.deviations) if declared else []
    if declared is None or not declared.requirements:
        declared = replace(declared or Declared("imports", ""), requirements=imported_packages(files, index))
        what = f"{len(declared.requirements)} packages inferred from imports"
        deviations.append(Deviation("packages", "not declared", what, "no file lists them"))
        declared = replace(declared, source="imports" if declared.requirements else "none")
    added, told = _additions(declared, candidate, files, index)
    asked, place = (python, "") if python else (declared.python, declared.path)
    if not asked:
        asked, place = find_python_asked(index.tree, candidate, nearest_folders(candidate))
    path, version, deviation = choose_interpreter(asked, written)
    spec = EnvironmentSpec(
        source=declared.source,
        path=declared.path if declared.source != "imports" else "",
        python_asked=asked,
        interpreter=path,
        python_used=version,
        requirements=(*declared.requirements, *added),
        workdir=declared.folder if declared.path else ".",
        constraints=declared.constraints,
    )
    if deviation:
        deviations.append(replace(deviation, asked=f"{deviation.asked} ({place})") if place else deviation)
    return spec, (*deviations, *told)


def _additions(
    declared: Declared, candidate: Candidate, files: list[CodeFile], index: CodeIndex
) -> tuple[tuple[str, ...], tuple[Deviation, ...]]:
    """What is installed beside what is declared, each with its deviation."""
    names = names_of(declared.requirements) | _names_of_local(declared, index.tree)
    added: list[str] = []
    told: list[Deviation] = []
    if files and declared.source != "imports" and not names & _MLFLOW and _imports_mlflow(files):
        added.append("mlflow")
        told.append(Deviation("package", "mlflow isn't listed", "mlflow added", "the code imports it"))
    if declared.source == "dockerfile":  # its base image holds packages, too, or it is of another service
        more = [line for line in imported_packages(files, index) if not names_of((line,)) <= names | set(added)]
        added += more
        told += [Deviation("package", f"{line} isn't listed", f"{line} added", "the code imports it") for line in more]
    local = _local_package(declared, candidate, files, index)
    if local:
        added.append("-e .")
        told.append(Deviation("package", f"{local} isn't listed", "-e . added", "the clone's own package is needed"))
    if any(step.kind is StepKind.NOTEBOOK for step in candidate.steps) and "ipykernel" not in names:
        added.append("ipykernel")
        told.append(Deviation("package", "ipykernel isn't listed", "ipykernel added", "a notebook runs in it"))
    seeds = [name for name in ("pip", "setuptools") if name not in names]
    if seeds:
        added += seeds
        reason = "environments made by venv, virtualenv or conda hold them"
        told.append(Deviation("package", f"{' and '.join(seeds)} not listed", "added", reason))
    return tuple(added), tuple(told)


def _imports_mlflow(files: list[CodeFile]) -> bool:
    modules = (item for file in files for item in file.source.imports if not item.level)
    return any(item.module.split(".")[0] == "mlflow" for item in modules)


def _names_of_local(declared: Declared, tree: WorkTree) -> frozenset[str]:
    """The packages that the clone's own packages among the requirements bring along."""
    names: frozenset[str] = frozenset()
    for line in declared.requirements:
        folder = join(declared.folder, local_path(line)) if local_path(line) else ""
        if folder:
            names |= _project_names(tree, folder)
    return names


def _project_names(tree: WorkTree, folder: str) -> frozenset[str]:
    read = (
        pyproject_requirements(tree.read_text(join(folder, "pyproject.toml"))),
        setup_requirements(tree.read_text(join(folder, "setup.py")), cfg=False),
        setup_requirements(tree.read_text(join(folder, "setup.cfg")), cfg=True),
    )
    return frozenset(name for found in read if found for name in names_of(found[1]))


def _local_package(declared: Declared, candidate: Candidate, files: list[CodeFile], index: CodeIndex) -> str:
    """What of the clone's own package the candidate needs installed; empty where it needs nothing.

    A command that the package itself declares, or a package under `src/` that is imported from elsewhere.
    """
    tree = index.tree
    installable = any(tree.is_file(join(declared.folder, name)) for name in ("pyproject.toml", "setup.py"))
    if not installable or any(local_path(line) for line in declared.requirements):
        return ""
    programs = {step.text.split()[0] for step in candidate.steps if step.kind is StepKind.COMMAND and step.text.split()}
    for program in programs & console_scripts(tree).keys():
        return program
    places = {step.workdir for step in candidate.steps} | {folder_of(file.path) for file in files[:1]}
    for file in files:
        for item in file.source.imports:
            path = index.resolve(item, file.path) if not item.level else ""
            if path.startswith("src/") and not _is_found_from(places, path, item.module):
                return item.module.split(".")[0]
    return ""


def _is_found_from(places: set[str], path: str, module: str) -> bool:
    """Whether a module's file is found by its name from one of the folders that are on Python's path."""
    relative = module.replace(".", "/")
    return any(path in (join(place, f"{relative}.py"), join(place, f"{relative}/__init__.py")) for place in places)


def imported_packages(files: list[CodeFile], index: CodeIndex) -> tuple[str, ...]:
    """The packages that code needs, by its imports and its notebooks' `pip install` lines, as requirements.

    Modules of the clone, of the standard library and of hosted notebooks are left out, and so are imports within a
    `try`, which the program can do without.
    """
    found: dict[str, str] = {}
    for file in files:
        for module in external_modules(file, index):
            name = distribution_of(module)
            found.setdefault(name, name)
        for pattern, name in _NEEDED_BY_CALL:
            if re.search(pattern, file.text):
                found.setdefault(name, name)
    for file in files:
        for match in _PIP_LINE.finditer(file.text):
            found |= _pip_packages(match[1])
    return tuple(sorted(found.values()))


def external_modules(file: CodeFile, index: CodeIndex) -> list[str]:
    """The modules that a file imports, outside any `try`, from packages that must be installed."""
    modules: dict[str, None] = {}
    for item in file.source.imports:
        if item.guarded or is_standard(item.module) or not item.module or index.is_local(item, file.path):
            continue
        if item.module.split(".")[0] in HOST_PROVIDED or item.module in HOST_PROVIDED:
            continue
        # Of `from a import b` only namespace packages need the `b`: google.cloud.storage is a distribution of its own.
        namespace = item.module.split(".")[0] == "google"
        if distribution_of(item.module) != "google" if namespace else not item.submodule:
            modules[item.module] = None
    return list(modules)


def _pip_packages(arguments: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in arguments.split("#")[0].split():
        word = word.strip("\"'")
        names = names_of((word,))
        if not word.startswith(("-", ".", "/")) and names:
            found[next(iter(names))] = word
    return found


def dated(spec: EnvironmentSpec, written: datetime) -> EnvironmentSpec:
    """The environment with the versions that it leaves open resolved as of a time."""
    return replace(spec, as_of=written.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def everything_pinned(spec: EnvironmentSpec) -> bool:
    """Whether a lock fixes every version, or every requirement is pinned exactly."""
    names = names_of(spec.requirements) - {"pip", "setuptools", "wheel", "ipykernel"}
    return spec.source == "lock" or (bool(names) and names <= pinned(spec.requirements))


def ladder(spec: EnvironmentSpec, commit_date: datetime | None = None) -> tuple[EnvironmentSpec, ...]:
    """The environments to try, one after the other, until one can be built.

    As of the plan's date first (what is pinned is taken as it is in any case), then as of today. An environment that
    has no date is tried as declared, then as of the commit's date.

    Args:
        spec: The plan's environment.
        commit_date: The commit's date, where it is known.
    """
    if spec.as_of:
        return (spec, replace(spec, as_of=""))
    return (spec, dated(spec, commit_date)) if commit_date else (spec,)
