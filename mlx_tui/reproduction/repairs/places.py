"""Repairs of where things are looked for: working directory, Python's path, the repository's own name."""

import posixpath
import re
from dataclasses import replace
from itertools import takewhile

from mlx_tui.reproduction.import_names import is_standard
from mlx_tui.reproduction.model import Edit, EditKind, Plan, Step, StepKind
from mlx_tui.reproduction.repairs.failure import Failure, edited, repaired, with_path
from mlx_tui.reproduction.repairs.packages import local_places, missing_module
from mlx_tui.reproduction.worktree import folder_of, join

_MISSING = re.compile(
    r"(?:No such file or directory|does not exist|can't open file|cannot find (?:the )?file|[Ff]ile not found)"
    r"[^'\"]{0,20}b?['\"](?P<path>[^'\"\n]{1,400})['\"]"
    r"|['\"](?P<before>[^'\"\n]{1,400})['\"]:? (?:does not exist|not found|\[Errno 2\])"
)

_FRAME = re.compile(r'\s*File "(?P<path>[^"\n]+)", line \d')
_TRACEBACK_LINES = 100
_NO_PROGRAM = re.compile(
    r"\.py: (?:Permission denied|not found|cannot execute|line \d+: )|import: (?:command )?not found"
)


def working_directory(plan: Plan, failure: Failure) -> Plan | None:
    """The folder from which a file that wasn't found is there: the root, the script's own, or the only other one."""
    position = failure.step - 1
    if not 0 <= position < len(plan.candidate.steps):
        return None
    step = plan.candidate.steps[position]
    wanted = wanted_path(failure, step)
    base = _base(wanted, step, failure) if wanted else ""
    if not base:
        return None
    moved = _moved(step, base, failure)
    steps = tuple(moved if one == step else one for one in plan.candidate.steps)
    changed = replace(plan, candidate=replace(plan.candidate, steps=steps))
    if "-m " in step.text or step.kind is StepKind.NOTEBOOK:  # both import from the folder in which they run
        changed = with_path(changed, step.workdir)
    did = f"`{step.text}` run in {base} as `{moved.text}`, in place of {step.workdir}: {wanted} is found from there"
    return repaired(changed, f"working directory {base}", did, failure.line)


def run_by_python(plan: Plan, failure: Failure) -> Plan | None:
    """A script of the repository that can't be run as a program, run by Python."""
    position = failure.step - 1
    if not 0 <= position < len(plan.candidate.steps) or not _NO_PROGRAM.search(failure.line):
        return None
    step = plan.candidate.steps[position]
    script = step.text.split()[0] if step.text.split() else ""
    if not script.endswith(".py") or join(step.workdir, script) not in failure.files:
        return None
    changed = replace(step, text=f"python {step.text}")
    steps = tuple(changed if one == step else one for one in plan.candidate.steps)
    candidate = replace(plan.candidate, steps=steps)
    did = f"`{changed.text}` run in place of `{step.text}`, which isn't a program"
    return repaired(replace(plan, candidate=candidate), f"python before {script}", did, failure.line)


def wanted_path(failure: Failure, step: Step) -> str:
    """The relative path that wasn't found; empty where none is named, or where it is of another machine."""
    match = _MISSING.search(failure.line)
    path = (match["path"] or match["before"]) if match else ""
    root = posixpath.join(failure.work, step.workdir) if failure.work else ""
    for prefix in filter(None, (posixpath.normpath(root) if root else "", failure.work)):
        if path.startswith(prefix + "/"):
            path = path[len(prefix) + 1 :]
    return "" if path.startswith(("/", "~")) or "://" in path or "\\" in path else path


