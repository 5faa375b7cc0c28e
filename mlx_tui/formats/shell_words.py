"""POSIX shell text word by word: quotes, expansions (POSIX.1-2017, "Shell Command Language", 2.2 to 2.6)."""

import re

MAX_EXPANSION = 20_000

_PLAIN = re.compile(r"[^\s\\'\"$`;&|()<>#]+")
_UNTIL_QUOTE = re.compile(r'["\\$`]')
_VARIABLE = re.compile(r"\$(\w+|[@*#?!$-])?")


class WordReader:
    """One pass over shell text, character by character.

    Attributes:
        text: The text.
        position: The next character.
        line: Its line, from 1 on where the text begins with that.
        substitutions: The command lines in `$(…)` and backquotes so far, with their lines.
    """

    def __init__(self, text: str, line: int) -> None:
        self.text, self.position, self.line = text, 0, line
        self.substitutions: list[tuple[str, int]] = []
        self._closed: dict[str, dict[int, int]] = {}

    def ahead(self, text: str) -> bool:
        """Whether a text comes next."""
        return self.text.startswith(text, self.position)

    def ahead_of(self, characters: str) -> bool:
        """Whether one of some characters comes next."""
        return self.text[self.position : self.position + 1] in tuple(characters)

    def advance(self, count: int) -> None:
        """Goes on by so many characters, and counts their lines."""
        end = min(self.position + count, len(self.text))
        self.line += self.text.count("\n", self.position, end)
        self.position = end

    def skip_comment(self) -> None:
        """Goes on to the end of the line."""
        end = self.text.find("\n", self.position)
        self.position = len(self.text) if end < 0 else end

    def word(self) -> str | None:
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
                self.advance(1)
            else:
                break
            begun = True
        if not begun and self.position < len(self.text) and self.text[self.position] == "#":
            self.skip_comment()
        return "".join(parts) if begun else None

    def _escaped(self) -> str:
        following = self.text[self.position + 1 : self.position + 2]
        self.advance(2)
        return "" if following == "\n" else following

    def _single_quoted(self) -> str:
        end = self.text.find("'", self.position + 1)
        end = len(self.text) if end < 0 else end
        content = self.text[self.position + 1 : end]
        self.advance(end + 1 - self.position)
        return content

    def _double_quoted(self) -> str:
        self.advance(1)
        parts: list[str] = []
        while self.position < len(self.text) and self.text[self.position] != '"':
            character = self.text[self.position]
            if character == "\\":
                following = self.text[self.position + 1 : self.position + 2]
                parts.append("" if following == "\n" else following if following in '"\\$`' else "\\" + following)
                self.advance(2)
            elif character in "$`":
                parts.append(self._expansion())
            else:
                stop = _UNTIL_QUOTE.search(self.text, self.position)
                end = stop.start() if stop else len(self.text)
                parts.append(self.text[self.position : end])
                self.advance(end - self.position)
        self.advance(1)
        return "".join(parts)

    def _expansion(self) -> str:
        """Reads `$X`, `${…}`, `$(…)` or a backquoted command as it is written."""
        start, at = self.position, self.line
        if self.text[start] == "`":
            end = self.text.find("`", start + 1)
            end = len(self.text) - 1 if end < 0 else end
            self.substitutions.append((self.text[start + 1 : end], at))
        elif self.ahead("$("):
            end = self._closing(start + 1, "(", ")")
            self.substitutions.append((self.text[start + 2 : end], at))
        elif self.ahead("${"):
            end = self._closing(start + 1, "{", "}")
        else:
            name = _VARIABLE.match(self.text, start)
            end = start + len(name[0]) - 1 if name else start
        self.advance(end + 1 - start)
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
