"""MLproject files: their entry points, with parameters filled in the way MLflow does.

Rule: `mlflow.projects._project_spec.EntryPoint.compute_command`: a parameter's value is `str()` of what YAML gave,
quoted with `shlex.quote`, put in with `str.format`; parameters that aren't declared are appended as `--name value`.
"""

import re
import shlex
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache

import yaml

from mlx_tui.formats.mlproject import NAME, EntryPoint, MLProject, parse_mlproject
from mlx_tui.formats.yaml_lines import YamlError, compose, entries, get, scalar
from mlx_tui.reproduction.entry_points.found import PassedOver
from mlx_tui.reproduction.model import ParameterValue
from mlx_tui.reproduction.worktree import WorkTree, folder_of

MAX_BYTES = 200_000
MAX_COMMAND = 131_072
"""Linux takes no longer argument (`MAX_ARG_STRLEN`): a command that would be longer is left as it is written."""
_FIELD = re.compile(r"\{([^{}]+)\}")
_HTML_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Project:
    """An MLproject of the clone.

    Attributes:
        path: Relative to the root.
        folder: In which its commands run.
        content: Its entry points and environments.
        text: The file's text.
        mended: Whether it can be read only without its HTML comments, which YAML doesn't know; `text` is without them.
    """

    path: str
    folder: str
    content: MLProject
    text: str
    mended: bool = False


@dataclass(frozen=True, slots=True)
class FilledCommand:
    """An entry point's command with its parameters put in.

    Attributes:
        text: The command line; a parameter without a value stays as `{name}`.
        parameters: The values that were put in.
        missing: Parameters without a value.
    """

    text: str
    parameters: tuple[ParameterValue, ...]
    missing: tuple[str, ...]


def without_html_comments(text: str) -> str:
    """A text without `<!-- … -->`; every other line keeps its number."""
    return _HTML_COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)


def read_projects(tree: WorkTree, *, tolerant: bool = False) -> tuple[list[Project], list[PassedOver]]:
    """Reads every MLproject of a clone, shallow ones first; those that can't be read are told with the reason.

    Args:
        tree: The clone's files.
        tolerant: Whether a file that can't be read is read without its HTML comments.
    """
    projects: list[Project] = []
    passed: list[PassedOver] = []
    for path in tree.named(NAME):
        text = tree.read_text(path, MAX_BYTES)
        try:
            projects.append(Project(path, folder_of(path), parse_mlproject(text), text))
        except YamlError as error:
            mended = _mended(path, text) if tolerant else None
            if mended is not None:
                projects.append(mended)
            else:
                passed.append(PassedOver(path, f"not a valid MLproject: {error}"))
    return projects, passed


def _mended(path: str, text: str) -> Project | None:
    """An MLproject that only its HTML comments break; None for any other."""
    without = without_html_comments(text)
    try:
        return Project(path, folder_of(path), parse_mlproject(without), without, mended=True)
    except YamlError:
        return None


def fill_command(project: Project, point: EntryPoint, given: tuple[ParameterValue, ...] = ()) -> FilledCommand:
    """Puts parameters into an entry point's command.

    Args:
        project: Where the entry point is declared.
        point: The entry point.
        given: Values that replace the defaults; those that aren't declared are appended as `--name value`.
    """
    chosen = {item.name: item.value for item in given}
    asked = {item.name: item.asked for item in given}
    declared: dict[str, str] = {}
    missing: list[str] = []
    for parameter in point.parameters:
        default = _defaults(project.text).get((point.name, parameter.name), parameter.default)
        value = chosen.get(parameter.name, default)
        if value is None:
            missing.append(parameter.name)
        else:
            declared[parameter.name] = value
    quoted = {name: shlex.quote(value) for name, value in declared.items()}
    text = _format(point.command, quoted | {name: f"{{{name}}}" for name in missing})
    extra = {name: value for name, value in chosen.items() if name not in declared}
    text = " ".join([text, *(f"--{name} {shlex.quote(value)}" for name, value in extra.items())])
    values = tuple(ParameterValue(name, value, asked.get(name, "")) for name, value in (declared | extra).items())
    return FilledCommand(text, values, tuple(missing))


@lru_cache(maxsize=64)
def _defaults(text: str) -> dict[tuple[str, str], str]:
    """The defaults that Python writes in another way, by entry point and name: `true` as `True`, `1.50` as `1.5`."""
    found: dict[tuple[str, str], str] = {}
    for point in entries(get(compose(text), "entry_points")):
        for parameter in entries(get(point.node, "parameters")):
            node = get(parameter.node, "default")
            if isinstance(node, yaml.ScalarNode) and node.tag in _NUMBERS_AND_BOOLEANS:
                with suppress(yaml.YAMLError, ValueError):
                    found.setdefault((point.key, parameter.key), str(yaml.safe_load(scalar(node) or "")))
    return found


_NUMBERS_AND_BOOLEANS = tuple(f"tag:yaml.org,2002:{kind}" for kind in ("bool", "int", "float"))


def _format(command: str, values: dict[str, str]) -> str:
    """`str.format` for plain `{name}` fields only: a field such as `{a.__class__}` in hostile text stays as it is."""
    opened, closed = "\x00", "\x01"
    text = command.replace("{{", opened).replace("}}", closed)
    named = [values[match[1]] for match in _FIELD.finditer(text) if match[1] in values]
    if len(text) + sum(map(len, named)) <= MAX_COMMAND:
        masked = {name: value.replace("{", opened).replace("}", closed) for name, value in values.items()}
        text = _FIELD.sub(lambda match: masked.get(match[1], match[0]), text)
    return text.replace(opened, "{").replace(closed, "}")


def run_options(words: tuple[str, ...]) -> tuple[str, str, tuple[ParameterValue, ...]]:
    """The project's URI, the entry point and the parameters of an `mlflow run` command.

    Words that follow a parameter's value belong to it where they can't be the project: `-P data=my path/x.csv`.
    """
    uri, point, given = "", "main", list[ParameterValue]()
    index = 0
    while index < len(words):
        word = words[index]
        name, _, value = word.partition("=")
        following = words[index + 1] if index + 1 < len(words) else ""
        if word in ("-e", "--entry-point", "-P", "--param-list"):
            index += 1
            if word in ("-e", "--entry-point"):
                point = following
            elif "=" in following:
                given.append(ParameterValue(*following.split("=", 1)))
        elif name == "--entry-point":
            point = value
        elif name == "--param-list" or (word.startswith("-P") and "=" in word):
            given.append(ParameterValue(*word.removeprefix("-P").removeprefix("--param-list=").split("=", 1)))
        elif word.startswith("-"):
            index += 0 if word in ("--no-conda", "--build-image", "--skip-image-build") or "=" in word else 1
        elif uri and given:
            given[-1] = replace(given[-1], value=f"{given[-1].value} {word}")
        else:
            uri = word
        index += 1
    return uri or ".", point, tuple(given)
