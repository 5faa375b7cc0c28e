"""What the parts of the Python matcher hand each other: the module in its context, and hits."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from mlx_tui.detection.model import Tier
from mlx_tui.detection.python.resolve import Resolver
from mlx_tui.detection.python.scopes import Call, Module, Place, Scope
from mlx_tui.detection.python.targets import Targets
from mlx_tui.detection.python.values import Evaluator

MAX_SHOWN = 80
MAX_EXCERPT = 400
_FUNCTION = re.compile(r"mlflow\.[^()]+")
_CLIENT = re.compile(r"mlflow(\.[^.()]+)*\.(MlflowClient|MLflowClient)\(\)\.")


class Hit(NamedTuple):
    """A finding before its excerpt is looked up."""

    feature: str
    place: Place
    rule: str
    explanation: str
    value: str = ""
    tier: Tier = Tier.DIRECT


class Argument(NamedTuple):
    """An argument of a call: its value, the scope that is read in, and where it stands."""

    value: ast.expr
    scope: Scope
    place: Place


class ResolvedCall:
    """A call and what its callee refers to, resolved when it is first asked for.

    Attributes:
        call: The call.
    """

    __slots__ = ("_logs", "_mlflow", "_names", "_resolver", "_targets", "call")

    def __init__(self, call: Call, resolver: Resolver) -> None:
        self.call = call
        self._resolver = resolver
        self._targets: Targets | None = None

    def _resolve(self) -> Targets:
        targets = self._targets = self._resolver.resolve(self.call.node.func, self.call.scope)
        self._names = tuple([target for target in targets if isinstance(target, str)])
        self._logs, self._mlflow = False, ""
        for name in self._names:
            if "mlflow" in name or "mlflow" in name.lower():
                self._logs = True
                if name.startswith("mlflow.") and (_FUNCTION.fullmatch(name) or _CLIENT.match(name)):
                    self._mlflow = name
                    break
        return targets

    @property
    def targets(self) -> Targets:
        """What its callee may be."""
        return self._resolve() if self._targets is None else self._targets

    @property
    def names(self) -> tuple[str, ...]:
        """Those of the targets that are qualified names outside the repository."""
        if self._targets is None:
            self._resolve()
        return self._names

    @property
    def logs(self) -> bool:
        """Whether any of the names has to do with MLflow, integrations of other libraries included."""
        return bool(self.names) and self._logs

    @property
    def mlflow(self) -> str:
        """The first of the names that is a function of MLflow or a method of its client; empty for any other call."""
        return self._mlflow if self.names else ""

    @property
    def method(self) -> str:
        """The last component of that name."""
        return self.mlflow.rpartition(".")[2]

    @property
    def on_client(self) -> bool:
        """Whether it is a method of the client."""
        return "()" in self.mlflow


@dataclass(slots=True)
class Context:
    """A module with what resolves and evaluates in it.

    Attributes:
        names_git: Whether its text names git at all.
        seeds_only: Whether nothing but its seeds matters.
    """

    module: Module
    resolver: Resolver
    evaluator: Evaluator
    calls: list[ResolvedCall]
    environment: list[tuple[Place, str, str]]
    lines: dict[int | None, list[str]]
    names_git: bool
    seeds_only: bool
    _stored: dict[str, list[tuple[ast.expr, ast.expr, Scope]]] | None = None

    def excerpt(self, place: Place) -> str:
        """The text of a line without its indentation."""
        lines = self.lines.get(place.cell, [])
        return lines[place.line - 1].strip()[:MAX_EXCERPT] if 0 < place.line <= len(lines) else ""

    def stored(self, name: str) -> list[tuple[ast.expr, ast.expr, Scope]]:
        """Key, value and scope of the items that `name[key] = value` sets in this module."""
        if self._stored is None:
            self._stored = {}
            for site in self.module.assignments:
                if not isinstance(site.node, ast.Assign):
                    continue
                for target in site.node.targets:
                    if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                        item = (target.slice, site.node.value, site.scope)
                        self._stored.setdefault(target.value.id, []).append(item)
        return self._stored.get(name, [])


def shown(node: ast.AST) -> str:
    """An expression as text, cut to what a line holds."""
    try:
        text = ast.unparse(node)
    except (RecursionError, ValueError):
        return "…"
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


def argument(context: Context, call: Call, name: str, position: int | None = None) -> Argument | None:
    """An argument given by name, by position, or in a literal dict that is expanded with `**`."""
    cell = call.place.cell
    for keyword in call.node.keywords:
        if keyword.arg == name:
            return Argument(keyword.value, call.scope, Place(cell, keyword.lineno))
    if position is not None and position < len(call.node.args):
        given = call.node.args[: position + 1]
        if not any(isinstance(item, ast.Starred) for item in given):
            return Argument(given[-1], call.scope, Place(cell, given[-1].lineno))
    for key, value, scope in expanded(context, call):
        if key == name:
            return Argument(value, scope, call.place)
    return None


def expanded(context: Context, call: Call) -> Iterator[tuple[str, ast.expr, Scope]]:
    """Yields key, value and scope of the literal dicts that a call expands with `**`."""
    for keyword in call.node.keywords:
        if keyword.arg is None:
            yield from entries(context, keyword.value, call.scope)


def entries(context: Context, node: ast.expr, scope: Scope, depth: int = 0) -> Iterator[tuple[str, ast.expr, Scope]]:
    """Yields the entries with a known key of a dict that an expression writes, or names in this file."""
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=False):
            if key is None:
                yield from entries(context, value, scope, depth + 1)
            else:
                text = context.evaluator.text(key, scope)
                if text:
                    yield text, value, scope
    elif isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id == "dict":
            for keyword in node.keywords:
                if keyword.arg is not None:
                    yield keyword.arg, keyword.value, scope
    elif isinstance(node, ast.BinOp) and depth < 5:
        yield from entries(context, node.left, scope, depth + 1)
        yield from entries(context, node.right, scope, depth + 1)
    elif isinstance(node, ast.Name | ast.Attribute) and depth < 5:
        for value, where in context.resolver.values(node, scope):
            yield from entries(context, value, where, depth + 1)
        for key, value, where in context.stored(node.id) if isinstance(node, ast.Name) else ():
            text = context.evaluator.text(key, where) if where is scope else None
            if text:
                yield text, value, where


def is_none(node: ast.expr) -> bool:
    """Whether an expression is the literal `None`."""
    return isinstance(node, ast.Constant) and node.value is None
