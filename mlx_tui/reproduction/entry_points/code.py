"""Candidates that nothing declares: scripts with a main part and notebooks that lead to MLflow."""

import re
import shlex
from pathlib import PurePosixPath

from mlx_tui.reproduction.code_index import CodeFile, CodeIndex
from mlx_tui.reproduction.entry_points.found import Found
from mlx_tui.reproduction.entry_points.ways import notebook_step
from mlx_tui.reproduction.model import Candidate, CommandSource, Step, StepKind
from mlx_tui.reproduction.worktree import folder_of, join

_DRIVES = re.compile(
    r"^(main|run|train|training|experiment|experiments|run_.*|.*_main|pipeline|.*pipeline|train_.*|.*_train)$", re.I
)
_TRAINS = re.compile(r"train|experiment|model|fit|tune|classif|regress|mlflow|autolog|track", re.IGNORECASE)
_ASIDE = re.compile(
    r"test|predict|infer|serv|deploy|app|api|client|util|helper|config|setup|template|demo|register|registry|promot|"
    r"evaluat|monitor|dashboard|conftest|load|query|download|delete|clean|migrat",
    re.IGNORECASE,
)
_OPENED = re.compile(r"""['"]((?:\.{0,2}/)?[\w-][\w./-]*\.[A-Za-z]\w{1,7})['"]""")
_MLFLOW_CALL = re.compile(r"mlflow\s*\.\s*(start_run|set_experiment|log_|autolog|run\b|\w+\.autolog|\w+\.log_model)")


def from_scripts(index: CodeIndex) -> list[Found]:
    """Scripts that lead to MLflow and do something when they are run."""
    imported = _imported(index)
    found: list[Found] = []
    for path, file in index.scripts.items():
        if file.source.serves or not (file.source.main_guard or _runs_at_top(file, path, imported)):
            continue
        if not index.leads_to_mlflow(path) or PurePosixPath(path).name in ("setup.py", "conftest.py", "__init__.py"):
            continue
        missing = ("arguments",) if file.source.needs_arguments else ()
        step = script_step(path, file, index)
        weight, reason = _weight(index, path, file, imported)
        candidate = Candidate((step,), CommandSource.SCRIPT, path, _main_line(file), reason=reason)
        found.append(Found(candidate, True, missing, weight))
    return found


def from_notebooks(index: CodeIndex) -> list[Found]:
    """Python notebooks that use MLflow."""
    found: list[Found] = []
    for path, file in index.notebooks.items():
        if file.language.startswith("python") and index.leads_to_mlflow(path):
            weight, reason = _weight(index, path, file, frozenset())
            candidate = Candidate((notebook_step(path),), CommandSource.NOTEBOOK, path, 1, reason=reason)
            found.append(Found(candidate, True, (), weight))
    return found


def _imported(index: CodeIndex) -> frozenset[str]:
    """The paths that another file of the clone imports: parts of something, rather than the thing to run."""
    return frozenset(target for path in index.scripts for target in index.imported_by(path) if target != path)


def _runs_at_top(file: CodeFile, path: str, imported: frozenset[str]) -> bool:
    return file.source.top_level_calls and (path not in imported or bool(_MLFLOW_CALL.search(file.text)))


def script_step(path: str, file: CodeFile, index: CodeIndex) -> Step:
    """How a script is run: from its own folder, unless its imports or the files it opens are only there from the root.

    Python puts the script's folder on its path, not the working directory; `-m` puts that.
    """
    folder = folder_of(path)
    module = path.removesuffix(".py").replace("/", ".")
    if folder != "." and _imports_from_root(path, file, index) and module.replace(".", "").isidentifier():
        return Step(StepKind.COMMAND, f"python -m {module}", ".")
    opened = set(_OPENED.findall(file.text))
    here = sum(index.tree.exists(join(folder, name)) for name in opened)
    root = sum(index.tree.exists(join(".", name)) for name in opened)
    if folder != "." and root > here:
        return Step(StepKind.COMMAND, f"python {shlex.quote(path)}", ".")
    return Step(StepKind.COMMAND, f"python {shlex.quote(PurePosixPath(path).name)}", folder)


def _imports_from_root(path: str, file: CodeFile, index: CodeIndex) -> bool:
    """Whether an import means a module of the clone that is found from the root and not from the script's folder."""
    folder = folder_of(path)
    for item in file.source.imports:
        target = index.resolve(item, path)
        if item.level and target:
            return True
        names = (f"{item.module.replace('.', '/')}.py", f"{item.module.replace('.', '/')}/__init__.py")
        if target and target in names and not any(index.tree.is_file(join(folder, name)) for name in names):
            return True
    return False


def _main_line(file: CodeFile) -> int:
    for number, line in enumerate(file.text.splitlines(), 1):
        if line.startswith("if __name__"):
            return number
    return 1


def _weight(index: CodeIndex, path: str, file: CodeFile, imported: frozenset[str]) -> tuple[int, str]:
    """How likely a file is the experiment, in points, and why."""
    name = PurePosixPath(path)
    rules = (
        (30, index.logs(path), "leads to code that logs to MLflow"),
        (15, file.source.logs, "logs to MLflow itself"),
        (25, bool(_DRIVES.match(name.stem)), "its name says that it is run"),
        (10, bool(_TRAINS.search(name.stem)), "its name says that it trains"),
        (10, file.source.main_guard, "has a main part"),
        (5, name.suffix == ".py", ""),
        (-25, bool(_ASIDE.search(name.stem)), "its name says that it is something else"),
        (-35, path in imported, "imported by others"),
        (-40, bool(re.search(r"(^|/)(tests?|examples?|docs?|deploy\w*|scripts/ci)/", path)), "in a folder aside"),
        (-15, file.source.needs_arguments, "needs arguments"),
        (-5 * path.count("/"), "/" in path, ""),
    )
    points = sum(weight for weight, holds, _ in rules if holds)
    reasons = [text for weight, holds, text in rules if holds and text and weight > 0]
    return points, ", ".join(reasons[:3])
