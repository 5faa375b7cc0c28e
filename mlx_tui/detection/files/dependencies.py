"""Lists of dependencies and lock files: what is declared, pinned and locked, and the interpreter that they ask for."""

import posixpath
import re
from collections.abc import Callable, Iterator

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.files.evidence import evidence, unparseable
from mlx_tui.detection.model import Anomaly, DeclaredVersion, Finding
from mlx_tui.detection.source import RepositoryView, SourceFile
from mlx_tui.formats.jvm_builds import parse_gradle, parse_pom, parse_sbt
from mlx_tui.formats.lock_files import is_lock_file, locked_version
from mlx_tui.formats.packages import Bound, Package, PackageList
from mlx_tui.formats.pyproject import parse_pipfile, parse_pyproject
from mlx_tui.formats.r_packages import parse_description, parse_renv_lock
from mlx_tui.formats.requirements import parse_requirements
from mlx_tui.formats.setup_files import parse_setup_cfg, parse_setup_py
from mlx_tui.formats.toml_lines import TomlError
from mlx_tui.formats.version_ranges import specifier_of

MLFLOW = ("mlflow", "mlflow-skinny")
MAX_INCLUDES = 20

_REQUIREMENTS = re.compile(
    r"requirements[^/]*\.(txt|in)$|[^/]*requirements\.(txt|in)$|[^/]*freeze[^/]*\.txt$|constraints[^/]*\.txt$"
)
_OF_R = frozenset({"description", "renv.lock"})
_MAJOR_MINOR = re.compile(r"(?<![\w.])v?\d+\.\d+")
_PARSERS: dict[str, Callable[[str], PackageList]] = {
    "setup.py": parse_setup_py,
    "setup.cfg": parse_setup_cfg,
    "pyproject.toml": parse_pyproject,
    "pipfile": parse_pipfile,
    "description": parse_description,
    "pom.xml": parse_pom,
    "build.sbt": parse_sbt,
    "build.gradle": parse_gradle,
    "build.gradle.kts": parse_gradle,
}


def wants(path: str) -> bool:
    """Whether the file's name is that of a list of dependencies or of a lock file."""
    folder, _, name = path.lower().rpartition("/")
    if name.endswith((".txt", ".in")):
        return bool(_REQUIREMENTS.match(name)) or posixpath.basename(folder) == "requirements" or name.endswith(".in")
    return name in _PARSERS or is_lock_file(name)


def match(
    file: SourceFile, repository: RepositoryView, codebook: Codebook
) -> Iterator[Finding | Anomaly | DeclaredVersion]:
    """Yields what a list of dependencies or a lock file shows."""
    name = file.name.lower()
    if is_lock_file(name):
        yield from _lock(file)
    if name == "renv.lock":
        yield from _renv(file)
    elif name in _PARSERS:
        try:
            packages = _PARSERS[name](file.text)
        except TomlError as error:
            yield unparseable(file, error)
            return
        yield from report(file, packages, repository)
    elif name.endswith((".txt", ".in")) and _is_requirements(file.path, repository):
        packages = parse_requirements(file.text)
        yield from report(file, packages, repository)
        if packages.hashed and packages.third_party():
            yield evidence(file, "dependencies.locked", 1, "hashes", "a requirements file with `--hash`")
            yield evidence(file, "dependencies.pinned", 1, "hashes", "a requirements file with `--hash` is a lock file")


def report(file: SourceFile, packages: PackageList, repository: RepositoryView) -> Iterator[Finding | DeclaredVersion]:
    """Yields the findings of a list of dependencies, whatever kind of file it stands in."""
    counted = packages.third_party()
    if counted:
        why = f"a list of {len(counted)} third-party package(s)"
        yield evidence(file, "dependencies.declared", counted[0].line, "list", why)
        if _all_pinned([*counted, *_included(file.path, packages, repository)]):
            why = "every third-party package is pinned exactly"
            yield evidence(file, "dependencies.pinned", counted[0].line, "exact", why)
    for package in counted:
        if package.name in MLFLOW and file.name.lower() not in _OF_R:
            yield DeclaredVersion(package.name, specifier_of(package), file.path, package.line)
        if package.name in MLFLOW and package.version:
            why = f"`{package.text}` pins MLflow exactly"
            yield evidence(file, "dependencies.mlflow_pinned", package.line, "exact", why, value=package.version)
    if packages.interpreter:
        yield from interpreter(file, packages.interpreter)


def interpreter(file: SourceFile, asked: Bound) -> Iterator[Finding]:
    """Yields the interpreter that a file asks for, where it is told to at least major.minor."""
    if _MAJOR_MINOR.search(re.sub(r"(?<=[<>=!~^])\s*", " ", asked.text)):
        why = "the interpreter's version is fixed or bounded"
        yield evidence(file, "environment.interpreter", asked.line, "version", why, value=asked.text.strip())


def _lock(file: SourceFile) -> Iterator[Finding | DeclaredVersion]:
    if not file.text.strip():
        return
    yield evidence(file, "dependencies.locked", 1, "lock", f"`{file.name}` is a lock file")
    yield evidence(file, "dependencies.pinned", 1, "lock", f"`{file.name}` locks every package")
    for name in MLFLOW:
        if found := locked_version(file.text, name):
            why = f"the lock file resolves {name}"
            yield evidence(file, "dependencies.mlflow_pinned", found.line, "lock", why, value=found.version)
            if file.name.lower() not in _OF_R:
                yield DeclaredVersion(name, specifier_of(found), file.path, found.line)
            return


def _renv(file: SourceFile) -> Iterator[Finding]:
    packages = parse_renv_lock(file.text)
    if counted := packages.third_party():
        why = f"renv's lock lists {len(counted)} package(s)"
        yield evidence(file, "dependencies.declared", counted[0].line, "list", why)
    if packages.interpreter:
        yield from interpreter(file, packages.interpreter)


def _is_requirements(path: str, repository: RepositoryView) -> bool:
    folder, _, name = path.lower().rpartition("/")
    if _REQUIREMENTS.match(name) or posixpath.basename(folder) == "requirements":
        return True
    return name.endswith(".in") and path[:-3] + ".txt" in repository.path_set


def _all_pinned(packages: list[Package]) -> bool:
    """Whether each is pinned; one that is named twice needs one pin."""
    return {package.name for package in packages} == {package.name for package in packages if package.version}


def _included(origin: str, packages: PackageList, repository: RepositoryView) -> Iterator[Package]:
    """The packages of the files that a list includes, and of those that they include; a missing one pins nothing."""
    pending, seen = [(origin, include) for include in packages.includes], {origin}
    while pending and len(seen) < MAX_INCLUDES:
        source, include = pending.pop()
        target = repository.resolve(source, include.text)
        file = repository.read(target) if target else None
        if file is None:
            yield Package(include.text, "", include.line)
        elif file.path not in seen:
            seen.add(file.path)
            parsed = parse_requirements(file.text)
            yield from parsed.third_party()
            pending += [(file.path, further) for further in parsed.includes]
