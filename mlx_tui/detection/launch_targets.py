"""The files and tasks of a repository that commands name: scripts, modules, make targets, compose files."""

import posixpath
import re

from mlx_tui.detection.launches import Launch, launches
from mlx_tui.detection.source import RepositoryView, SourceFile, remembered
from mlx_tui.formats.shell import parse_shell
from mlx_tui.formats.tasks import Task, parse_makefile

_CONSOLE_SCRIPT = re.compile(r"""^[ \t'"]*([\w.-]+)["' \t]*=[ \t]*["']?([\w.]+):\w+""", re.MULTILINE)
_COMPOSE = re.compile(r"(?:docker-compose|compose)[^/]*\.ya?ml$", re.IGNORECASE)


def find_script(repository: RepositoryView, origin: str, target: str) -> SourceFile | None:
    """The file that a command means: beside the file that holds it, at the root, or the only one that ends so."""
    target = target.replace("\\", "/").removeprefix("./")
    for base in (origin, ""):
        if (path := repository.resolve(base, target)) and (file := repository.read(path)):
            return file
    name = re.sub(r"^(?:\.\./|/|~/|\$\w+/|\$\{\w+\}/)+(?:app/|code/|workspace/|src/)?", "", target)
    matching = repository.ending(name)
    if not matching and "/" in name:
        matching = repository.ending(posixpath.basename(name))
    return repository.read(matching[0]) if len(matching) == 1 or (matching and "/" in name) else None


def module_file(repository: RepositoryView, origin: str, module: str) -> SourceFile | None:
    """The file of a dotted module, or its `__main__`."""
    path = module.replace(".", "/")
    return find_script(repository, origin, f"{path}.py") or find_script(repository, origin, f"{path}/__main__.py")


@remembered
def console_scripts(repository: RepositoryView) -> dict[str, str]:
    """The programs that the repository's packages install, as far as their files declare them, and their modules."""
    modules: dict[str, str] = {}
    for path in repository.named({"pyproject.toml", "setup.py", "setup.cfg"})[:10]:
        if file := repository.read(path):
            modules.update(_CONSOLE_SCRIPT.findall(file.text))
    return modules


def find_task(launch: Launch, origin: str, repository: RepositoryView) -> Task | None:
    """The task of a Makefile that a command names; None for other runners and where there is none."""
    found = make_target(launch.target, origin, repository) if launch.tool == "make" else None
    return found[0] if found else None


def make_target(name: str, origin: str, repository: RepositoryView) -> tuple[Task, tuple[Task, ...]] | None:
    """The task that `make NAME` runs (the first for no name), and all of its Makefile; None where there is none."""
    for base in (origin, ""):
        for candidate in ("Makefile", "makefile", "GNUmakefile"):
            path = repository.resolve(base, candidate)
            tasks = _makefile(repository, path) if path else ()
            chosen = next((task for task in tasks if name in task.name.split() or not name), None)
            if chosen:
                return chosen, tasks
    return None


@remembered
def _makefile(repository: RepositoryView, path: str) -> tuple[Task, ...]:
    file = repository.read(path)
    return tuple(parse_makefile(file.text)) if file else ()


@remembered
def script_launches(repository: RepositoryView, path: str) -> tuple[Launch, ...]:
    """What a shell script launches, each once; several READMEs and tasks name the same script."""
    file = repository.read(path)
    commands = parse_shell(file.text).commands if file else []
    found = (launch for command in commands for launch in launches(command))
    return tuple(dict.fromkeys(found))


def compose_files(launch: Launch, origin: str, repository: RepositoryView) -> list[SourceFile]:
    """The files that compose reads: those that `-f` names, else those of the folder."""
    named = [file for name in launch.files if (file := find_script(repository, origin, name))]
    if named:
        return named
    paths = [path for path in repository.paths if _COMPOSE.match(posixpath.basename(path))]
    folder = posixpath.dirname(origin)
    near = [path for path in paths if posixpath.dirname(path) == folder] or paths
    return [file for path in near[:5] if (file := repository.read(path))]
