"""No text from a repository, a corpus, a log or another annotator reaches the terminal as anything but text."""

import base64
import re
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal
from tests.hostile import PAYLOADS, REPO, make_study
from tests.tui.support import obeyed

# A control sequence (ECMA-48), an operating system command or another string, a short escape, a lone control character.
CONTROL = re.compile(
    rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-Z\\-~]?|[\x00-\x1a\x1c-\x1f\x7f]"
)

# What the program itself writes that ends in a bell: the text of y and Y, and the pointer's shape, which Textual sets.
COPIED = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")
POINTER = b"\x1b]22;default\x07"


def vocabulary(raw: bytes) -> set[bytes]:
    """The kinds of control sequences in what a program wrote: each with its numbers left out."""
    return {re.sub(rb"[0-9;:]+", b"", found) for found in CONTROL.findall(raw)}


PASTED = "[/foo]\x9b31m pasted \u202e你好\u200d👩"
"""What somebody pastes who copied it from a repository; terminals leave out escape and bell by themselves."""


class Walk:
    """Goes through the program, and looks at the frame after each step."""

    def __init__(self, terminal: Terminal, repo: str) -> None:
        self.terminal, self.repo = terminal, repo

    def look(self, *keys: str) -> str:
        """Presses keys, and checks that the screen holds together."""
        self.terminal.press(*keys)
        self.terminal.read(0.4)
        text = self.terminal.text
        lines = text.split("\n")
        if any("╭" in row for row in self.terminal.cells):
            self.check_box()
        elif "Search for commands" not in text:
            assert lines[0].startswith(" mlx-tui › "), text
            assert lines[-1].endswith(("? help  q quit", "enter keep  esc clear", "enter do  esc close")), text
        return text

    def paste(self) -> str:
        """Pastes into whatever line has the keys."""
        self.terminal.type(f"\x1b[200~{PASTED}\x1b[201~")
        text = self.look()
        assert "pasted" in text, text
        return text

    def check_box(self) -> None:
        """The border of what is over the screen is a rectangle."""
        screen = self.terminal.cells
        top = next(y for y, row in enumerate(screen) if "╭" in row)
        bottom = next(y for y, row in enumerate(screen) if "╰" in row)
        left, right = screen[top].index("╭"), screen[top].index("╮")
        assert (screen[bottom][left], screen[bottom][right]) == ("╰", "╯"), self.terminal.text
        sides = {(row[left], row[right]) for row in screen[top + 1 : bottom]}
        assert sides == {("│", "│")}, self.terminal.text

    def check_columns(self) -> None:
        """A cell stands below its heading, where the terminal is wide enough for the commit's column."""
        heading, row = ("".join(cell or "." for cell in line) for line in self.terminal.cells[1:3])
        found = re.search(r"\b[0-9a-f]{8}\b", row)
        if found:
            assert heading[found.start() :].startswith("commit"), self.terminal.text

    def check_panes(self) -> None:
        """The line between findings and code stands in one column; below each other, that of the gutter does."""
        screen = self.terminal.cells
        if "│" in screen[2]:
            at = screen[2].index("│")
            assert all(row[at] == "│" for row in screen[1:12]), self.terminal.text
        else:
            assert len({row.index("│") for row in screen if "│" in row}) == 1, self.terminal.text

    def corpus(self) -> None:
        self.terminal.wait_for(self.repo)
        self.check_columns()
        for _ in range(30):
            self.look("right")
        self.look("v")
        self.look("s")
        self.look("/")
        self.terminal.type("[/foo] \x1b[red")
        self.look()
        self.look("escape")
        self.look("escape", "g")
        self.look("C", "/")
        self.paste()
        self.look("enter")
        self.look("escape", "escape")
        for key in ("e", "i", "A", "O"):
            self.look(key)
            self.paste()
            self.look("escape")

    def repository(self) -> None:
        self.terminal.press("home", "enter")
        self.terminal.wait_for("left to judge")
        self.terminal.wait_for("▶")
        self.check_panes()
        for _ in range(14):
            self.look("n")
            self.check_panes()
        self.look("x")
        self.look("f")
        self.look("G")
        if "› Corpus" in self.look("escape", "escape"):  # with little room, less is open that escape closes first
            self.look("enter")
            self.terminal.wait_for("features and findings")
        self.look("c")
        self.look("z")
        for key in ("b", "e", "m"):
            self.look(key)
            self.paste()
            self.look("escape")
        self.look("v")
        self.look("escape")
        self.look("y")
        self.look("Y")
        self.look("w")
        self.look("B")
        self.look("n")
        self.look("B")
        self.look("escape")

    def reproduction(self) -> None:
        self.look("p")
        self.terminal.wait_for("What is run")
        self.look("down", "down")
        self.look("tab", "down", "pagedown")
        self.look("o")
        self.paste()
        self.look("enter")  # it says what is wrong with that
        self.look("escape")
        self.look("e")
        self.paste()
        self.look("enter")
        self.terminal.wait_for("chosen by you: the command")
        self.look("X")
        self.look("escape")
        self.look("a")
        self.look("enter")
        for key in ("tab", "tab", "e", "l", "G", "i", "escape"):
            self.look(key)
        self.look("/")
        self.terminal.type("PWN")
        self.look("enter")
        self.look("n")
        self.look("escape", "escape", "escape")

    def rest(self) -> None:
        for key in ("t", "tab", "tab", "tab"):
            self.look(key)
        self.look("escape")
        self.look("?")
        self.look("escape")
        self.look("\x10")
        self.paste()
        self.look("\x15")
        self.terminal.type("hostile")
        self.look()
        self.look("escape")

    def all(self) -> bytes:
        """Everything; returns the bytes that the program wrote until it was asked to leave."""
        self.corpus()
        self.repository()
        self.reproduction()
        self.rest()
        written = bytes(self.terminal.raw)
        self.terminal.press("q")
        assert self.terminal.wait_for_end() == 0
        return written


