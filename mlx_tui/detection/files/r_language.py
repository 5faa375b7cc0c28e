"""R: MLflow's R interface, its Python interface through reticulate, seeds and tests (ground rule 3)."""

import re
from collections.abc import Callable, Iterator

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.commands import match_command_line
from mlx_tui.detection.files.evidence import evidence
from mlx_tui.detection.model import Anomaly, Finding, Tier
from mlx_tui.detection.settings import NAMES, setting, tracking_uri
from mlx_tui.detection.source import RepositoryView, SourceFile
from mlx_tui.detection.uri import HOLE, artifact_scheme
from mlx_tui.formats.assignments import Assignment
from mlx_tui.formats.r_code import RArgument, RCall, RSource, code_of_chunks, parse_r

_CALLS = {
    "parameters.logged": ("log_param", "log_params"),
    "parameters.declared": ("param",),
    "parameters.autologged": ("autolog",),
    "metrics.logged": ("log_metric", "log_metrics"),
    "metrics.evaluated": ("evaluate",),
    "artifacts.logged": (
        "log_artifact",
        "log_artifacts",
        "log_figure",
        "log_image",
        "log_dict",
        "log_text",
        "log_table",
    ),
    "models.logged": ("log_model", "save_model"),
    "models.loaded": ("load_model", "download_artifacts"),
    "models.registered": (
        *("create_registered_model", "create_model_version", "transition_model_version_stage", "register_model"),
        "set_registered_model_alias",
    ),
    "runs.explicit": ("start_run", "create_run"),
    "runs.experiment": ("set_experiment", "create_experiment"),
    "runs.queried": (
        *("search_runs", "get_run", "get_metric_history", "list_run_infos", "search_experiments", "list_experiments"),
    ),
    "tracking.server": ("server", "ui"),
}
_FEATURE_OF = {name: feature for feature, names in _CALLS.items() for name in names}
_VERSION_KEY = re.compile(
    r"commit|(?:^|[._-])(?:git[._-]?(?:version|revision|hash|sha|branch_commit)|sha|revision|code[._-]?version)(?:$|[._-])"
    r"|mlflow\.source\.(?:git|version)",
    re.IGNORECASE,
)
_SEEDS = frozenset(
    {"set.seed", "set_random_seed", "torch_manual_seed", "use_session_with_seed", "tensorflow$set_random_seed"}
)
_SHELLS = frozenset({"system", "system2", "shell", "shell.exec", "run", "process$new"})
_SOURCE_FILE = re.compile(r"\.(?:R|r|Rmd|py|ipynb|qmd)$")
_INTEREST = (b"mlflow", b"seed", b"test_that", b"MLFLOW")
_TRACKERS = {"wandb": "W&B", "neptune": "Neptune", "comet_ml": "Comet"}


def wants(path: str) -> bool:
    """Whether the file is R source or R Markdown by its extension."""
    return path.endswith((".R", ".r", ".Rmd", ".rmd", ".qmd", ".Rprofile"))


def match(file: SourceFile, repository: RepositoryView, codebook: Codebook) -> Iterator[Finding | Anomaly]:
    """Yields what R source shows."""
    if not any(word in file.data for word in _INTEREST):
        return
    chunks = file.suffix in {".rmd", ".qmd"}
    source = parse_r(code_of_chunks(file.text) if chunks else file.text)
    yield from _Matcher(file, source, codebook).findings()


