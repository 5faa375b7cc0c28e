"""Java, Scala and Kotlin: MLflow's Java client (ground rule 3) and JUnit tests."""

import re
from collections.abc import Iterator

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.files.evidence import evidence
from mlx_tui.detection.model import Anomaly, Finding, Tier
from mlx_tui.detection.settings import tracking_uri
from mlx_tui.detection.source import RepositoryView, SourceFile
from mlx_tui.detection.uri import HOLE
from mlx_tui.formats.jvm_code import Call, calls, declared, returning, tokens
from mlx_tui.formats.tokens import Token

_CLIENTS = frozenset({"MlflowClient", "MlflowContext", "ActiveRun"})
_RETURNS_CLIENT = frozenset({"startRun", "getClient", "MlflowClient", "MlflowContext", "withActiveRun"})
_FEATURES = {
    "logParam": "parameters.logged",
    "logParams": "parameters.logged",
    "logMetric": "metrics.logged",
    "logMetrics": "metrics.logged",
    "logArtifact": "artifacts.logged",
    "logArtifacts": "artifacts.logged",
    "createRun": "runs.explicit",
    "startRun": "runs.explicit",
    "withActiveRun": "runs.explicit",
    "createExperiment": "runs.experiment",
    "setExperimentName": "runs.experiment",
    "setExperimentId": "runs.experiment",
    "getRun": "runs.queried",
    "searchRuns": "runs.queried",
    "getMetricHistory": "runs.queried",
    "listRunInfos": "runs.queried",
    "searchExperiments": "runs.queried",
    "listExperiments": "runs.queried",
    "createRegisteredModel": "models.registered",
    "createModelVersion": "models.registered",
    "transitionModelVersionStage": "models.registered",
    "downloadArtifacts": "models.loaded",
    "downloadModelVersion": "models.loaded",
    "downloadLatestModelVersion": "models.loaded",
}
_VERSION_KEY = re.compile(
    r"commit|revision|(?:^|[._-])sha(?:$|[._-])|code[._-]?version|git[._-]?version|mlflow\.source\.(?:git|version)",
    re.I,
)
_IMPORT = re.compile(rb"^[ \t]*import\s+(?:static\s+)?org\.mlflow\b", re.MULTILINE)
_TEST_IMPORT = re.compile(
    rb"^[ \t]*import\s+(?:static\s+)?(?:org\.junit|org\.scalatest|kotlin\.test|org\.testng)", re.MULTILINE
)
_TEST = re.compile(rb"@(?:Test|ParameterizedTest)\b|extends\s+\w*(?:Suite|Spec|FunSuite)\b|\btest\(\"|\bit\(\"")


def wants(path: str) -> bool:
    """Whether the file is Java, Scala or Kotlin by its extension."""
    return path.endswith((".java", ".scala", ".kt", ".kts", ".sc"))


def match(file: SourceFile, repository: RepositoryView, codebook: Codebook) -> Iterator[Finding | Anomaly]:
    """Yields what a source file shows."""
    if (imported := _TEST_IMPORT.search(file.data)) and (test := _TEST.search(file.data, imported.end())):
        line = file.data.count(b"\n", 0, test.start()) + 1
        yield evidence(file, "beyond.tested", line, "junit", "a JUnit test")
    if not _IMPORT.search(file.data):
        return
    source = tokens(file.text)
    imported_at = _import_line(source)
    if imported_at:
        yield _found(file, "usage.mlflow", imported_at, "the MLflow client is imported")
        yield from _calls(file, source, repository)


def _import_line(source: list[Token]) -> int:
    for number, token in enumerate(source[:-2]):
        if token.text == "org" and source[number + 1].text == "." and source[number + 2].text == "mlflow":
            return token.line
    return 0


