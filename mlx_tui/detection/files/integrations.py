"""Integrations that are declared in YAML: Hydra's `_target_`, kedro-mlflow, MLflow Recipes, ZenML (ground rule 4)."""

import posixpath
import re
from collections.abc import Iterator

import yaml

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.files.evidence import evidence
from mlx_tui.detection.model import Finding, Tier
from mlx_tui.detection.python.patterns import compile_pattern
from mlx_tui.detection.rules import CallRule, Integration
from mlx_tui.detection.settings import tracking_uri
from mlx_tui.detection.source import SourceFile
from mlx_tui.formats.yaml_lines import Entry, entries, get, items, line_of, mappings, scalar

_KEDRO_TYPES = (
    (re.compile(r"Metric"), "metrics.logged"),
    (re.compile(r"ModelRegistry"), "models.loaded"),
    (re.compile(r"Model"), "models.logged"),
    (re.compile(r"Artifact"), "artifacts.logged"),
)


def match_integrations(file: SourceFile, root: yaml.Node, codebook: Codebook) -> Iterator[Finding]:
    """Yields what a YAML document declares of integrations."""
    if b"_target_" in file.data or b"class_path" in file.data:
        yield from _targets(file, root, codebook)
    if b"kedro_mlflow" in file.data:
        yield from _kedro_types(file, root)
    if file.name in {"mlflow.yml", "mlflow.yaml"}:
        yield from _kedro_settings(file, root)
    if b"experiment" in file.data or file.name in {"recipe.yaml", "pipeline.yaml"}:
        yield from _recipes(file, root)
    if b"experiment_tracker" in file.data:
        yield from _zenml(file, root)


def _targets(file: SourceFile, root: yaml.Node, codebook: Codebook) -> Iterator[Finding]:
    for mapping in mappings(root):
        siblings = {entry.key: entry for entry in entries(mapping)}
        target = siblings.get("_target_") or siblings.get("class_path")
        name = scalar(target.node) if target else None
        if target is None or not name or "." not in name:
            continue
        given = siblings
        if "init_args" in siblings:
            given = {entry.key: entry for entry in entries(siblings["init_args"].node)}
        for integration in codebook.integrations:
            if any(compile_pattern(pattern).fullmatch(name) for pattern in integration.calls):
                yield from _integration(file, target.line, name, integration, given)
        yield from _calls(file, target.line, name, codebook, given)


def _integration(
    file: SourceFile, line: int, name: str, integration: Integration, given: dict[str, Entry]
) -> Iterator[Finding]:
    if any(given_value(given, rule.argument) == str(rule.literal).lower() for rule in integration.unless):
        return
    if integration.when and not any(_one_of(given, key, values) for key, values in integration.when.items()):
        return
    why = f"`_target_: {name}` constructs a recognised integration"
    for feature in ("usage.mlflow", *integration.features):
        yield evidence(file, feature, line, integration.id, why, tier=Tier.INTEGRATION)
    for argument, feature in integration.arguments.items():
        entry = given.get(argument)
        if entry is None or (isinstance(entry.node, yaml.ScalarNode) and scalar(entry.node) is None):
            continue
        value, reason = scalar(entry.node) or "", f"{why} with `{argument}`"
        if feature == "tracking.configured":
            yield from _uri(file, line, value, reason, integration.id)
        else:
            yield evidence(file, feature, line, integration.id, reason, value=value, tier=Tier.INTEGRATION)


def given_value(given: dict[str, Entry], key: str) -> str:
    """The text of an argument in lower case; empty where it isn't given."""
    return (scalar(given[key].node) or "").lower() if key in given else ""


def _one_of(given: dict[str, Entry], key: str, values: tuple[str | bool, ...]) -> bool:
    if key not in given:
        return False
    wanted = {str(value).lower() for value in values}
    texts = [scalar(item) or "" for item in items(given[key].node)] or [scalar(given[key].node) or ""]
    return any(text.lower() in wanted for text in texts)


def _calls(file: SourceFile, line: int, name: str, codebook: Codebook, given: dict[str, Entry]) -> Iterator[Finding]:
    """A `_target_` is a call: the codebook's rules on calls apply, as far as their arguments are given."""
    if name.startswith("mlflow."):
        yield evidence(file, "usage.mlflow", line, "target", f"`_target_: {name}` calls MLflow", tier=Tier.DIRECT)
    for feature, rule in codebook.rules(CallRule):
        if rule.given and not any(key in given for key in rule.given):
            continue
        if any(compile_pattern(pattern).fullmatch(name) for pattern in rule.calls):
            yield evidence(file, feature, line, rule.id, f"`_target_: {name}` is a call of it", tier=rule.tier)


