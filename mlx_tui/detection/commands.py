"""Command lines of MLflow, wherever they stand: scripts, containers, CI, tasks, manifests, notebooks, `os.system`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.model import Finding, Tier
from mlx_tui.detection.rules import CommandRule
from mlx_tui.detection.uri import artifact_scheme, database_scheme, uri_class
from mlx_tui.formats.assignments import find_assignments, resolve
from mlx_tui.formats.shell import ShellCommand, parse_shell

SUBCOMMANDS = frozenset(
    [
        *("agent", "ai-commands", "artifacts", "assistant", "autolog", "azureml", "crypto", "datasets", "db", "demo"),
        *("deployments", "doctor", "experiments", "gateway", "gc", "mcp", "models", "pipelines", "recipes", "run"),
        *("runs", "sagemaker", "scorers", "server", "traces", "ui", "assessments", "skills", "prompts"),
    ]
)
_PRINTS = frozenset(
    [
        *("echo", "printf", "print", "pip", "pip3", "conda", "mamba", "apt", "apt-get", "git", "mkdir", "grep", "rg"),
        *(
            "pkill",
            "kill",
            "killall",
            "pgrep",
            "which",
            "type",
            "command",
            "cat",
            "cd",
            "rm",
            "cp",
            "mv",
            "chown",
            "sed",
        ),
        *("@echo", "Write-Host", "log", "info", "man", "touch", "ls", "export", "alias", "poetry-add", "tee", "awk"),
    ]
)
_INSTALLS = frozenset({"install", "add", "remove", "uninstall"})
"""Words after which a command names packages: `uv add mlflow datasets` runs nothing of MLflow."""
_MODULE = re.compile(r"mlflow(\.cli|\.server)?$")
_GUNICORN = re.compile(r"mlflow\.server(\.\w+)*:(app|create_app.*)$")
_LOADED = re.compile(r"(?:runs|models):/")
_BACKEND = ("--backend-store-uri",)
_ARTIFACTS = ("--default-artifact-root", "--artifacts-destination")


@dataclass(frozen=True, slots=True)
class CommandEvidence:
    """What a command line shows: feature, the line of the command (of an option: its own), rule, reason and value."""

    feature: str
    line: int
    rule: str
    why: str
    value: str = ""


def match_command_line(
    text: str,
    path: str,
    line: int = 1,
    *,
    cell: int | None = None,
    excerpt: str = "",
    codebook: Codebook | None = None,
    context: str = "",
) -> Iterator[Finding]:
    """Yields what a command line of a notebook or a program shows, its settings (`export X=…`) too.

    Args:
        text: The command line, or several.
        path: The file that it stands in.
        line: The line of the file (or cell) on which it starts.
        cell: The notebook's cell.
        excerpt: The line of evidence; the command itself where it is empty.
        codebook: Its rules on commands apply too.
        context: Text in which the variables of the command are given constants.
    """
    found = [*command_evidence(text, line, codebook, context or text), *_settings(text, line)]
    for item in dict.fromkeys(found):
        shown = excerpt or text.strip().split("\n")[0]
        rule = item.rule if "." in item.rule else f"{item.feature}.{item.rule}"
        yield Finding(item.feature, path, cell, item.line, Tier.FILE, item.value, shown[:400], rule, item.why)


def command_evidence(text: str, line: int, codebook: Codebook | None, context: str) -> Iterator[CommandEvidence]:
    """Yields what the commands of a shell text show.

    Args:
        text: Shell text.
        line: The number of its first line.
        codebook: Its rules on commands apply too.
        context: Text in which variables are given constants.
    """
    if not runs_commands_of_interest(text, codebook):
        return
    for command in parse_shell(text, line).commands:
        yield from _of_command(command, context)
        for feature, rule in codebook.rules(CommandRule) if codebook else ():
            if match := re.search(rule.pattern, command.text):
                value = match[rule.value_group] or "" if rule.value_group else ""
                yield CommandEvidence(feature, command.line, rule.id, rule.note or "the command matches", value)


def runs_commands_of_interest(text: str | bytes, codebook: Codebook | None) -> bool:
    """Whether a text can hold a command of MLflow, or one that a rule of the codebook is on."""
    named = b"mlflow" in text if isinstance(text, bytes) else "mlflow" in text
    return named or bool(codebook and codebook.rules(CommandRule))


def mlflow_arguments(command: ShellCommand) -> tuple[str, ...] | None:
    """The arguments of the `mlflow` command that a command line runs, its subcommand first; None where it runs none."""
    words = command.words
    if not words or words[0].rpartition("/")[2].lstrip("@-") in _PRINTS:
        return None
    if not any("mlflow" in word for word in words):
        return None
    for number, word in enumerate(words):
        following = words[number + 1 :]
        if word in _INSTALLS:
            return None
        if _is_program(word) and (number == 0 or (following and following[0] in SUBCOMMANDS)):
            return following
        if word == "-m" and following and _MODULE.match(following[0]):
            return following[1:]
        if _GUNICORN.match(word):
            return ("server", *following)
    return None


def starts_server(arguments: tuple[str, ...]) -> bool:
    """Whether the arguments of `mlflow` start a tracking server."""
    return bool(arguments) and arguments[0] in {"server", "ui"} and "--help" not in arguments


def _is_program(word: str) -> bool:
    return word.replace("\\", "/").rpartition("/")[2] in {"mlflow", "mlflow.exe"}


def _of_command(command: ShellCommand, context: str) -> Iterator[CommandEvidence]:
    arguments = mlflow_arguments(command)
    if arguments is None:
        return
    line = command.line
    yield CommandEvidence(
        "usage.mlflow", line, "command", f"runs `mlflow {' '.join(arguments[:1])}`".rstrip("` ") + "`"
    )
    if starts_server(arguments):
        yield CommandEvidence("tracking.server", line, "command", f"`mlflow {arguments[0]}` starts a tracking server")
    yield from _options(arguments, command.lines[len(command.words) - len(arguments) :], context)
    if loaded := next((word for word in arguments if _LOADED.search(word)), None):
        why = "an MLflow command loads a run's or a registered model"
        yield CommandEvidence("models.loaded", line, "command", why, loaded)


def _options(arguments: tuple[str, ...], lines: tuple[int, ...], context: str) -> Iterator[CommandEvidence]:
    """What the options of `mlflow` show, each on the line on which it stands."""
    for line, value in _values(arguments, lines, _BACKEND):
        if scheme := database_scheme(resolve(value, context)):
            why = f"`--backend-store-uri` names a {scheme} database"
            yield CommandEvidence("tracking.backend_db", line, "option", why, scheme)
    for option in _ARTIFACTS:
        for line, value in _values(arguments, lines, (option,)):
            if scheme := artifact_scheme(resolve(value, context)):
                why = f"`{option}` names shared storage"
                yield CommandEvidence("tracking.artifact_store", line, "option", why, scheme)
    if arguments[:1] == ("run",):
        for line, value in _values(arguments, lines, ("--experiment-name", "--experiment-id")):
            why = "`mlflow run` is given an experiment"
            yield CommandEvidence("runs.experiment", line, "option", why, value)


def _values(arguments: tuple[str, ...], lines: tuple[int, ...], options: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    for number, (word, line) in enumerate(zip(arguments, lines, strict=True)):
        name, given, value = word.partition("=")
        if name in options and given:
            yield line, value
        elif name in options and number + 1 < len(arguments):
            yield line, arguments[number + 1]


def _settings(text: str, line: int) -> Iterator[CommandEvidence]:
    names = frozenset({"MLFLOW_TRACKING_URI", "MLFLOW_EXPERIMENT_NAME", "MLFLOW_EXPERIMENT_ID"})
    for found in find_assignments(text, names):
        at, value = line + found.line - 1, resolve(found.value, text)
        why = f"`{found.name}` is given a value"
        if found.name != "MLFLOW_TRACKING_URI":
            yield CommandEvidence("runs.experiment", at, "variable", why, value)
            continue
        yield CommandEvidence("tracking.configured", at, "variable", why, kind := uri_class(value))
        if kind in {"remote_server", "service_host", "database", "managed"}:
            yield CommandEvidence("tracking.shared", at, kind, f"{why}: {kind}", kind)
        if scheme := database_scheme(value):
            yield CommandEvidence("tracking.backend_db", at, "tracking_uri", why, scheme)
