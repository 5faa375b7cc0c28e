"""DVC pipelines: the stages of a `dvc.yaml` in dependency order, with their parameters put in.

Format: DVC's documentation, "dvc.yaml files": stages, `foreach`, `${…}` filled from `params.yaml` and `vars`.
"""

import json
import re
import tomllib
from dataclasses import dataclass

import yaml

from mlx_tui.formats.yaml_lines import YamlError, compose, entries, get, items, scalar
from mlx_tui.reproduction.worktree import WorkTree, folder_of, join

MAX_ITEMS = 50
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
        YamlError: The file isn't YAML.
    """
    root = compose(tree.read_text(path))
    folder = folder_of(path)
    values = _parameters(tree, folder, root)
    stages: list[Stage] = []
    for entry in entries(get(root, "stages")):
        stages += _expanded(entry.key, entry.node, entry.line, folder, values)
    return _ordered(stages)


def _parameters(tree: WorkTree, folder: str, root: yaml.Node | None) -> dict[str, str]:
    values: dict[str, str] = {}
    names = ["params.yaml", *(text.split(":")[0] for node in items(get(root, "vars")) if (text := scalar(node)))]
    for name in names:
        values |= _values_of(tree.read_text(join(folder, name) or ""), name)
    for node in items(get(root, "vars")):
        values |= _flatten(node, "")
    return values


def _values_of(text: str, name: str) -> dict[str, str]:
    try:
        if name.endswith(".toml"):
            text = json.dumps(tomllib.loads(text), default=str)
        return _flatten(compose(text), "")
    except (YamlError, tomllib.TOMLDecodeError, RecursionError):
        return {}


def _flatten(node: yaml.Node | None, prefix: str, depth: int = 0) -> dict[str, str]:
    if depth > 10:
        return {}
    if isinstance(node, yaml.SequenceNode):
        found: dict[str, str] = {}
        for index, item in enumerate(node.value[:MAX_ITEMS]):
            found |= _flatten(item, f"{prefix}[{index}]", depth + 1)
        return found
    text = scalar(node)
    if text is not None:
        return {prefix: text}
    found = {}
    for entry in entries(node):
        found |= _flatten(entry.node, f"{prefix}.{entry.key}" if prefix else entry.key, depth + 1)
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
    return _FIELD.sub(lambda match: values.get(match[1], match[0]), text)


def _ordered(stages: list[Stage]) -> tuple[Stage, ...]:
    """Each stage after those that write what it reads; declared order otherwise, and within a cycle."""
    done: list[Stage] = []
    waiting = list(stages)
    while waiting:
        ready = next((stage for stage in waiting if not _waits(stage, waiting)), waiting[0])
        waiting.remove(ready)
        done.append(ready)
    return tuple(done)


def _waits(stage: Stage, waiting: list[Stage]) -> bool:
    return any(
        _overlaps(read, out)
        for other in waiting
        if other is not stage
        for out in other.outputs
        for read in stage.inputs
    )


def _overlaps(read: str, written: str) -> bool:
    return read == written or read.startswith(f"{written}/") or written.startswith(f"{read}/")
