"""What an expression's value is, as far as it can be told without running it (ground rule 5)."""

import ast
import re
from collections.abc import Callable
from typing import Final

from mlx_tui.detection.python.resolve import Resolver
from mlx_tui.detection.python.scopes import Scope
from mlx_tui.detection.python.targets import MAX_DEPTH
from mlx_tui.detection.uri import HOLE

MAX_TEXT = 4000


class Unknown:
    """The type of `UNKNOWN`."""


UNKNOWN: Final = Unknown()
"""A value that can't be computed statically."""

Value = str | bytes | bool | int | float | complex | None | Unknown
"""A computed value; a text may hold `HOLE` for parts that aren't known."""

MLFLOW_TAGS = {
    "MLFLOW_PARENT_RUN_ID": "mlflow.parentRunId",
    "MLFLOW_GIT_COMMIT": "mlflow.source.git.commit",
    "MLFLOW_GIT_BRANCH": "mlflow.source.git.branch",
    "MLFLOW_GIT_REPO_URL": "mlflow.source.git.repoURL",
    "MLFLOW_SOURCE_NAME": "mlflow.source.name",
    "MLFLOW_SOURCE_TYPE": "mlflow.source.type",
    "MLFLOW_RUN_NAME": "mlflow.runName",
    "MLFLOW_RUN_NOTE": "mlflow.note.content",
    "MLFLOW_USER": "mlflow.user",
}
"""MLflow's constants for its own tags (`mlflow.utils.mlflow_tags`)."""

_SCHEME_TWICE = re.compile(r"^https?://(?=https?://)")
_SAME_TEXT = frozenset(
    {"strip", "rstrip", "lstrip", "resolve", "absolute", "as_posix", "expanduser", "encode", "decode"}
)
_PATH_FUNCTIONS = frozenset(
    {
        "pathlib.Path",
        "pathlib.PurePath",
        "pathlib.PosixPath",
        "os.path.abspath",
        "os.path.expanduser",
        "os.path.realpath",
        "os.path.normpath",
        "os.path.expandvars",
        "os.fspath",
        "builtins.str",
        "upath.UPath",
    }
)
_MANAGED_CALL = "get_mlflow_tracking_uri"
_MANAGED_ATTRIBUTE = "mlflow_tracking_uri"


