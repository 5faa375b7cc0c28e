"""POSIX shell text as simple commands with line numbers: words unquoted, continuations joined, nothing expanded.

Grammar: POSIX.1-2017, "Shell Command Language". It is read tolerantly: text that no shell would take still yields the
commands that can be told.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 6
MAX_EXPANSION = 20_000

_HEREDOC = re.compile(r"<<(-?)\s*(['\"]?)([A-Za-z_]\w*)\2")
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)\+?=(.*)", re.DOTALL)
_PLAIN = re.compile(r"[^\s\\'\"$`;&|()<>#]+")
_BLANKS = re.compile(r"[^\S\n]+")
_UNTIL_QUOTE = re.compile(r'["\\$`]')
_VARIABLE = re.compile(r"\$(\w+|[@*#?!$-])?")
_RUNS_TEXT = frozenset({"-c", "-lc", "-ec", "-xc", "-cx", "-ce", "-exc", "-euc", "-ic", "/c", "/k", "-Command"})
_TAKES_TEXT = frozenset({"ssh", "tmux", "screen", "su", "eval", "concurrently", "start", "gnome-terminal", "watch"})
_GROUPING = frozenset({"{", "}", "then", "do", "else", "elif", "if", "while", "until", "!", "fi", "done", "time"})


@dataclass(frozen=True, slots=True)
class ShellCommand:
    """A simple command.

    Attributes:
        words: Its words without quotes; `$X` and `$(…)` stay as written.
        line: The line on which it starts, from 1.
        assignments: `NAME=value` before the first word.
        redirected: Whether its output goes to a file or another command.
        lines: The line on which each of its words starts.
    """

    words: tuple[str, ...]
    line: int
    assignments: tuple[tuple[str, str], ...] = ()
    redirected: bool = False
    lines: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """The words, joined by spaces."""
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class HereDocument:
    """Text given to a command as its input: its first line, that command, and whether its output is redirected."""

    text: str
    line: int
    redirected: bool
    program: str = ""


@dataclass(slots=True)
class ShellScript:
    """The commands and here-documents of a shell text, in order."""

    commands: list[ShellCommand] = field(default_factory=list)
    documents: list[HereDocument] = field(default_factory=list)


def parse_shell(text: str, line: int = 1, depth: int = 0) -> ShellScript:
    """Parses shell text.

    Args:
        text: A script, or the command line of another file.
        line: The number of the text's first line.
        depth: How deep in `sh -c "…"` and `$(…)` it stands; beyond `MAX_DEPTH` nothing is read.
    """
    script = ShellScript()
    if depth > MAX_DEPTH or len(text) > MAX_CHARACTERS:
        return script
    reader = _Reader(text, line)
    for command in reader.commands(script.documents):
        script.commands.append(command)
        for inner in _inner_texts(command):
            nested = parse_shell(inner, command.line, depth + 1)
            script.commands.extend(nested.commands)
    for inner, at in reader.substitutions:
        nested = parse_shell(inner, at, depth + 1)
        script.commands.extend(nested.commands)
    return script


def _inner_texts(command: ShellCommand) -> Iterator[str]:
    """The command lines that a command runs as text: `sh -c "…"`, `ssh host "…"`."""
    words = command.words
    for number, word in enumerate(words[1:], 1):
        runs = words[number - 1] in _RUNS_TEXT or words[0].rpartition("/")[2] in _TAKES_TEXT
        if runs and (any(space in word for space in " \n\t") or words[number - 1] in _RUNS_TEXT):
            yield word


class _Reader:
    """One pass over the text, character by character."""

    def __init__(self, text: str, line: int) -> None:
        self.text, self.position, self.line = text, 0, line
        self.substitutions: list[tuple[str, int]] = []
        self._pending: list[tuple[str, bool]] = []
        self._closed: dict[str, dict[int, int]] = {}

    def commands(self, documents: list[HereDocument]) -> Iterator[ShellCommand]:
        words: list[str] = []
        lines: list[int] = []
        redirected = False
        while self.position < len(self.text):
            character = self.text[self.position]
            if character == "\n":
                self._advance(1)
                if self._pending:
                    documents.extend(self._read_documents(redirected, words[0] if words else ""))
                yield from _command(words, lines, redirected)
                words, lines, redirected = [], [], False
            elif character in ";&|()":
                yield from _command(words, lines, redirected or (character == "|" and not self._ahead("||")))
                words, lines, redirected = [], [], False
                self._advance(1)
            elif blanks := _BLANKS.match(self.text, self.position):
                self.position = blanks.end()
            elif self._ahead("\\\n"):
                self._advance(2)
            elif character == "#" and not (self.position and self.text[self.position - 1] not in " \t\n;&|("):
                self._skip_comment()
            elif character in "<>":
                redirected = self._redirect() or redirected
            else:
                before, line = self.position, self.line
                word = self._word()
                descriptor = word is not None and word.isdigit() and self._ahead_of("<>")
                opens = not words and word in _GROUPING
                if word is not None and not descriptor and not opens:
                    words.append(word)
                    lines.append(line)
                if self.position == before:
                    self._advance(1)
        yield from _command(words, lines, redirected)

    def _ahead(self, text: str) -> bool:
        return self.text.startswith(text, self.position)

    def _ahead_of(self, characters: str) -> bool:
        return self.text[self.position : self.position + 1] in tuple(characters)

    def _advance(self, count: int) -> None:
        end = min(self.position + count, len(self.text))
        self.line += self.text.count("\n", self.position, end)
        self.position = end

    def _skip_comment(self) -> None:
        end = self.text.find("\n", self.position)
        self.position = len(self.text) if end < 0 else end

    def _redirect(self) -> bool:
        if heredoc := _HEREDOC.match(self.text, self.position):
            self._pending.append((heredoc[3], bool(heredoc[1])))
            self._advance(len(heredoc[0]))
            return False
        output = self.text[self.position] == ">"
        while self.position < len(self.text) and self.text[self.position] in "<>&|":
            self._advance(1)
        while self.position < len(self.text) and self.text[self.position] in " \t":
            self._advance(1)
        target = self._word() if self.position < len(self.text) and self.text[self.position] not in "\n;&|()" else ""
        return output and target not in {"1", "2", "-", "/dev/null", None}

    def _read_documents(self, redirected: bool, program: str) -> Iterator[HereDocument]:
        for end, dashed in self._pending:
            first, body = self.line, []
            while self.position < len(self.text):
                stop = self.text.find("\n", self.position)
                stop = len(self.text) if stop < 0 else stop
                line = self.text[self.position : stop]
                self._advance(stop + 1 - self.position)
                if (line.lstrip("\t ") if dashed else line).rstrip() == end:
                    break
                body.append(line)
            yield HereDocument("\n".join(body), first, redirected, program)
        self._pending = []

    def _word(self) -> str | None:
        """Reads a word; None where only a continuation stood there."""
        parts: list[str] = []
        begun = False
        while self.position < len(self.text):
            character = self.text[self.position]
            if plain := _PLAIN.match(self.text, self.position):
                parts.append(plain[0])
                self.position = plain.end()
            elif character == "\\":
                parts.append(self._escaped())
                begun = begun or parts[-1] != ""
                continue
            elif character == "'":
                parts.append(self._single_quoted())
            elif character == '"':
                parts.append(self._double_quoted())
            elif character in "$`":
                parts.append(self._expansion())
            elif character == "#" and begun:
                parts.append(character)
                self._advance(1)
            else:
                break
            begun = True
        if not begun and self.position < len(self.text) and self.text[self.position] == "#":
            self._skip_comment()
        return "".join(parts) if begun else None

    def _escaped(self) -> str:
        following = self.text[self.position + 1 : self.position + 2]
        self._advance(2)
        return "" if following == "\n" else following

    def _single_quoted(self) -> str:
        end = self.text.find("'", self.position + 1)
        end = len(self.text) if end < 0 else end
        content = self.text[self.position + 1 : end]
        self._advance(end + 1 - self.position)
        return content

    def _double_quoted(self) -> str:
        self._advance(1)
        parts: list[str] = []
        while self.position < len(self.text) and self.text[self.position] != '"':
            character = self.text[self.position]
            if character == "\\":
                following = self.text[self.position + 1 : self.position + 2]
                parts.append("" if following == "\n" else following if following in '"\\$`' else "\\" + following)
                self._advance(2)
            elif character in "$`":
                parts.append(self._expansion())
            else:
                stop = _UNTIL_QUOTE.search(self.text, self.position)
                end = stop.start() if stop else len(self.text)
                parts.append(self.text[self.position : end])
                self._advance(end - self.position)
        self._advance(1)
        return "".join(parts)

    def _expansion(self) -> str:
        """Reads `$X`, `${…}`, `$(…)` or a backquoted command as it is written."""
        start, at = self.position, self.line
        if self.text[start] == "`":
            end = self.text.find("`", start + 1)
            end = len(self.text) - 1 if end < 0 else end
            self.substitutions.append((self.text[start + 1 : end], at))
        elif self._ahead("$("):
            end = self._closing(start + 1, "(", ")")
            self.substitutions.append((self.text[start + 2 : end], at))
        elif self._ahead("${"):
            end = self._closing(start + 1, "{", "}")
        else:
            name = _VARIABLE.match(self.text, start)
            end = start + len(name[0]) - 1 if name else start
        self._advance(end + 1 - start)
        return self.text[start : end + 1]

    def _closing(self, opening: int, left: str, right: str) -> int:
        """Where a bracket is closed; the end of its line where it isn't, or far away."""
        if left not in self._closed:
            self._closed[left] = _closings(self.text, left, right)
        closing = self._closed[left].get(opening)
        if closing is not None and closing < opening + MAX_EXPANSION:
            return closing
        end = self.text.find("\n", opening)
        return len(self.text) - 1 if end < 0 else end - 1


def _closings(text: str, left: str, right: str) -> dict[int, int]:
    """Where each bracket that is closed is: one pass, since a hostile text opens a hundred thousand."""
    opened: list[int] = []
    closed: dict[int, int] = {}
    for match in re.finditer(f"[{re.escape(left + right)}]", text):
        if match[0] == left:
            opened.append(match.start())
        elif opened:
            closed[opened.pop()] = match.start()
    return closed


def _command(words: list[str], lines: list[int], redirected: bool) -> Iterator[ShellCommand]:
    assignments: list[tuple[str, str]] = []
    position = 0
    while position < len(words):
        match = _ASSIGNMENT.match(words[position])
        if match:
            assignments.append((match[1], match[2]))
        elif words[position] not in _GROUPING:
            break
        position += 1
    rest = tuple(words[position:])
    if rest or assignments:
        yield ShellCommand(rest, lines[0], tuple(assignments), redirected, tuple(lines[position:]))
