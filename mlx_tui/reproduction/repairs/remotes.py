"""Repairs of where a run sends its work: stand-ins for the git and DVC remotes that it pushes to.

They begin empty, or with the commit that runs: what a project would fetch from its remotes is never put there.
"""

import re

from mlx_tui.reproduction.model import Edit, EditKind, Plan
from mlx_tui.reproduction.repairs.failure import Failure, edited, repaired

LAST_LINES = 60
_NO_ORIGIN = re.compile(
    r"fatal: No configured push destination|fatal: The current branch \S+ has no upstream branch"
    r"|fatal: '(?P<name>[A-Za-z][\w-]*)' does not appear to be a git repository"
    r"|fatal: No such remote '(?P<other>[A-Za-z][\w-]*)'"
    r"|Remote named '(?P<third>[A-Za-z][\w-]*)' didn't exist"
)
_OF_DVC = re.compile(r"(^|/)\.dvcignore$|\.dvc$|(^|/)dvc\.(yaml|lock)$")
_NO_REMOTE = re.compile(r"remote '(?P<name>[A-Za-z][\w-]*)' (?:doesn't|does not) exist")


def git_origin(plan: Plan, failure: Failure) -> Plan | None:
    """A bare repository beside the working copy, where a push finds no remote: working copies come without any."""
    match, said = _said(_NO_ORIGIN, failure)
    if match is None or any(edit.kind is EditKind.GIT_ORIGIN for edit in plan.edits):
        return None
    name = match["name"] or match["other"] or match["third"] or "origin"
    changed = edited(plan, Edit(EditKind.GIT_ORIGIN, name))
    did = f"a bare repository beside the working copy as git remote {name}: what is pushed goes nowhere else"
    return repaired(changed, "git remote stand-in", did, said)


def dvc_remote(plan: Plan, failure: Failure) -> Plan | None:
    """An empty folder as the DVC remote that the code pushes to and no configuration of the repository names."""
    match, said = _said(_NO_REMOTE, failure)
    done = {edit.path for edit in plan.edits if edit.kind is EditKind.DVC_REMOTE}
    if match is None or match["name"] in done or not any(map(_OF_DVC.search, failure.files)):
        return None
    changed = edited(plan, Edit(EditKind.DVC_REMOTE, match["name"]))
    did = f"an empty folder as DVC remote {match['name']}, which .dvc/config doesn't name"
    return repaired(changed, f"DVC remote {match['name']} stand-in", did, said)


def _said(pattern: re.Pattern[str], failure: Failure) -> tuple[re.Match[str] | None, str]:
    """The last line that says so: it stands before the traceback of who called the program."""
    for line in (failure.line, *reversed(failure.lines[-LAST_LINES:])):
        if match := pattern.search(line):
            return match, line
    return None, ""