def _base(wanted: str, step: Step, failure: Failure) -> str:
    """The folder, other than the step's own, from which a path is a file or folder of the repository."""
    known = frozenset(failure.files) | failure.folders
    if join(step.workdir, wanted) in known:
        return ""
    own = [folder_of(place) for word in step.text.split() if (place := join(step.workdir, word)) in known]
    for folder in dict.fromkeys((".", *own)):
        if folder != step.workdir and join(folder, wanted) in known:
            return folder
    fits = [folder for folder in sorted(failure.folders) if join(folder, wanted) in known]
    return fits[0] if len(fits) == 1 else ""


def _moved(step: Step, base: str, failure: Failure) -> Step:
    """The same step from another folder: words that name files of the repository name them from there."""

    def word(text: str) -> str:
        place = join(step.workdir, text)
        return posixpath.relpath(place, base) if place in failure.files else text

    if step.kind is StepKind.NOTEBOOK:
        return replace(step, text=word(step.text), workdir=base)
    return replace(step, text="".join(map(word, re.split(r"(\s+)", step.text))), workdir=base)


def python_path(plan: Plan, failure: Failure) -> Plan | None:
    """`PYTHONPATH` with the folder that holds a module of the repository's own."""
    top, _, rest = missing_module(failure).partition(".")
    if not top or is_standard(top):
        return None
    asks = _importer(plan, failure)
    holding = [place for place in local_places(top, failure) if _holds(place, rest, failure)]
    places = sorted(holding, key=lambda place: -_shared(place, asks))
    present = next((item.value for item in plan.variables if item.name == "PYTHONPATH"), "").split(":")
    for place in places:
        folder = folder_of(place)
        if folder not in present:
            did = f"{folder} put on PYTHONPATH: {place} is the repository's own"
            return repaired(with_path(plan, folder), f"PYTHONPATH {folder}", did, failure.line)
    return None


def _holds(place: str, rest: str, failure: Failure) -> bool:
    """Whether a package has what is asked of it: where no such submodule is there, no path helps."""
    inner = "/".join([place, *rest.split(".")]) if rest else place
    return not rest or inner in failure.folders or f"{inner}.py" in failure.files


def _importer(plan: Plan, failure: Failure) -> str:
    """The file of the repository that imports in vain: the traceback's last, else what the step runs."""
    end = failure.lines.index(failure.line) if failure.line in failure.lines else len(failure.lines)
    for line in reversed(failure.lines[max(0, end - _TRACEBACK_LINES) : end]):
        if (match := _FRAME.match(line)) and failure.work and match["path"].startswith(f"{failure.work}/"):
            return match["path"][len(failure.work) + 1 :]
    steps = plan.candidate.steps
    step = steps[failure.step - 1] if 0 < failure.step <= len(steps) else None
    words = [join(step.workdir, word) for word in step.text.split()] if step else []
    return next((word for word in words if word in failure.files), "")


def _shared(place: str, other: str) -> int:
    """How many folders two paths have in common: of two modules of one name the nearer one is meant."""
    pairs = zip(place.split("/"), other.split("/")[:-1], strict=False)
    return len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))


def own_name(plan: Plan, failure: Failure) -> Plan | None:
    """The root under the name by which the code imports it: a package is named by the folder it is cloned into.

    The line of the traceback that imports must ask for something that is in the root.
    """
    top = missing_module(failure).partition(".")[0]
    used = {item.path for item in plan.edits if item.kind is EditKind.OWN_NAME}
    if not top or is_standard(top) or used or "__init__.py" not in failure.files or top in failure.folders:
        return None
    imports = re.compile(rf"^\s*(?:from|import) {re.escape(top)}(?:\.(?P<part>\w+)| import (?P<name>\w+))")
    asked = {match["part"] or match["name"] for line in failure.lines if (match := imports.match(line))}
    if not any(name == "__file__" or name in failure.folders or f"{name}.py" in failure.files for name in asked):
        return None
    changed = edited(plan, Edit(EditKind.OWN_NAME, top))
    did = f"the root made importable as {top}, the name of the folder that the code expects to be cloned into"
    return repaired(changed, f"folder named {top}", did, failure.line)
