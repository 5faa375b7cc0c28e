"""YAML files: environments, compose, Kubernetes and Helm, CI, DVC, orchestrators, declared integrations.

Each is composed once for all of these; a template that isn't YAML even without its directives is read line by line.
"""

import posixpath
import re
from collections.abc import Iterator

import yaml

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.commands import (
    command_evidence,
    mlflow_arguments,
    runs_commands_of_interest,
    starts_server,
)
from mlx_tui.detection.files import ci, dependencies
from mlx_tui.detection.files.containers import image_interpreter
from mlx_tui.detection.files.evidence import evidence, unparseable
from mlx_tui.detection.files.integrations import match_integrations
from mlx_tui.detection.files.mlproject import environment_files
from mlx_tui.detection.files.scripts import as_findings, match_lines
from mlx_tui.detection.model import Anomaly, DeclaredVersion, Finding
from mlx_tui.detection.rules import CommandRule
from mlx_tui.detection.settings import match_settings
from mlx_tui.detection.source import RepositoryView, SourceFile
from mlx_tui.formats.conda_env import EnvironmentFile, read_environment
from mlx_tui.formats.shell import parse_shell
from mlx_tui.formats.yaml_commands import ImageUse, compose_template, images, yaml_commands
from mlx_tui.formats.yaml_lines import YamlError, entries, get, items, scalar

_COMPOSE = re.compile(r"(?:docker-compose|compose)[^/]*\.ya?ml$", re.IGNORECASE)
_CONDA = frozenset({"conda.yaml", "conda.yml", "environment.yaml", "environment.yml"})
_PYTHON_ENV = frozenset({"python_env.yaml", "python_env.yml"})
_WORDS_OF_INTEREST = (
    *(b"mlflow", b"dependencies", b"_target_", b"class_path", b"argoproj.io", b"kubeflow", b"experiment_tracker"),
    *(b"airflow", b"prefect", b"dagster"),
)
_AZURE_KEY = re.compile(rb"^(?:trigger|pool)\s*:", re.MULTILINE)
_LONGEST_NAME = 255
"""Of an image, and more (OCI Distribution Specification: 255 characters with its host)."""
_SERVER_IMAGE = re.compile(
    r"(?:.*[-_.])?mlflow(?:[-_](?:tracking|server|ui|tracking[-_]server))*(?:[-_]\w*server)?$", re.IGNORECASE
)
_NO_SERVER_IMAGE = re.compile(
    r"train|model|serv(?:e|ing)$|client|example|job|pyfunc|exporter|worker|inference|oidc|proxy", re.IGNORECASE
)
_ORCHESTRATOR_IMAGE = re.compile(r"(?:^|/)(?:airflow|prefect|dagster[\w-]*|zenml[\w-]*)(?:[:@]|$)", re.IGNORECASE)
_ARGO_KINDS = frozenset({"Workflow", "WorkflowTemplate", "CronWorkflow", "ClusterWorkflowTemplate"})
_ORCHESTRATOR_FILES = {
    "prefect.yaml": "Prefect",
    "dagster.yaml": "Dagster",
    ".kedro.yml": "Kedro",
    "dagster_cloud.yaml": "Dagster",
}


def wants(path: str) -> bool:
    """Whether the file is YAML by its name, or a template of it."""
    return path.endswith((".yml", ".yaml", ".yaml.j2", ".yml.j2", ".yaml.tpl", ".yml.tpl", ".yaml.tmpl"))


def match(
    file: SourceFile, repository: RepositoryView, codebook: Codebook
) -> Iterator[Finding | Anomaly | DeclaredVersion]:
    """Yields what a YAML file shows."""
    composes = bool(_COMPOSE.match(file.name))
    yield from match_settings(file, codebook, pass_through=composes)
    if not (
        codebook.rules(CommandRule)
        or _named(file.path)
        or _is_of_interest(file.data)
        or file.data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    ):
        return
    try:
        documents = compose_template(file.text)
    except YamlError as error:
        yield unparseable(file, error)
        yield from match_lines(file, codebook)
        return
    if not documents and ci.is_ci(file.path):
        yield from ci.match_ci(file, [], repository)
    for number, root in enumerate(documents[:200]):
        if number == 0:
            yield from _environment(file, root, repository)
            yield from _whole_file(file, root)
        yield from match_integrations(file, root, codebook)
        yield from _orchestrator(file, root)
        if composes or b"mlflow" in file.data or b"services" in file.data:
            yield from _images(file, root)
        in_ci = ci.is_ci(file.path) or ci.has_azure_form(root)
        if not in_ci and not runs_commands_of_interest(file.data, codebook):
            continue
        commands = list(yaml_commands(root))
        for command in commands:
            yield from as_findings(file, command_evidence(command.text, command.line, codebook, file.text))
        if in_ci:
            yield from ci.match_ci(file, commands, repository)


