"""Task runners' files as tasks with their command lines: make, just, Taskfile, tox, nox, invoke, poe, npm, mise."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from mlx_tui.formats.ini import IniError, parse_ini
from mlx_tui.formats.python_syntax import parse_python
from mlx_tui.formats.toml_lines import TomlDocument
from mlx_tui.formats.yaml_lines import compose, entries, get, items, line_of, scalar

_TARGET = re.compile(r"([^\s#:=@][^:=#]*+)::?(?![=:])\s*(.*)")
_RECIPE = re.compile(r"@?([A-Za-z_][\w-]*)(?:\s[^:]*)?:(?!=)\s*(.*)")
_TOML_TASKS = (
    ("tool", "poe", "tasks"),
    ("tool", "pdm", "scripts"),
    ("tool", "rye", "scripts"),
    ("tool", "taskipy", "tasks"),
    ("tool", "pixi", "tasks"),
    ("tool", "hatch", "envs", "default", "scripts"),
    ("tasks",),
    ("scripts",),
)


@dataclass(frozen=True, slots=True)
class CommandText:
    """Shell text of another file, with the line on which it starts."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Task:
    """A named task: its line, its commands, and the tasks that it runs first."""

    name: str
    line: int
    commands: tuple[CommandText, ...]
    needs: tuple[str, ...] = ()


def parse_makefile(text: str) -> list[Task]:
    """Parses a Makefile's rules; a recipe's continuation lines are one command."""
    return list(_rules(text, _TARGET, "\t"))


def parse_justfile(text: str) -> list[Task]:
    """Parses a justfile's recipes."""
    return list(_rules(text, _RECIPE, " \t"))


def _rules(text: str, header: re.Pattern[str], indents: str) -> Iterator[Task]:
    name, start, needs = "", 0, ""
    commands: list[CommandText] = []
    for number, line in _joined(text):
        if line[:1] and line[0] in indents:
            if name and (command := line.strip().lstrip("@-+ ")):
                commands.append(CommandText(command, number))
            continue
        match = header.match(line)
        if match and not line.startswith((".PHONY", "#", "set ", "export ", "alias ")):
            if name:
                yield Task(name, start, tuple(commands), tuple(needs.split()))
            name, start, commands = match[1].strip(), number, []
            needs, _, inline = match[2].partition("#")[0].partition(";")
            if inline.strip():
                commands.append(CommandText(inline.strip(), number))
    if name:
        yield Task(name, start, tuple(commands), tuple(needs.split()))


def _joined(text: str) -> Iterator[tuple[int, str]]:
    """Yields (first line, text) with continuations joined by a newline that the shell reads as one."""
    pending: list[str] = []
    start = 0
    for number, line in enumerate(text.split("\n"), 1):
        start = start or number
        pending.append(line)
        if line.endswith("\\") and len(pending) < 500:
            continue
        yield start, "\n".join(pending)
        pending, start = [], 0
    if pending:
        yield start, "\n".join(pending)


def parse_taskfile(text: str) -> list[Task]:
    """Parses a `Taskfile.yml` (go-task).

    Raises:
        YamlError: The text isn't YAML.
    """
    return [
        Task(entry.key, entry.line, tuple(_task_commands(entry.node)), tuple(_names(get(entry.node, "deps"))))
        for entry in entries(get(compose(text), "tasks"))
    ]


def _task_commands(node: yaml.Node) -> Iterator[CommandText]:
    if isinstance(node, yaml.MappingNode):
        for key in ("cmd", "cmds"):
            if (value := get(node, key)) is not None:
                yield from _task_commands(value)
        return
    for item in items(node) or [node]:
        command = get(item, "cmd") if isinstance(item, yaml.MappingNode) else item
        yield from node_commands(command)


def _names(node: yaml.Node | None) -> Iterator[str]:
    return (text for item in items(node) if (text := scalar(item)))


def node_commands(node: yaml.Node | None) -> list[CommandText]:
    """The command lines of a YAML scalar or of a sequence of scalars; a block's text starts on the line below."""
    if isinstance(node, yaml.SequenceNode):
        return [command for item in node.value for command in node_commands(item)]
    text = scalar(node)
    if node is None or not text:
        return []
    return [CommandText(text, line_of(node) + (1 if getattr(node, "style", None) in {"|", ">"} else 0))]


