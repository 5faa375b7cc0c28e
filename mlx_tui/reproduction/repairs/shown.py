"""The repair of what a library's own program prepares: its commands that the README shows, before what needs them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from mlx_tui.formats.packages import normalise
from mlx_tui.reproduction.entry_points.commands import Use, read_command
from mlx_tui.reproduction.entry_points.markdown import command_blocks
from mlx_tui.reproduction.entry_points.shell import Line, has_placeholder
from mlx_tui.reproduction.model import Plan, Step, StepKind
from mlx_tui.reproduction.repairs.failure import Failure, repaired
from mlx_tui.reproduction.worktree import WorkTree, folder_of, join

MOST = 5
"""So many commands are put before a step at most."""
_NEVER_ENDS = re.compile(r"\b(?:serve|server|ui|up|start|web|webserver|dashboard|worker|listen|watch)\b")
_RAISED = re.compile(r"^(?P<top>[A-Za-z_]\w*)\.[\w.]+(?::|$)")
_FRAME = re.compile(r'^\s*File "[^"\n]*/site-packages/(?P<top>\w+)/[^"\n]*", line \d')
_TRACEBACK_LINES = 100


def shown_steps(tree: WorkTree, installed: Iterable[str]) -> tuple[Step, ...]:
    """The commands of READMEs that call an installed package's program of the same name and come to an end.

    Args:
        tree: The repository.
        installed: Normalised names of what is installed.
    """
    names = frozenset(installed)
    found: dict[Step, None] = {}
    for path in tree.named("README.md", "README.rst", "README.txt", "README"):
        for step in _steps(tree, path):
            program, _, rest = step.text.partition(" ")
            if normalise(program) in names and not _NEVER_ENDS.search(rest):
                found.setdefault(step)
    return tuple(found)


def _steps(tree: WorkTree, path: str) -> Iterator[Step]:
    """The commands in the folders into which the READMEs' `cd`s lead; a block goes on where the one before it ended."""
    folder = folder_of(path)
    for block in command_blocks(tree.read_text(path)):
        for line in block:
            words = line.text.split()
            if words[0] == "cd" and len(words) > 1:
                folder = _moved(tree, folder, words[1].strip("\"'"))
            elif step := _step(line, folder):
                yield step


def _moved(tree: WorkTree, folder: str, target: str) -> str:
    """Where `cd` leads: from where one is, from the root, or to the root, by the name that the clone has elsewhere."""
    places = (join(folder, target), join(".", target))
    return next((place for place in places if place in tree.folders), ".")


def _step(line: Line, folder: str) -> Step | None:
    command = read_command(line)
    if command is None or command.use is not Use.OTHER_RUN or has_placeholder(command.text):
        return None
    return Step(StepKind.COMMAND, command.text, folder) if command.text.startswith(command.target) else None


def shown_first(plan: Plan, failure: Failure) -> Plan | None:
    """The README's commands of the library that raised the exception, before the step in which it did."""
    position, steps = failure.step - 1, plan.candidate.steps
    if not 0 <= position < len(steps):
        return None
    raised = _raised_by(failure)
    first = [step for step in failure.shown if step.text.split()[0] == raised and step not in steps][:MOST]
    if not first:
        return None
    candidate = replace(plan.candidate, steps=(*steps[:position], *first, *steps[position:]))
    texts = ", ".join(f"`{step.text}`" for step in first)
    did = f"{texts} run in {first[0].workdir} before `{steps[position].text}`: the README shows it"
    return repaired(replace(plan, candidate=candidate), f"{raised} as the README shows", did, failure.line)


def _raised_by(failure: Failure) -> str:
    """The import name of the library that raised what was decisive; empty where the project's own code did."""
    if match := _RAISED.match(failure.line):
        return match["top"]
    end = failure.lines.index(failure.line) if failure.line in failure.lines else len(failure.lines)
    for line in reversed(failure.lines[max(0, end - _TRACEBACK_LINES) : end]):
        if line.lstrip().startswith('File "'):
            match = _FRAME.match(line)
            return match["top"] if match else ""
    return ""
