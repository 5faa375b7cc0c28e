"""The code that a README shows: fenced, indented and literal blocks, and inline code, with line numbers.

Formats: CommonMark 0.31 (fences, indented code, code spans), reStructuredText and AsciiDoc as far as they mark code.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MAX_LINES = 20_000

_FENCE = re.compile(r"\s{0,12}(?:[-*+>]\s+|\d+[.)]\s+)?(`{3,}|~{3,})\s*([^`]*)$")
_ASCIIDOC = re.compile(r"(-{4,}|\.{4,})\s*$")
_DIRECTIVE = re.compile(r"\s*\.\. (?:code|code-block|sourcecode|prompt)::\s*(\S*)|.*[^:\s]?::\s*$")
_SPAN = re.compile(
    r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)|<code>((?:(?!<code>).)+?)</code>|<kbd>((?:(?!<kbd>).)+?)</kbd>", re.IGNORECASE
)
_HTML_BLOCK = re.compile(r"<pre\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?\w+[^>]*>")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of code.

    Attributes:
        text: The code.
        line: The number of its first line.
        language: The block's language in lower case, where it is named.
        inline: Whether it stands inside a sentence.
    """

    text: str
    line: int
    language: str = ""
    inline: bool = False


def snippets(text: str) -> Iterator[Snippet]:
    """Yields the code of a README in order.

    Args:
        text: The file's content: Markdown, reStructuredText, AsciiDoc or plain text.
    """
    lines = text.split("\n")[:MAX_LINES]
    position = 0
    while position < len(lines):
        line = lines[position]
        block = _block(lines, position)
        if block:
            snippet, position = block
            yield snippet
            continue
        for span in _SPAN.finditer(line) if len(line) < 20_000 and ("`" in line or "<" in line) else ():
            yield Snippet((span[2] or span[3] or span[4]).strip(), position + 1, inline=True)
        position += 1


def _block(lines: list[str], position: int) -> tuple[Snippet, int] | None:
    """The block that starts on a line, and the line after it; patterns are asked where what they need is there."""
    line = lines[position]
    if ("```" in line or "~~~" in line) and (fence := _FENCE.match(line)):
        marker = fence[1]
        end = _find(lines, position + 1, lambda text: _closes(text, marker))
        language = (fence[2].split() or [""])[0].strip("{}.").lower()
        return Snippet("\n".join(lines[position + 1 : end]), position + 2, language), end + 1
    if "<" in line and _HTML_BLOCK.search(line):
        end = _find(lines, position, lambda text: "</pre" in text.lower())
        body = "\n".join(lines[position : end + 1])
        return Snippet(_TAG.sub("", body), position + 1), end + 1
    delimiter = _ASCIIDOC.match(line) if line.startswith(("----", "....")) else None
    if delimiter and position and lines[position - 1].startswith(("[source", "[listing")):
        end = _find(lines, position + 1, lambda text: text.strip() == delimiter[1])
        return Snippet("\n".join(lines[position + 1 : end]), position + 2), end + 1
    if "::" in line and (directive := _DIRECTIVE.match(line)) and _indented(lines, position + 1):
        end = _end_of_indented(lines, position + 1)
        return Snippet("\n".join(lines[position + 1 : end]), position + 2, (directive[1] or "").lower()), end
    if line.startswith(("    ", "\t")) and line.strip() and _opens_indented(lines, position):
        end = _end_of_indented(lines, position)
        return Snippet("\n".join(lines[position:end]), position + 1), end
    return None


def _closes(text: str, marker: str) -> bool:
    text = text.strip(" >\t")
    return text.startswith(marker) and not text.strip(marker[0])


def _find(lines: list[str], start: int, found: Callable[[str], bool]) -> int:
    return next((number for number in range(start, len(lines)) if found(lines[number])), len(lines))


def _indented(lines: list[str], position: int) -> bool:
    return any(line.startswith((" ", "\t")) for line in lines[position : position + 3] if line.strip())


def _opens_indented(lines: list[str], position: int) -> bool:
    """An indented block of code follows a blank line, and isn't the paragraph of a list's item."""
    if position and lines[position - 1].strip():
        return False
    stripped = lines[position].lstrip()
    return not re.match(r"[-*+]\s|\d+[.)]\s|```|~~~", stripped)


def _end_of_indented(lines: list[str], position: int) -> int:
    end = position
    for number in range(position, len(lines)):
        if not lines[number].strip():
            continue
        if not lines[number].startswith(("   ", "\t", "  ")):
            break
        end = number + 1
    return max(end, position + 1)
