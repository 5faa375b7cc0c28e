"""Notebook cells and Databricks sources to plain Python: magics are taken out, and what they run is kept apart."""

import re
from dataclasses import dataclass, field

_COMMENTS = {".py": "#", ".r": "#", ".scala": "//", ".sql": "--"}
DATABRICKS_SUFFIXES = tuple(_COMMENTS)
"""What Databricks source notebooks are named, lower-cased; a cell may be in another language than the notebook's."""
_PYTHON_CELLS = frozenset(
    {"time", "timeit", "capture", "prun", "python", "python3", "pyspark", "local", "memit", "mprun"}
)
_SHELL_CELLS = frozenset({"bash", "sh", "shell", "system", "!", "sx", "script"})
_LINE_MAGIC = re.compile(r"^(\s*)(%|!|\?)")
_ASSIGNED = re.compile(r"^(\s*+)([\w.,\[\]'\"][\w.,\s\[\]'\"]*+)=\s*+(!|%)(?!=)\s*+(.*)$")
_HELP = re.compile(r"^\s*[\w.]+\?{1,2}\s*$")
_AUTOMAGIC = re.compile(r"^(\s*)(?:pip3?|conda|mamba)\s+(?:install|uninstall|list|freeze|show)\b")
"""What IPython runs as a magic though no `%` stands before it."""
_TIMED = re.compile(r"^(\s*)%(?:time|timeit|prun|memit)\s+(?:-\S+\s+)*(.*)$")
_CONTINUED = " \\\n"
"""What joins the lines of a continued command, so that its words keep their lines."""
_ENV = re.compile(r"^\s*%(?:set_)?env\s+([A-Za-z_]\w*)(?:\s*=\s*|\s+)(.*?)\s*$")


@dataclass(slots=True)
class CellCode:
    """A cell's Python, line for line, and what its magics run or set.

    Attributes:
        python: The Python, with `pass` where a magic stood.
        commands: Shell commands as (line from 1, command).
        environment: Environment variables that are set as (line from 1, name, value).
    """

    python: str
    commands: list[tuple[int, str]] = field(default_factory=list)
    environment: list[tuple[int, str, str]] = field(default_factory=list)