@pytest.fixture(scope="module")
def usual(scanned_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> set[bytes]:
    """What the program writes of control sequences where nothing is hostile."""
    with pytest.MonkeyPatch.context() as patch:
        bare(patch)
        with Terminal([str(scanned_demo)], rows=30, columns=120) as terminal:
            terminal.wait_for("sklearn-mlproject")
            for keys in (("right", "v", "/"), ("escape", "enter"), ("n", "b"), ("escape", "e"), ("escape", "y", "p")):
                terminal.press(*keys)
                terminal.read(0.4)
            terminal.press("escape", "escape", "t", "escape", "?", "escape", "\x10", "escape")
            terminal.read(0.4)
            return vocabulary(COPIED.sub(b"", bytes(terminal.raw)).replace(POINTER, b""))


def bare(patch: pytest.MonkeyPatch) -> None:
    """No desktop, no tmux."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "TMUX", "WSL_DISTRO_NAME", "BROWSER", "VISUAL", "EDITOR"):
        patch.delenv(name, raising=False)


@pytest.mark.parametrize(("rows", "columns"), [(24, 80), (45, 160)], ids=["80x24", "160x45"])
def test_nothing_from_elsewhere_reaches_the_terminal_or_breaks_the_frame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, usual: set[bytes], rows: int, columns: int
) -> None:
    bare(monkeypatch)
    folder = make_study(tmp_path, monkeypatch)
    with Terminal([str(folder)], rows=rows, columns=columns) as terminal:
        written = Walk(terminal, REPO).all()
    copied = [base64.b64decode(found).decode() for found in COPIED.findall(written)]
    assert len(copied) == 2 and not any(obeyed(text.replace("\t", "")) for text in copied)
    rest = COPIED.sub(b"", written).replace(POINTER, b"")
    assert [payload for payload in PAYLOADS if payload in rest] == []
    assert vocabulary(rest) <= usual
    assert b"PWN" in written and "⟨202E⟩".encode() in written  # it was there to be seen
