"""The editor and the clipboard, in a real pseudo-terminal."""

import base64
import os
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No desktop, no tmux, no editor."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "TMUX", "WSL_DISTRO_NAME", "BROWSER", "VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)


def open_first(terminal: Terminal) -> None:
    terminal.wait_for("sklearn-mlproject")
    terminal.press("enter")
    terminal.wait_for("left to judge")
    terminal.wait_for("▶")


def test_the_editor_gets_the_terminal_and_gives_it_back(
    demo_folder: Path, tmp_path: Path, bare: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = tmp_path / "nano"
    editor.write_text(
        '#!/bin/sh\nprintf "editing %s %s\\n" "$1" "$(basename "$2")"\nread answer\necho "$2" > "$SEEN"\n'
    )
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    monkeypatch.setenv("SEEN", str(tmp_path / "seen"))
    with Terminal([str(demo_folder)]) as terminal:
        open_first(terminal)
        terminal.press("o")
        terminal.wait_for("editing +1 MLproject")
        terminal.process.sendintr()  # kills the editor's shell, not the program
        terminal.wait_for("was ended by signal 2")
        terminal.press("o")
        terminal.wait_for("editing +1 MLproject")
        terminal.press("enter")
        terminal.wait_for("back from nano")
        terminal.wait_for("▶")
        copied = Path((tmp_path / "seen").read_text().strip())
        assert copied.name == "MLproject" and not copied.parent.exists()
        terminal.press("n")
        terminal.wait_for("path.py")
        terminal.press("q")
        assert terminal.wait_for_end() == 0


def test_a_place_is_given_to_the_terminal(demo_folder: Path, bare: None) -> None:
    with Terminal([str(demo_folder)]) as terminal:
        open_first(terminal)
        terminal.press("y")
        terminal.wait_for("copied MLproject:1 through the terminal")
        encoded = base64.b64encode(b"MLproject:1")
        assert b"\x1b]52;c;" + encoded + b"\x07" in bytes(terminal.raw)
        assert os.environ.get("DISPLAY") is None
