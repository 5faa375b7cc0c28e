"""MLproject files."""

import posixpath
from collections.abc import Iterator

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.files.evidence import evidence, unparseable
from mlx_tui.detection.model import Anomaly, Finding
from mlx_tui.detection.source import RepositoryView, SourceFile
from mlx_tui.formats import mlproject
from mlx_tui.formats.mlproject import MLProject
from mlx_tui.formats.yaml_lines import YamlError


def wants(path: str) -> bool:
    """Whether the file's name is `MLproject` in any case."""
    return posixpath.basename(path).lower() == mlproject.NAME


def match(file: SourceFile, repository: RepositoryView, codebook: Codebook) -> Iterator[Finding | Anomaly]:
    """Yields what an MLproject declares; an anomaly alone where it isn't a YAML mapping."""
    try:
        project = mlproject.parse_mlproject(file.text)
    except YamlError as error:
        yield unparseable(file, error)
        return
    yield evidence(file, "usage.mlflow", 1, "mlproject", "an MLproject file is MLflow's own")
    yield evidence(file, "code_version.mlproject", 1, "file", "named MLproject (in any case) and a YAML mapping")
    for setting in project.environments:
        why = f"the MLproject sets `{setting.key}`"
        yield evidence(file, "environment.mlproject", setting.line, setting.key, why, value=setting.key)
    yield from _entry_points(file, project)


def _entry_points(file: SourceFile, project: MLProject) -> Iterator[Finding]:
    for point in project.entry_points:
        if point.parameters:
            why = f"entry point `{point.name}` declares {len(point.parameters)} parameter(s)"
            yield evidence(file, "parameters.declared", point.parameters[0].line, "mlproject", why, value=point.name)
        if point.command:
            why = f"entry point `{point.name}` has a command"
            yield evidence(file, "execution.entry_point", point.command_line, "mlproject", why, value=point.name)


def environment_files(repository: RepositoryView) -> dict[str, str]:
    """The files that the repository's MLprojects name: path to `conda_env` or `python_env`."""
    named: dict[str, str] = {}
    for path in repository.named({mlproject.NAME}):
        file = repository.read(path)
        try:
            project = mlproject.parse_mlproject(file.text) if file else None
        except YamlError:
            continue
        for setting in project.environments if project else ():
            target = repository.resolve(path, setting.value)
            if target and setting.key != "docker_env":
                named[target] = setting.key
    return named
