"""R source as calls with their arguments: comments and strings told apart, nothing evaluated.

Lexical rules: "R Language Definition", section 10; raw strings since R 4.0; chunks of R Markdown and Quarto.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from mlx_tui.formats.tokens import CLOSE, MAX_CHARACTERS, OPEN, Token

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\f]+)|(?P<newline>\n)|(?P<comment>\#[^\n]*)
    |(?P<raw>[rR]["']-*[\[({])
    |(?P<string>"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)
    |(?P<name>(?:[A-Za-z.]|[^\W\d_])[\w.]*|`[^`\n]*`)
    |(?P<number>\d[\w.]*)
    |(?P<operator><<-|->>|<-|->|:::|::|%[^%\n]*%|[|]>|[<>=!]=|.)""",
    re.VERBOSE | re.DOTALL,
)
_CHUNK = re.compile(r"\s*```+\s*\{\s*[rR]\b[^}]*\}")
_FENCE = re.compile(r"\s*```+\s*$")


@dataclass(slots=True)
class RArgument:
    """An argument: its name (empty where it is positional), its tokens and its line."""

    name: str
    tokens: list[Token]
    line: int

    @property
    def constant(self) -> str | None:
        """The text of a single string or number; None for any other expression."""
        if len(self.tokens) == 1 and self.tokens[0].kind in {"string", "number"}:
            return self.tokens[0].text
        return None

    @property
    def text(self) -> str:
        """The argument as written, without its blanks."""
        return " ".join(token.text for token in self.tokens)


@dataclass(slots=True)
class RCall:
    """A call.

    Attributes:
        name: The callee's own name; `a$b$c` for a member.
        namespace: `pkg` of `pkg::name`, else empty.
        line: The line of the name.
        arguments: In order.
    """

    name: str
    namespace: str
    line: int
    arguments: list[RArgument] = field(default_factory=list)

    def argument(self, name: str, position: int | None = None) -> RArgument | None:
        """An argument by name, else by its position among the unnamed ones."""
        for argument in self.arguments:
            if argument.name == name:
                return argument
        unnamed = [argument for argument in self.arguments if not argument.name]
        return unnamed[position] if position is not None and position < len(unnamed) else None


@dataclass(slots=True)
class RSource:
    """A source file: its calls in the order in which they end, its strings, names bound to constants, own functions."""

    calls: list[RCall] = field(default_factory=list)
    strings: list[Token] = field(default_factory=list)
    constants: dict[str, str] = field(default_factory=dict)
    functions: set[str] = field(default_factory=set)
    bound: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Names bound to the result of a call on a constant: `m <- import("mlflow")` is m: ("import", "mlflow")."""


def code_of_chunks(text: str) -> str:
    """The R chunks of an R Markdown or Quarto file; other lines are blank, so that line numbers stay."""
    kept, inside = [], False
    for line in text.split("\n"):
        if inside and _FENCE.match(line):
            inside = False
        kept.append(line if inside else "")
        if not inside and _CHUNK.match(line):
            inside = True
    return "\n".join(kept)


def parse_r(text: str) -> RSource:
    """Parses R source; anything can be read, also what R would refuse."""
    tokens = list(_tokens(text[:MAX_CHARACTERS]))
    source = RSource(strings=[token for token in tokens if token.kind == "string"])
    _bindings(tokens, source)
    stack: list[RCall | None] = []
    for number, token in enumerate(tokens):
        if token.kind == "operator" and token.text in OPEN:
            call = _callee(tokens, number) if token.text == "(" else None
            _give(stack, token)
            stack.append(call)
            if call is not None:
                call.arguments.append(RArgument("", [], token.line))
        elif token.kind == "operator" and token.text in CLOSE:
            if stack and (ended := stack.pop()) is not None:
                _end(ended)
                source.calls.append(ended)
            _give(stack, token)
        elif token.text == "," and token.kind == "operator" and stack and stack[-1] is not None:
            _end_argument(stack[-1])
            stack[-1].arguments.append(RArgument("", [], token.line))
        else:
            _give(stack, token)
    for unended in stack:
        if unended is not None:
            _end(unended)
            source.calls.append(unended)
    return source


def _tokens(text: str) -> Iterator[Token]:
    line, position = 1, 0
    unclosed: set[str] = set()
    while match := _TOKEN.match(text, position):
        kind, content, position = match.lastgroup or "", match[0], match.end()
        if kind == "raw":
            end = _end_of_raw(text, content, position, unclosed)
            yield Token("string", text[position : end[0]], line) if end else Token("name", content[0], line)
            position = end[1] if end else match.start() + 1
            content = text[match.start() : position]
        elif kind == "string":
            yield Token(kind, content[1:-1], line)
        elif kind in {"name", "number", "operator"}:
            yield Token(kind, content.strip("`"), line)
        line += content.count("\n")


def _end_of_raw(text: str, opening: str, position: int, unclosed: set[str]) -> tuple[int, int] | None:
    """Where a raw string's content and the string itself end; None where it never does."""
    closing = {"[": "]", "(": ")", "{": "}"}[opening[-1]] + opening[2:-1] + opening[1]
    found = -1 if closing in unclosed else text.find(closing, position)
    if found < 0:
        unclosed.add(closing)
        return None
    return found, found + len(closing)


def _give(stack: list[RCall | None], token: Token) -> None:
    """Adds a token to the innermost call's argument; tokens of nested calls stay with these."""
    call = stack[-1] if stack else None
    if call is not None:
        argument = call.arguments[-1]
        if not argument.tokens:
            argument.line = token.line
        argument.tokens.append(token)


def _end(call: RCall) -> None:
    _end_argument(call)
    call.arguments = [argument for argument in call.arguments if argument.tokens or argument.name]


def _end_argument(call: RCall) -> None:
    argument = call.arguments[-1]
    if len(argument.tokens) > 1 and argument.tokens[1].text == "=" and argument.tokens[0].kind in {"name", "string"}:
        argument.name = argument.tokens[0].text
        argument.tokens = argument.tokens[2:]


def _callee(tokens: list[Token], position: int) -> RCall | None:
    """The call that an opening parenthesis begins; None where it only groups."""
    if not position or tokens[position - 1].kind != "name":
        return None
    last = tokens[position - 1]
    if last.text in {"if", "for", "while", "function", "repeat"}:
        return None
    parts, at = [last.text], position - 1
    while at >= 2 and len(parts) < 10 and tokens[at - 1].text in {"$", "@"} and tokens[at - 2].kind == "name":
        parts.insert(0, tokens[at - 2].text)
        at -= 2
    namespaced = at >= 2 and tokens[at - 1].text in {"::", ":::"} and tokens[at - 2].kind == "name"
    return RCall("$".join(parts), tokens[at - 2].text if namespaced else "", last.line)


def _bindings(tokens: list[Token], source: RSource) -> None:
    for number in range(len(tokens) - 2):
        name, operator, value = tokens[number : number + 3]
        if name.kind != "name" or operator.text not in {"<-", "=", "<<-"}:
            continue
        if value.text == "function" and value.kind == "name":
            source.functions.add(name.text)
        elif value.kind == "string":
            source.constants.setdefault(name.text, value.text)
        elif value.kind == "name":
            ahead = tokens[number + 2 : number + 7]
            strings = [token for token in ahead if token.kind == "string"]
            called = next((a for a, b in pairwise(ahead) if b.text == "("), None)
            if called and strings:
                source.bound.setdefault(name.text, (called.text, strings[0].text))
