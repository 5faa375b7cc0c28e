"""Environment variables that a file of any format gives a value: `NAME=value`, `NAME: value`, `-e NAME=…`.

The text is read line by line, so that templates and broken files are read as well as whole ones.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

UNKNOWN = "${}"
"""The value of a variable that is passed on or comes from a secret: given, but not known."""

MAX_ON_A_LINE = 20
MAX_NAMES = 30
MAX_VALUE = 2_000

_PASSED = re.compile(r"(?:^|\s)(?:-e|--env|--build-arg)[\s=]+[\"']?$")
_SPACE_FORM = re.compile(r"(?:^|\s)(?:ENV|setenv|set\s+-g?U?x)\s+$")
_KEY_OF_PAIR = re.compile(r"[\"']?(?:name|key)[\"']?\s*[:=]\s*[\"']?$", re.IGNORECASE)
_VALUE_OF_PAIR = re.compile(r"[\s,{-]*[\"']?(value|valueFrom|value_from|default)[\"']?\s*[:=]\s*(.*)", re.IGNORECASE)
_COMMENT = re.compile(r"\s*(?:#|//|;|REM\s|::|--\s|%\s)", re.IGNORECASE)
_TAIL_COMMENT = re.compile(r"\s#(?=\s|$).*$")
_NULL = frozenset({"", "null", "~", "none", "|", ">", "|-", ">-", "{}", "[]"})
_REFERENCE = re.compile(r"\$\{(\w+)(?::?-([^{}]*))?\}|\$\((\w+)\)|\$(\w+)|%(\w+)%")


@dataclass(frozen=True, slots=True)
class Assignment:
    """A variable given a value: the value's text without quotes (`UNKNOWN` where it isn't told), and its line."""

    name: str
    value: str
    line: int


@lru_cache(maxsize=8)
def _names(names: frozenset[str]) -> re.Pattern[str]:
    listed = "|".join(sorted((re.escape(name) for name in names), key=len, reverse=True))
    return re.compile(rf"(?<![\w.-])({listed})(?![\w-])")


def find_assignments(text: str, names: frozenset[str], *, pass_through: bool = False) -> Iterator[Assignment]:
    """Yields where variables are given a value.

    Args:
        text: The file's content.
        names: The variables' names.
        pass_through: Whether a list item `- NAME` hands the variable on (compose).
    """
    pattern = _names(names)
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if len(line) > 10_000 or not pattern.search(line) or _COMMENT.match(line):
            continue
        for match in islice(pattern.finditer(line), MAX_ON_A_LINE):
            value = _value(lines, number, match.start(), match.end(), pass_through=pass_through)
            if value is not None:
                yield Assignment(match[1], value, number)


def _value(lines: list[str], number: int, start: int, end: int, *, pass_through: bool) -> str | None:
    line = lines[number - 1]
    before, after = line[:start], line[end:]
    if before.endswith(("$", "{", "(", "%", "/", "^", "|")) and not before.endswith(("$env:", "{ ", "( ")):
        return _assigned_default(before, after)
    if re.search(r"\s#\s", before) or (before.endswith(":") and not before.lower().endswith("$env:")):
        return None
    if _KEY_OF_PAIR.search(before):
        return _paired(lines, number, after)
    if "[" in before[-3:] and after.lstrip("\"'").startswith("]"):
        after = after.lstrip("\"'")[1:]
    unquoted = after.lstrip("\"'") if before.endswith(('"', "'")) else after
    if re.match(r"=[ \t]", unquoted):
        return None  # `NAME= command` empties it
    if operator := re.match(r"\s*(?::{1,2}=|\?=|\+=|=)(?!=)\s*", unquoted):
        return _filled(_literal(unquoted[operator.end() :], before))
    if colon := re.match(r"\s*:(?=\s|$|[\"'])\s*", unquoted):
        return _after_colon(lines, number, unquoted[colon.end() :])
    if _SPACE_FORM.search(before) and after.startswith((" ", "\t")):
        return _filled(_literal(after.strip(), before))
    passed = _PASSED.search(before) or (pass_through and re.fullmatch(r"\s*-\s*[\"']?", before))
    return UNKNOWN if (passed and not after.strip(" \t\"'\\")) or (passed and after[:1].isspace()) else None


def _assigned_default(before: str, after: str) -> str | None:
    """`${NAME:=value}` assigns; every other expansion only reads."""
    match = re.match(r":?=([^}]*)\}", after)
    return _filled(match[1].strip("\"'")) if match and before.endswith("${") else None


def _filled(value: str) -> str | None:
    return None if value.strip().lower() in _NULL else value.strip()


def _literal(rest: str, before: str) -> str:
    """The value at the start of the rest of a line, up to its quote, a blank or a comment."""
    rest = _TAIL_COMMENT.sub("", rest).strip()
    if rest[:1] in "\"'" and rest:
        return _unquoted(rest)
    opened = before[-1:] if before[-1:] in "\"'" else ""
    if opened:
        return rest.split(opened)[0]
    whole = re.match(r"(?:\$\{\{.*?\}\}|\{\{.*?\}\}|\$\([^)]*\)|\$\{[^}]*\}|[^\s;,])+", rest)
    return (
        whole[0].rstrip("\"'`)}]") if whole and not whole[0].endswith(("}}", ")", "}")) else (whole[0] if whole else "")
    )


def _unquoted(text: str) -> str:
    """A YAML or JSON scalar without its quotes, or without what follows it on the line."""
    text = text.strip()
    if text[:1] in "\"'" and text:
        closing = text.find(text[0], 1)
        return text[1:closing] if closing > 0 else text[1:]
    text = _TAIL_COMMENT.sub("", text).rstrip(" ,")
    return text if text.endswith("}}") or "${" in text else text.rstrip(" }")


def _after_colon(lines: list[str], number: int, rest: str) -> str | None:
    rest = rest.strip() if rest.lstrip()[:1] in "\"'" else _TAIL_COMMENT.sub("", rest).strip()
    if rest[:1] in "\"'" and rest:
        return _filled(_unquoted(rest))
    rest = re.sub(r"^!\w+\s+|^&\w+\s+", "", rest)
    if rest.strip(" ,").lower() not in _NULL:
        if rest.startswith("{") and not rest.startswith("{{"):
            nested = re.search(r"value(?:From)?[\"']?\s*:\s*[\"']?([^,}\"']+)", rest)
            return _filled(nested[1]) if nested else None
        return _filled(rest.rstrip(" ,"))
    return _nested(lines, number)


def _nested(lines: list[str], number: int) -> str | None:
    """The value on the lines below a key: a block scalar, or a mapping with `value`."""
    indentation = _indentation(lines[number - 1])
    for line in lines[number : number + 6]:
        if not line.strip():
            continue
        if _indentation(line) <= indentation:
            return None
        if pair := _VALUE_OF_PAIR.match(line):
            return UNKNOWN if pair[1].lower() in {"valuefrom", "value_from"} else _filled(pair[2].strip().strip("\"',"))
        if not re.match(r"\s*-?\s*[\w\"'.-]+\s*:(\s|$)", line):
            return _filled(line.strip().strip("\"'"))
    return None


def _paired(lines: list[str], number: int, after: str) -> str | None:
    """The `value:` beside `name: NAME`, on the same line or one of the next."""
    candidates = [after.lstrip("\"' "), *lines[number : number + 4]]
    for line in candidates:
        if pair := _VALUE_OF_PAIR.match(line):
            if pair[1].lower() in {"valuefrom", "value_from"}:
                return UNKNOWN
            return _filled(_unquoted(pair[2]))
        if line is not candidates[0] and re.match(r"\s*-?\s*[\"']?name[\"']?\s*:", line):
            return None
    before = lines[max(0, number - 3) : number - 1]
    values = [pair for line in reversed(before) if (pair := _VALUE_OF_PAIR.match(line))]
    return _filled(_unquoted(values[0][2])) if values else None


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def resolve(value: str, text: str) -> str:
    """Fills in references to variables that the same text gives a constant value; others stay as they are.

    Each variable is looked up once, and at most `MAX_NAMES` are: a few lines can refer to each other a million times.
    """
    known: dict[str, str | None] = {}

    def look_up(name: str) -> str | None:
        if name not in known and len(known) < MAX_NAMES:
            known[name] = None  # while it is looked for: a circle stays as it is
            for found in find_assignments(text, frozenset({name})):
                if name not in found.value and found.value != UNKNOWN:
                    known[name] = fill(found.value)
                    break
        return known.get(name)

    def fill(value: str) -> str:
        if "$" not in value and "%" not in value:
            return value
        return _REFERENCE.sub(filled, value.replace("$$", "$"))[:MAX_VALUE]

    def filled(match: re.Match[str]) -> str:
        constant = look_up(match[1] or match[3] or match[4] or match[5])
        if constant is not None:
            return constant
        return match[2] if match[2] is not None else match[0]

    return fill(value)
