"""Calls of the repository's own functions that lead to a direct call of MLflow (tier `wrapper`)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from mlx_tui.detection.model import Tier
from mlx_tui.detection.python.hits import Context, Hit
from mlx_tui.detection.python.scopes import Class, Function
from mlx_tui.detection.python.targets import Target

MAX_LINKS = 6
FEATURES = frozenset(
    {
        *("parameters.logged", "parameters.autologged", "metrics.logged", "metrics.evaluated", "artifacts.logged"),
        *("models.logged", "models.registered", "models.loaded", "data.logged", "tracking.configured"),
        *("runs.experiment", "runs.explicit", "runs.tagged", "runs.queried", "runs.traced"),
    }
)
"""The features that are calls, whose wrapping tells how a project uses MLflow."""


@dataclass(slots=True)
class Wrappers:
    """Which functions lead to which features, and by what chain.

    Attributes:
        chains: Function to (feature to the links that lead to a direct call).
    """

    chains: dict[Function, dict[str, tuple[str, ...]]] = field(default_factory=dict)

    def add_direct(self, context: Context, hits: list[Hit]) -> None:
        """Notes the functions in whose body direct hits stand."""
        owners = _owners(context)
        for hit in hits:
            function = owners.get(hit.place)
            if function is not None and hit.feature in FEATURES and hit.tier is not Tier.WRAPPER:
                link = f"{hit.explanation} ({_where(context, hit.place.cell, hit.place.line)})"
                self.chains.setdefault(function, {}).setdefault(hit.feature, (link,))

    def close(self, contexts: list[Context]) -> None:
        """Adds the functions that call a wrapper, up to `MAX_LINKS` calls away."""
        calls = [
            (function, target, f"{target.name} ({_where(context, *resolved.call.place)})")
            for context in contexts
            for resolved in context.calls
            if (function := resolved.call.scope.enclosing_function) is not None
            for target in _functions(resolved.targets)
        ]
        for _ in range(MAX_LINKS - 1):
            changed = False
            for function, target, link in calls:
                for feature, chain in list(self.chains.get(target, {}).items()) if target is not function else ():
                    known = self.chains.setdefault(function, {})
                    if feature not in known:
                        known[feature] = (link, *chain)
                        changed = True
            if not changed:
                return

    def match(self, context: Context) -> Iterator[Hit]:
        """Yields the call sites of wrappers in a module, each naming its chain."""
        for resolved in context.calls:
            for function in _functions(resolved.targets):
                for feature, chain in self.chains.get(function, {}).items():
                    why = " → ".join((function.name, *chain))
                    yield Hit(feature, resolved.call.place, "wrapper", why, function.name, Tier.WRAPPER)


def _functions(targets: tuple[Target, ...]) -> Iterator[Function]:
    """The functions that a callee may be; a class stands for its `__init__`."""
    for target in targets:
        if isinstance(target, Function):
            yield target
        elif isinstance(target, Class):
            for binding in target.scope.bindings.get("__init__", []):
                if isinstance(binding, Function):
                    yield binding


def _owners(context: Context) -> dict[tuple[int | None, int], Function]:
    """The innermost function at each line of a module that lies in one."""
    owners: dict[tuple[int | None, int], Function] = {}
    for function in context.module.functions:  # outer functions come first
        node = function.node
        for line in range(node.body[0].lineno, (node.end_lineno or node.lineno) + 1):
            owners[function.place.cell, line] = function
    return owners


def _where(context: Context, cell: int | None, line: int) -> str:
    return f"{context.module.path}{'' if cell is None else f'#{cell}'}:{line}"
