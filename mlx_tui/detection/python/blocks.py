"""A file's text without the functions and classes that can't matter for its seeds, so that they aren't parsed.

Many files matter for nothing but a fixed seed, and most of their functions fix none. What is left out is what neither
tells of a seed nor is named by what is kept: nothing that is kept can refer to it.
"""

import re
from collections.abc import Iterator

_START = re.compile(r"^(?=[^\s#)\]}])", re.MULTILINE)
_DEFINES = re.compile(r"(?:@[^\0]*?^)?(?:async[ \t]+def|def|class)[ \t]+(\w+)", re.MULTILINE)
_WORD = re.compile(r"\w+")
_SEEDS = r"(?i:seed)|random_state|RandomState|PRNGKey|default_rng|Generator"
_SEEDS_LOWER = ("seed", "random_state", "randomstate", "prngkey", "default_rng", "generator")
_TELLING = re.compile(rf"{_SEEDS}|\*\*[ \t]*[\w({{]")
_ALIAS = re.compile(
    rf"(?:{_SEEDS})\w{{0,80}}[ \t]+as[ \t]+(\w+)"
    rf"|\b(\w+)[ \t]*=[ \t]*[\w.]{{0,80}}(?:{_SEEDS})\w{{0,80}}[ \t]*(?:#.*)?$",
    re.MULTILINE,
)
"""Other names for what seeds; of bounded length, so that no text takes long."""


def blocks_that_seed(text: str) -> str:
    r"""The text with empty lines in the place of functions and classes that can't matter.

    Args:
        text: Python, with `\n` line ends.

    Returns:
        The text as it is where its blocks can't be told apart; else it reads as Python where the text does.
    """
    pieces = _pieces(text)
    names = [match[1] if (match := _DEFINES.match(piece)) else "" for piece in pieces]
    if any(name and _is_torn(piece) for name, piece in zip(names, pieces, strict=True)):
        return text
    aliases = {name for line in _lines_of_seeds(text) for pair in _ALIAS.findall(line) for name in pair if name}
    kept: set[int] = set()
    words: set[str] = set()
    waiting = set(range(len(pieces)))
    found = {number for number in waiting if not names[number] or _tells(pieces[number])}
    while found:
        kept |= found
        waiting -= found
        if not waiting:
            return text
        for number in found:
            words.update(_WORD.findall(pieces[number]))
        found = {number for number in waiting if names[number] in words}
        if not found and aliases:
            found = {number for number in waiting if not aliases.isdisjoint(_WORD.findall(pieces[number]))}
    return "".join(piece if number in kept else "\n" * piece.count("\n") for number, piece in enumerate(pieces))


def _tells(piece: str) -> bool:
    lower = piece.lower()  # a search for a literal is ten times as fast as one for a pattern
    return ("**" in lower or any(word in lower for word in _SEEDS_LOWER)) and _TELLING.search(piece) is not None


def _lines_of_seeds(text: str) -> Iterator[str]:
    """The lines that may tell of a seed; the whole text where its lower-case form has other positions."""
    lower = text.lower()
    if len(lower) != len(text):
        yield text
        return
    starts: set[int] = set()
    for word in _SEEDS_LOWER:
        at = lower.find(word)
        while at >= 0:
            starts.add(lower.rfind("\n", 0, at) + 1)
            end = lower.find("\n", at)
            at = lower.find(word, end) if end >= 0 else -1
    yield from (text[start : end if (end := text.find("\n", start)) >= 0 else None] for start in starts)


def _pieces(text: str) -> list[str]:
    """The text cut where a line starts without indentation; decorators stay with what they decorate."""
    starts = [0]
    for match in _START.finditer(text):
        if match.start() and text[starts[-1]] != "@":
            starts.append(match.start())
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def _is_torn(piece: str) -> bool:
    """Whether a long string starts in a block that doesn't end in it, or a line goes on beyond it."""
    return bool(piece.count('"""') % 2 or piece.count("'''") % 2) or piece.rstrip().endswith("\\")
