"""POSIX shell text as simple commands with line numbers: words unquoted, continuations joined, nothing expanded.

Grammar: POSIX.1-2017, "Shell Command Language". It is read tolerantly: text that no shell would take still yields the
commands that can be told.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mlx_tui.formats.shell_words import WordReader

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 6

_HEREDOC = re.compile(r"<<(-?)\s*(['\"]?)([A-Za-z_]\w*)\2")
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)\+?=(.*)", re.DOTALL)
_BLANKS = re.compile(r"[^\S\n]+")
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


class _Reader(WordReader):
    """Reads commands of words, and the here-documents that are their input."""

    def __init__(self, text: str, line: int) -> None:
        super().__init__(text, line)
        self._pending: list[tuple[str, bool]] = []

    def commands(self, documents: list[HereDocument]) -> Iterator[ShellCommand]:
        words: list[str] = []
        lines: list[int] = []
        redirected = False
        while self.position < len(self.text):
            character = self.text[self.position]
            if character == "\n":
                self.advance(1)
                if self._pending:
                    documents.extend(self._read_documents(redirected, words[0] if words else ""))
                yield from _command(words, lines, redirected)
                words, lines, redirected = [], [], False
            elif character in ";&|()":
                yield from _command(words, lines, redirected or (character == "|" and not self.ahead("||")))
                words, lines, redirected = [], [], False
                self.advance(1)
            elif blanks := _BLANKS.match(self.text, self.position):
                self.position = blanks.end()
            elif self.ahead("\\\n"):
                self.advance(2)
            elif character == "#" and not (self.position and self.text[self.position - 1] not in " \t\n;&|("):
                self.skip_comment()
            elif character in "<>":
                redirected = self._redirect() or redirected
            else:
                before, line = self.position, self.line
                word = self.word()
                descriptor = word is not None and word.isdigit() and self.ahead_of("<>")
                opens = not words and word in _GROUPING
                if word is not None and not descriptor and not opens:
                    words.append(word)
                    lines.append(line)
                if self.position == before:
                    self.advance(1)
        yield from _command(words, lines, redirected)

    def _redirect(self) -> bool:
        if heredoc := _HEREDOC.match(self.text, self.position):
            self._pending.append((heredoc[3], bool(heredoc[1])))
            self.advance(len(heredoc[0]))
            return False
        output = self.text[self.position] == ">"
        while self.position < len(self.text) and self.text[self.position] in "<>&|":
            self.advance(1)
        while self.position < len(self.text) and self.text[self.position] in " \t":
            self.advance(1)
        target = self.word() if self.position < len(self.text) and self.text[self.position] not in "\n;&|()" else ""
        return output and target not in {"1", "2", "-", "/dev/null", None}

    def _read_documents(self, redirected: bool, program: str) -> Iterator[HereDocument]:
        for end, dashed in self._pending:
            first, body = self.line, []
            while self.position < len(self.text):
                stop = self.text.find("\n", self.position)
                stop = len(self.text) if stop < 0 else stop
                line = self.text[self.position : stop]
                self.advance(stop + 1 - self.position)
                if (line.lstrip("\t ") if dashed else line).rstrip() == end:
                    break
                body.append(line)
            yield HereDocument("\n".join(body), first, redirected, program)
        self._pending = []


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
