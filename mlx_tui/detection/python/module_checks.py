"""Named checks over a module as a whole, and its imports."""

import ast
import re
from collections.abc import Callable, Iterator

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.python.hits import Context, Hit, shown
from mlx_tui.detection.python.patterns import PatternIndex
from mlx_tui.detection.python.scopes import Function, Imported, Module, Place, Site
from mlx_tui.detection.python.test_files import is_test_file
from mlx_tui.detection.rules import ImportRule
from mlx_tui.detection.uri import HOLE

ModuleCheck = Callable[[Context, str, str], Iterator[Hit]]
"""Takes the context, the feature's id and the rule's id."""


class ImportRules:
    """The codebook's rules over imports."""

    def __init__(self, codebook: Codebook) -> None:
        declared = [
            (pattern, (feature, rule)) for feature, rule in codebook.rules(ImportRule) for pattern in rule.modules
        ]
        self._index = PatternIndex(declared)
        self.roots = frozenset(pattern.partition(".")[0] for pattern, _ in declared)

    def match(self, context: Context) -> Iterator[Hit]:
        """Yields what a module's imports show, each statement once a rule."""
        for site in context.module.imports:
            seen: set[str] = set()
            for name in _imported_names(site, context):
                for prefix in _prefixes(name):
                    for feature, rule in self._index.find(prefix):
                        if rule.id not in seen:
                            seen.add(rule.id)
                            yield Hit(feature, site.place, rule.id, f"imports {name}", tier=rule.tier)


def _imported_names(site: Site, context: Context) -> Iterator[str]:
    """The qualified names that a statement imports from outside the repository."""
    node, module = site.node, context.module
    if isinstance(node, ast.Import):
        for alias in node.names:
            if context.resolver.index.find(Imported(alias.name), module) is None:
                yield alias.name
    elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
        for alias in node.names:
            imported = Imported(node.module, "" if alias.name == "*" else alias.name)
            local = context.resolver.index.find(imported, module)
            if local is None or (node.module == "mlflow" and not context.resolver.attribute(local, alias.name)):
                yield node.module if alias.name == "*" else f"{node.module}.{alias.name}"


def _prefixes(name: str) -> Iterator[str]:
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        yield ".".join(parts[:length])


_URI = re.compile(r"\s*(?:mlflow .*?\s)?(?:runs|models):/")
_TESTS_PREFIX = frozenset(
    {"startswith", "replace", "split", "removeprefix", "partition", "match", "lstrip", "strip", "search", "sub"}
)


def model_uri(context: Context, feature: str, rule: str) -> Iterator[Hit]:
    """A `runs:/…` or `models:/…` URI stands in the code."""
    skipped = _compared(context)
    for site in context.module.strings:
        text = _literal_start(site.node)
        if id(site.node) not in skipped and _URI.match(text):
            shown_text = context.evaluator.text(site.node, site.scope) if isinstance(site.node, ast.JoinedStr) else text
            value = (shown_text or text).replace(HOLE, "{…}")[:200]
            yield Hit(feature, site.place, rule, "a URI of a run's or a registered model stands in the code", value)


def _compared(context: Context) -> set[int]:
    """Texts that only test or cut a URI's prefix."""
    skipped: set[int] = set()
    for resolved in context.calls:
        function = resolved.call.node.func
        if isinstance(function, ast.Attribute) and function.attr in _TESTS_PREFIX:
            for item in resolved.call.node.args:
                skipped.update(id(part) for part in (item.elts if isinstance(item, ast.Tuple) else [item]))
    return skipped


def _literal_start(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        node = node.values[0] if node.values else node
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


_TIME_TRAVEL = re.compile(r"versionAsOf|timestampAsOf", re.IGNORECASE)
_TIME_TRAVEL_SQL = re.compile(r"\bFROM\b.*\b(VERSION|TIMESTAMP)\s+AS\s+OF\b", re.IGNORECASE | re.DOTALL)


def time_travel(context: Context, feature: str, rule: str) -> Iterator[Hit]:
    """Delta's `versionAsOf`, `timestampAsOf`, or the same in SQL."""
    for site in context.module.strings:
        text = _all_text(site.node)
        if _TIME_TRAVEL.fullmatch(text) or _TIME_TRAVEL_SQL.search(text):
            yield Hit(feature, site.place, rule, "reads a table as of a version or a time", text[:100])
    for resolved in context.calls:
        for keyword in resolved.call.node.keywords:
            if keyword.arg and _TIME_TRAVEL.fullmatch(keyword.arg):
                place = Place(resolved.call.place.cell, keyword.lineno)
                yield Hit(feature, place, rule, "reads a table as of a version or a time", keyword.arg)


def _all_text(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_literal_start(value) or " " for value in node.values)
    return _literal_start(node)


def spark_runs(context: Context, feature: str, rule: str) -> Iterator[Hit]:
    """`spark.read.format("mlflow-experiment")`."""
    for site in context.module.strings:
        if _literal_start(site.node) == "mlflow-experiment":
            yield Hit(feature, site.place, rule, "Spark reads the runs of an experiment")


def project_steps(context: Context, feature: str, rule: str) -> Iterator[Hit]:
    """`mlflow.run` is called for two steps or more, by its own calls or those of a function that holds one."""
    sites: list[Place] = []
    steps = 0
    for resolved in context.calls:
        if resolved.mlflow in ("mlflow.run", "mlflow.projects.run"):
            sites.append(resolved.call.place)
            function = resolved.call.scope.enclosing_function
            steps += max(1, _calls_of(context, function)) if function is not None else 1
            steps += _in_loop(context.module, resolved.call.node)
    if steps >= 2:
        yield Hit(feature, sites[0], rule, f"mlflow.run is called for {steps} steps")


def _calls_of(context: Context, function: Function) -> int:
    return sum(function in resolved.targets for resolved in context.calls)


def _in_loop(module: Module, node: ast.Call) -> int:
    return sum(1 for start, end in module.loops if start <= node.lineno <= end) and 1


def tests(context: Context, feature: str, rule: str) -> Iterator[Hit]:
    """A `test_*.py` or `*_test.py` holds a function `test*`, or a class with such a method."""
    if not is_test_file(context.module.path):
        return
    for function in context.module.functions:
        outermost = function.outer is context.module.scope or function.owner is not None
        if outermost and function.node.name.startswith("test"):
            yield Hit(feature, function.place, rule, is_a_test(function.name))
            return


def is_a_test(name: str) -> str:
    """Why a test is one."""
    return f"{name} is a test"


def metaflow_flow(context: Context, feature: str, rule: str) -> Iterator[Hit]:
    """A class derives from Metaflow's `FlowSpec`."""
    for cls in context.module.classes:
        for base in cls.node.bases:
            names = context.resolver.resolve(base, cls.outer)
            if any(
                isinstance(name, str) and name.startswith("metaflow.") and name.endswith("FlowSpec") for name in names
            ):
                place = Place(None, cls.node.lineno)
                yield Hit(feature, place, rule, f"the class {cls.node.name} derives from {shown(base)}")


MODULE_CHECKS: dict[str, ModuleCheck] = {
    "model_uri": model_uri,
    "time_travel": time_travel,
    "spark_runs": spark_runs,
    "project_steps": project_steps,
    "tests": tests,
    "metaflow_flow": metaflow_flow,
}
"""The checks by the name that a codebook gives them."""
