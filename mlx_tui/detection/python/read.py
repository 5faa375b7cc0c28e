"""A Python file or notebook read into a module's record."""

from dataclasses import dataclass, field

from mlx_tui.detection.model import Anomaly
from mlx_tui.detection.python.blocks import blocks_that_seed
from mlx_tui.detection.python.collect import Collector
from mlx_tui.detection.python.notebook_code import CellCode, cell_code, databricks_code
from mlx_tui.detection.python.parse import parse
from mlx_tui.detection.python.scopes import Module, Place
from mlx_tui.detection.source import SourceFile
from mlx_tui.formats.notebook import NotebookError, parse_script

_MESSAGE = 300
_OTHER_LANGUAGES = frozenset(
    {"r", "scala", "julia", "java", "kotlin", "sql", "bash", "javascript", "c#", "f#", "c++", "powershell"}
)
MAX_CHARACTERS = 1_000_000


@dataclass(slots=True)
class ReadModule:
    """A file's syntax and what stands beside it.

    Attributes:
        module: What one walk over its syntax collected; None where it holds no Python.
        lines: The text's lines by cell.
        commands: Shell commands as (cell, line, command).
        environment: Environment variables set by magics as (place, name, value).
        anomalies: What kept parts of it from being read.
        names_git: Whether it names git or a commit at all.
        characters: How much Python was parsed.
        seeds_only: Whether nothing but its seeds matters, and what can't matter for them was left out.
    """

    module: Module | None
    lines: dict[int | None, list[str]] = field(default_factory=dict)
    commands: list[tuple[int | None, int, str]] = field(default_factory=list)
    environment: list[tuple[Place, str, str]] = field(default_factory=list)
    anomalies: list[Anomaly] = field(default_factory=list)
    names_git: bool = False
    characters: int = 0
    seeds_only: bool = False


def read_module(file: SourceFile, names: tuple[str, ...], *, seeds_only: bool = False) -> ReadModule:
    """Reads a Python file, a notebook or a Databricks source; a broken part is an anomaly, the rest is read.

    Args:
        file: The file.
        names: The parts of its module's name.
        seeds_only: Of a Python file, leave out what can't matter for its seeds.

    Raises:
        RecursionError: It nests too deep.
    """
    if file.path.endswith(".ipynb"):
        return _read_notebook(file)
    module = Module(file.path, names, package=file.name == "__init__.py")
    read = ReadModule(module, names_git=_names_git(file.data), seeds_only=seeds_only)
    collector = Collector(module)
    code = databricks_code(file.text, file.suffix.lower()) or CellCode(file.text)
    _add(read, collector, code, None, file.lines)
    return read


def is_torn(data: bytes) -> bool:
    """Whether a notebook's bytes can't be a JSON object, told from its ends."""
    return not (data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and data[-64:].rstrip().endswith(b"}"))


def _read_notebook(file: SourceFile) -> ReadModule:
    try:
        notebook = parse_script(file.data)
    except NotebookError as error:
        message = f"not a notebook: {error}"[:_MESSAGE]
        return ReadModule(None, anomalies=[Anomaly(file.path, "notebook", message)])
    module = Module(file.path)
    read = ReadModule(module, names_git=_names_git(file.data))
    other = notebook.language in _OTHER_LANGUAGES
    collector = Collector(module)
    for cell in notebook.code_cells():
        if other and not cell.source.lstrip().startswith(("%python", "%%python")):
            continue
        _add(read, collector, cell_code(cell.source), cell.index, cell.source.split("\n"))
    return read


def _names_git(data: bytes) -> bool:
    return any(word in data for word in (b"git", b"Git", b"GIT", b"commit", b"COMMIT", b"sha", b"SHA"))


def _add(read: ReadModule, collector: Collector, code: CellCode, cell: int | None, lines: list[str]) -> None:
    read.lines[cell] = lines
    read.commands += [(cell, line, command) for line, command in code.commands]
    read.environment += [(Place(cell, line), name, value) for line, name, value in code.environment]
    if len(code.python) > MAX_CHARACTERS:
        message = f"{len(code.python)} characters of Python, more than the {MAX_CHARACTERS} that are parsed"
        read.anomalies.append(Anomaly(collector.module.path, "too_large", message))
        return
    text = blocks_that_seed(code.python) if read.seeds_only else code.python
    read.characters += len(text)
    body, broken = parse(text)
    if broken and text != code.python:
        body, broken = parse(code.python)
    if broken:
        where = "" if cell is None else f"cell {cell}, "
        message = f"{where}{len(broken)} of {len(lines)} lines aren't Python that reads, the first is {broken[0]}"
        read.anomalies.append(Anomaly(collector.module.path, "unparseable", message))
    collector.collect(body, cell)
