"""Java, Scala and Kotlin source as calls on receivers: comments and strings told apart, nothing compiled.

Lexical rules that the three share: `//` and nested or plain `/* */` comments, `"…"`, `"…"` in threes, `'c'`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mlx_tui.formats.tokens import CLOSE, MAX_CHARACTERS, OPEN, Token

MAX_EXAMINED = 1_000_000
"""As many tokens of methods' bodies are looked through for what they return."""

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\f]+)|(?P<newline>\n)|(?P<comment>//[^\n]*)|(?P<block>/\*)|(?P<long>\"\"\")
    |(?P<string>"(?:[^"\\\n]|\\.)*"?)|(?P<character>'(?:[^'\\\n]|\\.){1,8}'|')
    |(?P<name>[^\W\d][\w$]*|`[^`\n]+`)|(?P<number>\d[\w.]*)|(?P<operator>->|=>|::|.)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(slots=True)
class Call:
    """A call or construction.

    Attributes:
        name: The method's or class's name.
        receiver: The name before the dot; `()` where it is another call's result; empty where there is none.
        line: The name's line.
        arguments: The tokens of each argument; those of nested calls and in braces are left out.
        target: The name that the result is assigned to, where it is.
    """

    name: str
    receiver: str
    line: int
    arguments: list[list[Token]] = field(default_factory=list)
    target: str = ""


def tokens(text: str) -> list[Token]:
    """The tokens of a source file without comments."""
    return list(_tokens(text[:MAX_CHARACTERS]))


def _tokens(text: str) -> Iterator[Token]:
    line, position = 1, 0
    while match := _TOKEN.match(text, position):
        kind, content, position = match.lastgroup or "", match[0], match.end()
        if kind in {"block", "long"}:
            closing = "*/" if kind == "block" else '"""'
            end = text.find(closing, position)
            end = len(text) if end < 0 else end
            if kind == "long":
                yield Token("string", text[position:end], line)
            position = end + len(closing)
            content = text[match.start() : position]
        elif kind == "string":
            yield Token(kind, content[1:-1], line)
        elif kind in {"name", "number", "operator"}:
            yield Token(kind, content.strip("`"), line)
        line += content.count("\n")


def calls(source: list[Token]) -> list[Call]:
    """Every call of a file, in the order in which they end."""
    found: list[Call] = []
    stack: list[_Bracket] = []
    for number, token in enumerate(source):
        if token.kind == "operator" and token.text in OPEN:
            call = _callee(source, number) if token.text == "(" else None
            _give(stack, token)
            groups = token.text == "(" and call is None and stack
            stack.append(_Bracket(stack[-1].call, opens=False) if groups else _Bracket(call))
        elif token.kind == "operator" and token.text in CLOSE:
            if stack and (ended := stack.pop()).call is not None and ended.opens:
                found.append(ended.call)
            _give(stack, token)
        elif token.text == "," and token.kind == "operator" and stack and stack[-1].opens:
            if (call := stack[-1].call) is not None:
                call.arguments.append([])
        else:
            _give(stack, token)
    found.extend(bracket.call for bracket in stack if bracket.call is not None and bracket.opens)
    return found


@dataclass(frozen=True, slots=True)
class _Bracket:
    """An open bracket: the call whose arguments it is in, and whether it opens them or only groups within them."""

    call: Call | None
    opens: bool = True


def _give(stack: list[_Bracket], token: Token) -> None:
    call = stack[-1].call if stack else None
    if call is not None:
        if not call.arguments:
            call.arguments.append([])
        call.arguments[-1].append(token)


def _callee(source: list[Token], position: int) -> Call | None:
    if not position or source[position - 1].kind != "name":
        return None
    name = source[position - 1]
    at, receiver = position - 2, ""
    if at >= 1 and source[at].text in {".", "::"}:
        before = source[at - 1]
        while before.text in {"?", "!"} and at >= 2:
            at -= 1
            before = source[at - 1]
        receiver = before.text if before.kind == "name" else "()" if before.text in CLOSE else ""
    start = at
    while start >= 0 and source[start].text in {"new", ".", "this", receiver, "await"} and position - start < 12:
        start -= 1
    target = (
        source[start - 1].text if start >= 1 and source[start].text == "=" and source[start - 1].kind == "name" else ""
    )
    return Call(name.text, receiver, name.line, target=target)


def declared(source: list[Token], types: frozenset[str]) -> set[str]:
    """The names declared with one of these types: `Type name`, `name: Type`."""
    names: set[str] = set()
    for number in range(1, len(source) - 1):
        token, after, before = source[number], source[number + 1], source[number - 1]
        if token.kind != "name" or token.text not in types:
            continue
        if after.kind == "name":
            names.add(after.text)
        if before.text == ":" and number >= 2 and source[number - 2].kind == "name":
            names.add(source[number - 2].text)
    return names


def returning(source: list[Token], types: frozenset[str]) -> set[str]:
    """The methods that are declared to return one of these types, or of which every branch ends in making one."""
    pairs = _pairs(source)
    built = frozenset(
        pairs[number + 1]
        for number in range(len(source) - 1)
        if source[number].text in types and source[number].kind == "name" and number + 1 in pairs
    )
    names: set[str] = set()
    examined = 0
    for number in range(len(source) - 2):
        token, name = source[number], source[number + 1]
        if name.kind != "name":
            continue
        if token.text in types and source[number + 2].text == "(":
            names.add(name.text)
        elif token.text in {"def", "fun"}:
            at = number + 2
            while at in pairs and source[at].text in {"(", "["}:
                at = pairs[at] + 1
            examined += pairs.get(at + 1, at) - at  # bodies in bodies: each is looked through
            if at < len(source) - 1 and examined < MAX_EXAMINED and _gives(source, at, types, built, pairs):
                names.add(name.text)
    return names


def _gives(source: list[Token], at: int, types: frozenset[str], built: frozenset[int], pairs: dict[int, int]) -> bool:
    """Whether a method's result type, or the body after `=`, is one of the types."""
    if source[at].text == ":":
        at += 1
        while at + 2 < len(source) and source[at + 1].text == ".":
            at += 2
        return source[at].text in types
    if source[at].text != "=":
        return False
    if at + 1 in pairs and source[at + 1].text == "{":
        return _ends_in(source, at + 1, pairs[at + 1], built)
    start = at + 2 if source[at + 1].text == "new" else at + 1
    return start + 1 < len(source) and source[start].text in types and source[start + 1].text == "("


def _ends_in(source: list[Token], start: int, end: int, built: frozenset[int]) -> bool:
    """Whether a block, and each of its branches, ends where one of the types has been made."""
    for number in [end, *(number for number in range(start, end) if source[number].text in {"else", "case"})]:
        before = number - 1
        if source[number].text == "case" and source[before].text == "{":
            continue
        while before > start and source[before].text == "}":
            before -= 1
        if before not in built:
            return False
    return True


def _pairs(source: list[Token]) -> dict[int, int]:
    """Where each bracket that opens is closed: at the last token where it isn't."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for number, token in enumerate(source):
        if token.kind == "operator" and token.text in OPEN:
            opened.append(number)
            pairs[number] = len(source) - 1
        elif token.kind == "operator" and token.text in CLOSE and opened:
            pairs[opened.pop()] = number
    return pairs
