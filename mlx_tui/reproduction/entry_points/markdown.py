"""The commands that a README shows: fenced and indented code blocks, and inline code that is a whole command."""

import re

from mlx_tui.reproduction.entry_points.shell import Line, split_lines
from mlx_tui.reproduction.worktree import short_lines

_FENCE = re.compile(r"^\s*+(?:[-*>]\s*+|\d++[.)]\s*+)?+(`{3,}+|~{3,}+)\s*+([\w+-]*+)")
_INLINE = re.compile(r"(`{1,3})([^`\n]+?)\1")
_SHELL_LANGUAGES = {
    "",
    "bash",
    "sh",
    "shell",
    "console",
    "zsh",
    "terminal",
    "cmd",
    "powershell",
    "shell-session",
    "text",
}
_COMMAND = re.compile(
    r"^\s*+[$%>!]?+\s*+(?:\w++=\S++ )*+(?:uv run|poetry run|pipenv run)?+\s*+"
    r"(?:python[\d.]*|mlflow run|make|just|dvc|sh|bash|Rscript|\./\S+|jupyter|papermill|torchrun|accelerate)\s"
)


def command_blocks(text: str) -> list[list[Line]]:
    """The shell blocks of a Markdown or reStructuredText document, each as its commands, in order."""
    blocks: list[list[Line]] = []
    lines = short_lines(text)
    index = 0
    while index < len(lines):
        fence = _FENCE.match(lines[index])
        if fence and lines[index].count(fence[1]) == 1:
            end = next(
                (at for at in range(index + 1, len(lines)) if lines[at].strip().startswith(fence[1])), len(lines)
            )
            if fence[2].lower() in _SHELL_LANGUAGES:
                blocks.append(split_lines("\n".join(lines[index + 1 : end]), index + 2))
            index = end + 1
            continue
        if lines[index].startswith(("    ", "\t")) and _COMMAND.match(lines[index]):
            end = index
            while end < len(lines) and lines[end].startswith(("    ", "\t")):
                end += 1
            blocks.append(split_lines("\n".join(lines[index:end]), index + 1))
            index = end
            continue
        blocks += _inline(lines[index], index + 1)
        index += 1
    return [block for block in blocks if block]


def _inline(line: str, number: int) -> list[list[Line]]:
    found = [match[2] for match in _INLINE.finditer(line) if _COMMAND.match(match[2])]
    if not found and _COMMAND.match(line) and line.strip().endswith(".py"):
        found = [line]
    return [split_lines(text, number) for text in found]
