"""What a codebook may not say, beyond the types of its keys: each problem with its place in the document."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from mlx_tui.detection.rules import KNOWN_CHECKS, AnyRule, CheckRule, CommandRule, Integration

_ID = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+")
_PATTERN = re.compile(r"(\*\*|[\w*?]+(\(\))?)(\.(\*\*|[\w*?]+(\(\))?))*")
_LISTS = ("calls", "arguments", "modules", "files", "keys", "names")
_EXPRESSIONS = ("contains", "pattern", "value")
_PATTERNS = ("calls", "modules")


class Problem(NamedTuple):
    """What is wrong, and where: a path into the document as msgspec writes it, `$.feature[3].rule[0].calls`."""

    path: str
    message: str


class Table(Protocol):
    """A feature as declared."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def rule(self) -> Sequence[AnyRule]:
        """Its rules."""


def problems(
    features: Sequence[Table],
    integrations: Sequence[Integration],
    *,
    other_features: frozenset[str] = frozenset(),
    other_rules: frozenset[str] = frozenset(),
) -> Iterator[Problem]:
    """Yields what is wrong with the features and integrations of one document, in its order.

    Args:
        features: Its `[[feature]]` tables.
        integrations: Its `[[integration]]` tables.
        other_features: Ids of features that stand beside them, in the built-in codebook.
        other_rules: Ids of the rules that stay in force beside them.
    """
    feature_ids: set[str] = set()
    rule_ids = set(other_rules)
    for number, feature in enumerate(features):
        path = f"$.feature[{number}]"
        if not _ID.fullmatch(feature.id):
            yield Problem(f"{path}.id", f"{feature.id!r} is no id of a feature: write dimension.name, without spaces")
        if feature.id in feature_ids:
            yield Problem(f"{path}.id", f"the feature {feature.id!r} is declared twice")
        feature_ids.add(feature.id)
        for position, rule in enumerate(feature.rule):
            here = f"{path}.rule[{position}]"
            yield from _twice(rule.id, rule_ids, here)
            yield from _of_rule(rule, here)
    for number, integration in enumerate(integrations):
        here = f"$.integration[{number}]"
        yield from _twice(integration.id, rule_ids, here)
        yield from _of_lists(integration, here)
        for feature_id in (*integration.features, *integration.arguments.values()):
            if feature_id not in feature_ids | other_features:
                key = "features" if feature_id in integration.features else "arguments"
                yield Problem(f"{here}.{key}", f"the codebook has no feature {feature_id!r}")


def _twice(rule_id: str, seen: set[str], path: str) -> Iterator[Problem]:
    if rule_id in seen:
        yield Problem(f"{path}.id", f"the rule {rule_id!r} is declared twice; rules of the built-in codebook count too")
    seen.add(rule_id)


def _of_rule(rule: AnyRule, path: str) -> Iterator[Problem]:
    yield from _of_lists(rule, path)
    if isinstance(rule, CheckRule) and rule.check not in KNOWN_CHECKS:
        known = ", ".join(sorted(KNOWN_CHECKS))
        yield Problem(f"{path}.check", f"no check is called {rule.check!r}; there are {known}")
    for key in _EXPRESSIONS:
        expression = getattr(rule, key, None)
        if not isinstance(expression, str):
            continue
        try:
            groups = re.compile(expression).groups
        except (re.error, RecursionError, OverflowError) as error:
            yield Problem(f"{path}.{key}", f"not a regular expression: {error}")
            continue
        if isinstance(rule, CommandRule) and not 0 <= rule.value_group <= groups:
            yield Problem(f"{path}.value_group", f"the pattern has {groups} group(s), not {rule.value_group}")


def _of_lists(rule: AnyRule | Integration, path: str) -> Iterator[Problem]:
    for key in _LISTS:
        values = getattr(rule, key, None)
        if values == ():
            yield Problem(f"{path}.{key}", "the list is empty: the rule could never match")
        for value in values or ():
            if not value:
                yield Problem(f"{path}.{key}", "an entry is empty")
            elif key in _PATTERNS and not _PATTERN.fullmatch(value):
                yield Problem(
                    f"{path}.{key}",
                    f"{value!r} is no qualified name: write wandb.log, wandb.**.log or wandb.init().log",
                )
