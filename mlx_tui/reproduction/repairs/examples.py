"""The repair of variables that a run wants and that an example of the repository shows: `.env.example`, its README."""

import re
from collections.abc import Iterator
from dataclasses import replace

from mlx_tui.reproduction.model import Plan, Variable
from mlx_tui.reproduction.repairs.failure import Failure, repaired
from mlx_tui.reproduction.repairs.variable_names import may_be_set
from mlx_tui.reproduction.worktree import WorkTree

_FILES = (".env.example", ".env.sample", ".env.template", ".env.dist", "env.example", "example.env", "sample.env")
_FENCED = re.compile(
    r"^[^\S\n]*(?P<mark>`{3,}|~{3,})[^\n]*\n(?P<text>.*?)^[^\S\n]*(?P=mark)[^\S\n]*$", re.MULTILINE | re.DOTALL
)
_SETS = re.compile(r"^\s*(?:export\s+|set\s+)?(?P<name>[A-Za-z_]\w*)\s*=\s*(?P<value>.*?)\s*$")
# What stands for a value that everybody has to fill in.
_OPEN = re.compile(r"[<>]|\$|^\W*$|(?i:your[_ -]|change[_-]?me|^x{3,}$|\.\.\.)")
_NEAR = 40
"""So many lines after the one that decided may name what is wanted: a list of missing settings follows it."""


def example_variables(tree: WorkTree) -> tuple[Variable, ...]:
    """The variables that an example sets, without secrets, what programs obey, and values that are left open."""
    found: dict[str, str] = {}
    for name, value in _shown(tree):
        if value and not _OPEN.search(value) and may_be_set(name):
            found.setdefault(name, value)
    return tuple(Variable(name, value) for name, value in found.items())


def _shown(tree: WorkTree) -> Iterator[tuple[str, str]]:
    for path in tree.named(*_FILES):
        yield from filter(None, map(_pair, tree.read_text(path).splitlines()))
    for path in tree.named("README.md", "README.rst", "README.txt", "README"):
        for block in _FENCED.finditer(tree.read_text(path)):
            lines = [line for line in block["text"].splitlines() if line.strip() and not line.lstrip().startswith("#")]
            pairs = [pair for line in lines if (pair := _pair(line))]
            if len(pairs) == len(lines):  # a block that sets and does nothing else
                yield from pairs


def _pair(line: str) -> tuple[str, str] | None:
    match = _SETS.match(line)
    return (match["name"], match["value"].strip("\"'")) if match else None


def set_by_example(plan: Plan, failure: Failure) -> Plan | None:
    """The variables of the repository's own example, where the log asks for one of them."""
    present = {item.name for item in plan.variables}
    new = tuple(item for item in failure.examples if item.name not in present)
    position = failure.lines.index(failure.line) if failure.line in failure.lines else len(failure.lines)
    said = "\n".join((failure.line, *failure.lines[position : position + _NEAR]))
    asked = next((item.name for item in new if re.search(rf"(?i)\b{re.escape(item.name)}\b", said)), "")
    if failure.step < 1 or not asked:
        return None
    did = f"the variables that the repository's example sets: {', '.join(item.name for item in new)}"
    changed = replace(plan, variables=(*plan.variables, *new))
    return repaired(changed, "variables of the example", did, failure.line)