def parse_tox(text: str) -> list[Task]:
    """Parses `tox.ini` (or tox's part of `setup.cfg`): one task an environment."""
    try:
        parser = parse_ini(text)
    except IniError:
        return []
    lines = text.split("\n")
    found = []
    for section in parser.sections():
        name = section.removeprefix("tox:").removeprefix("testenv").lstrip(":")
        if not section.removeprefix("tox:").startswith("testenv"):
            continue
        start = _line_of(lines, f"[{section}]", 1)
        body = [parser.get(section, key, fallback="") or "" for key in ("commands_pre", "commands", "commands_post")]
        commands = [
            CommandText(command.lstrip("- "), _line_of(lines, " ".join(command.split()[:2]), start))
            for command in re.sub(r"\\\n\s*", " ", "\n".join(body)).split("\n")
            if command.strip()
        ]
        found.append(Task(name or "testenv", start, tuple(commands)))
    return found


def _line_of(lines: list[str], text: str, start: int) -> int:
    return next((number for number in range(start, len(lines) + 1) if text in lines[number - 1]), start)


def parse_toml_tasks(text: str) -> list[Task]:
    """Parses the tasks of a `pyproject.toml` (poe, PDM, Rye, taskipy, pixi, hatch), mise, pixi or `Pipfile`.

    Raises:
        TomlError: The text isn't TOML.
    """
    document = TomlDocument(text)
    return [
        Task(name, document.line(*path, name), tuple(_toml_commands(document, (*path, name), value)))
        for path in _TOML_TASKS
        for name, value in document.table(*path).items()
    ]


def _toml_commands(
    document: TomlDocument, path: tuple[str, ...], value: object, depth: int = 0
) -> Iterator[CommandText]:
    """The commands of a task's value, each with its own line where it stands there as it is run."""
    line = document.line(*path)
    if isinstance(value, str):
        first = next((text for text in value.split("\n") if text.strip()), "")
        yield CommandText(value.lstrip("\n"), document.line_of_text(first, line) if first else line)
    elif isinstance(value, list) and depth < 5:
        for item in value:
            yield from _toml_commands(document, path, item, depth + 1)
    elif isinstance(value, dict) and depth < 5:
        for key in ("cmd", "shell", "run", "sequence", "composite", "script", "interpreter"):
            if key in value:
                command, inner = value[key], (*path, key)
                if key == "cmd" and isinstance(command, list):
                    yield CommandText(" ".join(str(word) for word in command), document.line(*inner))
                elif key == "script" and isinstance(command, str) and ":" in command:
                    yield CommandText(f"python -m {command.partition(':')[0]}", document.line(*inner))
                else:
                    yield from _toml_commands(document, inner, command, depth + 1)


def parse_npm(text: str) -> list[Task]:
    """Parses the `scripts` of a `package.json`; none where it is broken."""
    block = re.search(r'"scripts"\s*:\s*\{(.*?)\n?\s*\}', text, re.DOTALL)
    if not block:
        return []
    found = []
    for match in re.finditer(r'"([^"\n]+)"\s*:\s*"((?:[^"\\\n]|\\.)*)"', block[1]):
        line = text.count("\n", 0, block.start(1) + match.start()) + 1
        command = match[2].replace('\\"', '"').replace("\\\\", "\\")
        found.append(Task(match[1], line, (CommandText(command, line),)))
    return found


def parse_python_tasks(text: str) -> list[Task]:
    """Parses a `noxfile.py` or invoke's `tasks.py`: functions with their `session.run(…)` or `c.run(…)` calls."""
    tree = parse_python(text)
    return [
        Task(node.name, node.lineno, tuple(_run_calls(node)))
        for node in (tree.body if tree else ())
        if isinstance(node, ast.FunctionDef) and node.decorator_list
    ]


def _literal(node: ast.expr) -> str:
    """A string, or an f-string with `$_` for what is filled in; empty for any other expression."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(_literal(part) or "$_" for part in node.values)
    return ""


def _run_calls(function: ast.FunctionDef) -> Iterator[CommandText]:
    for node in ast.walk(function):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"run", "run_always"}
        ):
            words = [text for arg in node.args if (text := _literal(arg))]
            if words:
                yield CommandText(" ".join(words), node.lineno)
