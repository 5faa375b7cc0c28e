"""Which code of a repository a plan runs at most: what lies elsewhere surely wasn't run.

Told generously: where several files may be meant, all of them count as reached, and where code starts other code in a
way that its text doesn't tell in full, nothing is said.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from mlx_tui.reproduction.candidate_code import started_files
from mlx_tui.reproduction.code_index import MAX_SOURCES, CodeFile, CodeIndex
from mlx_tui.reproduction.entry_points.commands import Use, read_command
from mlx_tui.reproduction.entry_points.shell import split_lines
from mlx_tui.reproduction.model import Candidate, Plan, Step, StepKind
from mlx_tui.reproduction.project_dependencies import console_scripts
from mlx_tui.reproduction.python_source import Import
from mlx_tui.reproduction.worktree import WorkTree, folder_of, join


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_RUNS = {Use.SCRIPT, Use.MODULE, Use.NOTEBOOK}
_RUNS_NOTHING = ("echo ", "mkdir ", "export ", "pip install -r ", "set -")
_SHELL = re.compile(r"[|&`<]|\$\(")
# What finds code by a name that it reads, builds, or keeps in a file.
_DYNAMIC_MODULES = _words(
    """aiida airflow allennlp celery dagster django dvc gin hydra hydra_zen imp invoke jsonargparse kedro luigi
    nbclient nbconvert nox pexpect pkg_resources pkgutil ploomber plumbum pytest sh snakemake stevedore tox
    unittest"""
)
_DYNAMIC = re.compile(
    r"(?<![.\w])(?:exec|eval|execfile|compile|__import__)\s*\(|get_ipython|LightningCLI|entry_points\("
    r"|\bos\.(?:system|popen|exec|spawn|posix_spawn|startfile)|\bprojects\.run\(|\bmlflow\.run\(|mlflow\.projects"
    r"|\b(?:pickle|cPickle|cloudpickle|dill|joblib|torch)\.loads?\(|\bload_model\(|\bunpickle|create_subprocess"
)
# Magics of a notebook that run nothing of the repository.
_MAGIC = re.compile(r"^[^\S\n]*([!%].*)$", re.MULTILINE)
_HARMLESS_MAGIC = re.compile(
    r"%%?(?:matplotlib|load_ext\s+(?:autoreload|tensorboard)|autoreload|reload_ext|config|time|timeit|pip|conda|capture)\b"
    r"|!\s*(?:pip3?|conda|ls|nvidia-smi)\s[^|&;`]*$"
)
_FILE_NAME = re.compile(r"(?<![\w-])[\w-]++\.(?:py|ipynb)\b")  # once over a word, however long


def reached_paths(plan: Plan) -> tuple[str, ...] | None:
    """The scripts and notebooks that a plan runs or imports at most, by path; None where that can't be told.

    It can't where a step isn't a plain run of a Python file or module of the clone, or where code that is reached
    starts or loads other code by name.

    Args:
        plan: Its clone is read; nothing in it is run.
    """
    index = CodeIndex(WorkTree(Path(plan.clone)))
    if len(index.script_paths) == MAX_SOURCES or len(index.notebook_paths) == MAX_SOURCES:
        return None
    started = _started(plan.candidate, index)
    texts = [step.text for step in plan.candidate.steps]
    moved = any(variable.name == "PYTHONPATH" for variable in plan.variables) or any("PYTHONPATH" in t for t in texts)
    return _Walk(index, plan.candidate, moved=moved).from_files(started) if started else None


def _started(candidate: Candidate, index: CodeIndex) -> tuple[str, ...]:
    """The files that the steps start; none where one of the steps may start something else."""
    found: list[str] = []
    for step in candidate.steps:
        lines = [step.text] if step.kind is StepKind.NOTEBOOK else [line.text for line in split_lines(step.text)]
        for line in lines:
            single = replace(step, text=line)
            files = started_files(replace(candidate, steps=(single,)), index) if _is_plain_run(single, index) else []
            if not files and not line.startswith(_RUNS_NOTHING):
                return ()
            found += [file.path for file in files]
    return tuple(found)


def _is_plain_run(step: Step, index: CodeIndex) -> bool:
    if step.kind is StepKind.NOTEBOOK:
        return True
    (line,) = split_lines(step.text)
    command = None if _SHELL.search(step.text) else read_command(line)
    if command is None:
        return False
    return command.use in _RUNS or (command.use is Use.OTHER_RUN and command.target in console_scripts(index.tree))


class _Walk:
    """Follows imports and names of files, from file to file.

    Args:
        index: The clone's code.
        candidate: What is run.
        moved: Modules may be found elsewhere than beside the code that imports them.
    """

    def __init__(self, index: CodeIndex, candidate: Candidate, *, moved: bool) -> None:
        self._index = index
        self._candidate = candidate
        self._moved = moved
        self._roots = {".", "src", *(step.workdir for step in candidate.steps)}
        self._by_name: dict[str, list[str]] = defaultdict(list)
        self._by_module: dict[str, list[str]] = defaultdict(list)
        for path in (*index.script_paths, *index.notebook_paths):
            place = PurePosixPath(path)
            self._by_name[place.name].append(path)
            parts = place.parent.parts if place.stem == "__init__" else (*place.parent.parts, place.stem)
            for start in range(len(parts)):
                self._by_module["/".join(parts[start:])].append(path)

    def from_files(self, started: Sequence[str]) -> tuple[str, ...] | None:
        """Every file that these lead to, themselves too; None where that can't be told."""
        self._roots |= {folder_of(path) for path in started}
        found = {*started, *(path for step in self._candidate.steps for path in self._named(step.text))}
        waiting = list(found)
        while waiting:
            file = self._index.get(waiting.pop())
            if file is None or not _is_told(file):
                return None
            further = set(self._led_to(file)) - found
            found |= further
            waiting += further
        return tuple(sorted(found))

    def _led_to(self, file: CodeFile) -> Iterator[str]:
        yield from self._named(file.text)
        for parent in PurePosixPath(file.path).parents:
            package = join(str(parent), "__init__.py")
            if self._index.tree.is_file(package):
                yield package
        anywhere = self._moved or "sys.path" in file.text
        for item in file.source.imports:
            if item.level:
                target = self._index.resolve(item, file.path)
                yield from (target,) if target else ()
            else:
                yield from self._modules(item, file.path, anywhere=anywhere)

    def _named(self, text: str) -> Iterator[str]:
        """The files whose names a text mentions: what it does with them isn't known."""
        for name in set(_FILE_NAME.findall(text)):
            yield from self._by_name.get(name, ())

    def _modules(self, item: Import, importer: str, *, anywhere: bool) -> list[str]:
        """The files that an import may mean: those where Python looks as a rule, else all of that name."""
        relative = item.module.replace(".", "/")
        found = self._by_module.get(relative, [])
        roots = self._roots | {str(parent) for parent in PurePosixPath(importer).parents}
        places = {join(root, f"{relative}{end}") for root in roots for end in (".py", "/__init__.py")} if found else ()
        usual = [path for path in found if path in places]
        return found if anywhere or not usual else usual


def _is_told(file: CodeFile) -> bool:
    """Whether a file's text tells in full what it leads to."""
    modules = {item.module.split(".")[0] for item in file.source.imports if not item.level}
    return (
        file.source.tree is not None
        and file.language == "python"
        and not file.source.runs_others
        and not modules & _DYNAMIC_MODULES
        and not _DYNAMIC.search(file.text)
        and all(_HARMLESS_MAGIC.match(magic) for magic in _MAGIC.findall(file.text))
    )
