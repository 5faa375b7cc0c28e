"""Shell text taken apart into simple commands. Nothing is run here."""

import re
from dataclasses import dataclass

from mlx_tui.reproduction.worktree import MAX_LINE, short_lines

_PROMPT = re.compile(r"^\s*(?:\(\w[\w.-]*\)\s*)?(?:[$%#>!❯➜]\s+|!|%(?=run\b|cd\b))")
_PLACEHOLDER = re.compile(
    r"<[\w .:/|-]+>|\$\{\{|\{\{|\bpath/to/|/path/|\byour[-_ ]|\bYOUR[-_]|\.\.\.|…|\[[A-Z_a-z -]{3,}\]|\bxxx+\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A command with the line it starts on, from 1."""

    text: str
    line: int


def split_lines(text: str, first_line: int = 1) -> list[Line]:
    """Joins continued lines, drops comments and prompts, and splits at `&&` and `;` outside quotes."""
    found: list[Line] = []
    pending, start = "", first_line
    for number, raw in enumerate(short_lines(text), first_line):
        line = _PROMPT.sub("", raw) if not pending else raw.strip()
        start = start if pending else number
        stripped = line.strip()
        if stripped.endswith(("\\", "^", "`")) and len(stripped) > 1:
            pending += stripped[:-1].rstrip() + " "
            continue
        whole = (pending + stripped).strip()
        pending = ""
        if whole and len(whole) <= MAX_LINE and not whole.startswith("#"):
            found += [Line(part, start) for part in _split_operators(whole)]
    if pending.strip():
        found.append(Line(pending.strip(), start))
    return found


def _split_operators(line: str) -> list[str]:
    parts, quote, start, index = [], "", 0, 0
    while index < len(line):
        char = line[index]
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char == ";" or line.startswith("&&", index):
            parts.append(line[start:index])
            index += 1 if line.startswith("&&", index) else 0
            start = index + 1
        elif char == "#" and (index == 0 or line[index - 1] in " \t"):
            line = line[:index]
            break
        index += 1
    parts.append(line[start:])
    return [part.strip() for part in parts if part.strip()]


def has_placeholder(text: str) -> bool:
    """Whether a command holds something that the reader is meant to fill in."""
    return bool(_PLACEHOLDER.search(text))
