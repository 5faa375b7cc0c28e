"""Command lines in YAML: compose, Kubernetes, CI, Ansible and whatever else says `run`, `script` or `command`."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from mlx_tui.formats.tasks import CommandText, node_commands
from mlx_tui.formats.yaml_lines import Entry, YamlError, compose_all, entries, items, line_of, mappings, scalar

_LINES = frozenset(
    [
        *("run", "script", "before_script", "after_script", "cmds", "cmd", "commands", "bash", "sh", "pwsh", "shell"),
        *("unix", "powershell", "inlineScript", "bash_command", "install", "before_install", "after_success", "source"),
        *("postCreateCommand", "postStartCommand", "initscript", "scriptpath", "user_data", "deploy", "main"),
    ]
)
_WORDS = ("entrypoint", "command", "args")
_DIRECTIVE_LINE = re.compile(r"^[ \t-]*\{\{[^\n]*\}\}[ \t]*$", re.MULTILINE)
# None goes over another's beginning: thousands that are never closed would each be followed to the end.
_DIRECTIVE_BLOCK = re.compile(r"\{\{-?\s*/\*(?:(?!\{\{).)*?\*/\s*-?\}\}", re.DOTALL)
_QUOTED_OR_NEWLINE = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|\\.|\n\s*", re.DOTALL)
"""In folded text, lines that are indented further keep their newlines, which part no commands outside quotes."""
_JINJA = re.compile(r"\{%(?:(?!\{%).)*?%\}|\{#(?:(?!\{#).)*?#\}")


@dataclass(frozen=True, slots=True)
class ImageUse:
    """An image that a service or container runs, with the service's own command, as far as it gives one."""

    image: str
    line: int
    command: str


def compose_template(text: str) -> list[yaml.Node]:
    """Parses YAML, or a Helm or Jinja template of YAML: directives are blanked or stand as `$_`.

    Raises:
        YamlError: It is neither.
    """
    try:
        return compose_all(text)
    except YamlError:
        if "{{" not in text and "{%" not in text:
            raise
    text = _DIRECTIVE_BLOCK.sub(lambda match: "\n" * match[0].count("\n"), text)
    text = _JINJA.sub("", _DIRECTIVE_LINE.sub("", text))
    return compose_all("\n".join(map(_without_directives, text.split("\n"))))


def _without_directives(line: str) -> str:
    """A line with `$_` for each directive, which ends at the next `}}` whatever stands in it: `{{`{{`}}` is one."""
    kept, position = [], 0
    while (start := line.find("{{", position)) >= 0 and (end := line.find("}}", start + 2)) >= 0:
        kept += [line[position:start], "$_"]
        position = end + 2
    return "".join([*kept, line[position:]])


def yaml_commands(root: yaml.Node) -> Iterator[CommandText]:
    """Yields the command lines of a document, `entrypoint`, `command` and `args` of one container joined."""
    for mapping in mappings(root):
        found = {entry.key: entry for entry in entries(mapping)}
        if command := container_command(found):
            yield command
        for key, entry in found.items():
            if key in _LINES:
                yield from node_commands(entry.node)


def container_command(found: dict[str, Entry]) -> CommandText | None:
    """The command line of a container, from its `entrypoint`, `command` and `args`."""
    parts: list[str] = []
    line = 0
    for key in _WORDS:
        entry = found.get(key)
        if entry is None:
            continue
        words = [text for item in items(entry.node) if (text := scalar(item))]
        text = " ".join(quoted(word) for word in words) if words else scalar(entry.node)
        if text and getattr(entry.node, "style", None) == ">":
            text = _QUOTED_OR_NEWLINE.sub(lambda match: " \\\n" if match[0].isspace() else match[0], text.strip())
        if text:
            block = getattr(entry.node, "style", None) in {"|", ">"}
            line = line or (line_of(entry.node) + 1 if block else entry.line)
            parts.append(text)
    return CommandText(" ".join(parts), line) if parts else None


def quoted(word: str) -> str:
    """A word as a shell would have to be given it; one with a variable stays open to it."""
    return word if not re.search(r"[\s;&|()<>\"'\\#]", word) else shlex.quote(word)


def images(root: yaml.Node) -> Iterator[ImageUse]:
    """Yields the images of a document: `image: x`, and Helm's `image: {repository: x}`."""
    for mapping in mappings(root):
        found = {entry.key: entry for entry in entries(mapping)}
        entry = found.get("image")
        if entry is None:
            continue
        command = container_command(found)
        text = command.text if command else ""
        if reference := scalar(entry.node):
            yield ImageUse(reference, entry.line, text)
        else:
            for part in entries(entry.node):
                if part.key in {"repository", "name"} and (reference := scalar(part.node)):
                    yield ImageUse(reference, part.line, text)
