"""The codebook as data: features and their rules, read from TOML and validated.

The built-in codebook is `codebook.toml` beside this module. A study may bring one of its own, which adds features,
or replaces those of the same id.
"""

import hashlib
import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import msgspec

from mlx_tui.detection.codebook_checks import problems
from mlx_tui.detection.model import Feature
from mlx_tui.detection.rules import AnyRule, Integration, Rule
from mlx_tui.detection.toml_lines import line_of_path
from mlx_tui.json_file import prepare

R = TypeVar("R", bound=Rule)

_UNKNOWN_FIELD = re.compile(r"unknown field `([^`]*)`")
_MISSING_FIELD = re.compile(r"missing required field `([^`]*)`")
_AT_LINE = re.compile(r"\(at line (\d+)")


class CodebookError(ValueError):
    """A codebook is wrong; the message names the file, the line and the key."""


class FeatureTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One `[[feature]]` of the TOML, with its rules."""

    id: str
    title: str
    dimension: str
    definition: str
    excludes: str = ""
    detected: bool = True
    rule: tuple[AnyRule, ...] = ()


class CodebookTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The TOML document."""

    version: str = ""
    feature: tuple[FeatureTable, ...] = ()
    integration: tuple[Integration, ...] = ()


@dataclass(frozen=True)
class Codebook:
    """Features in the codebook's order, and the rules that find them.

    Attributes:
        version: The codebook's own version.
        hash: SHA-256 of the TOML (and of the study's own, where there is one), in hexadecimal.
        tables: The features as declared.
        integrations: Libraries that log to MLflow.
        replaced: Features whose rules a study's own codebook gives: nothing else finds them.
    """

    version: str
    hash: str
    tables: tuple[FeatureTable, ...]
    integrations: tuple[Integration, ...]
    replaced: frozenset[str] = frozenset()

    @property
    def identity(self) -> str:
        """Version and hash, `1.0+1a2b3c4d`: scans that share it looked for the same."""
        return f"{self.version}+{self.hash[:8]}"

    @cached_property
    def features(self) -> tuple[Feature, ...]:
        """Every feature in order."""
        return tuple(
            Feature(table.id, table.title, table.dimension, table.definition, table.excludes, table.detected)
            for table in self.tables
        )

    @cached_property
    def by_id(self) -> dict[str, Feature]:
        """The features by id."""
        return {feature.id: feature for feature in self.features}

    @cached_property
    def _by_kind(self) -> dict[type[Rule], list[tuple[str, Rule]]]:
        kinds: dict[type[Rule], list[tuple[str, Rule]]] = {}
        for table in self.tables:
            for rule in table.rule:
                kinds.setdefault(type(rule), []).append((table.id, rule))
        return kinds

    def rules(self, kind: type[R]) -> list[tuple[str, R]]:
        """The rules of one kind as (feature's id, rule), in order."""
        return [(feature, rule) for feature, rule in self._by_kind.get(kind, []) if isinstance(rule, kind)]

    @cached_property
    def _by_rule_id(self) -> dict[str, Rule | Integration]:
        rules: dict[str, Rule | Integration] = {rule.id: rule for table in self.tables for rule in table.rule}
        return rules | {integration.id: integration for integration in self.integrations}

    @cached_property
    def _declared_for(self) -> dict[str, frozenset[str]]:
        shared = {integration.id for integration in self.integrations}
        return {table.id: frozenset({rule.id for rule in table.rule} | shared) for table in self.tables}

    def counts(self, feature_id: str, rule_id: str) -> bool:
        """Whether evidence of a feature counts by the rule that found it.

        What the program finds without a declared rule doesn't, where a study replaced the feature.
        """
        return feature_id not in self.replaced or rule_id in self._declared_for[feature_id]

    def rule(self, rule_id: str) -> Rule | Integration | None:
        """A rule or an integration by its id."""
        return self._by_rule_id.get(rule_id)


def load_codebook(path: Path | None = None) -> Codebook:
    """Loads the built-in codebook, and over it a study's own.

    Args:
        path: A `codebook.toml` that adds or replaces features; None for the built-in one alone.

    Raises:
        CodebookError: A codebook is wrong; the message names file, line and key.
        OSError: The file can't be read.
    """
    resource = files("mlx_tui.detection") / "codebook.toml"
    data = resource.read_bytes()
    table = _parse(data, "codebook.toml")
    digest = hashlib.sha256(data)
    replaced: frozenset[str] = frozenset()
    if path is not None:
        written = path.read_bytes()
        digest.update(written)
        own = _parse(written, str(path), table)
        replaced = frozenset(feature.id for feature in own.feature) & {feature.id for feature in table.feature}
        table = _merge(table, own)
    return Codebook(table.version, digest.hexdigest(), table.feature, table.integration, replaced)


def _parse(data: bytes, name: str, base: CodebookTable | None = None) -> CodebookTable:
    """Reads a codebook; where it is laid over another, together they have to make sense."""
    document, text = _toml(data, name)
    prepare(CodebookTable)
    try:
        table = msgspec.convert(document, CodebookTable)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `")
        path = where.rstrip("`") or "$"
        if unknown := _UNKNOWN_FIELD.search(message):
            path = f"{path}.{unknown[1]}"
            message = f"unknown key `{unknown[1]}`"
        elif missing := _MISSING_FIELD.search(message):
            line, _ = line_of_path(text, path)
            raise CodebookError(f"{name}:{line}: {missing[1]}: the key is missing") from error
        raise _error(name, text, path, message) from error
    replaced = {feature.id for feature in table.feature}
    own_integrations = {integration.id for integration in table.integration}
    features = base.feature if base is not None else ()
    rules = [rule.id for feature in features if feature.id not in replaced for rule in feature.rule]
    rules += [item.id for item in (base.integration if base is not None else ()) if item.id not in own_integrations]
    found = problems(
        table.feature,
        table.integration,
        other_features=frozenset(feature.id for feature in features),
        other_rules=frozenset(rules),
    )
    for problem in found:
        raise _error(name, text, problem.path, problem.message)
    return table


def _toml(data: bytes, name: str) -> tuple[dict[str, object], str]:
    try:
        text = data.decode("utf-8")
        return tomllib.loads(text), text
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CodebookError(f"{name}:{line}: not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        place = _AT_LINE.search(str(error))
        line = int(place[1]) if place else data.count(b"\n") + 1
        raise CodebookError(f"{name}:{line}: not TOML: {error}") from error


def _error(name: str, text: str, path: str, message: str) -> CodebookError:
    line, key = line_of_path(text, path)
    return CodebookError(f"{name}:{line}: {key}: {message}")


def _merge(base: CodebookTable, own: CodebookTable) -> CodebookTable:
    replaced = {feature.id: feature for feature in own.feature}
    features = [replaced.pop(feature.id, feature) for feature in base.feature]
    integrations = {item.id: item for item in (*base.integration, *own.integration)}
    version = f"{base.version}-{own.version}" if own.version else f"{base.version}-own"
    return CodebookTable(
        version=version,
        feature=(*features, *replaced.values()),
        integration=tuple(integrations.values()),
    )