def _kedro_types(file: SourceFile, root: yaml.Node) -> Iterator[Finding]:
    for mapping in mappings(root):
        for entry in entries(mapping):
            kind = scalar(entry.node) if entry.key == "type" else None
            if not kind or not kind.startswith("kedro_mlflow."):
                continue
            why = f"a kedro-mlflow dataset of type `{kind}`"
            feature = next((feature for pattern, feature in _KEDRO_TYPES if pattern.search(kind)), None)
            for found in ("usage.mlflow", *([feature] if feature else [])):
                yield evidence(
                    file, found, entry.line, "integration.kedro_mlflow", why, value=kind, tier=Tier.INTEGRATION
                )


def _kedro_settings(file: SourceFile, root: yaml.Node) -> Iterator[Finding]:
    if get(root, "server") is None and get(root, "tracking") is None and get(root, "mlflow_tracking_uri") is None:
        return
    why = "kedro-mlflow's `mlflow.yml`"
    yield evidence(file, "usage.mlflow", 1, "integration.kedro_mlflow", why, tier=Tier.INTEGRATION)
    paths: tuple[tuple[str, ...], ...] = (("server", "mlflow_tracking_uri"), ("mlflow_tracking_uri",))
    for path in paths:
        node = get(root, *path)
        if uri := scalar(node):
            assert node is not None
            yield from _uri(file, line_of(node), uri, f"{why} sets `mlflow_tracking_uri`", "integration.kedro_mlflow")
    for path in (("tracking", "experiment", "name"), ("experiment", "name")):  # 0.8 and later; before
        node = get(root, *path)
        if name := scalar(node):
            assert node is not None
            rule, reason = "integration.kedro_mlflow", f"{why} names the experiment"
            yield evidence(file, "runs.experiment", line_of(node), rule, reason, value=name, tier=Tier.INTEGRATION)


def _uri(file: SourceFile, line: int, uri: str, why: str, rule: str) -> Iterator[Finding]:
    for finding in tracking_uri(file, line, uri, why, rule):
        yield evidence(
            file, finding.feature, line, rule, finding.explanation, value=finding.value, tier=Tier.INTEGRATION
        )


def _recipes(file: SourceFile, root: yaml.Node) -> Iterator[Finding]:
    declared = get(root, "recipe") or get(root, "template")
    recipe = file.name in {"recipe.yaml", "pipeline.yaml"} and re.match(r"\w+/v\d", scalar(declared) or "")
    profile = posixpath.basename(posixpath.dirname(file.path)) == "profiles" and get(root, "experiment") is not None
    if recipe:
        why = "an MLflow recipe"
        yield evidence(file, "usage.mlflow", 1, "integration.recipes", why, tier=Tier.INTEGRATION)
        yield evidence(file, "execution.pipeline", 1, "recipe", why)
    if not recipe and not profile:
        return
    why = "an MLflow recipe's profile" if profile else "an MLflow recipe"
    for path, feature in (
        (("experiment", "tracking_uri"), "tracking.configured"),
        (("experiment", "name"), "runs.experiment"),
        (("model_registry", "model_name"), "models.registered"),
    ):
        node = get(root, *path)
        value = scalar(node)
        if node is None or not value:
            continue
        reason = f"{why} sets `{'.'.join(path)}`"
        if feature == "tracking.configured":
            yield from _uri(file, line_of(node), value, reason, "integration.recipes")
        else:
            yield evidence(
                file, feature, line_of(node), "integration.recipes", reason, value=value, tier=Tier.INTEGRATION
            )


def _zenml(file: SourceFile, root: yaml.Node) -> Iterator[Finding]:
    for mapping in mappings(root):
        for entry in entries(mapping):
            named = scalar(entry.node) or scalar(get(entry.node, "flavor")) or scalar(get(entry.node, "name")) or ""
            if entry.key in {"experiment_tracker", "experiment_trackers"} and "mlflow" in named.lower():
                why = "ZenML's MLflow experiment tracker is named in a step or stack"
                yield evidence(
                    file, "usage.mlflow", entry.line, "integration.zenml", why, value=named, tier=Tier.INTEGRATION
                )
