"""Dockerfiles, Containerfiles and development containers."""

import json
import posixpath
import re
from collections.abc import Iterator

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.commands import command_evidence, runs_commands_of_interest
from mlx_tui.detection.files.evidence import evidence
from mlx_tui.detection.files.scripts import as_findings
from mlx_tui.detection.model import Anomaly, Finding
from mlx_tui.detection.settings import match_settings
from mlx_tui.detection.source import RepositoryView, SourceFile
from mlx_tui.formats.dockerfile import images, parse_dockerfile

_NAMES = re.compile(
    r"(?:dockerfile|containerfile)(?:\..*)?$|.*\.(?:dockerfile|containerfile)$|dockerfile[-_].*$", re.IGNORECASE
)
_COUNTED = re.compile(r"(?:Dockerfile|Containerfile)(?:\..+)?$|.+\.Dockerfile$", re.IGNORECASE)
_DEVELOPMENT = frozenset({"devcontainer.json", ".devcontainer.json"})
_RUNS = frozenset({"RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK", "ONBUILD"})
_TAGGED = re.compile(r"(?:^|[-_.])v?(\d\.\d+)")
_IN_TAG = re.compile(r"(?:^|[-_.])py(?:thon)?[-_]?(\d)\.?(\d+)")
_OUTPUT = re.compile(r"\.(?:md|txt|dockerignore|py|ipynb|png|svg)$", re.IGNORECASE)


def wants(path: str) -> bool:
    """Whether the name is a container file's."""
    name = posixpath.basename(path)
    return name in _DEVELOPMENT or (bool(_NAMES.match(name)) and not _OUTPUT.search(name))


def match(file: SourceFile, repository: RepositoryView, codebook: Codebook) -> Iterator[Finding | Anomaly]:
    """Yields what a container file shows."""
    if file.name in _DEVELOPMENT:
        yield evidence(file, "environment.container", 1, "devcontainer", f"`{file.name}` describes a container")
        yield from _development(file)
        yield from match_settings(file, codebook)
        return
    instructions = parse_dockerfile(file.text)
    if not any(instruction.keyword == "FROM" for instruction in instructions):
        return
    if _COUNTED.match(file.name):
        yield evidence(file, "environment.container", 1, "dockerfile", "a container file by name, with `FROM`")
    for image in images(instructions):
        yield from image_interpreter(file, image.reference, image.line)
    yield from match_settings(file, codebook)
    for instruction in instructions:
        if instruction.keyword in _RUNS and runs_commands_of_interest(instruction.value, codebook):
            yield from as_findings(file, command_evidence(instruction.command, instruction.line, codebook, file.text))


def image_interpreter(file: SourceFile, reference: str, line: int) -> Iterator[Finding]:
    """Yields the interpreter that an image's tag names: `python:3.8-slim`, `cuda:11-py38`."""
    if version := image_python(reference):
        why = f"the image `{reference}` names the interpreter's version"
        yield evidence(file, "environment.interpreter", line, "image", why, value=version)


def image_python(reference: str) -> str:
    """The Python version, at least major.minor, that an image's reference names; empty where it names none."""
    name, _, tag = reference.partition("@")[0].rpartition("/")[2].partition(":")
    if name == "python" and (version := _TAGGED.search(tag)):
        return version[1]
    if version := _IN_TAG.search(tag):
        return f"{version[1]}.{version[2]}"
    return ""


def _development(file: SourceFile) -> Iterator[Finding]:
    for number, line in enumerate(file.lines, 1):
        found = re.match(r'\s*"image"\s*:\s*("(?:[^"\\]|\\.)*")', line)
        if found:
            try:
                reference = json.loads(found[1])
            except ValueError:
                continue
            yield from image_interpreter(file, str(reference), number)
