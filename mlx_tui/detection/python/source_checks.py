"""Named checks over what is logged and where: source code, and the place of artifacts."""

import ast
import re
from collections.abc import Iterator

from mlx_tui.detection.python.call_rules import resolution
from mlx_tui.detection.python.hits import Argument, Context, Hit, ResolvedCall, argument
from mlx_tui.detection.python.scopes import Scope, Valued
from mlx_tui.detection.python.targets import argument_for
from mlx_tui.detection.uri import HOLE, artifact_scheme


def logs_source(context: Context, resolved: ResolvedCall, feature: str, rule: str) -> Iterator[Hit]:
    """`log_artifact(s)` of `__file__`, of a Python file or notebook, of a source folder, or of a module's path."""
    method, name = resolved.method, resolved.mlflow
    if method not in ("log_artifact", "log_artifacts"):
        return
    first = "local_dir" if method.endswith("s") else "local_path"
    given = argument(context, resolved.call, first, int(resolved.on_client))
    if given is None:
        return
    why = _source_path(context, given, method)
    if why:
        yield Hit(feature, resolved.call.place, rule, f"{resolution(resolved.call.node, name)}, given {why}")


_SOURCE_FOLDER = re.compile(r"(^|/)(src|source|code|scripts?|lib)/?$", re.IGNORECASE)
_OTHER_FOLDER = re.compile(r"data|output|result|report|artifact|model|log|plot|figure|test|doc|checkpoint", re.I)


def _source_path(context: Context, given: Argument, method: str) -> str:
    if _is_own_file(context, given.value, given.scope):
        return "the file itself"
    text = context.evaluator.text(given.value, given.scope) or ""
    for path in (text, *_each(context, given)):
        if re.search(r"\.(py|ipynb)$", path):
            return f"a source file, {path.replace(HOLE, '…')}"
    if method == "log_artifacts" and _is_source_folder(context, text):
        return f"a source folder, {text.replace(HOLE, '…')}"
    return "a path that the file loads as a module" if _loaded_as_module(context, given) else ""


def _each(context: Context, given: Argument) -> Iterator[str]:
    """What a loop's name stands for: the items of a literal list, or the pattern of a `glob`."""
    node = given.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "str" and node.args:
        node = node.args[0]
    scope: Scope | None = given.scope
    while scope is not None and isinstance(node, ast.Name) and node.id not in scope.bindings:
        scope = scope.parent
    if scope is None or not isinstance(node, ast.Name):
        return
    for binding in scope.bindings[node.id]:
        if isinstance(binding, Valued) and binding.element:
            over = binding.value
            if isinstance(over, ast.Call) and isinstance(over.func, ast.Attribute) and "glob" in over.func.attr:
                items = [(item, binding.scope) for item in over.args[:1]]
            else:
                items = context.resolver.items(over, binding.scope)
            yield from (context.evaluator.text(item, where) or "" for item, where in items)


def _is_source_folder(context: Context, text: str) -> bool:
    if _SOURCE_FOLDER.search(text) or text in (".", "./"):
        return True
    index = context.resolver.index
    return not _OTHER_FOLDER.search(text) and HOLE not in text and index.holds_modules(text, context.module)


def _is_own_file(context: Context, node: ast.expr, scope: Scope, depth: int = 0) -> bool:
    """`__file__` itself, whatever is wrapped round it but for its folder."""
    if isinstance(node, ast.Name) and node.id == "__file__":
        return True
    if isinstance(node, ast.Call):
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr in ("dirname", "join"):
            return False
        inner = [*node.args[:1], *([function.value] if isinstance(function, ast.Attribute) else [])]
        return any(_is_own_file(context, item, scope, depth) for item in inner)
    if isinstance(node, ast.Name) and depth < 3:
        return any(_is_own_file(context, v, where, depth + 1) for v, where in context.resolver.values(node, scope))
    if isinstance(node, ast.Subscript):
        return isinstance(node.value, ast.Attribute) and node.value.attr == "argv" and _index(node) == 0
    return False


def _index(node: ast.Subscript) -> int | None:
    return node.slice.value if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int) else None


_LOADERS = ("spec_from_file_location", "run_path", "SourceFileLoader", "load_source")


def _loaded_as_module(context: Context, given: Argument) -> bool:
    """The same file hands the same path to `importlib`'s loaders or `runpy`, by itself or through a function."""
    if not isinstance(given.value, ast.Name | ast.Attribute):
        return False
    written = ast.dump(given.value)
    for resolved in context.calls:
        if not any(name.endswith(_LOADERS) for name in resolved.names):
            continue
        for item in (*resolved.call.node.args, *(keyword.value for keyword in resolved.call.node.keywords)):
            if ast.dump(item) == written or written in _passed(context, item, resolved.call.scope):
                return True
    return False


def _passed(context: Context, node: ast.expr, scope: Scope) -> set[str]:
    """What the calls of a function in this file give to the parameter that an expression names."""
    function = scope.enclosing_function
    if function is None or not isinstance(node, ast.Name):
        return set()
    calls = (resolved.call.node for resolved in context.calls if function in resolved.targets)
    given = (argument_for(call, function, node.id) for call in calls)
    return {ast.dump(item) for item in given if item is not None}


def artifact_location(context: Context, resolved: ResolvedCall, feature: str, rule: str) -> Iterator[Hit]:
    """`artifact_location=` of MLflow or of an integration names shared storage."""
    given = argument(context, resolved.call, "artifact_location", 1 if resolved.method == "create_experiment" else None)
    scheme = artifact_scheme(context.evaluator.text(given.value, given.scope) or "") if given is not None else ""
    if given is not None and scheme:
        yield Hit(feature, given.place, rule, "`artifact_location` names shared storage", scheme)
