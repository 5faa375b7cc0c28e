"""Foresight: what the code will ask for when it runs, and whether it is there."""

import os
import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from mlx_tui.formats.yaml_lines import YamlError
from mlx_tui.reproduction.candidate_code import reached_files
from mlx_tui.reproduction.code_index import CodeIndex
from mlx_tui.reproduction.code_needs import Asked, read_code_needs
from mlx_tui.reproduction.entry_points.commands import Use, read_command
from mlx_tui.reproduction.entry_points.dvc import read_stages
from mlx_tui.reproduction.entry_points.shell import split_lines
from mlx_tui.reproduction.environment_needs import (
    malformed_requirements,
    missing_modules,
    missing_programs,
    packages_of_other_systems,
)
from mlx_tui.reproduction.model import Candidate, CommandSource, EnvironmentSpec, Need, NeedKind, StepKind
from mlx_tui.reproduction.worktree import WorkTree, join, short_lines

MAX_NEEDS = 200

# Set for every run, whatever the repository does.
_GIVEN = frozenset({"HOME", "PATH", "TMPDIR", "LANG", "MPLBACKEND", "PYTHONUNBUFFERED", "VIRTUAL_ENV", "TERM"})
_LOOPBACK = ("localhost", "127.0.0.1", "0.0.0.0", "::1")  # noqa: S104 - compared, never bound
_RESULTS = frozenset(
    [
        "artifacts",
        "outputs",
        "output",
        "results",
        "logs",
        "checkpoints",
        "models",
        "reports",
        "plots",
        "figures",
        "build",
    ]
)
_FETCHES = re.compile(r"\burlretrieve\(|\burlopen\(|\brequests\.get\(|\bwget\.download|\bgdown\.|\bhttpx\.get\(")
_URL_VALUE = re.compile(r"""^\s*[\w.-]+\s*[:=]\s*['"]?https?://(?:[^/\s@]*@)?([^/\s:?#'"]+)/""")
# Configuration of tools, whose URLs the experiment never asks for.
_TOOLS = re.compile(r"(^|/)(\.github|\.pre-commit-config|docker-compose|compose|pyproject|mkdocs|\.gitlab-ci|setup)\b")
_ORDER = (
    NeedKind.PACKAGE,
    NeedKind.MODULE,
    NeedKind.DATA,
    NeedKind.PATH,
    NeedKind.CREDENTIAL,
    NeedKind.HARDWARE,
    NeedKind.HOST,
)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where paths are looked for: the clone and the folders in which the steps run."""

    tree: WorkTree
    folders: tuple[str, ...]
    written: frozenset[str]


def find_needs(
    clone: Path,
    candidate: Candidate,
    *,
    index: CodeIndex | None = None,
    environment: EnvironmentSpec | None = None,
    network: bool = True,
) -> tuple[Need, ...]:
    """Finds what a candidate will ask for: data, hosts, credentials, modules, hardware, absolute paths.

    Args:
        clone: The repository's work tree; nothing in it is run.
        candidate: What is to be run.
        index: The clone's code, where it was read before.
        environment: Its environment; without it no module is said to be missing.
        network: Whether the run may use the network; without it no host is there.

    Returns:
        Each need once, those that aren't met first, at most `MAX_NEEDS`.
    """
    index = index or CodeIndex(WorkTree(clone))
    files = reached_files(candidate, index)
    read = [(file, read_code_needs(file)) for file in files]
    folders = tuple(dict.fromkeys(step.workdir for step in candidate.steps))
    place = _Place(index.tree, folders, frozenset(path for _, needs in read for path in needs.written))
    found: dict[tuple[NeedKind, str], Need] = {}
    for need in _programs(candidate):
        found.setdefault((need.kind, need.what), need)
    for need in _stage_inputs(candidate, index.tree):
        found.setdefault((need.kind, need.what), need)
    for file, needs in read:
        for asked in needs.asked:
            told = _need(asked, file.path, place)
            if told is not None:
                found.setdefault((told.kind, told.what), told)
    if any(_FETCHES.search(file.text) for file in files):
        for need in _configured_hosts(index.tree):
            found.setdefault((need.kind, need.what), need)
    unfit = (*malformed_requirements(environment), *packages_of_other_systems(environment))
    for need in (*unfit, *(missing_programs(files) if environment else ())):
        found.setdefault((need.kind, need.what), need)
    for file in files if environment else ():
        for need in missing_modules(file, index, environment):
            found.setdefault((need.kind, need.what), need)
    known = [
        replace(need, met=False) if need.kind is NeedKind.HOST and not network else need for need in found.values()
    ]
    ordered = sorted(known, key=lambda need: (need.met is not False, need.met is True, _ORDER.index(need.kind)))
    return tuple(ordered[:MAX_NEEDS])


def _need(asked: Asked, path: str, place: _Place) -> Need | None:
    where = f"{path}:{asked.line}"
    match asked.kind:
        case NeedKind.DATA:
            return (
                None
                if _is_made(asked.what, place)
                else Need(asked.kind, asked.what, where, _is_there(asked.what, place))
            )
        case NeedKind.PATH:
            # Temporary folders and devices are there in any isolation; the user's own files are not.
            system = asked.what.startswith(("/tmp", "/dev/", "/proc/", "/etc/", "/sys/"))  # noqa: S108
            return None if system or asked.what in place.written else Need(asked.kind, asked.what, where, False)
        case NeedKind.CREDENTIAL:
            given = asked.what in _GIVEN or asked.what.startswith("MLFLOW_")
            return Need(asked.kind, asked.what, where, True if given else (False if asked.certain else None))
        case NeedKind.HARDWARE:
            there = any(Path("/dev").glob("nvidia[0-9]*")) or Path("/dev/kfd").exists()
            return Need(asked.kind, asked.what, where, True if there else (False if asked.certain else None))
        case NeedKind.HOST if any(name in asked.what for name in _LOOPBACK):
            return Need(asked.kind, asked.what, where, False if asked.what.startswith(("postgres", "mysql")) else None)
        case _:
            return Need(asked.kind, asked.what, where, None)


def _is_made(path: str, place: _Place) -> bool:
    """Whether the code writes a path itself, or its text doesn't tell one."""
    if path.strip() in ("", ".", "./") or "*" in path or "{" in path:
        return True
    written = {text.removeprefix("./").rstrip("/") for text in place.written}
    plain = path.removeprefix("./").rstrip("/")
    return plain in written or any(plain.startswith(f"{text}/") for text in written)


