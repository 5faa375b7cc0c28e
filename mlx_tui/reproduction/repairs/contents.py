"""Repairs of what files say: HTML comments in an MLproject, variables of an image, notebook lines that never end."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from mlx_tui.reproduction.model import Edit, EditKind, Plan, StepKind
from mlx_tui.reproduction.repairs.failure import Failure, edited, repaired
from mlx_tui.reproduction.worktree import join

_YAML_ERROR = re.compile(r"yaml\.\w+\.\w+Error|ScannerError|ParserError|while scanning|while parsing")
SERVER = re.compile(
    r"^(?P<indent>[^\S\n]*)(?P<line>[!%]{1,2}[^\S\n]*(?:sx\s+)?(?:\S*python3?\s+-m\s+)?"
    r"(?:mlflow\s+(?:ui|server|gateway\s+start|(?:models|deployments)\s+(?:serve|start-server))|gunicorn|uvicorn|waitress-serve"
    r"|streamlit\s+run|flask\s+run|tensorboard\s+--|jupyter[\s-](?:lab|notebook|server)|ngrok\s+http)\b[^\n]*)",
    re.MULTILINE,
)


def without_servers(source: str) -> str:
    """A notebook cell's code with the lines that start a server left out."""
    return SERVER.sub(lambda match: f"{match['indent']}pass  # left out: {match['line']}", source)


def readable_mlproject(plan: Plan, failure: Failure) -> Plan | None:
    """An MLproject that is YAML but for its HTML comments, without them."""
    done = {edit.path for edit in plan.edits}
    left = [path for path in failure.commented if path not in done]
    said = next((line for line in (failure.line, *reversed(failure.lines)) if _YAML_ERROR.search(line)), "")
    if not left or not said:
        return None
    return without_comments(plan, left, said)


def without_comments(plan: Plan, paths: Sequence[str], why: str) -> Plan:
    """The plan with the HTML comments of MLproject files left out."""
    for path in paths:
        plan = edited(plan, Edit(EditKind.NO_HTML_COMMENTS, path))
    did = f"HTML comments, which YAML doesn't know, left out of {', '.join(paths)}"
    return repaired(plan, "MLproject without HTML comments", did, why)


def image_variables(plan: Plan, failure: Failure) -> Plan | None:
    """The variables that a Dockerfile sets, where the code asks for one of them."""
    present = {item.name for item in plan.variables}
    new = tuple(item for item in failure.image if item.name not in present)
    asked = next((item.name for item in new if re.search(rf"\b{re.escape(item.name)}\b", failure.line)), "")
    if not asked:
        return None
    did = f"the variables that the Dockerfile sets: {', '.join(item.name for item in new)}"
    return repaired(replace(plan, variables=(*plan.variables, *new)), "ENV of the Dockerfile", did, failure.line)


def without_blocking_cells(plan: Plan, notebooks: Mapping[str, str]) -> Plan:
    """The plan with notebook lines left out that start a server: they never end, so that no run need show it.

    Args:
        plan: The plan.
        notebooks: Code of the repository's notebooks by path.
    """
    for step in plan.candidate.steps:
        path = join(step.workdir, step.text) if step.kind is StepKind.NOTEBOOK else ""
        found = [match["line"] for match in SERVER.finditer(notebooks.get(path, ""))]
        if found:
            did = f"left out of {path}: {', '.join(f'`{line}`' for line in found)}"
            changed = edited(plan, Edit(EditKind.NO_SERVERS, path))
            plan = repaired(
                changed, "blocking notebook lines left out", did, f"{path} starts a server, which never ends"
            )
    return plan
