"""Commands that were read somewhere, made into steps that can run in the clone."""

import re
from dataclasses import replace

from mlx_tui.formats.yaml_lines import YamlError
from mlx_tui.reproduction.code_index import CodeIndex
from mlx_tui.reproduction.entry_points import dvc, kedro, make
from mlx_tui.reproduction.entry_points.commands import Command, Use, read_command
from mlx_tui.reproduction.entry_points.mlproject import Project, fill_command, read_projects, run_options
from mlx_tui.reproduction.entry_points.shell import Line, has_placeholder, split_lines
from mlx_tui.reproduction.entry_points.shell_scripts import runs_whole, whole
from mlx_tui.reproduction.entry_points.ways import Resolved, any_leads, notebook_step, together
from mlx_tui.reproduction.model import ParameterValue, Step, StepKind
from mlx_tui.reproduction.project_dependencies import console_scripts
from mlx_tui.reproduction.worktree import folder_of, join

MAX_DEPTH = 4
_UNFILLED = re.compile(r"\$\(\w|\$\{\{|\$\{[\w.]+\}|\{\{")


class Resolver:
    """Finds what commands run in one clone."""

    def __init__(self, index: CodeIndex, *, tolerant: bool = False) -> None:
        self.index = index
        self.tree = index.tree
        self.projects, self.passed_over = read_projects(index.tree, tolerant=tolerant)
        self.console_scripts = console_scripts(index.tree)
        # Scripts and tasks that call themselves, or each other, would be followed once for each way to get there.
        self._blocks: dict[tuple[tuple[Line, ...], str, int], list[Resolved]] = {}

    def resolve_text(self, lines: list[Line], folder: str, depth: int = 0) -> list[Resolved]:
        """Resolves the commands of a block that run something of the clone, following its `cd`s."""
        key = (tuple(lines), folder, depth)
        if key not in self._blocks:
            self._blocks[key] = self._resolve_block(lines, folder, depth)
        return self._blocks[key]

    def _resolve_block(self, lines: list[Line], folder: str, depth: int) -> list[Resolved]:
        found: list[Resolved] = []
        current = folder
        for line in lines:
            words = line.text.split()
            if words[0] in ("cd", "pushd", "%cd") and len(words) > 1:
                moved = join(current, words[1].strip("\"'"))
                # `cd the-repository` after `git clone` leaves the root where it is.
                current = moved if moved in self.tree.folders else current
                continue
            command = read_command(line)
            if command and (resolved := self.resolve(command, current, depth)):
                found.append(resolved)
        return found

    def resolve(self, command: Command, folder: str, depth: int = 0) -> Resolved | None:
        """Resolves one command read in a folder; None where it runs nothing of the clone, or serves, or installs."""
        if depth > MAX_DEPTH or has_placeholder(command.text):
            return None
        match command.use:
            case Use.SCRIPT | Use.NOTEBOOK:
                return self._file(command, folder)
            case Use.MODULE:
                return self._module(command, folder)
            case Use.MLFLOW_RUN:
                return self._mlflow_run(command, folder)
            case Use.PIPELINE:
                return self._pipeline(command, folder)
            case Use.TASK:
                return self._task(command, folder, depth)
            case Use.SHELL:
                return self._shell(command, folder, depth)
            case Use.OTHER_RUN:
                return self._other(command, folder)
            case _:
                return None

    def leads(self, text: str, folder: str) -> bool | None:
        """Whether a command line as it is declared leads to MLflow; None where that can't be told."""
        found = self.resolve_text(split_lines(text), folder)
        return any_leads(item.leads_to_mlflow for item in found) if found else None

    def _base(self, target: str, folder: str) -> str:
        """The folder from which a path means a file: the given one, the root, else the only one that fits."""
        for base in dict.fromkeys((folder, ".")):
            path = join(base, target)
            if path and self.tree.is_file(path):
                return base
        wanted = "/" + target.removeprefix("./")
        fits = [path for path in self.tree.files if f"/{path}".endswith(wanted)]
        return (fits[0][: -len(wanted)].strip("/") or ".") if len(fits) == 1 and target.strip("./") else ""

    def _file(self, command: Command, folder: str) -> Resolved | None:
        base = self._base(command.target, folder)
        path = join(base, command.target) if base else ""
        file = self.index.get(path) if path else None
        if file is None or file.source.serves or _UNFILLED.search(command.text):
            return None
        leads = self.index.may_lead_to_mlflow(path)
        if command.use is Use.NOTEBOOK:
            return Resolved((notebook_step(path),), command.line, path, leads)
        return Resolved((Step(StepKind.COMMAND, command.text, base),), command.line, path, leads)

    def _module(self, command: Command, folder: str) -> Resolved | None:
        relative = command.target.replace(".", "/")
        for base in dict.fromkeys((folder, ".", join(folder, "src") or "src", "src")):
            for name in (f"{relative}.py", f"{relative}/__main__.py"):
                path = join(base, name)
                file = self.index.get(path) if path else None
                if file is not None and not file.source.serves and not _UNFILLED.search(command.text):
                    workdir = base if not base.endswith("src") else folder_of(base)
                    step = Step(StepKind.COMMAND, command.text, workdir)
                    return Resolved((step,), command.line, path, self.index.may_lead_to_mlflow(path))
        return None

    def _mlflow_run(self, command: Command, folder: str) -> Resolved | None:
        uri, point_name, given = run_options(command.arguments)
        project = self._project(join(folder, uri), uri)
        if project is None:
            return None
        point = next((item for item in project.content.entry_points if item.name == point_name), None)
        if point is None or not point.command:
            return None
        filled = fill_command(project, point, tuple(self._found_path(item, project.folder) for item in given))
        step = Step(StepKind.COMMAND, filled.text, project.folder, of_project=True)
        return Resolved((step,), command.line, project.path, True, filled.parameters, filled.missing)

    def _found_path(self, given: ParameterValue, folder: str) -> ParameterValue:
        """A path of another machine as the file of the clone whose path ends like it, if there is one."""
        parts = given.value.replace("\\", "/").split("/")
        if len(parts) < 2 or "." not in parts[-1] or "://" in given.value:
            return given
        ends = ["/".join(parts[start:]) for start in range(len(parts) - 1)]
        if not given.value.startswith("/") and self.tree.is_file(join(folder, given.value)):
            return given
        here = next((end for end in ends if self.tree.is_file(join(folder, end))), "")
        return replace(given, value=here, asked=given.value) if here else given

    def _project(self, folder: str, uri: str) -> Project | None:
        here = next((item for item in self.projects if item.folder == folder), None)
        only = self.projects[0] if len(self.projects) == 1 and ("://" not in uri or ".git" in uri) else None
        return here or only

    def _pipeline(self, command: Command, folder: str) -> Resolved | None:
        for base in dict.fromkeys((folder, ".")):
            path = join(base, "dvc.yaml")
            if self.tree.is_file(path):
                found = self.stages(path)
                return replace(found, line=command.line) if found else None
        return None

    def stages(self, path: str) -> Resolved | None:
        """The stages of a `dvc.yaml` as steps in dependency order; None where it has none that can be read."""
        try:
            stages = dvc.read_stages(self.tree, path)
        except YamlError:
            return None
        steps = tuple(Step(StepKind.COMMAND, text, stage.workdir) for stage in stages for text in stage.commands)
        if not steps:
            return None
        missing = tuple(dict.fromkeys(name for step in steps for name in re.findall(r"\$\{([\w.]+)\}", step.text)))
        leads = any_leads(self.leads(step.text, step.workdir) for step in steps)
        return Resolved(steps, stages[0].line, path, leads, missing=missing)

    def pipeline_of_kedro(self, text: str, line: int, folder: str) -> Resolved | None:
        """`kedro run` in a folder, or in the only Kedro project there is; None where there is none."""
        found = kedro.projects(self.tree)
        base = folder if folder in found else next(iter(found)) if len(found) == 1 else ""
        if not base or _UNFILLED.search(text):
            return None
        step = Step(StepKind.COMMAND, text, base)
        return Resolved((step,), line, found[base][0], kedro.leads_to_mlflow(self.index, base))

    def _task(self, command: Command, folder: str, depth: int) -> Resolved | None:
        for base in dict.fromkeys((folder, ".")):
            for name in ("Makefile", "makefile", "GNUmakefile", "justfile", "Justfile"):
                path = join(base, name)
                if path and self.tree.is_file(path):
                    targets = make.read_targets(self.tree.read_text(path))
                    wanted = command.target or next(iter(targets), "")
                    return self.target(targets, wanted, base, command.line, depth + 1)
        return None

    def target(self, targets: dict[str, make.Target], name: str, folder: str, line: int, depth: int) -> Resolved | None:
        """What making a target runs of the clone; None where that is nothing."""
        lines = [part for item in make.recipe_of(targets, name) for part in split_lines(item.text, item.line)]
        return together(self.resolve_text(lines, folder, depth), line, name)

    def _shell(self, command: Command, folder: str, depth: int) -> Resolved | None:
        base = self._base(command.target, folder)
        path = join(base, command.target) if base else ""
        if not path:
            return None
        return self.script(path, base, command.line, depth + 1)

    def script(self, path: str, folder: str, line: int = 0, depth: int = 0) -> Resolved | None:
        """What a shell script runs of the clone from a folder: its commands, or the script as a whole.

        Args:
            path: The script.
            folder: In which it is run.
            line: Where it is called; by default that of its first command.
            depth: How many scripts and tasks led here.
        """
        text = self.tree.read_text(path)
        commands = self.resolve_text(split_lines(text), folder, depth)
        found = together(commands, line or commands[0].line, path) if commands else None
        if found is None or not runs_whole(text):
            return found
        return replace(found, steps=(whole(path, text, folder),), parameters=(), missing=())

    def _other(self, command: Command, folder: str) -> Resolved | None:
        """A script of another language, or a command that the clone's own package declares."""
        if command.target == "kedro":
            return (
                self.pipeline_of_kedro(command.text, command.line, folder)
                if command.arguments[:1] == ("run",)
                else None
            )
        module = self.console_scripts.get(command.target)
        if module and not _UNFILLED.search(command.text):
            paths = [
                f"{root}{module.replace('.', '/')}{end}" for root in ("", "src/") for end in (".py", "/__init__.py")
            ]
            path = next((path for path in paths if self.tree.is_file(path)), "")
            file = self.index.get(path)
            if file is None or file.source.serves:
                return None
            step = Step(StepKind.COMMAND, command.text, ".")
            return Resolved((step,), command.line, path, self.index.may_lead_to_mlflow(path))
        target = next((word for word in command.arguments if word.endswith((".R", ".r", ".jl", ".scala"))), "")
        base = self._base(target, folder) if target else ""
        if not base:
            return None
        path = join(base, target)
        leads = "mlflow" in self.tree.read_text(path)
        return Resolved((Step(StepKind.COMMAND, command.text, base),), command.line, path, leads)
