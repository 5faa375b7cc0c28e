"""What a Python source does, as far as its text tells: imports, MLflow, a main part, what it opens and asks for."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from mlx_tui.formats.python_syntax import parse_python
from mlx_tui.reproduction.constant_text import dotted_name

# Frameworks whose main part serves for ever.
_SERVERS = {"flask", "fastapi", "uvicorn", "streamlit", "gradio", "dash", "bottle", "tornado", "sanic", "bentoml"}
_SERVER_MODULES = frozenset({"feast.feature_server", "http.server", "socketserver", "wsgiref.simple_server"})
_MLFLOW_TEXT = re.compile(
    r"MLFlowLogger|MLflowCallback|MlflowCallback|^mlflow$|^mlflow run\b|\.mlflow\b", re.IGNORECASE
)
_RUNS_OTHERS = {"subprocess", "importlib", "runpy", "hydra", "papermill", "sh", "invoke"}
_DECLARES_ARGUMENT = {"add_argument", "option", "argument"}
_ARGV = "sys.argv"
_IMPORT_LINE = re.compile(r"^\s*(?:from\s+(\.*)([\w.]*)\s+import\s+(.+)|import\s+(.+?))\s*(?:#.*)?$")
_MAGIC_LINE = re.compile(r"^([^\S\n]*)([!%?].*|\w+\?\??)$", re.MULTILINE)
_MAIN_GUARD = re.compile(r"""^if\s+\(?__name__\s*==\s*['"]__main__['"]""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Import:
    """One imported module.

    Attributes:
        module: Dotted name; of `from a import b` both `a` and `a.b` are given, as two imports.
        level: Number of leading dots of a relative import.
        line: From 1.
        guarded: Inside a `try`, so that the program may run without it.
        submodule: It is the `a.b` of a `from a import b`, which may be an attribute and no module.
        deferred: Inside a function, so that it happens only when that is called.
    """

    module: str
    level: int
    line: int
    guarded: bool = False
    submodule: bool = False
    deferred: bool = False


@dataclass(frozen=True, slots=True)
class PythonSource:
    """A Python source.

    Attributes:
        tree: Its syntax tree; None where it doesn't parse.
        imports: Every import in it.
        uses_mlflow: It imports MLflow or names an integration of it.
        logs: It logs to MLflow or has an integration do so, and doesn't only load models.
        main_guard: It has an `if __name__ == "__main__"`.
        top_level_calls: It calls something at its top level, outside definitions and the main guard.
        serves: It starts a server.
        needs_arguments: It asks for command-line arguments that have no default.
        runs_others: It starts programs or imports modules by name, so that what it leads to can't be told in full.
    """

    tree: ast.Module | None
    imports: tuple[Import, ...]
    uses_mlflow: bool
    logs: bool
    main_guard: bool
    top_level_calls: bool
    serves: bool
    needs_arguments: bool
    runs_others: bool


def parse(text: str) -> ast.Module | None:
    """Parses Python with IPython's magics left out; None where it doesn't parse or nests too deep."""
    tree = parse_python(text)
    return parse_python(_MAGIC_LINE.sub(r"\1pass", text)) if tree is None else tree


def read_source(text: str) -> PythonSource:
    """Reads what a Python source does.

    Args:
        text: The source; a notebook's code cells joined by newlines are read as well.
    """
    tree = parse(text)
    imports = _imports(tree) if tree else _imports_of_lines(text)
    strings = list(_texts(tree)) if tree else []
    names = {part for item in imports for part in item.module.split(".")}
    mentions = any(_MLFLOW_TEXT.search(value) for value in strings if len(value) < 200)
    uses = any(item.module.split(".")[0] == "mlflow" and not item.level for item in imports) or bool(
        {name for name in names if _MLFLOW_TEXT.search(name)}
    )
    return PythonSource(
        tree=tree,
        imports=imports,
        uses_mlflow=uses or mentions,
        logs=(uses or mentions) and _logs(text),
        main_guard=bool(_MAIN_GUARD.search(text)),
        top_level_calls=_calls_at_top(tree) if tree else True,
        serves=bool(_SERVERS & {item.module.split(".")[0] for item in imports if not item.level})
        or any(item.module in _SERVER_MODULES for item in imports),
        needs_arguments=_needs_arguments(tree) if tree else "sys.argv[1]" in text,
        runs_others=bool(_RUNS_OTHERS & {item.module.split(".")[0] for item in imports}) or "os.system" in text,
    )


def _texts(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _logs(text: str) -> bool:
    return bool(
        re.search(
            r"log_metric|log_param|autolog|start_run|log_artifact|log_model|projects\.run|mlflow\.run|Logger", text
        )
        or re.search(r"mlflow\.trace|start_span|Callback|create_run|log_batch|log_dict|log_figure|log_table", text)
    )


def _imports(tree: ast.Module) -> tuple[Import, ...]:
    found: list[Import] = []
    guarded = _within(tree, ast.Try)
    deferred = _within(tree, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        optional, later = id(node) in guarded, id(node) in deferred
        if isinstance(node, ast.Import):
            found += [Import(alias.name, 0, node.lineno, optional, deferred=later) for alias in node.names]
            continue
        base = node.module or ""
        found.append(Import(base, node.level, node.lineno, optional, deferred=later))
        for alias in node.names:
            if alias.name != "*":
                name = f"{base}.{alias.name}" if base else alias.name
                found.append(Import(name, node.level, node.lineno, optional, submodule=True, deferred=later))
    return tuple(found)


def _within(tree: ast.Module, *kinds: type[ast.AST]) -> set[int]:
    """The ids of all nodes inside nodes of some kinds."""
    inside: set[int] = set()
    for node in ast.walk(tree):
        # `ast.walk` goes from the outside in, so what is inside of what is inside is known already.
        if isinstance(node, kinds) and id(node) not in inside:
            inside.update(id(child) for child in ast.walk(node))
    return inside


def _imports_of_lines(text: str) -> tuple[Import, ...]:
    found: list[Import] = []
    for number, line in enumerate(text.splitlines(), 1):
        match = _IMPORT_LINE.match(line) if len(line) < 500 else None
        if match is None:
            continue
        dots, base, names, plain = match.groups()
        if plain:
            found += [Import(part.split()[0], 0, number) for part in plain.split(",") if part.split()]
        else:
            found.append(Import(base, len(dots), number))
            for part in names.strip("() \\").split(","):
                if part.split() and part.split()[0].isidentifier():
                    name = part.split()[0]
                    found.append(Import(f"{base}.{name}" if base else name, len(dots), number, submodule=True))
    return tuple(found)


def _calls_at_top(tree: ast.Module) -> bool:
    """Whether a statement of the module itself calls something and isn't a definition, an import or the main guard."""
    for statement in tree.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
            continue
        if isinstance(statement, ast.If) and any(map(_is_name_of_module, ast.walk(statement.test))):
            continue
        if any(isinstance(node, ast.Call) for node in ast.walk(statement)):
            return True
    return False


def _is_name_of_module(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "__name__"


def _needs_arguments(tree: ast.Module) -> bool:
    counted = any(isinstance(node, ast.Call) and _counts_arguments(node) for node in ast.walk(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and dotted_name(node.value) == _ARGV and isinstance(node.ctx, ast.Load):
            if isinstance(node.slice, ast.Constant) and node.slice.value != 0 and not counted:
                return True
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in _DECLARES_ARGUMENT and _is_required(node):
            return True
    return False


def _counts_arguments(call: ast.Call) -> bool:
    """Whether a call is `len(sys.argv)`, or of a part of it."""
    counted = call.args[0] if call.args else None
    whole = counted.value if isinstance(counted, ast.Subscript) else counted
    return dotted_name(call.func) == "len" and dotted_name(whole) == _ARGV


def _is_required(call: ast.Call) -> bool:
    """Whether an argparse argument or a click option must be given."""
    keywords = {item.arg: item.value for item in call.keywords if item.arg}
    required = keywords.get("required")
    if isinstance(required, ast.Constant):
        return bool(required.value)
    first = call.args[0] if call.args else None
    name = first.value if isinstance(first, ast.Constant) else None
    if not isinstance(name, str) or getattr(call.func, "attr", "") == "option":
        return False
    optional = isinstance(keywords.get("nargs"), ast.Constant) and getattr(keywords["nargs"], "value", "") in ("?", "*")
    return not name.startswith("-") and not optional and "default" not in keywords
