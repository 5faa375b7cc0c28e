"""MLflow's MLproject file.

Format: MLflow's documentation, "MLflow Projects"; read by `mlflow.projects._project_spec`, which compares the file's
name lower-cased.
"""

from dataclasses import dataclass

import yaml

from mlx_tui.formats.yaml_lines import YamlError, compose, entries, get, items, line_of, scalar

NAME = "mlproject"
ENVIRONMENT_KEYS = ("python_env", "conda_env", "docker_env")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A declared parameter of an entry point.

    Attributes:
        name: Its name.
        type: MLflow's type: `string`, `float`, `path` or `uri`.
        default: The default as text; None where a value must be given.
        line: Line in the MLproject, from 1.
    """

    name: str
    type: str
    default: str | None
    line: int


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """A named command of the project, with `{parameter}` placeholders; `command` is empty where none is declared."""

    name: str
    command: str
    parameters: tuple[Parameter, ...]
    line: int
    command_line: int


@dataclass(frozen=True, slots=True)
class EnvironmentSetting:
    """`python_env`, `conda_env` or `docker_env` with its value (a file's path, or the image's name)."""

    key: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class DockerEnvironment:
    """What `docker_env` says.

    Attributes:
        image: The image's name, as `docker run` takes it; may be empty.
        volumes: Folders of the host, `host:container[:options]`.
        copied: Variables of the user's environment that are passed on.
        given: Variables with their values.
        line: Line in the MLproject, from 1.
    """

    image: str
    volumes: tuple[str, ...]
    copied: tuple[str, ...]
    given: tuple[tuple[str, str], ...]
    line: int


@dataclass(frozen=True, slots=True)
class MLProject:
    """A parsed MLproject; `docker` is None where it sets no `docker_env`."""

    name: str
    environments: tuple[EnvironmentSetting, ...]
    entry_points: tuple[EntryPoint, ...]
    docker: DockerEnvironment | None = None


def parse_mlproject(text: str) -> MLProject:
    """Parses an MLproject.

    Args:
        text: The file's content.

    Raises:
        YamlError: The text isn't valid YAML, or not a mapping.
    """
    root = compose(text)
    if not isinstance(root, yaml.MappingNode):
        raise YamlError("not a YAML mapping")
    name, environments, points, docker = "", [], [], None
    for entry in entries(root):
        if entry.key == "name":
            name = scalar(entry.node) or ""
        elif entry.key in ENVIRONMENT_KEYS:
            environments.append(_environment(entry.key, entry.node, entry.line))
            docker = _docker(entry.node, entry.line) if entry.key == "docker_env" else docker
        elif entry.key == "entry_points":
            points = [_entry_point(point.key, point.node, point.line) for point in entries(entry.node)]
    return MLProject(name, tuple(environments), tuple(points), docker)


def _environment(key: str, node: yaml.Node, line: int) -> EnvironmentSetting:
    if key == "docker_env":
        image = next((scalar(entry.node) for entry in entries(node) if entry.key == "image"), None)
        return EnvironmentSetting(key, image or "", line)
    return EnvironmentSetting(key, scalar(node) or "", line)


def _docker(node: yaml.Node, line: int) -> DockerEnvironment:
    variables = items(get(node, "environment"))
    pairs = [tuple(text for part in items(each) if (text := scalar(part)) is not None) for each in variables]
    return DockerEnvironment(
        image=scalar(get(node, "image")) or "",
        volumes=tuple(text for each in items(get(node, "volumes")) if (text := scalar(each))),
        copied=tuple(text for each in variables if (text := scalar(each))),
        given=tuple((pair[0], pair[1]) for pair in pairs if len(pair) == 2 and pair[0]),
        line=line,
    )


def _entry_point(name: str, node: yaml.Node, line: int) -> EntryPoint:
    command, command_line, parameters = "", line, []
    for entry in entries(node):
        if entry.key == "command":
            command, command_line = (scalar(entry.node) or "").strip(), line_of(entry.node)
        elif entry.key == "parameters":
            parameters = [_parameter(item.key, item.node, item.line) for item in entries(entry.node)]
    return EntryPoint(name, command, tuple(parameters), line, command_line)


def _parameter(name: str, node: yaml.Node, line: int) -> Parameter:
    if isinstance(node, yaml.MappingNode):
        values = {entry.key: scalar(entry.node) for entry in entries(node)}
        return Parameter(name, values.get("type") or "string", values.get("default"), line)
    return Parameter(name, scalar(node) or "string", None, line)