def _calls(file: SourceFile, source: list[Token], repository: RepositoryView) -> Iterator[Finding]:
    found = calls(source)
    makers = _makers(source, found, repository)
    known = declared(source, _CLIENTS) | {"MlflowClient", "MlflowContext"}
    for _ in range(3):
        for call in found:
            if call.target and (
                call.name in _CLIENTS
                or (call.name in _RETURNS_CLIENT and call.receiver in known | {"()"})
                or (call.receiver, call.name) in makers
            ):
                known.add(call.target)
            if call.name == "withActiveRun" and call.arguments:
                known.update(_lambda_parameters(call))
    constants = _constants(source)
    for call in found:
        if call.name == "MlflowClient" or (call.name == "MlflowContext" and call.arguments):
            yield from _client(file, call, constants)
        elif call.receiver in known or call.receiver == "()":
            yield from _method(file, call)


def _makers(source: list[Token], found: list[Call], repository: RepositoryView) -> set[tuple[str, str]]:
    """The (receiver, method) of the project's own methods that return a client: of this file, or of one so named."""
    own = returning(source, _CLIENTS)
    makers = {(receiver, name) for name in own for receiver in ("", "this")}
    wanted = {call.receiver for call in found if call.target and call.receiver[:1].isupper()} - _CLIENTS
    for receiver in wanted:
        names = set(own)
        for path in repository.named(f"{receiver}{suffix}".lower() for suffix in (".java", ".scala", ".kt")):
            other = repository.read(path)
            if other and _IMPORT.search(other.data):
                names |= returning(tokens(other.text), _CLIENTS)
        makers.update((receiver, name) for name in names)
    return makers


def _method(file: SourceFile, call: Call) -> Iterator[Finding]:
    why = f"`{call.name}` of MLflow's Java client"
    if feature := _FEATURES.get(call.name):
        yield _found(file, feature, call.line, why)
    elif call.name == "logBatch":
        for position, feature in ((1, "metrics.logged"), (2, "parameters.logged"), (3, "runs.tagged")):
            given = call.arguments[position] if position < len(call.arguments) else []
            if given and [token.text for token in given] != ["null"]:
                yield _found(file, feature, call.line, why)
    elif call.name in {"setTag", "setTags", "setExperimentTag"}:
        constants = [token.text for argument in call.arguments for token in argument if token.kind == "string"]
        if not constants or not constants[0].startswith("mlflow."):
            yield _found(file, "runs.tagged", call.line, why)
        if "mlflow.parentRunId" in constants:
            yield _found(file, "runs.nested", call.line, "the tag mlflow.parentRunId is set")
    if call.name == "startRun" and len(call.arguments) > 1:
        yield _found(file, "runs.nested", call.line, "`startRun` is given a parent run")
    if call.name in {"setTag", "logParam"}:
        keys = [token.text for argument in call.arguments[:2] for token in argument if token.kind == "string"]
        if any(_VERSION_KEY.search(key) for key in keys[:1]):
            yield _found(file, "code_version.recorded", call.line, "the key names a version of the code", keys[0])


def _client(file: SourceFile, call: Call, constants: dict[str, str]) -> Iterator[Finding]:
    if not call.arguments or not call.arguments[0]:
        return
    first = call.arguments[0][0]
    if call.name == "MlflowContext" and first.kind != "string":
        return
    value = first.text if first.kind == "string" else constants.get(first.text, HOLE)
    for finding in tracking_uri(file, call.line, value, f"`{call.name}` is given a tracking URI", "jvm"):
        yield _found(file, finding.feature, call.line, finding.explanation, finding.value)


def _lambda_parameters(call: Call) -> Iterator[str]:
    for argument in call.arguments:
        for number in range(len(argument) - 1):
            following = argument[number + 1 : number + 3]
            arrow = following[-1] if following[0].text == ")" else following[0]
            if arrow.text in {"->", "=>"} and argument[number].kind == "name":
                yield argument[number].text


def _constants(source: list[Token]) -> dict[str, str]:
    found: dict[str, str] = {}
    for number in range(len(source) - 2):
        name, equals, value = source[number : number + 3]
        if name.kind == "name" and equals.text == "=" and value.kind == "string":
            found.setdefault(name.text, value.text)
    return found


def _found(file: SourceFile, feature: str, line: int, why: str, value: str = "") -> Finding:
    return evidence(file, feature, line, "jvm", why, value=value, tier=Tier.DIRECT)
