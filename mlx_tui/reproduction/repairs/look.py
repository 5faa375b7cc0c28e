"""Collects what is known of a run that failed."""

from collections.abc import Sequence
from pathlib import Path

from mlx_tui.formats.dockerfile import parse_dockerfile
from mlx_tui.formats.packages import normalise
from mlx_tui.formats.shell import parse_shell
from mlx_tui.reproduction.attempt_files import AttemptFiles
from mlx_tui.reproduction.candidate_code import reached_files
from mlx_tui.reproduction.code_index import CodeIndex
from mlx_tui.reproduction.entry_points.mlproject import read_projects
from mlx_tui.reproduction.environment import imported_packages
from mlx_tui.reproduction.install_failure import InstallCause, InstallFailure
from mlx_tui.reproduction.interpreters import Interpreter, NoInterpreter, find_interpreters
from mlx_tui.reproduction.isolation import bwrap_problem
from mlx_tui.reproduction.model import Cause, Isolation, Phase, Plan, Variable
from mlx_tui.reproduction.outcome import Verdict
from mlx_tui.reproduction.plan import make_plan
from mlx_tui.reproduction.plan_options import PlanOptions
from mlx_tui.reproduction.repairs.examples import example_variables
from mlx_tui.reproduction.repairs.failure import Failure
from mlx_tui.reproduction.repairs.machines import named_paths
from mlx_tui.reproduction.repairs.pipelines import sought_names, why_kept
from mlx_tui.reproduction.repairs.shown import shown_steps
from mlx_tui.reproduction.repairs.stages import find_makers
from mlx_tui.reproduction.repairs.variable_names import may_be_set
from mlx_tui.reproduction.repairs.wheels import with_wheels
from mlx_tui.reproduction.requirement_lines import names_of
from mlx_tui.reproduction.tracebacks import plain
from mlx_tui.reproduction.variables import install_environment
from mlx_tui.reproduction.worktree import WorkTree


def look(
    files: AttemptFiles, plan: Plan, verdict: Verdict, phase: Phase, step: int, log: Sequence[str], first: int,
    install: InstallFailure | None,
) -> Failure:  # fmt: skip
    """Collects what is known of a run that failed.

    Args:
        files: The attempt's files.
        plan: The plan that failed.
        verdict: How it ended.
        phase: In which phase.
        step: The step that ran last, from 1.
        log: The lines of the phase's log, or the last of them.
        first: The number in the log of the first of them, from 1.
        install: Why the environment couldn't be built.
    """
    tree = WorkTree(Path(plan.clone))
    interpreters = find_interpreters()
    install = install if phase is Phase.ENVIRONMENT else None
    lines = tuple(plain(line) for line in log)
    position = verdict.evidence_line - first
    line = lines[position] if verdict.evidence_line and 0 <= position < len(lines) else ""
    running = phase is Phase.RUNNING
    index = CodeIndex(tree)
    installed = _installed(files.freeze) if running else {}
    return Failure(
        verdict,
        line=line,
        lines=lines,
        step=step if running else 0,
        install=install,
        installed=installed,
        work=str(files.work),
        files=tree.files,
        folders=tree.folders,
        commented=tuple(project.path for project in read_projects(tree, tolerant=True)[0] if project.mended),
        image=image_variables(tree),
        interpreters=interpreters,
        with_wheels=_with_wheels(files, install, interpreters),
        makers=tuple(find_makers(index)) if verdict.cause is Cause.MISSING_DATA else (),
        examples=example_variables(tree) if running else (),
        imported=_imported(plan, index) if install else frozenset(),
        spelt=named_paths(tree) if running else (),
        kept=why_kept(tree, plan.candidate.steps[step - 1])
        if running and 0 < step <= len(plan.candidate.steps)
        else "",
        shown=shown_steps(tree, installed),
        outside=_outside(plan) if install and plan.container else None,
        sought=sought_names(index, line) if running else (),
    )


def _outside(plan: Plan) -> Plan | None:
    """The plan without its container; None where there is no interpreter for it."""
    isolation = Isolation.NONE if bwrap_problem() else Isolation.BWRAP
    options = PlanOptions(timeout=plan.timeout, network=plan.network, isolation=isolation, memory=plan.memory)
    try:
        return make_plan(plan.repo, plan.commit, Path(plan.clone), options, plan.candidate)
    except NoInterpreter:
        return None


def _imported(plan: Plan, index: CodeIndex) -> frozenset[str]:
    """The packages that the code to run imports; all code where none of it can be told."""
    files = reached_files(plan.candidate, index) or list(index.scripts.values())
    return names_of(imported_packages(files, index))


def _with_wheels(
    files: AttemptFiles, install: InstallFailure | None, interpreters: tuple[Interpreter, ...]
) -> tuple[Interpreter, ...]:
    """The interpreters for which a pinned package needn't be built."""
    unfit = (InstallCause.BUILD, InstallCause.NO_WHEEL)
    if install is None or install.cause not in unfit or "==" not in install.package:
        return ()
    return with_wheels(install.package, interpreters, install_environment(files))


def _installed(freeze: Path) -> dict[str, str]:
    pairs = (line.partition("==") for line in freeze.read_text().splitlines()) if freeze.is_file() else ()
    return {normalise(name): version for name, mark, version in pairs if mark}


def image_variables(tree: WorkTree) -> tuple[Variable, ...]:
    """The variables that the repository's Dockerfile sets by `ENV`, without secrets and what programs obey."""
    path = next(iter(tree.named("Dockerfile")), "")
    found: dict[str, str] = {}
    for instruction in parse_dockerfile(tree.read_text(path)) if path else ():
        if instruction.keyword == "ENV":
            found |= dict(_pairs(instruction.value))
    return tuple(Variable(name, value) for name, value in found.items() if may_be_set(name) and "$" not in value)


def _pairs(value: str) -> list[tuple[str, str]]:
    """`A=b C=d`, or the old form `A b`."""
    name, _, rest = value.partition(" ")
    if "=" not in name:
        return [(name, rest.strip())]
    words = [word for command in parse_shell(f"env {value}").commands for word in command.words[1:]]
    words = words or value.split()
    return [(name, text) for name, mark, text in (word.partition("=") for word in words) if mark]