class _Matcher:
    def __init__(self, file: SourceFile, source: RSource, codebook: Codebook) -> None:
        self.file, self.source, self.codebook = file, source, codebook
        imported = {"import", "import_from_path", "reticulate"}
        self.modules = {name for name, (call, text) in source.bound.items() if call in imported and text == "mlflow"}

    def findings(self) -> Iterator[Finding]:
        project_runs: list[RCall] = []
        used = False
        for call in self.source.calls:
            name = self._mlflow_name(call)
            if name is not None:
                if not used:
                    yield self._found("usage.mlflow", call.line, "r", f"`{call.name}` is MLflow's")
                    used = True
                yield from self._mlflow(call, name)
                if name == "run":
                    project_runs.append(call)
            else:
                yield from self._other(call)
        if len({call.line for call in project_runs}) > 1:
            yield self._found("execution.pipeline", project_runs[0].line, "r_run_chain", "R runs several project steps")
        yield from self._strings()

    def _found(self, feature: str, line: int, rule: str, why: str, value: str = "") -> Finding:
        return evidence(self.file, feature, line, rule, why, value=value, tier=Tier.DIRECT)

    def _mlflow_name(self, call: RCall) -> str | None:
        """The name that a call has in MLflow's Python interface, as far as it is MLflow's."""
        first, _, rest = call.name.partition("$")
        if rest and first in self.modules:
            return rest.rpartition("$")[2]
        if call.name.startswith("mlflow_") and call.name not in self.source.functions:
            return call.name.removeprefix("mlflow_")
        return None

    def _mlflow(self, call: RCall, name: str) -> Iterator[Finding]:
        why = f"`{call.name}` is R's interface to MLflow"
        feature = _FEATURE_OF.get(name)
        if feature:
            yield self._found(feature, call.line, "r", why)
        special: dict[str, Callable[[RCall], Iterator[Finding]]] = {
            "set_tracking_uri": self._tracking,
            "client": self._tracking,
            "MlflowClient": self._tracking,
            "log_batch": self._batch,
            "set_tag": self._tag,
            "set_tags": self._tag,
            "set_experiment_tag": self._tag,
            "log_param": self._version,
            "log_artifact": self._source,
            "log_artifacts": self._source,
        }
        if name in special:
            yield from special[name](call)
        yield from self._arguments(call, name)

    def _arguments(self, call: RCall, name: str) -> Iterator[Finding]:
        for argument_name, calls, feature in (
            ("nested", {"start_run"}, "runs.nested"),
            ("tags", {"start_run", "create_run"}, "runs.tagged"),
            ("registered_model_name", {"log_model"}, "models.registered"),
            ("signature", {"log_model", "save_model"}, "models.signature"),
            ("input_example", {"log_model", "save_model"}, "models.signature"),
            ("source_version", {"start_run", "create_run"}, "code_version.recorded"),
            ("experiment_name", {"run"}, "runs.experiment"),
            ("experiment_id", {"run"}, "runs.experiment"),
        ):
            argument = call.argument(argument_name)
            if name in calls and argument and argument.text not in {"NULL", "FALSE", "F"}:
                yield self._found(feature, argument.line, "r_argument", f"`{argument_name}=` is given to `{call.name}`")
        location = call.argument("artifact_location", 1 if name == "create_experiment" else None)
        if location and (scheme := artifact_scheme(self._value(location))):
            why = "the experiment's artifacts go to shared storage"
            yield self._found("tracking.artifact_store", location.line, "r_argument", why, scheme)

    def _tracking(self, call: RCall) -> Iterator[Finding]:
        argument = call.argument("uri") or call.argument("tracking_uri", 0)
        if argument is None:
            return
        for finding in tracking_uri(
            self.file, call.line, self._value(argument), f"`{call.name}` sets the tracking URI", "r"
        ):
            yield self._found(finding.feature, call.line, "r", finding.explanation, finding.value)

    def _batch(self, call: RCall) -> Iterator[Finding]:
        for name, feature in (("params", "parameters.logged"), ("metrics", "metrics.logged"), ("tags", "runs.tagged")):
            argument = call.argument(name)
            if argument and argument.text != "NULL":
                yield self._found(feature, call.line, "r", f"`{call.name}({name}=)` logs a batch")

    def _tag(self, call: RCall) -> Iterator[Finding]:
        key = call.argument("key", 0)
        if not (key and key.constant and key.constant.startswith("mlflow.")):
            yield self._found("runs.tagged", call.line, "r", f"`{call.name}` tags a run")
        yield from self._version(call)

    def _version(self, call: RCall) -> Iterator[Finding]:
        key = call.argument("key", 0)
        named = bool(key and key.constant and _VERSION_KEY.search(key.constant))
        read = any(re.search(r"rev-parse|GITHUB_SHA|git2r|CI_COMMIT_SHA", argument.text) for argument in call.arguments)
        if named or read:
            value = key.constant or "" if key else ""
            yield self._found(
                "code_version.recorded", call.line, "r", "a tag or parameter holds the code's version", value
            )

    def _source(self, call: RCall) -> Iterator[Finding]:
        path = call.argument("path") or call.argument("local_path", 0)
        if path and path.constant and _SOURCE_FILE.search(path.constant):
            yield self._found("code_version.code_logged", call.line, "r", "a source file is logged", path.constant)

    def _other(self, call: RCall) -> Iterator[Finding]:
        last = call.name.rpartition("$")[2]
        if last in {"library", "require", "requireNamespace", "loadNamespace", "import", "p_load"}:
            yield from self._import(call)
        elif last in _SEEDS and call.arguments:
            yield self._found(
                "execution.seeded", call.line, "r", f"`{call.name}` fixes the seed", call.arguments[0].text[:40]
            )
        elif call.name == "Sys.setenv":
            yield from self._environment(call)
        elif call.name in _SHELLS:
            yield from self._command(call)
        elif last == "test_that" and re.search(r"(?:^|/)tests?/|(?:^|/)test[-_]?[^/]*$", self.file.path):
            yield evidence(self.file, "beyond.tested", call.line, "testthat", "a testthat test")
        seed = call.argument("seed")
        if seed and seed.text not in {"NULL", "NA"} and last not in self.source.functions and last != "function":
            yield self._found(
                "execution.seeded", seed.line, "r_argument", f"`seed=` is given to `{call.name}`", seed.text[:40]
            )

    def _import(self, call: RCall) -> Iterator[Finding]:
        for argument in call.arguments:
            if argument.text == "mlflow":
                yield self._found("usage.mlflow", call.line, "r_import", f"`{call.name}(mlflow)`")
            elif argument.text in _TRACKERS and call.name.rpartition("$")[2] != "require":
                why = f"{_TRACKERS[argument.text]} is loaded"
                yield self._found("beyond.tracker", call.line, "r_import", why, _TRACKERS[argument.text])

    def _environment(self, call: RCall) -> Iterator[Finding]:
        for argument in call.arguments:
            if argument.name in NAMES:
                value = self._value(argument)
                for finding in setting(self.file, Assignment(argument.name, value, argument.line), value):
                    yield self._found(finding.feature, argument.line, "r", finding.explanation, finding.value)

    def _command(self, call: RCall) -> Iterator[Finding]:
        text = " ".join(
            token.text for argument in call.arguments for token in argument.tokens if token.kind == "string"
        )
        if "mlflow" in text:
            excerpt = self.file.excerpt(call.line)
            yield from match_command_line(text, self.file.path, call.line, excerpt=excerpt, codebook=self.codebook)

    def _strings(self) -> Iterator[Finding]:
        for token in self.source.strings:
            if token.text.startswith(("runs:/", "models:/")):
                yield self._found(
                    "models.loaded", token.line, "r_uri", "a run's or registered model's URI", token.text[:80]
                )

    def _value(self, argument: RArgument, depth: int = 0) -> str:
        """The argument's text where it is constant (also the default of `Sys.getenv`); `HOLE` for what isn't known."""
        if argument.constant is not None:
            return argument.constant
        tokens = argument.tokens
        if len(tokens) == 1 and tokens[0].text in self.source.constants:
            return self.source.constants[tokens[0].text]
        called = (
            [call for call in self.source.calls if call.line == tokens[0].line and call.name == tokens[0].text]
            if tokens
            else []
        )
        if called and depth < 3:
            parts = called[0].arguments
            if called[0].name in {"paste0", "file.path", "glue"}:
                separator = "/" if called[0].name == "file.path" else ""
                return separator.join(self._value(part, depth + 1) for part in parts)
            if called[0].name == "Sys.getenv" and (default := called[0].argument("unset", 1)):
                return self._value(default, depth + 1)
        return HOLE
