"""Matches calls against the rules that a codebook declares: calls, arguments, integrations, decorators."""

import ast
from collections.abc import Iterator

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.model import Tier
from mlx_tui.detection.python.hits import Argument, Context, Hit, ResolvedCall, argument, is_none, shown
from mlx_tui.detection.python.patterns import PatternIndex
from mlx_tui.detection.python.scopes import Call, Scope, Site
from mlx_tui.detection.python.values import Unknown
from mlx_tui.detection.rules import ArgumentRule, CallRule, Integration, Unless
from mlx_tui.detection.uri import HOLE

USAGE = "usage.mlflow"


class CallRules:
    """The codebook's rules over calls, ready to be asked by name."""

    def __init__(self, codebook: Codebook) -> None:
        self._calls = PatternIndex(
            (pattern, (feature, rule)) for feature, rule in codebook.rules(CallRule) for pattern in rule.calls
        )
        self._arguments = PatternIndex(
            (pattern, (feature, rule)) for feature, rule in codebook.rules(ArgumentRule) for pattern in rule.calls
        )
        self._integrations = PatternIndex(
            (pattern, integration) for integration in codebook.integrations for pattern in integration.calls
        )

    def match(self, context: Context, resolved: ResolvedCall) -> Iterator[Hit]:
        """Yields what a call shows; each rule at most once."""
        seen: set[str] = set()
        for name in resolved.names:
            for feature, rule in self._calls.find(name):
                if rule.id not in seen and _call_counts(context, resolved.call, rule):
                    seen.add(rule.id)
                    yield _call_hit(context, resolved.call, feature, rule, name)
            for feature, argument_rule in self._arguments.find(name):
                found = (
                    None
                    if argument_rule.id in seen
                    else _argument_hit(context, resolved.call, feature, argument_rule, name)
                )
                if found is not None:
                    seen.add(argument_rule.id)
                    yield found
            for integration in self._integrations.find(name):
                if integration.id not in seen and _integration_counts(context, resolved.call, integration):
                    seen.add(integration.id)
                    yield from _integration_hits(context, resolved.call, integration, name)

    def decorators(self, context: Context, site: Site) -> Iterator[Hit]:
        """Yields what a decorator without a call shows."""
        if not isinstance(site.node, ast.Attribute | ast.Name):
            return
        for name in context.resolver.resolve(site.node, site.scope):
            for feature, rule in self._calls.find(name) if isinstance(name, str) else ():
                if rule.decorator:
                    why = f"the decorator `{shown(site.node)}` is {name}"
                    yield Hit(feature, site.place, rule.id, why, tier=rule.tier)


def _call_counts(context: Context, call: Call, rule: CallRule) -> bool:
    if _taken_out(context, call, rule.unless, rule.positions) or not _has_value(context, call, rule.when):
        return False
    return not rule.given or any(_given(context, call, name, rule.positions) for name in rule.given)


def _given(context: Context, call: Call, name: str, positions: dict[str, int]) -> bool:
    found = argument(context, call, name, positions.get(name))
    return found is not None and not is_none(found.value)


def _taken_out(context: Context, call: Call, unless: tuple[Unless, ...], positions: dict[str, int]) -> bool:
    for item in unless:
        found = argument(context, call, item.argument, positions.get(item.argument))
        if found is not None and isinstance(found.value, ast.Constant) and found.value.value == item.literal:
            return True
    return False


def _call_hit(context: Context, call: Call, feature: str, rule: CallRule, name: str) -> Hit:
    found = argument(context, call, rule.value_of, rule.positions.get(rule.value_of)) if rule.value_of else None
    value = known_text(context, found) if found is not None else ""
    return Hit(feature, call.place, rule.id, resolution(call.node, name), value, rule.tier)


def _argument_hit(context: Context, call: Call, feature: str, rule: ArgumentRule, name: str) -> Hit | None:
    for wanted in rule.arguments:
        found = argument(context, call, wanted, rule.positions.get(wanted))
        if found is None or is_none(found.value):
            continue
        if rule.true and context.evaluator.value(found.value, found.scope) is not True:
            continue
        why = f"`{wanted}=` is given; {resolution(call.node, name)}"
        return Hit(feature, found.place, rule.id, why, known_text(context, found) if rule.value else "", rule.tier)
    return None


def _integration_counts(context: Context, call: Call, integration: Integration) -> bool:
    return not _taken_out(context, call, integration.unless, {}) and _has_value(context, call, integration.when)


def _has_value(context: Context, call: Call, when: dict[str, tuple[str | bool, ...]]) -> bool:
    """Whether one of the arguments has one of the values that it is to have; true where none is asked for."""
    if not when:
        return True
    for name, wanted in when.items():
        found = argument(context, call, name)
        if found is not None and any(value in wanted for value in _values(context, found.value, found.scope)):
            return True
    return False


def _values(context: Context, node: ast.expr, scope: Scope) -> Iterator[str | bool]:
    """The value of an expression, or those of a literal list."""
    items = context.resolver.items(node, scope) or [(node, scope)]
    for item, where in items:
        value = context.evaluator.value(item, where)
        if isinstance(value, str | bool):
            yield value
    for name in context.resolver.resolve(node, scope):
        if isinstance(name, str) and name.endswith("LoggerType.MLFLOW"):
            yield "mlflow"


def _integration_hits(context: Context, call: Call, integration: Integration, name: str) -> Iterator[Hit]:
    why = f"{resolution(call.node, name)}: {integration.note or 'it logs to MLflow'}"
    for feature in (USAGE, *integration.features):
        value = "managed" if feature == "tracking.configured" else ""
        yield Hit(feature, call.place, integration.id, why, value, Tier.INTEGRATION)
    for wanted, feature in integration.arguments.items():
        found = argument(context, call, wanted)
        if found is not None and not is_none(found.value):
            value = known_text(context, found)
            yield Hit(feature, call.place, integration.id, f"`{wanted}=` is given; {why}", value, Tier.INTEGRATION)


def known_text(context: Context, found: Argument) -> str:
    """An argument's value as text with holes."""
    value = context.evaluator.value(found.value, found.scope)
    if isinstance(value, Unknown):
        return HOLE
    return HOLE if value is None else str(value)


def resolution(node: ast.Call, name: str) -> str:
    """How a callee resolved, in words."""
    written = shown(node.func)
    return f"`{written}` is {name}" if written != name else f"a call of {name}"