def cell_code(source: str) -> CellCode:
    """Splits a code cell into Python and what its magics do."""
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = next((row for row, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return CellCode(source)
    lines = _dedented(lines, lines[first])
    head = lines[first].lstrip()
    if head.startswith("%%"):
        return _magic_cell(head[2:].strip(), lines, first)
    if _is_language(head):
        return _language_cell(head, lines, first)
    return _python_lines(lines)


def _dedented(lines: list[str], first: str) -> list[str]:
    """A cell without its first line's indentation, as IPython reads it."""
    indent = first[: len(first) - len(first.lstrip())]
    return [line.removeprefix(indent) for line in lines] if indent else lines


def _magic_cell(head: str, lines: list[str], first: int) -> CellCode:
    name = head.split(None, 1)[0].lower() if head else ""
    if name in _PYTHON_CELLS:
        return _python_lines([*[""] * (first + 1), *lines[first + 1 :]])
    if name in _SHELL_CELLS:
        return CellCode("", _commands(lines[first + 1 :], first + 2))
    return CellCode("")


def _is_language(head: str) -> bool:
    return bool(re.match(r"%(sh|md|sql|r|scala|fs)\b", head))


def _language_cell(head: str, lines: list[str], first: int) -> CellCode:
    """A Databricks cell in another language, `%sh` first among them."""
    if not re.match(r"%sh\b", head):
        return CellCode("")
    return CellCode("", _commands([head[3:], *lines[first + 1 :]], first + 1))


def _commands(lines: list[str], start: int) -> list[tuple[int, str]]:
    """Commands of a shell script, each with the lines that its backslashes continue."""
    commands: list[tuple[int, str]] = []
    pending: list[str] = []
    begin = start
    for number, line in enumerate(lines, start):
        if not pending:
            begin = number
        text = line.strip()
        if text.startswith("#"):
            pending += [""] if pending else []
            continue
        pending.append(text.rstrip("\\").strip())
        if not text.endswith("\\"):
            commands.append((begin, _CONTINUED.join(pending)))
            pending = []
    if pending:
        commands.append((begin, _CONTINUED.join(pending)))
    return [command for command in commands if command[1].strip(_CONTINUED)]


def _python_lines(lines: list[str]) -> CellCode:
    code = CellCode("")
    kept: list[str] = []
    row = 0
    while row < len(lines):
        line = lines[row]
        can_be = "%" in line or "!" in line or "?" in line or _AUTOMAGIC.match(line)
        taken = _magic_line(line, row, lines, code) if can_be else None
        if taken is None:
            kept.append(line)
            row += 1
        else:
            replacement, count = taken
            kept += [replacement, *[""] * (count - 1)]
            row += count
    code.python = "\n".join(kept)
    return code


def _magic_line(line: str, row: int, lines: list[str], code: CellCode) -> tuple[str, int] | None:
    """What stands instead of a magic's line, and how many lines it takes; None for a line of Python."""
    magic = _LINE_MAGIC.match(line)
    if automagic := _AUTOMAGIC.match(line):
        return f"{automagic[1]}pass", _continued(lines, row)
    if magic is None:
        assigned = _ASSIGNED.match(line)
        if assigned is not None:
            count = _continued(lines, row)
            if assigned[3] == "!":
                code.commands.append((row + 1, _whole(assigned[4], lines, row, count)))
            return f"{assigned[1]}{assigned[2].rstrip()} = None", count
        return (f"{line[: len(line) - len(line.lstrip())]}pass", 1) if _HELP.match(line) else None
    if magic[2] == "%" and _continues_expression(lines, row):
        return None
    timed = _TIMED.match(line)
    if timed is not None:
        return f"{timed[1]}{timed[2] or 'pass'}", 1
    count = _continued(lines, row)
    if magic[2] == "!":
        code.commands.append((row + 1, _whole(line.strip().lstrip("!"), lines, row, count)))
    elif setting := _ENV.match(line):
        code.environment.append((row + 1, setting[1], setting[2]))
    elif shell := re.match(r"\s*%(?:sx|system|sh)\s+(.*)", line):
        code.commands.append((row + 1, _whole(shell[1], lines, row, count)))
    return f"{magic[1]}pass", count


def _continues_expression(lines: list[str], row: int) -> bool:
    """A line that starts with `%` inside brackets, or after a text, is the operator."""
    before = lines[row - 1].rstrip() if row else ""
    opened = sum(line.count("(") + line.count("[") - line.count(")") - line.count("]") for line in lines[:row])
    return before.endswith("\\") or (opened > 0 and bool(re.match(r"\s*%\s*[\w(]", lines[row])))


def _continued(lines: list[str], row: int) -> int:
    count = 1
    while lines[row + count - 1].rstrip().endswith("\\") and row + count < len(lines):
        count += 1
    return count


def _whole(first: str, lines: list[str], row: int, count: int) -> str:
    parts = [first, *lines[row + 1 : row + count]]
    return _CONTINUED.join(part.strip().rstrip("\\").strip() for part in parts).strip()


def holds_python_cells(path: str, data: bytes) -> bool:
    """Whether a file is a Databricks source notebook of another language with cells in Python."""
    head = data[:64].splitlines()[:1]
    other = path.lower().endswith(DATABRICKS_SUFFIXES[1:])
    return other and bool(head) and b"Databricks notebook source" in head[0] and b"MAGIC %python" in data


def databricks_code(text: str, suffix: str = ".py") -> CellCode | None:
    """The Python of a Databricks source notebook, line for line, with the commands and settings of its `MAGIC` lines.

    Args:
        text: The whole file.
        suffix: The file's, lower-cased: the notebook's own language.

    Returns:
        None where the file is no such notebook.
    """
    comment = _COMMENTS.get(suffix, "#")
    if not text.startswith(f"{comment} Databricks notebook source"):
        return None
    magic = f"{comment} MAGIC"
    lines = text.split("\n")
    code = CellCode("")
    kept = list(lines) if suffix == ".py" else [""] * len(lines)
    row = 0
    while row < len(lines):
        match = re.match(rf"{magic} %(sh|env|set_env|python)\b[ \t]*(.*)", lines[row])
        row += 1
        if match is None:
            continue
        if match[1] in {"env", "set_env"}:
            setting = _ENV.match(f"%env {match[2]}")
            code.environment += [(row, setting[1], setting[2])] if setting else []
            continue
        block = [match[2]]
        while row + len(block) - 1 < len(lines) and lines[row + len(block) - 1].startswith(magic):
            block.append(lines[row + len(block) - 1].removeprefix(magic))
        if match[1] == "sh":
            code.commands += _commands(block, row)
        else:
            kept[row - 1 : row - 1 + len(block)] = [line.removeprefix(" ") for line in block]
        row += len(block) - 1
    code.python = "\n".join(kept)
    return code
