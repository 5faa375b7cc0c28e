"""The shell steps of a `Jenkinsfile`: `sh '…'`, `bat "…"`, `sh(script: '''…''')`."""

import re
from collections.abc import Iterator

from mlx_tui.formats.tasks import CommandText

MAX_CHARACTERS = 300_000

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|(?m:^[^\S\n]*//[^\n]*)", re.DOTALL)
_STEP = re.compile(
    r"""\b(?:sh|bat|powershell|pwsh)\b\s*+(?:\(\s*+)?(?:[^'"\n)]{0,120}?\bscript\s*+:\s*+)?"""
    r"""(?:'''(.*?)'''|\"\"\"(.*?)\"\"\"|'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")""",
    re.DOTALL,
)


def jenkins_commands(text: str) -> Iterator[CommandText]:
    """Yields the shell text of each step, with the line on which it starts."""
    text = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text[:MAX_CHARACTERS])
    for match in _STEP.finditer(text):
        group = next(number for number in range(1, 5) if match[number] is not None)
        yield CommandText(match[group], text.count("\n", 0, match.start(group)) + 1)
