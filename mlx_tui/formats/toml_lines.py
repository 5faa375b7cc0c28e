"""TOML with line numbers.

tomllib reads the values; a scan of the lines finds where a key or a string stands.
"""

import re
import tomllib

MAX_CHARACTERS = 2_000_000

_MANY_PARTS = re.compile(r"""(?<![\w.\-"'])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){100}""")
_TABLE = re.compile(r"\s*+\[\[?([^\]#]++)\]\]?\s*+(?:#.*)?$")
_KEY = re.compile(r"""\s*("[^"]*"|'[^']*'|[\w-]+(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=""")


class TomlError(ValueError):
    """The text isn't TOML, or is larger than is read."""


def load_toml(text: str) -> dict[str, object]:
    """The values of a TOML document.

    Raises:
        TomlError: The text isn't TOML, is larger than is read, or has a key of a hundred parts, which takes tomllib the
            square of their number.
    """
    if len(text) > MAX_CHARACTERS:
        raise TomlError(f"larger than {MAX_CHARACTERS} characters")
    if _MANY_PARTS.search(text):
        raise TomlError("a key of a hundred parts")
    try:
        return tomllib.loads(text.lstrip("\ufeff"))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise TomlError(str(error)) from error


class TomlDocument:
    """A TOML document's values with the lines of its tables and keys.

    Args:
        text: The file's content.

    Raises:
        TomlError: The text isn't TOML.
    """

    def __init__(self, text: str) -> None:
        self.values = load_toml(text)
        self.lines = text.split("\n")
        self._keys = _index(self.lines)

    def table(self, *path: str) -> dict[str, object]:
        """The table at a path of keys; empty where there is none."""
        value = self.get(*path)
        return value if isinstance(value, dict) else {}

    def get(self, *path: str) -> object:
        """The value at a path of keys; None where there is none."""
        value: object = self.values
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    def line(self, *path: str) -> int:
        """The line of a key or table, of its nearest parent that has one, else 1."""
        while path:
            if path in self._keys:
                return self._keys[path]
            path = path[:-1]
        return 1

    def line_of_text(self, text: str, start: int) -> int:
        """The first line from `start` on that holds a text; `start` where none does."""
        for number in range(start, len(self.lines) + 1):
            if text in self.lines[number - 1]:
                return number
        return start


def _index(lines: list[str]) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(lines, 1):
        if header := _TABLE.match(line):
            table = _parts(header[1])
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault((*table, *_parts(key[1])), number)
    return found


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in re.findall(r"\"[^\"]*\"|'[^']*'|[^.]+", dotted))
