"""Task runners: the MLflow commands of their tasks, and the tasks that run an experiment."""

import posixpath
import re
from collections.abc import Callable, Iterator

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.commands import command_evidence
from mlx_tui.detection.experiments import judge_task
from mlx_tui.detection.files.evidence import evidence, unparseable
from mlx_tui.detection.files.scripts import as_findings
from mlx_tui.detection.model import Anomaly, Finding
from mlx_tui.detection.settings import match_settings
from mlx_tui.detection.source import RepositoryView, SourceFile
from mlx_tui.formats.tasks import (
    Task,
    parse_justfile,
    parse_makefile,
    parse_npm,
    parse_python_tasks,
    parse_taskfile,
    parse_toml_tasks,
    parse_tox,
)
from mlx_tui.formats.toml_lines import TomlError
from mlx_tui.formats.yaml_lines import YamlError

_PARSERS: dict[str, Callable[[str], list[Task]]] = {
    "makefile": parse_makefile,
    "gnumakefile": parse_makefile,
    "justfile": parse_justfile,
    ".justfile": parse_justfile,
    "taskfile.yml": parse_taskfile,
    "taskfile.yaml": parse_taskfile,
    "tox.ini": parse_tox,
    "setup.cfg": parse_tox,
    "noxfile.py": parse_python_tasks,
    "tasks.py": parse_python_tasks,
    "pyproject.toml": parse_toml_tasks,
    "mise.toml": parse_toml_tasks,
    ".mise.toml": parse_toml_tasks,
    "pixi.toml": parse_toml_tasks,
    "pipfile": parse_toml_tasks,
    "package.json": parse_npm,
}
_SETTINGS_ELSEWHERE = frozenset(
    ["noxfile.py", "tasks.py", "taskfile.yml", "taskfile.yaml", "tox.ini", "setup.cfg", "pyproject.toml", "mise.toml"]
)


def _parser(name: str) -> Callable[[str], list[Task]] | None:
    name = name.lower()
    if name.endswith((".mk", ".mak", ".make")) or name.startswith("makefile."):
        return parse_makefile
    return parse_justfile if name.endswith(".just") else _PARSERS.get(name)


def wants(path: str) -> bool:
    """Whether the file's name is a task runner's."""
    return _parser(posixpath.basename(path)) is not None or _in_tasks_folder(path)


def _in_tasks_folder(path: str) -> bool:
    return path.endswith(".py") and posixpath.basename(posixpath.dirname(path)) == "tasks"


def match(file: SourceFile, repository: RepositoryView, codebook: Codebook) -> Iterator[Finding | Anomaly]:
    """Yields what the tasks of a file show."""
    parser = parse_python_tasks if _in_tasks_folder(file.path) else _parser(file.name)
    if parser is parse_python_tasks and not re.search(
        rb"^[ \t]*(?:import|from)\s+(?:invoke|nox)\b", file.data, re.MULTILINE
    ):
        return
    try:
        tasks = parser(file.text) if parser else []
    except (YamlError, TomlError) as error:
        yield unparseable(file, error)
        return
    if file.name.lower() not in _SETTINGS_ELSEWHERE:
        yield from match_settings(file, codebook)
    for task in tasks:
        for command in task.commands:
            yield from as_findings(file, command_evidence(command.text, command.line, codebook, file.text))
        if verdict := judge_task(task, file.path, repository, serving=False):
            yield evidence(file, "execution.pipeline", task.line, "task", verdict.why, value=task.name)
