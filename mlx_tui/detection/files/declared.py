"""Rules that a codebook declares on files: by name and content, and by key path in YAML, TOML and JSON."""

import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec
import yaml

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.files.evidence import evidence, unparseable
from mlx_tui.detection.model import Anomaly, Finding
from mlx_tui.detection.rules import FileRule, KeyRule
from mlx_tui.detection.source import RepositoryView, SourceFile
from mlx_tui.formats.toml_lines import TomlDocument, TomlError
from mlx_tui.formats.yaml_commands import compose_template
from mlx_tui.formats.yaml_lines import YamlError, entries, items, line_of, scalar
from mlx_tui.text_files import UnreadableError

MAX_DEPTH = 30
MAX_FOUND = 1_000

Value = tuple[int, str]
"""The line and the text of a value at a key path."""


def match_repository(repository: RepositoryView, codebook: Codebook) -> Iterator[Finding | Anomaly]:
    """Yields what the codebook's rules on files and keys find."""
    for feature, rule in codebook.rules(FileRule):
        for path in _named(repository, rule.files, ignore_case=rule.ignore_case):
            yield from _file(repository, path, feature, rule)
    for feature, key_rule in codebook.rules(KeyRule):
        for path in _named(repository, key_rule.files, ignore_case=False):
            yield from _keys(repository, path, feature, key_rule)


def _named(repository: RepositoryView, patterns: tuple[str, ...], *, ignore_case: bool) -> Iterator[str]:
    compiled = [(path_pattern(pattern, ignore_case=ignore_case), "/" in pattern) for pattern in patterns]
    for path in repository.paths:
        name = posixpath.basename(path)
        if any(pattern.fullmatch(path if whole else name) for pattern, whole in compiled):
            yield path


@lru_cache(maxsize=512)
def path_pattern(pattern: str, *, ignore_case: bool = False) -> re.Pattern[str]:
    """The regular expression of a path's pattern: `*` and `?` inside a component, `**` over any number."""
    result = ""
    for part in re.split(r"(\*\*/|\*\*|\*|\?)", pattern):
        result += {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(part, re.escape(part))
    return re.compile(result, re.IGNORECASE if ignore_case else 0)


def _file(repository: RepositoryView, path: str, feature: str, rule: FileRule) -> Iterator[Finding | Anomaly]:
    try:
        file = repository.open(path)
    except UnreadableError as error:
        yield Anomaly(path, error.kind, str(error))
        return
    line = 1
    if rule.contains:
        found = re.search(rule.contains, file.text, re.MULTILINE)
        if found is None:
            return
        line = file.text.count("\n", 0, found.start()) + 1
    yield evidence(file, feature, line, rule.id, rule.note or "the file's name and content match")


def _keys(repository: RepositoryView, path: str, feature: str, rule: KeyRule) -> Iterator[Finding | Anomaly]:
    try:
        file = repository.open(path)
        values = [value for key in rule.keys for value in values_at(file, tuple(key.split(".")))]
    except UnreadableError as error:
        yield Anomaly(path, error.kind, str(error))
        return
    except (YamlError, TomlError) as error:
        yield unparseable(file, error)
        return
    for line, text in values[:MAX_FOUND]:
        if re.search(rule.value, text):
            yield evidence(file, feature, line, rule.id, rule.note or "the key's value matches", value=text[:200])


def values_at(file: SourceFile, keys: tuple[str, ...]) -> list[Value]:
    """The values at a key path of a YAML, TOML or JSON file; `*` is one key or item, `**` any number.

    Raises:
        YamlError: The file is neither YAML nor JSON.
        TomlError: A `.toml` file isn't TOML.
    """
    if file.suffix == ".toml":
        document = TomlDocument(file.text)
        return list(_in_plain(document, document.values, keys, ()))
    if file.suffix == ".json":
        try:
            msgspec.json.decode(file.text)
        except (msgspec.DecodeError, RecursionError) as error:
            raise YamlError(str(error)) from error
    return [value for root in compose_template(file.text) for value in _in_node(root, keys, 0)]


def _in_node(node: yaml.Node, keys: tuple[str, ...], depth: int) -> Iterator[Value]:
    if depth > MAX_DEPTH:
        return
    if not keys:
        text = scalar(node)
        if text is not None:
            yield line_of(node), text
        elif not isinstance(node, yaml.ScalarNode):
            yield line_of(node), ""
        return
    head, rest = keys[0], keys[1:]
    if head == "**":
        yield from _in_node(node, rest, depth + 1)
        for child in [*items(node), *(entry.node for entry in entries(node))]:
            yield from _in_node(child, keys, depth + 1)
        return
    for entry in entries(node):
        if head in {"*", entry.key}:
            yield from _in_node(entry.node, rest, depth + 1)
    for number, item in enumerate(items(node)):
        if head in {"*", str(number)}:
            yield from _in_node(item, rest, depth + 1)


def _in_plain(document: TomlDocument, value: object, keys: tuple[str, ...], path: tuple[str, ...]) -> Iterator[Value]:
    if not keys:
        yield document.line(*path), "" if isinstance(value, dict | list) else str(value)
        return
    if len(path) > MAX_DEPTH:
        return
    head, rest = keys[0], keys[1:]
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if head == "**":
        yield from _in_plain(document, value, rest, path)
        for key, child in children:
            yield from _in_plain(document, child, keys, (*path, str(key)))
        return
    for key, child in children:
        if head in {"*", str(key)}:
            yield from _in_plain(document, child, rest, (*path, str(key)))
