"""The ways to the clipboard."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.tui.clipboard import MOST_TERMINAL, copy, harmless, native_command

from .support import obeyed


def installed(folder: Path, *names: str, text: str = "#!/bin/sh\n") -> dict[str, str]:
    for name in names:
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin"}


def test_a_program_is_used_only_where_it_has_a_display(tmp_path: Path) -> None:
    path = {"PATH": str(tmp_path)}
    installed(tmp_path, "wl-copy", "xclip", "pbcopy", "tmux")
    assert native_command(path, "linux") is None
    assert (native_command({**path, "WAYLAND_DISPLAY": "wayland-0"}, "linux") or ("",))[0] == "wl-copy"
    assert (native_command({**path, "DISPLAY": ":0"}, "linux") or ("",))[0] == "xclip"
    assert (native_command({**path, "TMUX": "x"}, "linux") or ("",))[0] == "tmux"
    assert native_command(path, "darwin") == ("pbcopy",)
    assert native_command({**path, "TMUX": "x"}, "linux") == ("tmux", "load-buffer", "-w", "-")


def test_the_program_gets_the_text_and_the_terminal_nothing(tmp_path: Path) -> None:
    environment = installed(tmp_path, "xclip", text=f"#!/bin/sh\ncat > {tmp_path}/got\n")
    given_to_terminal: list[str] = []
    copied = copy("a\nb — c", {**environment, "DISPLAY": ":0"}, "linux", given_to_terminal.append)
    assert (tmp_path / "got").read_text() == "a\nb — c" and given_to_terminal == []
    assert (copied.lines, copied.left_out, copied.way) == (2, 0, "with xclip")


def test_a_program_that_fails_is_followed_by_the_terminal(tmp_path: Path) -> None:
    environment = installed(tmp_path, "xclip", text="#!/bin/sh\nexit 1\n")
    given_to_terminal: list[str] = []
    copied = copy("x", {**environment, "DISPLAY": ":0"}, "linux", given_to_terminal.append)
    assert given_to_terminal == ["x"] and "OSC 52" in copied.way


def test_too_much_for_a_terminal_is_cut_at_a_line_and_told(tmp_path: Path) -> None:
    given_to_terminal: list[str] = []
    copied = copy("é" * 49 + "\n" + "x\n" * MOST_TERMINAL, {"PATH": str(tmp_path)}, "linux", given_to_terminal.append)
    (text,) = given_to_terminal
    assert len(text.encode()) <= MOST_TERMINAL and text.endswith("x")
    assert copied.lines == text.count("\n") + 1
    assert copied.lines + copied.left_out == MOST_TERMINAL + 2


@given(st.text())
def test_what_is_pasted_is_obeyed_by_nothing(text: str) -> None:
    assert not obeyed(harmless(text).replace("\t", ""))


def test_tabs_and_lines_stay() -> None:
    assert harmless("if x:\r\n\ty()\n") == "if x:\n\ty()\n"


@pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")
def test_within_tmux_its_buffer_gets_the_text(tmp_path: Path) -> None:
    socket = tmp_path / "socket"
    subprocess.run(["tmux", "-S", socket, "-f", "/dev/null", "new-session", "-d", "sleep 60"], check=True)
    try:
        environment = {"PATH": "/usr/bin:/bin", "TMUX": f"{socket},1,0"}
        copied = copy("one\ntwo", environment, "linux", lambda text: None)
        shown = subprocess.run(["tmux", "-S", socket, "show-buffer"], check=True, capture_output=True, text=True)
        assert shown.stdout.rstrip("\n") == "one\ntwo" and copied.way == "with tmux"
    finally:
        subprocess.run(["tmux", "-S", socket, "kill-server"], check=True)
