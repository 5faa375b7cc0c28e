"""CI configurations of six kinds: that they are there, and the steps that run an experiment."""

import posixpath
import re
from collections.abc import Iterable, Iterator

import yaml

from mlx_tui.detection.experiments import judge_command
from mlx_tui.detection.files.evidence import evidence
from mlx_tui.detection.model import Finding
from mlx_tui.detection.source import RepositoryView, SourceFile
from mlx_tui.formats.shell import parse_shell
from mlx_tui.formats.tasks import CommandText
from mlx_tui.formats.yaml_lines import entries

_WORKFLOW = re.compile(r"(?:^|/)\.github/workflows/[^/]+\.ya?ml$")
_NAMES = frozenset([".gitlab-ci.yml", ".travis.yml", "bitbucket-pipelines.yml"])
_AZURE = re.compile(r"azure-pipelines[^/]*\.ya?ml$")
_AZURE_TRIGGERS = frozenset({"trigger", "pool"})
_AZURE_BODIES = frozenset({"stages", "jobs", "steps"})


def is_ci(path: str) -> bool:
    """Whether a path is that of a CI configuration in YAML."""
    name = posixpath.basename(path)
    return bool(name in _NAMES or _WORKFLOW.search(path) or _AZURE.match(name) or path.endswith(".circleci/config.yml"))


def has_azure_form(root: yaml.Node) -> bool:
    """Whether a document has Azure's form: top-level `trigger` or `pool`, with `stages`, `jobs` or `steps`."""
    keys = {entry.key for entry in entries(root)}
    return bool(keys & _AZURE_TRIGGERS) and bool(keys & _AZURE_BODIES)


def match_ci(file: SourceFile, commands: Iterable[CommandText], repository: RepositoryView) -> Iterator[Finding]:
    """Yields that CI is configured, and each of its commands that runs an experiment."""
    yield evidence(file, "ci.configured", 1, "file", "a CI configuration")
    for text in commands:
        for command in parse_shell(text.text, text.line).commands:
            if verdict := judge_command(command, file.path, repository, serving=False):
                yield evidence(
                    file, "ci.training", command.line, "step", f"a CI step: {verdict.why}", value=command.text[:200]
                )