class Evaluator:
    """Computes values of expressions."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def text(self, node: ast.expr | None, scope: Scope) -> str | None:
        """An expression's value as a text, with `HOLE` for parts that aren't known; None where it is no text at all."""
        value = self.value(node, scope)
        if isinstance(value, Unknown):
            return HOLE
        return value if isinstance(value, str) else None

    def value(self, node: ast.expr | None, scope: Scope, depth: int = 0) -> Value:
        """An expression's value."""
        if node is None or depth > MAX_DEPTH or not self._resolver.spend():
            return UNKNOWN
        if isinstance(node, ast.Constant):
            return UNKNOWN if node.value is ... else node.value
        handler = _HANDLERS.get(type(node))
        return handler(self, node, scope, depth + 1) if handler is not None else UNKNOWN

    def _part(self, node: ast.expr, scope: Scope, depth: int) -> str:
        value = self.value(node, scope, depth)
        if isinstance(value, Unknown | bytes) or value is None:
            return HOLE
        return str(value)[:MAX_TEXT]

    def _joined(self, node: ast.JoinedStr, scope: Scope, depth: int) -> Value:
        parts = [self._part(v.value if isinstance(v, ast.FormattedValue) else v, scope, depth) for v in node.values]
        return _one_scheme("".join(parts))[:MAX_TEXT]

    def _binary(self, node: ast.BinOp, scope: Scope, depth: int) -> Value:
        left, right = self.value(node.left, scope, depth), self.value(node.right, scope, depth)
        if isinstance(node.op, ast.Add) and (isinstance(left, str) or isinstance(right, str)):
            return _one_scheme(self._part(node.left, scope, depth) + self._part(node.right, scope, depth))[:MAX_TEXT]
        if isinstance(node.op, ast.Div) and isinstance(right, str):
            return _join([self._part(node.left, scope, depth), right])
        if isinstance(node.op, ast.Mod) and isinstance(left, str):
            return _percent(left, self._arguments(node.right, scope, depth))
        return UNKNOWN

    def _arguments(self, node: ast.expr, scope: Scope, depth: int) -> list[str]:
        nodes = node.elts if isinstance(node, ast.Tuple) else [node]
        return [self._part(item, scope, depth) for item in nodes]

    def _or(self, node: ast.BoolOp, scope: Scope, depth: int) -> Value:
        if isinstance(node.op, ast.And):
            return UNKNOWN
        for item in node.values:
            value = self.value(item, scope, depth)
            if not isinstance(value, Unknown) and value:
                return value
        return UNKNOWN

    def _either(self, node: ast.IfExp, scope: Scope, depth: int) -> Value:
        first, second = self.value(node.body, scope, depth), self.value(node.orelse, scope, depth)
        return first if first == second else UNKNOWN

    def _named(self, node: ast.NamedExpr, scope: Scope, depth: int) -> Value:
        return self.value(node.value, scope, depth)

    def _not(self, node: ast.UnaryOp, scope: Scope, depth: int) -> Value:
        value = self.value(node.operand, scope, depth)
        return not value if isinstance(node.op, ast.Not) and isinstance(value, bool) else UNKNOWN

    def _name(self, node: ast.Name | ast.Attribute, scope: Scope, depth: int) -> Value:
        for target in self._resolver.resolve(node, scope):
            constant = target.rpartition(".")[2] if isinstance(target, str) and target.startswith("mlflow") else ""
            if constant in MLFLOW_TAGS:
                return MLFLOW_TAGS[constant]
        values = [item for item in self._resolver.values(node, scope) if not _holds(item[0], node)]
        if isinstance(node, ast.Name):
            before = [item for item in values if item[1] is not scope or item[0].lineno <= node.lineno]
            values = before or values
        known = [
            value for item, where in values[-8:] if not isinstance(value := self.value(item, where, depth + 4), Unknown)
        ]
        given = [value for value in known if value is not None]
        return given[-1] if given else known[-1] if known else UNKNOWN

    def _attribute(self, node: ast.Attribute, scope: Scope, depth: int) -> Value:
        if node.attr in ("parent", "parents") and self._is_path(node.value, scope):
            return HOLE
        if node.attr == _MANAGED_ATTRIBUTE and _is_workspace(node.value):
            return "azureml:"
        return self._name(node, scope, depth)

    def _is_path(self, node: ast.expr, scope: Scope) -> bool:
        return any(isinstance(t, str) and t.startswith("pathlib.") for t in self._resolver.resolve(node, scope))

    def _call(self, node: ast.Call, scope: Scope, depth: int) -> Value:
        names = [t for t in self._resolver.resolve(node.func, scope) if isinstance(t, str)]
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if method == _MANAGED_CALL:
            return "azureml:"
        if "os.path.join" in names:
            return _join([self._part(item, scope, depth) for item in node.args])
        if method == "joinpath" and isinstance(node.func, ast.Attribute):
            return _join([self._part(item, scope, depth) for item in (node.func.value, *node.args)])
        if any(name in _PATH_FUNCTIONS for name in names) and node.args:
            return _join([self._part(item, scope, depth) for item in node.args])
        if names and names[0] in ("os.getenv", "os.environ.get", "os.environ.setdefault"):
            return self._default(node, scope, depth)
        return self._method(node, method, scope, depth)

    def _method(self, node: ast.Call, method: str, scope: Scope, depth: int) -> Value:
        if not isinstance(node.func, ast.Attribute):
            return UNKNOWN
        if method in ("get", "getenv") and node.args:
            return self._default(node, scope, depth)
        if method in _SAME_TEXT:
            return self.value(node.func.value, scope, depth)
        if method == "as_uri":
            return f"file://{HOLE}"
        if method == "format":
            text = self.value(node.func.value, scope, depth)
            return self._format(text, node, scope, depth) if isinstance(text, str) else UNKNOWN
        return UNKNOWN

    def _default(self, node: ast.Call, scope: Scope, depth: int) -> Value:
        given = node.args[1] if len(node.args) > 1 else None
        for keyword in node.keywords:
            given = keyword.value if keyword.arg in ("default", "fallback") else given
        return self.value(given, scope, depth)

    def _format(self, text: str, node: ast.Call, scope: Scope, depth: int) -> str:
        parts = text.replace("{{", "\1").replace("}}", "\2").split("{")
        result, number = parts[0], 0
        named = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
        for part in parts[1:]:
            name, _, rest = part.partition("}")
            name = name.partition(":")[0].partition("!")[0]
            position = int(name) if re.fullmatch(r"[0-9]{1,4}", name) else number
            number += not name
            argument = named.get(name) if name and not name.isdigit() else _at(node.args, position)
            result += (self._part(argument, scope, depth) if argument is not None else HOLE) + rest
        return result.replace("\1", "{").replace("\2", "}")[:MAX_TEXT]


_HANDLERS: dict[type[ast.expr], Callable[..., Value]] = {
    ast.JoinedStr: Evaluator._joined,
    ast.BinOp: Evaluator._binary,
    ast.BoolOp: Evaluator._or,
    ast.IfExp: Evaluator._either,
    ast.UnaryOp: Evaluator._not,
    ast.NamedExpr: Evaluator._named,
    ast.Name: Evaluator._name,
    ast.Attribute: Evaluator._attribute,
    ast.Call: Evaluator._call,
}


def _is_workspace(node: ast.expr) -> bool:
    """Whether an expression is `….workspaces.get(…)` of Azure ML's SDK, whose attribute is the managed URI."""
    function = node.func if isinstance(node, ast.Call) else None
    workspaces = function.value if isinstance(function, ast.Attribute) and function.attr == "get" else None
    return isinstance(workspaces, ast.Attribute) and workspaces.attr == "workspaces"


def _at(nodes: list[ast.expr], position: int) -> ast.expr | None:
    return nodes[position] if position < len(nodes) else None


def _holds(value: ast.expr, node: ast.expr) -> bool:
    """Whether a name is read by the expression that gives it its new value (`uri = uri.strip()`)."""
    near = value.lineno <= node.lineno <= (value.end_lineno or value.lineno)
    return near and any(item is node for item in ast.walk(value))


def _one_scheme(text: str) -> str:
    """A text without a scheme before another: code puts one there only where the value has none."""
    return _SCHEME_TWICE.sub("", text)


def _join(parts: list[str]) -> str:
    """Joins a path's parts as `os.path.join`: an absolute part starts anew."""
    result = ""
    for part in parts:
        result = part if not result or part.startswith("/") else f"{result.rstrip('/')}/{part}"
    return result[:MAX_TEXT]


def _percent(text: str, arguments: list[str]) -> str:
    pieces = text.replace("%%", "\1").split("%")
    result = pieces[0]
    for number, piece in enumerate(pieces[1:]):
        named = piece.startswith("(")
        conversion = piece.partition(")")[2] if named else piece
        result += (arguments[number] if not named and number < len(arguments) else HOLE) + conversion[1:]
    return result.replace("\1", "%")[:MAX_TEXT]
