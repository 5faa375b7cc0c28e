"""How an experiment is run: commands and notebooks, and where they were read."""

from dataclasses import dataclass, field
from enum import StrEnum


class CommandSource(StrEnum):
    """Where a command was read from."""

    MLPROJECT = "mlproject"
    README = "readme"
    TASK = "task"
    """Makefile, justfile, tox, …"""
    DVC = "dvc"
    CI = "ci"
    NOTEBOOK = "notebook"
    SCRIPT = "script"
    USER = "user"


class StepKind(StrEnum):
    """How a step is run."""

    COMMAND = "command"
    NOTEBOOK = "notebook"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to run.

    Attributes:
        kind: A shell command or a notebook.
        text: The command line for `sh -c`, or the notebook's path relative to `workdir`.
        workdir: Folder relative to the repository's root; `.` for the root.
        of_project: Whether it is the command of an MLproject's entry point, which `mlflow run` starts within a run.
        run_name: The name of that run, where the code looks for one; empty where any will do.
    """

    kind: StepKind
    text: str
    workdir: str = "."
    of_project: bool = field(default=False, compare=False)
    run_name: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """A parameter of a candidate; its `{name}` in the steps' text is filled in already.

    Attributes:
        name: Its name.
        value: What was filled in.
        asked: What was asked for, where that isn't the value.
    """

    name: str
    value: str
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A way to run the experiment.

    Attributes:
        steps: What to run, in order.
        source: The kind of place it was read from.
        path: The file it was read from; empty for `user`.
        line: Line in that file, from 1; 0 for `user`.
        parameters: The values that were filled in.
        reason: Why it is ranked where it is, in a few words.
    """

    steps: tuple[Step, ...]
    source: CommandSource
    path: str = ""
    line: int = 0
    parameters: tuple[ParameterValue, ...] = ()
    reason: str = ""
