"""Dockerfiles and Containerfiles as instructions with line numbers.

Format: the Dockerfile reference of Docker's documentation.
"""

import json
import re
from dataclasses import dataclass

from mlx_tui.formats.shell import parse_shell
from mlx_tui.safe_text import storable

_INSTRUCTION = re.compile(r"\s*([A-Za-z]+)\s+(.*)", re.DOTALL)
_HEREDOC = re.compile(r"<<-?\s*['\"]?([A-Za-z_]\w*)['\"]?")
_KEYWORDS = frozenset(
    [
        "FROM",
        "RUN",
        "CMD",
        "LABEL",
        "MAINTAINER",
        "EXPOSE",
        "ENV",
        "ADD",
        "COPY",
        "ENTRYPOINT",
        "VOLUME",
        "USER",
        "WORKDIR",
        "ARG",
        "ONBUILD",
        "STOPSIGNAL",
        "HEALTHCHECK",
        "SHELL",
    ]
)
_VARIABLE = re.compile(r"\$\{(\w+)(?::?-([^}]*))?\}|\$(\w+)")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction: its keyword in upper case, its value with continuations joined, and its first line."""

    keyword: str
    value: str
    line: int

    @property
    def command(self) -> str:
        """The value as a shell command line: the exec form's words joined, flags of `RUN` left out."""
        value = re.sub(r"^(--\w[\w-]*(=\S+)?\s+)+", "", self.value.strip())
        words = exec_form(value)
        if words is None:
            return value
        if len(words) > 2 and words[1] in {"-c", "-lc", "-ec", "/c"}:
            return " ".join(words[2:])
        return " ".join(f"'{word}'" if re.search(r"[\s;&|]", word) else word for word in words)


@dataclass(frozen=True, slots=True)
class Image:
    """An image that a Dockerfile builds on, with arguments that have a default filled in."""

    reference: str
    line: int


def parse_dockerfile(text: str) -> list[Instruction]:
    """Parses a Dockerfile; lines that no instruction starts are left out."""
    lines = text.split("\n")
    found: list[Instruction] = []
    position = 0
    while position < len(lines):
        match = _INSTRUCTION.match(lines[position])
        keyword = match[1].upper() if match else ""
        if match is None or keyword not in _KEYWORDS:
            position += 1
            continue
        value, end = _logical(lines, position, match[2])
        found.append(Instruction(keyword, value, position + 1))
        position = end
    return found


def exec_form(value: str) -> list[str] | None:
    """The words of the JSON form (`["mlflow", "ui"]`); None for the shell form."""
    if not value.lstrip().startswith("["):
        return None
    try:
        words = json.loads(re.sub(r"\\\n\s*", " ", value))
    except (ValueError, RecursionError):
        return None
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        return None
    return [storable(word) for word in words]


def images(instructions: list[Instruction]) -> list[Image]:
    """The images of every `FROM`; those of earlier stages of the same file are left out."""
    arguments: dict[str, str] = {}
    stages: set[str] = set()
    found = []
    for instruction in instructions:
        if instruction.keyword == "ARG":
            arguments.update(_pairs(instruction.value))
        elif instruction.keyword == "FROM":
            words = [word for word in instruction.value.split() if not word.startswith("--")]
            if words and words[0].lower() not in stages:
                found.append(Image(_fill(words[0], arguments), instruction.line))
            if len(words) > 2 and words[1].lower() == "as":
                stages.add(words[2].lower())
    return found


def _pairs(value: str) -> list[tuple[str, str]]:
    words = [word for command in parse_shell(f"ARG {value}").commands for word in command.words[1:]]
    return [(name, default) for name, mark, default in (word.partition("=") for word in words) if mark]


def _fill(reference: str, arguments: dict[str, str]) -> str:
    return _VARIABLE.sub(lambda m: arguments.get(m[1] or m[3]) or m[2] or m[0], reference)


def _logical(lines: list[str], position: int, value: str) -> tuple[str, int]:
    """The instruction's value with continuation lines (comments between them left out), and the line after it."""
    parts, current = [], value
    position += 1
    while current.rstrip().endswith("\\") and position < len(lines):
        parts.append(current.rstrip()[:-1])
        while position < len(lines) and lines[position].lstrip().startswith("#"):
            position += 1
        current = lines[position] if position < len(lines) else ""
        position += 1
    parts.append(current)
    value = "\n".join(parts) if len(parts) == 1 else " \\\n".join(parts)
    if heredoc := _HEREDOC.search(value):
        body, position = _until(lines, position, heredoc[1])
        shell = value[: heredoc.start()].strip()
        value = body if not shell else f"{value}\n{body}\n{heredoc[1]}"
    return value.strip(), position


def _until(lines: list[str], position: int, end: str) -> tuple[str, int]:
    body = []
    while position < len(lines) and lines[position].strip() != end:
        body.append(lines[position])
        position += 1
    return "\n".join(body), position + 1
