"""Shell scripts, environment files, Procfiles, systemd units and other texts of commands and settings."""

import posixpath
import re
from collections.abc import Iterator

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.commands import CommandEvidence, command_evidence, mlflow_arguments, runs_commands_of_interest
from mlx_tui.detection.files.evidence import evidence
from mlx_tui.detection.model import Anomaly, Finding
from mlx_tui.detection.rules import EnvironmentRule
from mlx_tui.detection.settings import match_settings
from mlx_tui.detection.source import RepositoryView, SourceFile
from mlx_tui.formats.shell import ShellScript, parse_shell

SHELL = frozenset({".sh", ".bash", ".zsh", ".ksh", ".fish", ".bat", ".cmd", ".ps1", ".command", ".envrc"})
_SETTINGS = frozenset({".env", ".conf", ".cfg", ".ini", ".toml", ".properties", ".tf", ".tfvars", ".hcl", ".nomad"})
_LINES = frozenset(
    {".service", ".tpl", ".tmpl", ".j2", ".jinja", ".jinja2", ".tf", ".conf", ".ini", ".hcl", ".nomad", ".toml"}
)
_ENVIRONMENT_NAME = re.compile(r"(?:^|.*[._-])env(?:$|[._-].*)|\.renviron|\.flaskenv", re.IGNORECASE)
_SETTINGS_NAME = re.compile(
    r"(?:.*[._-])?(?:config|conf|settings|vars|variables|secrets|environment|procfile)", re.IGNORECASE
)
_SCRIPT_FOLDERS = frozenset(
    {"bin", "sbin", "scripts", "script", "tools", "ci", ".ci", "docker", "deploy", "hooks", "cmd"}
)
_SCRIPT_NAMES = frozenset(
    [
        *("entrypoint", "docker-entrypoint", "run", "start", "train", "serve", "build", "deploy", "setup", "install"),
        *("bootstrap", "launch", "start-mlflow", "mlflow", "server", "up", "do", "go", "dev", "manage", "configure"),
    ]
)
_PRINTING = frozenset({"echo", "printf", "cat", "log", "info", "@echo", "print", "Write-Host"})
_SKIPPED = frozenset(
    {".py", ".ipynb", ".md", ".rst", ".js", ".ts", ".html", ".css", ".csv", ".json", ".java", ".scala"}
)
_PROSE = re.compile(r"readme|\.(?:md|rst|txt|html)\.\w+$", re.IGNORECASE)
"""A template of prose: the commands that it shows are run by nobody."""
_COMMAND_LINE = re.compile(r"\bmlflow\s+(?:server|ui)\b|\bmlflow\s+run\b|-m\s+mlflow\b|mlflow\.server:app")
_EXEC_START = re.compile(r"^\s*(?:ExecStart(?:Pre|Post)?\s*=\s*[-@+!:]*|command\s*=\s*|\w[\w-]*:\s+)(.*)$")


def wants(path: str) -> bool:
    """Whether the file is a script, an environment file or a unit; one without extension by its folder or name."""
    name = posixpath.basename(path)
    suffix = posixpath.splitext(name)[1].lower()
    if suffix in _LINES and _PROSE.search(name):
        return False
    if suffix in SHELL or suffix in _SETTINGS or suffix in _LINES or name in {"Procfile", ".envrc"}:
        return True
    if not suffix:
        folder = posixpath.basename(posixpath.dirname(path))
        script = folder in _SCRIPT_FOLDERS or name.lower() in _SCRIPT_NAMES
        return (script and "." not in name) or bool(_ENVIRONMENT_NAME.fullmatch(name))
    return suffix not in _SKIPPED and bool(_ENVIRONMENT_NAME.fullmatch(name)) and suffix not in {".yml", ".yaml"}


def match(file: SourceFile, repository: RepositoryView, codebook: Codebook) -> Iterator[Finding | Anomaly]:
    """Yields the settings and commands of MLflow in a script or a file of settings."""
    if file.name in {"Makefile", "Dockerfile", "Jenkinsfile"} or _is_binary(file.data):
        return
    if file.suffix in SHELL or file.data.startswith(b"#!") or file.name == ".envrc":
        if file.data.startswith(b"#!") and file.suffix not in SHELL and not re.match(rb"#![^\n]*sh\b", file.data):
            return
        yield from _script(file, codebook)
        return
    if "." not in file.name and not (_ENVIRONMENT_NAME.fullmatch(file.name) or _SETTINGS_NAME.fullmatch(file.name)):
        return  # neither a script nor settings: a log, a licence, data
    yield from match_settings(file, codebook)
    if file.suffix in _LINES or file.name == "Procfile":
        yield from match_lines(file, codebook)


