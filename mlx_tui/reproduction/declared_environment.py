"""The environment that a repository declares, from the first place that says something."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from mlx_tui.formats.mlproject import NAME, parse_mlproject
from mlx_tui.formats.yaml_lines import YamlError
from mlx_tui.reproduction import lock_files
from mlx_tui.reproduction.conda_packages import translate_environment_file
from mlx_tui.reproduction.image_requirements import image_requirements
from mlx_tui.reproduction.model import Candidate, Deviation
from mlx_tui.reproduction.project_dependencies import pipfile_requirements, pyproject_requirements, setup_requirements
from mlx_tui.reproduction.requirement_lines import flatten, read_requirements
from mlx_tui.reproduction.worktree import WorkTree, folder_of, join

_SETTING = re.compile(r"^(python_env|conda_env)\s*:\s*['\"]?([^\s'\"#]+)", re.MULTILINE)
_REQUIREMENTS = re.compile(r"(^|[._-])requirements?([._-]|$)|^requirements[/]", re.IGNORECASE)
_ASIDE = re.compile(r"dev|test|doc|lint|constraint|api|serv|app|deploy|docker|migration|optional|extra", re.IGNORECASE)
_CONDA_NAMES = ("conda.yaml", "conda.yml", "environment.yaml", "environment.yml")


@dataclass(frozen=True, slots=True)
class Declared:
    """An environment as a repository declares it.

    Attributes:
        source: As `EnvironmentSpec.source`.
        path: The file that says it.
        python: The interpreter asked for; empty where none is.
        requirements: pip requirements and options.
        constraints: Versions that a lock fixes.
        deviations: What reading it changed.
    """

    source: str
    path: str
    python: str = ""
    requirements: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    deviations: tuple[Deviation, ...] = ()

    @property
    def folder(self) -> str:
        """The folder that relative paths among the requirements start from."""
        return folder_of(self.path)


def find_declared(tree: WorkTree, candidate: Candidate) -> Declared | None:
    """Finds the environment that a candidate is to be run in; None where the repository declares none.

    The kinds are tried in order: MLproject, lock file, requirements, pyproject, setup, conda file, Dockerfile; each in
    the candidate's folder first, then in those above it, then anywhere.
    """
    folders = nearest_folders(candidate)
    readers: tuple[Callable[[WorkTree, list[str]], Declared | None], ...] = (
        _of_mlproject, _of_lock, _of_requirements, _of_pyproject, _of_setup, _of_conda_file, _of_image,
    )  # fmt: skip
    for read in readers:
        found = read(tree, folders)
        if found is not None and (found.requirements or found.source == "mlproject"):
            return found
    return None


def nearest_folders(candidate: Candidate) -> list[str]:
    """The folders in which a candidate runs or was read, each with those above it, nearest first."""
    starts = [*(step.workdir for step in candidate.steps), folder_of(candidate.path) if candidate.path else "."]
    found: dict[str, None] = {}
    for start in starts:
        parts = PurePosixPath(start)
        found.update(dict.fromkeys(str(folder) for folder in (parts, *parts.parents)))
    ordered = sorted(found, key=lambda folder: folder == ".")
    return ordered if "." in found else [*ordered, "."]


def _of_mlproject(tree: WorkTree, folders: list[str]) -> Declared | None:
    for folder in folders:
        path = next((path for path in tree.named(NAME) if folder_of(path) == folder), "")
        if path:
            text = tree.read_text(path)
            named, deviations = _environment_setting(text, path)
            for name in (named, "python_env.yaml", "conda.yaml") if not named else (named,):
                file = join(folder, name) if name else ""
                if file and tree.is_file(file):
                    return _environment_file(tree, file, deviations)
    return None


def _environment_setting(text: str, path: str) -> tuple[str, tuple[Deviation, ...]]:
    """The environment file that an MLproject names, read line by line where the file isn't valid YAML."""
    try:
        settings = parse_mlproject(text).environments
    except YamlError:
        match = _SETTING.search(text)
        reason = f"{path} isn't valid YAML: its line was read by itself"
        return (match[2], (Deviation("environment", match[0], match[2], reason),)) if match else ("", ())
    return next((item.value for item in settings if item.key != "docker_env"), ""), ()


