"""What a plan says: what would be run, in which environment, what of it isn't as asked, and what it will need."""

from dataclasses import dataclass
from enum import StrEnum

from mlx_tui.reproduction.model.command import Candidate
from mlx_tui.reproduction.model.container import Container
from mlx_tui.reproduction.model.outcome import Foresight
from mlx_tui.reproduction.model.repair import Edit, Repair


@dataclass(frozen=True, slots=True)
class Deviation:
    """Something done otherwise than the repository asks."""

    subject: str
    asked: str
    used: str
    reason: str


class NeedKind(StrEnum):
    """What the code will ask for when it runs."""

    DATA = "data"
    HOST = "host"
    CREDENTIAL = "credential"
    MODULE = "module"
    PACKAGE = "package"
    HARDWARE = "hardware"
    PATH = "path"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that the code will ask for.

    Attributes:
        kind: What sort of thing.
        what: Its name: a file, a host, a variable, a module.
        place: `path:line` of the code that asks for it.
        met: Whether it is there as far as can be told; None where that can't be told.
    """

    kind: NeedKind
    what: str
    place: str
    met: bool | None


@dataclass(frozen=True, slots=True)
class EnvironmentSpec:
    """The Python environment of an attempt.

    Attributes:
        source: What it was read from (`python_env`, `conda`, `lock`, `requirements`, `pyproject`, `setup`,
            `dockerfile`, `imports`, `image`, `none`).
        path: The file; empty for `imports` and `none`.
        python_asked: The version asked for, `3.8` or a specifier; empty where none is.
        interpreter: Absolute path of the interpreter that is used.
        python_used: Its version, `3.11.7`.
        requirements: PEP 508 requirements and pip options, one a line as in a requirements file; relative paths are
            relative to `workdir`.
        workdir: Folder relative to the repository's root in which they are installed.
        as_of: RFC 3339 time before which versions must have been published; empty for today's. What is pinned exactly
            is taken whatever its date.
        constraints: Versions that a lock or constraints file fixes, `name==version`; they hold for packages that are
            installed and install none.
    """

    source: str
    path: str
    python_asked: str
    interpreter: str
    python_used: str
    requirements: tuple[str, ...]
    workdir: str = "."
    as_of: str = ""
    constraints: tuple[str, ...] = ()


class Isolation(StrEnum):
    """Which isolation is in force."""

    BWRAP = "bwrap"
    """bubblewrap: read-only system, own HOME and /tmp, own process tree, no view of other clones or keys."""
    CONTAINER = "container"
    """A container of the image that the MLproject asks for: no capabilities, only the attempt's own folders."""
    NONE = "none"
    """Resource limits, a scrubbed environment and a subreaper; the code can read the user's files."""


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable of the steps; relative folders in `PYTHONPATH` start from the repository's root."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Plan:
    """How a repository would be run; `plan.json`.

    Attributes:
        repo: `owner/name`.
        commit: Full SHA.
        clone: Absolute path of the clone that is copied.
        candidate: What is run.
        environment: In which environment.
        deviations: Everything done otherwise than asked.
        needs: What the code will ask for.
        isolation: The isolation in force.
        network: Whether the run may use the network (building the environment always does).
        timeout: Limit on the run, in seconds.
        memory: Limit on the run's memory, in bytes; 0 for none.
        likely: The outcome that the needs make likely, in a few words.
        foresight: The same, to be counted; None in plans that foresee nothing.
        repair: Whether a run that fails is repaired and run again.
        repairs: The repairs that the plan holds already, in order.
        variables: Environment variables of the steps that repairs or the MLproject's `docker_env` set.
        edits: What repairs change in the working copy.
        container: The container in which the steps run, in place of a Python environment; None for that.
    """

    repo: str
    commit: str
    clone: str
    candidate: Candidate
    environment: EnvironmentSpec
    deviations: tuple[Deviation, ...]
    needs: tuple[Need, ...]
    isolation: Isolation
    network: bool
    timeout: int
    memory: int = 0
    likely: str = ""
    repair: bool = False
    repairs: tuple[Repair, ...] = ()
    variables: tuple[Variable, ...] = ()
    edits: tuple[Edit, ...] = ()
    foresight: Foresight | None = None
    container: Container | None = None