def _is_binary(data: bytes) -> bool:
    return b"\0" in data[:1000] and not data.startswith((b"\xff\xfe", b"\xfe\xff"))


def as_findings(file: SourceFile, found: Iterator[CommandEvidence]) -> Iterator[Finding]:
    """Findings of a file from what its commands show."""
    for item in found:
        rule = item.rule.removeprefix(f"{item.feature}.")
        yield evidence(file, item.feature, item.line, rule, item.why, value=item.value)


def match_lines(file: SourceFile, codebook: Codebook) -> Iterator[Finding]:
    """Yields the commands of a text that isn't shell, line by line: units, Procfiles, templates."""
    joined, start = "", 0
    for number, line in enumerate(file.lines, 1):
        start = start or number
        joined += line.rstrip().removesuffix("\\") + " "
        if line.rstrip().endswith("\\"):
            continue
        text, at, joined, start = joined.strip(), start, "", 0
        if text.startswith(("#", ";", "//")) or not _COMMAND_LINE.search(text):
            continue
        started = _EXEC_START.match(text)
        command = started[1] if started else re.sub(r"^[-\s\"',]+", "", text)
        yield from as_findings(file, command_evidence(command, at, codebook, file.text))


def _script(file: SourceFile, codebook: Codebook) -> Iterator[Finding]:
    named = {name.encode() for _, rule in codebook.rules(EnvironmentRule) for name in rule.names}
    settings = any(name in file.data for name in (b"BACKEND_STORE_URI", *named))
    if not settings and not runs_commands_of_interest(file.data.lower(), codebook):
        return
    script = parse_shell(file.text)
    yield from match_settings(file, codebook, without=_printed_lines(script))
    yield from as_findings(file, command_evidence(file.text, 1, codebook, file.text))
    for document in script.documents:
        if document.program in {"bash", "sh", "ssh", "sudo"}:
            yield from as_findings(file, command_evidence(document.text, document.line, codebook, file.text))
        yield from _written_unit(file, document.text, document.line, codebook)
    for command in script.commands:
        if command.redirected and command.words and command.words[0] in _PRINTING:
            for word in command.words[1:]:
                yield from _written_unit(file, word, command.line, codebook)
    yield from _chain(file, script)


def _written_unit(file: SourceFile, text: str, line: int, codebook: Codebook) -> Iterator[Finding]:
    """The commands of a unit that a script writes."""
    for offset, part in enumerate(text.replace("\\\n", "  ").split("\n")):
        started = _EXEC_START.match(part)
        if started and part.lstrip().startswith(("ExecStart", "command")):
            yield from as_findings(file, command_evidence(started[1], line + offset, codebook, file.text))


def _chain(file: SourceFile, script: ShellScript) -> Iterator[Finding]:
    """A script that runs two steps of MLflow projects or more is a pipeline."""
    runs = [command for command in script.commands if (mlflow_arguments(command) or ("",))[0] == "run"]
    if len({command.words for command in runs}) > 1:
        why = f"the script runs {len(runs)} MLflow project steps"
        yield evidence(file, "execution.pipeline", runs[0].line, "mlflow_run_chain", why)


def _printed_lines(script: ShellScript) -> frozenset[int]:
    """Lines that only print: `echo` and here-documents whose output goes to the terminal."""
    printed = {
        command.line
        for command in script.commands
        if command.words and command.words[0] in _PRINTING and not command.redirected
    }
    run = {
        command.line
        for command in script.commands
        if command.assignments or (command.words[0] not in _PRINTING and any("=" in word for word in command.words[1:]))
    }
    for document in script.documents:
        if document.program in _PRINTING and not document.redirected:
            printed.update(range(document.line, document.line + document.text.count("\n") + 1))
    return frozenset(printed - run)