def _is_of_interest(data: bytes) -> bool:
    """Whether YAML of any name can hold something that counts; it is composed only then."""
    lower = data.lower()
    return any(word in lower for word in _WORDS_OF_INTEREST) or _AZURE_KEY.search(data) is not None


def _named(path: str) -> bool:
    name = posixpath.basename(path).lower()
    return (
        name in _CONDA
        or name in _PYTHON_ENV
        or name in _ORCHESTRATOR_FILES
        or name in {"dvc.yaml", "recipe.yaml", "pipeline.yaml", "workspace.yaml"}
        or bool(_COMPOSE.match(name))
        or ci.is_ci(path)
        or "/profiles/" in f"/{path}"
        or ".zen/" in path
    )


def _environment(file: SourceFile, root: yaml.Node, repository: RepositoryView) -> Iterator[Finding | DeclaredVersion]:
    environment = read_environment(root)
    if environment is None:
        return
    name = file.name.lower()
    listed = get(root, "dependencies") is not None
    conda = listed and (name in _CONDA or environment.conda)
    python_env = name in _PYTHON_ENV or (environment.python_env and listed)
    if not conda and not python_env:
        named = environment_files(repository).get(file.path)
        conda, python_env = named == "conda_env" and listed, named == "python_env"
    elif listed and not conda:
        conda = environment_files(repository).get(file.path) == "conda_env"
    if conda:
        yield evidence(file, "environment.conda", 1, "file", "a conda environment file")
    if conda or python_env:
        yield from _packages(file, environment, repository)


def _packages(
    file: SourceFile, environment: EnvironmentFile, repository: RepositoryView
) -> Iterator[Finding | DeclaredVersion]:
    yield from dependencies.report(file, environment.packages, repository)


def _whole_file(file: SourceFile, root: yaml.Node) -> Iterator[Finding]:
    name = file.name
    old_form = name.lower().startswith("docker-compose") and isinstance(root, yaml.MappingNode)
    if _COMPOSE.match(name) and (old_form or get(root, "services") is not None):
        yield evidence(file, "environment.container", 1, "compose", "a compose file with `services`")
    if name == "dvc.yaml":
        stages = list(entries(get(root, "stages")))
        if stages:
            why = f"`dvc.yaml` declares {len(stages)} stage(s)"
            yield evidence(file, "execution.pipeline", stages[0].line, "dvc", why, value=stages[0].key)
    if name == "prefect.yaml" and items(get(root, "deployments")):
        yield evidence(file, "execution.pipeline", 1, "prefect", "Prefect deployments are declared")


def _orchestrator(file: SourceFile, root: yaml.Node) -> Iterator[Finding]:
    known = _ORCHESTRATOR_FILES.get(file.name)
    version, kind = scalar(get(root, "apiVersion")) or "", scalar(get(root, "kind")) or ""
    if file.name == "workspace.yaml" and get(root, "load_from") is not None:
        known = "Dagster"
    elif version.startswith("argoproj.io/") and kind in _ARGO_KINDS:
        known = "Argo"
    elif "kubeflow.org/" in version or (
        get(root, "pipelineInfo") is not None and get(root, "deploymentSpec") is not None
    ):
        known = "Kubeflow"
    elif "/.zen/" in f"/{file.path}":
        known = "ZenML"
    if known:
        yield evidence(file, "beyond.orchestrated", 1, "file", f"{known} is configured", value=known)


def _images(file: SourceFile, root: yaml.Node) -> Iterator[Finding]:
    services = _COMPOSE.match(file.name) or get(root, "services") is not None
    manifest = get(root, "apiVersion") is not None or file.name.startswith("values")
    for use in images(root):
        if services:
            yield from image_interpreter(file, use.image, use.line)
        if (services or manifest) and _is_server(use):
            why = f"the image `{use.image}` is an MLflow server's"
            yield evidence(file, "tracking.server", use.line, "image", why, value=use.image)
        if services and (found := _ORCHESTRATOR_IMAGE.search(use.image)):
            why = f"the image `{use.image}` is an orchestrator's"
            yield evidence(file, "beyond.orchestrated", use.line, "image", why, value=found[0].strip("/:@"))


def _is_server(use: ImageUse) -> bool:
    """An MLflow server's image whose service isn't told to run something else."""
    name = re.split(r"[:@]", use.image.rpartition("/")[2])[0]
    if len(name) > _LONGEST_NAME or not _SERVER_IMAGE.match(name) or _NO_SERVER_IMAGE.search(name):
        return False
    ran = [arguments for command in parse_shell(use.command).commands if (arguments := mlflow_arguments(command))]
    if ran:
        return any(starts_server(arguments) for arguments in ran)
    return not re.search(r"\bpython|\bjupyter|\.sh\b.*train|\btrain", use.command)
