"""YAML with line numbers.

The document is composed, not constructed: no tag runs anything, aliases are shared and never expanded, and each
scalar keeps its line.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

MAX_BYTES = 2_000_000
MAX_VISITED = 200_000
MAX_DEPTH = 200

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlError(ValueError):
    """The text isn't YAML, or is larger than is read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a mapping with its value's node.

    Attributes:
        key: The key as text.
        line: The key's line, from 1.
        node: The value.
    """

    key: str
    line: int
    node: yaml.Node


def compose_all(text: str) -> list[yaml.Node]:
    """Parses every document of a YAML stream.

    Raises:
        YamlError: The text isn't YAML, nests too deep, or is larger than `MAX_BYTES`.
    """
    if len(text) > MAX_BYTES:
        raise YamlError(f"larger than {MAX_BYTES} characters")
    try:
        if _may_nest_deep(text):
            _check_depth(text)
        return [node for node in yaml.compose_all(text, Loader=_Loader) if node is not None]
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise YamlError(" ".join(str(error).split())) from error


def _may_nest_deep(text: str) -> bool:
    """Whether a text could nest deeper than `MAX_DEPTH`, from an upper bound that is cheap to take."""
    flow = text.count("[") + text.count("{")
    return flow > MAX_DEPTH or any(_block_bound(line) > MAX_DEPTH for line in text.splitlines())


def _block_bound(line: str) -> int:
    """How deep in block style the content of a line can stand: its indentation and the indicators on it."""
    return len(line) - len(line.lstrip()) + line.count("- ") + line.count("? ") + line.count(": ")


def _check_depth(text: str) -> None:
    """Raises YamlError for nesting on which composing, which recurses in C, would overflow the stack."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise YamlError(f"nests deeper than {MAX_DEPTH} levels")


def compose(text: str) -> yaml.Node | None:
    """Parses the first document of a YAML text; None where the text is empty.

    Raises:
        YamlError: As `compose_all`.
    """
    documents = compose_all(text)
    return documents[0] if documents else None


def line_of(node: yaml.Node) -> int:
    """The line on which a node starts, from 1."""
    return int(node.start_mark.line) + 1


def entries(node: yaml.Node | None) -> Iterator[Entry]:
    """Yields the entries of a mapping whose keys are scalars; nothing for any other node."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                yield Entry(str(key.value), line_of(key), value)


def get(node: yaml.Node | None, *path: str) -> yaml.Node | None:
    """Follows a path of keys through mappings; None where it ends early."""
    for key in path:
        node = next((entry.node for entry in entries(node) if entry.key == key), None)
    return node


def items(node: yaml.Node | None) -> list[yaml.Node]:
    """The items of a sequence; empty for any other node."""
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def scalar(node: yaml.Node | None) -> str | None:
    """The text of a scalar that isn't null; None for anything else."""
    if isinstance(node, yaml.ScalarNode) and node.tag != "tag:yaml.org,2002:null":
        return str(node.value)
    return None


def mappings(root: yaml.Node) -> Iterator[yaml.MappingNode]:
    """Yields every mapping of a document, outer ones first, each once, at most `MAX_VISITED` nodes being looked at."""
    stack, seen = [root], set[int]()
    while stack and len(seen) < MAX_VISITED:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            stack.extend(reversed(node.value))
        elif isinstance(node, yaml.MappingNode):
            yield node
            stack.extend(value for _, value in reversed(node.value))


def walk(node: yaml.Node | None) -> Iterator[Entry]:
    """Yields every entry of every mapping below a node, outer ones first, each node once."""
    return (entry for mapping in (mappings(node) if node is not None else ()) for entry in entries(mapping))
