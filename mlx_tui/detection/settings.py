"""MLflow's environment variables where a configuration file or a command gives them a value."""

import re
from collections.abc import Iterator

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.files.evidence import evidence
from mlx_tui.detection.model import Finding
from mlx_tui.detection.rules import EnvironmentRule
from mlx_tui.detection.source import SourceFile
from mlx_tui.detection.uri import SHARED, artifact_scheme, database_scheme, uri_class
from mlx_tui.formats.assignments import UNKNOWN, Assignment, find_assignments, resolve

TRACKING_URI = "MLFLOW_TRACKING_URI"
EXPERIMENT = frozenset({"MLFLOW_EXPERIMENT_NAME", "MLFLOW_EXPERIMENT_ID"})
BACKEND = frozenset({"MLFLOW_BACKEND_STORE_URI", "BACKEND_STORE_URI"})
ARTIFACTS = frozenset({"MLFLOW_DEFAULT_ARTIFACT_ROOT", "MLFLOW_ARTIFACTS_DESTINATION"})
S3_ENDPOINT = "MLFLOW_S3_ENDPOINT_URL"
SYSTEM_METRICS = "MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING"
NAMES = frozenset({TRACKING_URI, S3_ENDPOINT, SYSTEM_METRICS}) | EXPERIMENT | BACKEND | ARTIFACTS

_EXAMPLE = re.compile(r"example|sample|template|dist$|default|tmpl|tpl", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"<|>|\byour\b|your[-_]|[-_]your|change[-_]?me|x{3,}|todo|placeholder|\.\.\.|example\.(com|org|net)|path/to|fill|\bset[-_]?me|replace",
    re.IGNORECASE,
)


_EXPRESSION = re.compile(r"(?:var|local|module|data|each|aws_\w+|google_\w+|azurerm_\w+|kubernetes_\w+)\.[\w.\[\]*-]+$")


def match_settings(
    file: SourceFile, codebook: Codebook, *, without: frozenset[int] = frozenset(), pass_through: bool = False
) -> Iterator[Finding]:
    """Yields the settings of MLflow in a configuration file, script or container file.

    Args:
        file: Read line by line, whatever its format.
        codebook: Its rules on environment variables apply too.
        without: Lines that only print text.
        pass_through: Whether a list item `- NAME` hands the variable on (compose).
    """
    own = codebook.rules(EnvironmentRule)
    names = NAMES.union(*(rule.names for _, rule in own)) if own else NAMES
    if not any(name.encode() in file.data for name in names) and b"\0" not in file.data[:200]:
        return
    placeholders = file.name.lower().startswith((".env", "env")) and bool(_EXAMPLE.search(file.name))
    for found in find_assignments(file.text, names, pass_through=pass_through):
        value = UNKNOWN if _EXPRESSION.match(found.value) else resolve(found.value, file.text)
        if found.line in without or (placeholders and _PLACEHOLDER.search(value)):
            continue
        yield from setting(file, found, value)
        for feature, rule in own:
            if found.name in rule.names and re.search(rule.value, value):
                yield evidence(file, feature, found.line, rule.id, rule.note or f"`{found.name}` is set", value=value)


def setting(file: SourceFile, found: Assignment, value: str) -> Iterator[Finding]:
    """Yields what one variable that is given a value counts for."""
    line, name = found.line, found.name
    if name == TRACKING_URI:
        yield from tracking_uri(file, line, value, f"`{name}` is given a value")
    elif name in EXPERIMENT:
        yield evidence(file, "runs.experiment", line, "variable", f"`{name}` is set", value=value)
    elif name in BACKEND:
        yield from backend_store(file, line, value, f"`{name}` names a database")
    elif name in ARTIFACTS:
        yield from artifact_store(file, line, value, f"`{name}` names shared storage")
    elif name == S3_ENDPOINT:
        why = f"`{name}` names an S3 endpoint"
        yield evidence(file, "tracking.artifact_store", line, "s3_endpoint", why, value=value)
    elif name == SYSTEM_METRICS and value.strip("'\"").lower() in {"true", "1", "yes", "on"}:
        yield evidence(file, "environment.system_metrics", line, "variable", f"`{name}` is set true", value=value)


def tracking_uri(file: SourceFile, line: int, value: str, why: str, rule: str = "variable") -> Iterator[Finding]:
    """Yields what a configured tracking URI counts for."""
    kind = uri_class(value)
    yield evidence(file, "tracking.configured", line, rule, why, value=kind)
    if kind in SHARED:
        yield evidence(file, "tracking.shared", line, kind, f"{why}: {kind}", value=kind)
    if scheme := database_scheme(value):
        yield evidence(file, "tracking.backend_db", line, "tracking_uri", why, value=scheme)


def backend_store(file: SourceFile, line: int, value: str, why: str) -> Iterator[Finding]:
    """Yields a backend store where its URI has a database's scheme."""
    if scheme := database_scheme(value):
        yield evidence(file, "tracking.backend_db", line, "backend_store", why, value=scheme)


def artifact_store(file: SourceFile, line: int, value: str, why: str) -> Iterator[Finding]:
    """Yields an artifact store where its location is shared storage."""
    if scheme := artifact_scheme(value):
        yield evidence(file, "tracking.artifact_store", line, "location", why, value=scheme)