def _environment_file(tree: WorkTree, path: str, before: tuple[Deviation, ...] = ()) -> Declared | None:
    try:
        read = translate_environment_file(tree.read_text(path))
    except YamlError as error:
        told = Deviation("environment", path, "what the code imports", f"not valid YAML: {error}")
        return Declared("mlproject", path, deviations=(*before, told))
    if read is None:
        return None
    source = "conda" if read.deviations or "conda" in path or "environment" in path else "python_env"
    lines = flatten(tree, "\n".join(read.requirements), folder_of(path))
    deviations = (*before, *read.deviations)
    return Declared(source, path, read.python, lines.lines, lines.constraints, deviations)


def _of_lock(tree: WorkTree, folders: list[str]) -> Declared | None:
    for folder in folders:
        for name in lock_files.NAMES:
            path = join(folder, name)
            if not tree.is_file(path):
                continue
            locked = lock_files.locked_versions(name, tree.read_text(path, 20_000_000))
            listed = "Pipfile" if name == "Pipfile.lock" else "pyproject.toml"
            read = pipfile_requirements if listed == "Pipfile" else pyproject_requirements
            asked = read(tree.read_text(join(folder, listed)))
            if locked and asked and asked[1]:
                return Declared("lock", path, asked[0], asked[1], locked)
    return None


def _of_requirements(tree: WorkTree, folders: list[str]) -> Declared | None:
    known = [path for path in tree.with_suffix(".txt", ".in") if _is_requirements(path)]
    for path in sorted(known, key=lambda path: _requirements_rank(path, folders)):
        read = read_requirements(tree, path)
        if read.lines:
            return Declared("requirements", path, "", read.lines, read.constraints)
    return None


def _is_requirements(path: str) -> bool:
    name = PurePosixPath(path)
    return bool(_REQUIREMENTS.search(name.stem)) or name.parent.name.lower() == "requirements"


def _requirements_rank(path: str, folders: list[str]) -> tuple[int, int, int, str]:
    name = PurePosixPath(path)
    exact = 0 if name.name.lower() == "requirements.txt" else (2 if _ASIDE.search(name.stem) else 1)
    folder = folder_of(path)
    near = folders.index(folder) if folder in folders else len(folders) + path.count("/")
    beside_model = 1 if folder not in folders else 0
    return (beside_model, near if exact < 2 else near + 50, exact, path)


def _of_pyproject(tree: WorkTree, folders: list[str]) -> Declared | None:
    for folder in folders:
        for name, read in (("pyproject.toml", pyproject_requirements), ("Pipfile", pipfile_requirements)):
            path = join(folder, name)
            found = read(tree.read_text(path)) if tree.is_file(path) else None
            if found and found[1]:
                return Declared("pyproject", path, found[0], found[1])
    return None


def _of_setup(tree: WorkTree, folders: list[str]) -> Declared | None:
    for folder in folders:
        for name in ("setup.py", "setup.cfg"):
            path = join(folder, name)
            found = setup_requirements(tree.read_text(path), cfg=name == "setup.cfg") if tree.is_file(path) else None
            if found:
                return Declared("setup", path, found[0], found[1])
    return None


def _of_conda_file(tree: WorkTree, folders: list[str]) -> Declared | None:
    # A conda file beside an `MLmodel` belongs to a saved model, not to the code.
    models = {folder_of(path) for path in tree.named("MLmodel")}
    known = [path for path in tree.named(*_CONDA_NAMES) if folder_of(path) not in models]
    for path in sorted(known, key=lambda path: (folder_of(path) not in folders, path.count("/"), path)):
        found = _environment_file(tree, path)
        if found and found.requirements:
            return found
    return None


def _of_image(tree: WorkTree, folders: list[str]) -> Declared | None:
    path, lines = image_requirements(tree, folders)
    return Declared("dockerfile", path, requirements=lines) if lines else None
