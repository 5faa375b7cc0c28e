"""Makefiles and justfiles: targets with their prerequisites and recipes, variables put in where they are simple."""

import re
from dataclasses import dataclass

from mlx_tui.reproduction.entry_points.shell import Line
from mlx_tui.reproduction.worktree import MAX_LINE, short_lines

# `name other: before` of make, `name argument='x': before` of just.
_RULE = re.compile(r"^([A-Za-z0-9][\w.%/-]*(?: +[\w.%/-]+)*)((?: +[\w*+]+=\S+)*)\s*::?(?!=)\s*([^=#]*?)\s*(?:#.*)?$")
_VARIABLE = re.compile(r"^(?:export\s+)?([A-Za-z_]\w*)\s*(?::=|\?=|::=|=)\s*(.*?)\s*(?:#.*)?$")
_USE = re.compile(r"\$\((\w+)\)|\$\{(\w+)\}|\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Target:
    """A target.

    Attributes:
        name: Its name.
        prerequisites: What is made before it.
        recipe: Its commands, simple variables put in, `@` and `-` prefixes gone.
        line: Line of the rule, from 1.
    """

    name: str
    prerequisites: tuple[str, ...]
    recipe: tuple[Line, ...]
    line: int


def read_targets(text: str) -> dict[str, Target]:
    """Reads the targets of a Makefile or justfile in their order."""
    variables: dict[str, str] = {"MAKE": "make", "CURDIR": "."}
    rules: list[tuple[list[str], tuple[str, ...], int]] = []
    recipes: dict[int, list[Line]] = {}
    for line in _joined(text):
        if line.text.startswith(("\t", "    ")) and rules:
            body = _expand(line.text.strip().lstrip("@-+"), variables)
            if body and not body.startswith("#"):
                recipes[len(rules) - 1].append(Line(body, line.line))
        elif (match := _VARIABLE.match(line.text)) and not line.text.startswith((" ", "\t")):
            variables.setdefault(match[1], match[2].strip("\"'") if ":=" not in line.text else match[2])
        elif (match := _RULE.match(line.text)) and not line.text.startswith("."):
            recipes[len(rules)] = []
            names = match[1].split()
            rules.append((names, tuple(_expand(match[3], variables).split()), line.line))
    targets: dict[str, Target] = {}
    for index, (names, before, number) in enumerate(rules):
        for name in names:
            if name not in targets or recipes[index]:
                targets[name] = Target(name, before, tuple(recipes[index]), number)
    return targets


def recipe_of(targets: dict[str, Target], name: str) -> tuple[Line, ...]:
    """The commands that making a target runs, those of its prerequisites first, each target once."""
    done: set[str] = set()
    found: list[Line] = []

    def visit(current: str) -> None:
        target = targets.get(current)
        if target is None or current in done or len(done) > 100:
            return
        done.add(current)
        for before in target.prerequisites:
            visit(before)
        found.extend(target.recipe)

    visit(name)
    return tuple(found)


def _joined(text: str) -> list[Line]:
    found: list[Line] = []
    pending, start = "", 1
    for number, raw in enumerate(short_lines(text), 1):
        start = start if pending else number
        if raw.endswith("\\"):
            pending += (raw[:-1] if not pending else raw[:-1].strip()) + " "
            continue
        found.append(Line(pending + (raw.strip() if pending else raw), start))
        pending = ""
    return [line for line in found if line.text.strip() and len(line.text) <= MAX_LINE]


def _expand(text: str, variables: dict[str, str]) -> str:
    for _ in range(5):
        replaced = _USE.sub(lambda match: variables.get(match[1] or match[2] or match[3], match[0]), text)
        if replaced == text or len(replaced) > 10_000:
            break
        text = replaced
    return text
