"""The codebook as data: features and their rules, read from TOML and validated.

The built-in codebook is `codebook.toml` beside this module. A study may bring one of its own, which adds features,
or replaces those of the same id.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import msgspec

from mlx_tui.detection.model import Feature
from mlx_tui.detection.rules import KNOWN_CHECKS, AnyRule, CheckRule, Integration, Rule
from mlx_tui.detection.toml_lines import line_of_path

R = TypeVar("R", bound=Rule)


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
    """

    version: str
    hash: str
    tables: tuple[FeatureTable, ...]
    integrations: tuple[Integration, ...]

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
    if path is not None:
        own = path.read_bytes()
        digest.update(own)
        table = _merge(table, _parse(own, str(path)))
    return Codebook(table.version, digest.hexdigest(), table.feature, table.integration)


def _parse(data: bytes, name: str) -> CodebookTable:
    try:
        text = data.decode("utf-8")
        document = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CodebookError(f"{name}: {error}") from error
    try:
        table = msgspec.convert(document, CodebookTable)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `")
        line, key = line_of_path(text, where.rstrip("`") or "$")
        raise CodebookError(f"{name}:{line}: {key}: {message}") from error
    for kind, ids in _ids(table):
        _check_unique(ids, kind, name, text)
    for feature in table.feature:
        for rule in feature.rule:
            if isinstance(rule, CheckRule) and rule.check not in KNOWN_CHECKS:
                known = ", ".join(sorted(KNOWN_CHECKS))
                message = f"no check is called {rule.check!r}; there are {known}"
                raise CodebookError(f"{name}:{_last_line(text, rule.check)}: check: {message}")
            _check_expressions(rule, name, text)
    return table


def _check_expressions(rule: Rule, name: str, text: str) -> None:
    for key in ("contains", "pattern", "value"):
        expression = getattr(rule, key, "")
        if isinstance(expression, str):
            try:
                re.compile(expression)
            except re.error as error:
                line = _last_line(text, rule.id)
                raise CodebookError(f"{name}:{line}: {key}: not a regular expression: {error}") from error


def _last_line(text: str, value: str) -> int:
    """The last line that holds a quoted value; 1 where none does."""
    return max((n for n, row in enumerate(text.split("\n"), 1) if f'"{value}"' in row), default=1)


def _ids(table: CodebookTable) -> Iterator[tuple[str, list[str]]]:
    yield "feature", [feature.id for feature in table.feature]
    rules = [rule.id for feature in table.feature for rule in feature.rule]
    yield "rule", rules + [integration.id for integration in table.integration]


def _check_unique(ids: Iterable[str], kind: str, name: str, text: str) -> None:
    seen: set[str] = set()
    for value in ids:
        if value in seen:
            raise CodebookError(f"{name}:{_last_line(text, value)}: id: the {kind} {value!r} is declared twice")
        seen.add(value)


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