def _is_there(path: str, place: _Place) -> bool | None:
    """Whether a path that the code opens is in the clone; None where that can't be told."""
    places = [where for folder in place.folders if (where := join(folder, path))]
    if any(place.tree.exists(where) for where in places):
        return True
    # What lies where results usually go may be made by the run itself, by a path that the source doesn't tell.
    top = path.removeprefix("./").split("/")[0].lower()
    return False if places and top not in _RESULTS else None


def _configured_hosts(tree: WorkTree) -> list[Need]:
    """The hosts of URLs that configuration files hold, for code that fetches what its configuration names."""
    found: list[Need] = []
    for path in tree.with_suffix(".yaml", ".yml", ".toml", ".ini", ".cfg")[:200]:
        if _TOOLS.search(path):
            continue
        for number, line in enumerate(short_lines(tree.read_text(path, 200_000)), 1):
            match = _URL_VALUE.match(line)
            if match and not any(name in match[1] for name in _LOOPBACK):
                found.append(Need(NeedKind.HOST, match[1], f"{path}:{number}", None))
    return found


def _stage_inputs(candidate: Candidate, tree: WorkTree) -> list[Need]:
    """What a DVC pipeline's stages read, no stage of it writes, and the clone lacks: it lies in a remote."""
    if candidate.source is not CommandSource.DVC:
        return []
    try:
        stages = read_stages(tree, candidate.path)
    except YamlError:
        return []
    written = [path for stage in stages for path in stage.outputs]
    return [
        Need(NeedKind.DATA, path, f"{candidate.path}:{stage.line}", False)
        for stage in stages
        for path in stage.inputs
        if not tree.exists(path) and not any(path == out or path.startswith(f"{out}/") for out in written)
        if tree.is_file(f"{path}.dvc") or "." in path.rsplit("/", 1)[-1]
    ]


def _programs(candidate: Candidate) -> list[Need]:
    """Programs that the steps start and no Python environment provides."""
    found: list[Need] = []
    for step in candidate.steps:
        for line in split_lines(step.text) if step.kind is StepKind.COMMAND else []:
            command = read_command(line)
            words = line.text.split()
            program = words[0] if words else ""
            if (
                command
                and command.use is Use.OTHER_RUN
                and program in ("Rscript", "julia", "java", "scala", "spark-submit")
            ):
                there = shutil.which(program, path=os.defpath + os.pathsep + os.environ.get("PATH", "")) is not None
                found.append(
                    Need(NeedKind.MODULE, f"the program {program}", f"{candidate.path}:{candidate.line}", there)
                )
    return found
