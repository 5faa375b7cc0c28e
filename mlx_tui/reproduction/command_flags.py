"""The parameters of commands that no MLproject fills in: flags with their values, and what scripts declare.

A command shows `--epochs 3`, `--epochs=3` or, for Hydra, `model.depth=3`; the script that it starts declares further
flags by argparse, click or typer's `Option`, which are read from its text.
"""

import ast
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mlx_tui.formats.python_syntax import parse_python
from mlx_tui.reproduction.candidate_code import started_files
from mlx_tui.reproduction.code_index import CodeFile, CodeIndex
from mlx_tui.reproduction.model import Candidate, CommandSource, Step, StepKind

MOST = 100
_VALUE = r"(?:'[^']*'|\"[^\"]*\"|[^\s'\";|&<>]+)"
_FLAG = re.compile(
    rf"(?<!\S)(?P<flag>--(?P<name>[A-Za-z][\w.-]*))(?P<between>=|[ \t]+)(?P<value>(?!-[A-Za-z-]){_VALUE})"
)
_OVERRIDE = re.compile(rf"(?<!\S)(?P<flag>(?P<name>[A-Za-z_+][\w./@]*))(?P<between>=)(?P<value>{_VALUE})")
_SEVERAL = re.compile(r"[;|&\n`]|\$\(")
_DECLARES = frozenset({"add_argument", "option", "Option"})
_SWITCHES = frozenset({"store_true", "store_false", "store_const", "count", "help", "version", "append_const"})


@dataclass(frozen=True, slots=True)
class Flags:
    """The parameters of one command.

    Attributes:
        values: Value by name; a declared default where the command gives none, empty where there is none either.
        overrides: Whether the command's own are Hydra's overrides, `name=value`.
    """

    values: Mapping[str, str]
    overrides: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Their names, those of the command first."""
        return tuple(self.values)


def read_flags(step: Step, index: CodeIndex) -> Flags | None:
    """The parameters of a step's command; None where it is a notebook, several commands, or has none.

    Args:
        step: One step of a candidate.
        index: The clone's code.
    """
    if step.kind is not StepKind.COMMAND or _SEVERAL.search(step.text):
        return None
    given = {match["name"]: _unquoted(match["value"]) for match in _FLAG.finditer(step.text)}
    files = started_files(Candidate((step,), CommandSource.USER), index)
    of_hydra = any(item.module.split(".")[0] == "hydra" for file in files for item in file.source.imports)
    overrides = {match["name"]: _unquoted(match["value"]) for match in _overrides(step.text)} if of_hydra else {}
    declared = {name: value for file in files for name, value in _declared(file)}
    values = given | overrides | {name: value for name, value in declared.items() if name not in given}
    return Flags(dict(list(values.items())[:MOST]), of_hydra) if values or of_hydra else None


def with_flags(text: str, flags: Flags, given: Mapping[str, str]) -> str:
    """A command with other values for some of its parameters; those that it doesn't give yet are appended.

    Args:
        text: The command.
        flags: Its parameters.
        given: The new values by name.
    """
    left = dict(given)

    def put(match: re.Match[str]) -> str:
        value = left.pop(match["name"], None)
        return match[0] if value is None else f"{match['flag']}{match['between']}{shlex.quote(value)}"

    changed = _FLAG.sub(put, text)
    if flags.overrides:
        words = list(_overrides(changed))
        for match in reversed(words):
            changed = changed[: match.start()] + put(match) + changed[match.end() :]
    form = "{}={}" if flags.overrides else "--{} {}"
    new = (form.format(name, shlex.quote(value)) for name, value in left.items())
    return " ".join((changed, *new))


def _overrides(text: str) -> Iterator[re.Match[str]]:
    """The `name=value` words after the program, not variables set before it."""
    start = re.match(r"(?:\w+=\S+\s+)*\S+", text)
    return _OVERRIDE.finditer(text, start.end() if start else 0)


def _unquoted(value: str) -> str:
    return value[1:-1] if value[:1] in "'\"" else value


def _declared(file: CodeFile) -> Iterator[tuple[str, str]]:
    """The flags that take a value, as argparse and click are told them."""
    tree = parse_python(file.text)
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Call) and _called(node.func) in _DECLARES:
            texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            name = next((text[2:] for text in texts if re.fullmatch(r"--[A-Za-z][\w.-]*", text)), "")
            told = {word.arg: word.value for word in node.keywords if word.arg}
            if name and not _is_switch(told):
                yield name, _default(told.get("default"))


def _called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _is_switch(told: Mapping[str, ast.expr]) -> bool:
    action, flag = told.get("action"), told.get("is_flag")
    switches = isinstance(action, ast.Constant) and action.value in _SWITCHES
    return switches or (isinstance(flag, ast.Constant) and flag.value is True)


def _default(node: ast.expr | None) -> str:
    """A default that is written out; empty for none and for what is computed."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        return f"-{node.operand.value!r}"
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str | int | float)
        and not isinstance(node.value, bool)
    ):
        return str(node.value)
    return ""
