"""Other terminals than the usual one: what they call themselves, a multiplexer, a double click, a program that ends."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal

PROGRAM = Path(sys.executable).parent / "mlx-tui"


@pytest.mark.parametrize(
    "kind", ["xterm-256color", "screen", "screen-256color", "tmux-256color", "linux", "vt100", "dumb"]
)
def test_whatever_the_terminal_is_called_it_is_drawn_and_answers(demo_folder: Path, kind: str) -> None:
    with Terminal([str(demo_folder)], kind=kind) as terminal:
        terminal.wait_for("6/6")
        terminal.press("down")
        terminal.wait_for(lambda text: "autolog-notebook" in text.split("\n")[-2])
        terminal.press("enter")
        terminal.wait_for("left to judge")
        assert terminal.text.split("\n")[-1].endswith("? help  q quit")
        terminal.press("q")
        assert terminal.wait_for_end() == 0


def test_a_double_click_opens_and_the_wheel_scrolls_a_table(demo_folder: Path) -> None:
    with Terminal([str(demo_folder)], rows=10) as terminal:
        terminal.wait_for("6/6")
        first = terminal.text.split("\n")[2]
        for _ in range(3):
            terminal.type("\x1b[<65;10;5M")
        terminal.wait_for(lambda text: text.split("\n")[2] != first)
        chosen = terminal.text.split("\n")[3].split()[0]
        terminal.type("\x1b[<0;3;4M\x1b[<0;3;4m" * 2)
        terminal.wait_for(f"mlx-tui › {chosen}")
        terminal.press("q")
        assert terminal.wait_for_end() == 0


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux isn't installed")
def test_within_tmux_keys_sizes_and_leaving(demo_folder: Path, tmp_path: Path) -> None:
    server = ("tmux", "-f", "/dev/null", "-S", str(tmp_path / "s"))

    def tmux(*arguments: str) -> str:
        done = subprocess.run([*server, *arguments], capture_output=True, text=True, check=True, timeout=30)
        return done.stdout

    def seen(*texts: str) -> None:
        end = time.monotonic() + 60
        while not all(text in (screen := tmux("capture-pane", "-p", "-t", "0")) for text in texts):
            assert time.monotonic() < end, screen
            time.sleep(0.05)

    environment = {name: value for name, value in os.environ.items() if name not in ("TMUX", "LINES", "COLUMNS")}
    command = (*server, "new-session", "-d", "-x", "80", "-y", "24", "sh")
    subprocess.run(command, env={**environment, "TERM": "xterm-256color"}, check=True, timeout=30)
    try:
        tmux("send-keys", f"'{PROGRAM}' '{demo_folder}'; echo left:$?", "Enter")
        seen("sklearn-mlproject", "6/6", "? help  q quit")
        tmux("resize-window", "-x", "40", "-y", "12")
        seen("sklearn-mlproject", "? help  q quit")
        tmux("resize-window", "-x", "160", "-y", "45")
        seen("E export", "? help  q quit")
        tmux("send-keys", "Enter")
        seen("left to judge")
        tmux("send-keys", "c")
        seen("saved: confirmed")
        tmux("send-keys", "q")
        seen("left:0")
    finally:
        tmux("kill-server")
    assert "confirmed" in (demo_folder / "annotations.csv").read_text()


def test_leaving_while_the_palette_looks_for_commands(demo_folder: Path) -> None:
    for typed in ("", "a", "no"):
        with Terminal([str(demo_folder)]) as terminal:
            terminal.wait_for("6/6")
            terminal.type(f"\x10{typed}\x11")  # at once: the palette gathers while the program ends
            assert terminal.wait_for_end(60) == 0
            assert b"Traceback" not in bytes(terminal.raw) and b"WorkerFailed" not in bytes(terminal.raw)
