"""What is known of a run that failed: all that a repair is chosen by."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mlx_tui.reproduction.install_failure import InstallFailure
from mlx_tui.reproduction.interpreters import Interpreter
from mlx_tui.reproduction.model import Edit, Plan, Repair, Step, Variable
from mlx_tui.reproduction.outcome import Verdict, short


@dataclass(frozen=True, slots=True)
class Maker:
    """A script of the repository that writes a file: the path as its source tells it, and the step that runs it."""

    written: str
    path: str
    step: Step


@dataclass(frozen=True, slots=True)
class Failure:
    """A run that failed.

    Attributes:
        verdict: How it ended.
        line: The line of the log that decided the outcome, plain; empty where none did.
        lines: The log of the phase that failed, plain, or its last part.
        step: The step that failed, from 1; 0 where the environment couldn't be built.
        install: Why the environment couldn't be built.
        installed: Version by normalised name of every package that was installed.
        work: Absolute path of the working copy, as it stands in messages.
        files: Paths of the repository's files, shallow ones first.
        folders: Paths of its folders; `.` is the root.
        commented: MLproject files that are YAML but for their HTML comments.
        image: Variables that a Dockerfile sets, secrets left out.
        interpreters: Those of this machine, oldest first.
        makers: Scripts that write files; told where a file is missing.
        examples: Variables that an example of the repository sets, secrets left out.
        imported: Normalised names of the packages that the code to run imports; told where no environment was built.
        spelt: Absolute paths that the repository's code and configuration spell.
        kept: Why the step that failed can be left out; empty where it can't.
        shown: Commands of the README that call an installed package's own program.
        sought: Names by which the code looks for runs, of those that the line says.
        outside: The plan without its container, where the image can't be had.
        with_wheels: Of those interpreters, which the package that couldn't be installed has wheels for.
    """

    verdict: Verdict
    line: str = ""
    lines: tuple[str, ...] = ()
    step: int = 0
    install: InstallFailure | None = None
    installed: Mapping[str, str] = field(default_factory=dict)
    work: str = ""
    files: tuple[str, ...] = ()
    folders: frozenset[str] = frozenset({"."})
    commented: tuple[str, ...] = ()
    image: tuple[Variable, ...] = ()
    interpreters: tuple[Interpreter, ...] = ()
    with_wheels: tuple[Interpreter, ...] = ()
    makers: tuple[Maker, ...] = ()
    examples: tuple[Variable, ...] = ()
    imported: frozenset[str] = frozenset()
    spelt: tuple[str, ...] = ()
    kept: str = ""
    shown: tuple[Step, ...] = ()
    sought: tuple[str, ...] = ()
    outside: Plan | None = None


def repaired(plan: Plan, name: str, did: str, why: str) -> Plan:
    """The plan with a repair recorded; texts are made safe and short."""
    return replace(plan, repairs=(*plan.repairs, Repair(short(name), short(did), short(why))))


def edited(plan: Plan, edit: Edit) -> Plan:
    """The plan with one more change of the working copy."""
    return replace(plan, edits=(*plan.edits, edit))


def with_path(plan: Plan, folder: str) -> Plan:
    """The plan with one more folder on `PYTHONPATH`."""
    before = next((item.value for item in plan.variables if item.name == "PYTHONPATH"), "")
    others = tuple(item for item in plan.variables if item.name != "PYTHONPATH")
    folders = [*filter(None, before.split(":")), folder]
    return replace(plan, variables=(*others, Variable("PYTHONPATH", ":".join(dict.fromkeys(folders)))))
