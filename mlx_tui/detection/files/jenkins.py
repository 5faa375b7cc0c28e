"""Jenkinsfiles."""

import posixpath
from collections.abc import Iterator

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.commands import command_evidence
from mlx_tui.detection.files.ci import match_ci
from mlx_tui.detection.files.scripts import as_findings
from mlx_tui.detection.model import Anomaly, Finding
from mlx_tui.detection.settings import match_settings
from mlx_tui.detection.source import RepositoryView, SourceFile
from mlx_tui.formats.jenkinsfile import jenkins_commands

_PUT_ASIDE = (".bak", ".backup", ".old", ".orig", ".disabled", ".md", ".txt", "~")


def wants(path: str) -> bool:
    """Whether the file is named `Jenkinsfile`, and isn't a copy that somebody put aside."""
    name = posixpath.basename(path)
    if name.lower().endswith(_PUT_ASIDE):
        return False
    return name == "Jenkinsfile" or name.startswith("Jenkinsfile.") or name.endswith((".Jenkinsfile", ".jenkinsfile"))


def match(file: SourceFile, repository: RepositoryView, codebook: Codebook) -> Iterator[Finding | Anomaly]:
    """Yields that CI is configured, and what its shell steps show."""
    commands = list(jenkins_commands(file.text))
    yield from match_ci(file, commands, repository)
    yield from match_settings(file, codebook)
    for command in commands:
        yield from as_findings(file, command_evidence(command.text, command.line, codebook, file.text))
