"""DVC pipelines: the stages of a `dvc.yaml` in dependency order, with their parameters put in.

Format: DVC's documentation, "dvc.yaml files": stages, `foreach`, `${…}` filled from `params.yaml` and `vars`.
"""

import json
import re
from dataclasses import dataclass
from heapq import heappop, heappush

import yaml

from mlx_tui.formats.toml_lines import TomlError, load_toml
from mlx_tui.formats.yaml_lines import YamlError, compose, entries, get, items, scalar
from mlx_tui.reproduction.worktree import WorkTree, folder_of, join

MAX_ITEMS = 50
"""So many items of a list are read: of a loop, of values, of names of files."""
MAX_STAGES = 1_000
MAX_VALUES = 10_000
MAX_TEXT = 2_000
"""A longer value is put in nowhere, and nothing is put into a longer text."""
_DEEPEST = 10
_LONGEST_KEY = 200
_FIELD = re.compile(r"\$\{\s*([\w.\[\]-]+)\s*\}")


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a pipeline.

    Attributes:
        name: Its name, with `@item` where `foreach` made it.
        commands: Its commands in order, filled in.
        workdir: Folder relative to the clone's root.
        line: Line in the `dvc.yaml`, from 1.
        inputs: Paths that it reads, relative to the root.
        outputs: Paths that it writes, relative to the root.
    """

    name: str
    commands: tuple[str, ...]
    workdir: str
    line: int
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def read_stages(tree: WorkTree, path: str) -> tuple[Stage, ...]:
    """Reads a `dvc.yaml`'s stages in dependency order.

    Raises:
        YamlError: The file isn't YAML, or has more than `MAX_STAGES` stages.
    """
    root = compose(tree.read_text(path))
    folder = folder_of(path)
    values = _parameters(tree, folder, root)
    stages: list[Stage] = []
    for entry in entries(get(root, "stages")):
        stages += _expanded(entry.key, entry.node, entry.line, folder, values)
        if len(stages) > MAX_STAGES:
            raise YamlError(f"more than {MAX_STAGES:,} stages")
    return _ordered(stages)


def _parameters(tree: WorkTree, folder: str, root: yaml.Node | None) -> dict[str, str]:
    values: dict[str, str] = {}
    names = ["params.yaml", *(text.split(":")[0] for node in items(get(root, "vars")) if (text := scalar(node)))]
    for name in dict.fromkeys(names[:MAX_ITEMS]):
        values |= _values_of(tree.read_text(join(folder, name) or ""), name)
    for node in items(get(root, "vars"))[:MAX_ITEMS]:
        values |= _flatten(node)
    return values


def _values_of(text: str, name: str) -> dict[str, str]:
    try:
        if name.endswith(".toml"):
            text = json.dumps(load_toml(text), default=str)
        return _flatten(compose(text))
    except (YamlError, TomlError, RecursionError):
        return {}


def _flatten(root: yaml.Node | None, prefix: str = "") -> dict[str, str]:
    """The values below a node by their paths, `train.lr` and `layers[0]`; at most `MAX_VALUES`, what is shared too."""
    found: dict[str, str] = {}
    waiting = [(root, prefix, 0)]
    for _ in range(10 * MAX_VALUES):
        if not waiting or len(found) >= MAX_VALUES:
            break
        node, path, depth = waiting.pop()
        text = scalar(node)
        if text is not None and len(text) <= MAX_TEXT:
            found[path] = text
        elif depth < _DEEPEST and isinstance(node, yaml.SequenceNode):
            listed = enumerate(node.value[:MAX_ITEMS])
            waiting += reversed([(item, f"{path}[{index}]", depth + 1) for index, item in listed])
        elif depth < _DEEPEST:
            keyed = [entry for entry in entries(node) if len(entry.key) <= _LONGEST_KEY]
            named = [(entry.node, f"{path}.{entry.key}" if path else entry.key, depth + 1) for entry in keyed]
            waiting += reversed(named)
    return found


def _expanded(name: str, node: yaml.Node, line: int, folder: str, values: dict[str, str]) -> list[Stage]:
    looped = get(node, "foreach")
    if looped is None:
        return [_stage(name, node, line, folder, values)]
    stages: list[Stage] = []
    rows: list[tuple[str, dict[str, str]]] = [
        (scalar(item) or str(index), _flatten(item, "item")) for index, item in enumerate(items(looped)[:MAX_ITEMS])
    ]
    rows += [(entry.key, _flatten(entry.node, "item") | {"key": entry.key}) for entry in entries(looped)]
    for key, row in rows[:MAX_ITEMS]:
        stages.append(_stage(f"{name}@{key}", get(node, "do") or node, line, folder, values | row))
    return stages


def _stage(name: str, node: yaml.Node, line: int, folder: str, values: dict[str, str]) -> Stage:
    workdir = join(folder, _fill(scalar(get(node, "wdir")) or ".", values)) or folder
    cmd = get(node, "cmd")
    texts = [scalar(item) for item in items(cmd)] or [scalar(cmd)]
    commands = tuple(_fill(text.strip(), values) for text in texts if text and text.strip())
    inputs = tuple(path for text in _paths(node, ("deps",)) if (path := join(workdir, _fill(text, values))))
    written = _paths(node, ("outs", "metrics", "plots"))
    outputs = tuple(path for text in written if (path := join(workdir, _fill(text, values))))
    return Stage(name, commands, workdir, line, inputs, outputs)


def _paths(node: yaml.Node, keys: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for key in keys:
        for item in items(get(node, key)):
            text = scalar(item)
            found += [text] if text else [entry.key for entry in entries(item)]
    return found


def _fill(text: str, values: dict[str, str]) -> str:
    return _FIELD.sub(lambda match: values.get(match[1], match[0]), text) if len(text) <= MAX_TEXT else text


def _ordered(stages: list[Stage]) -> tuple[Stage, ...]:
    """Each stage after those that write what it reads; declared order otherwise, and within a cycle."""
    waits_for = _waits(stages)
    followers: dict[int, list[int]] = {}
    for number, others in enumerate(waits_for):
        for other in others:
            followers.setdefault(other, []).append(number)
    left = [len(others) for others in waits_for]
    ready = [number for number, count in enumerate(left) if not count]
    order: dict[int, Stage] = {}
    declared = iter(range(len(stages)))
    while len(order) < len(stages):
        # Where all wait for each other, the first of them goes on.
        number = heappop(ready) if ready else next(number for number in declared if number not in order)
        if number in order:
            continue
        order[number] = stages[number]
        for follower in followers.get(number, ()):
            left[follower] -= 1
            if not left[follower]:
                heappush(ready, follower)
    return tuple(order.values())


def _waits(stages: list[Stage]) -> list[set[int]]:
    """For each stage the others that write what it reads: the path itself, one above it or one below it."""
    written: dict[str, set[int]] = {}
    below: dict[str, set[int]] = {}
    for number, stage in enumerate(stages):
        for path in stage.outputs:
            written.setdefault(path, set()).add(number)
            for above in _above(path):
                below.setdefault(above, set()).add(number)
    found: list[set[int]] = []
    for number, stage in enumerate(stages):
        others = set[int]()
        for path in stage.inputs:
            others.update(below.get(path, ()), *(written.get(place, ()) for place in (path, *_above(path))))
        found.append(others - {number})
    return found


def _above(path: str) -> list[str]:
    """The folders that a path lies in."""
    return [path[:position] for position, character in enumerate(path) if character == "/"]
