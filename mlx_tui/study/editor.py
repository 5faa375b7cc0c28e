"""The user's editor, and how it is told the line."""

import os
import shlex
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import PurePath

from mlx_tui.safe_text import safe_text
from mlx_tui.study.errors import StudyError
from mlx_tui.study.files import Files
from mlx_tui.study.places import Place

_PLUS = {
    "vi", "vim", "nvim", "view", "vimdiff", "gvim", "mvim", "ex", "nano", "emacs", "emacsclient", "micro", "kak",
    "joe", "jmacs", "mg", "ne", "jed", "zile", "mcedit", "less", "most", "gedit", "xed", "gnome-text-editor", "neovide",
    "edit", "tilde", "amp", "pico",
}  # fmt: skip
_COLON = {"hx", "helix", "subl", "sublime_text", "zed", "zeditor", "lapce", "bbedit", "o", "smith", "dte"}
_GOTO = {"code", "code-insiders", "codium", "vscodium", "code-oss", "code-server", "cursor", "windsurf", "positron"}
_LINE = {"kate", "kwrite", "pycharm", "charm", "idea", "dataspell", "webstorm", "mate", "xemacs"}
# Windows of their own: they are waited for without giving them the terminal, and told not to return at once.
_WAIT = {
    **dict.fromkeys(_GOTO, "--wait"),
    **dict.fromkeys(("subl", "sublime_text", "zed", "zeditor", "mate", "bbedit", "pycharm", "charm", "idea"), "--wait"),
    **dict.fromkeys(("dataspell", "webstorm"), "--wait"),
    **dict.fromkeys(("kate", "kwrite"), "--block"),
    **dict.fromkeys(("gvim", "mvim"), "-f"),
    "gnome-text-editor": "--standalone",
    "gedit": "--wait",
    "neovide": "--no-fork",
}
# A file of a repository may hold settings for the editor (modelines, local variables), which can run code: left alone.
_NO_MODELINES = ("--cmd", "autocmd BufReadPre * setlocal nomodeline")
_DISTRUST = {
    **dict.fromkeys(("vim", "nvim", "view", "gvim", "mvim", "vimdiff"), _NO_MODELINES),
    "emacs": ("--eval", "(setq enable-local-variables nil enable-local-eval nil)"),
}


@dataclass(frozen=True, slots=True)
class EditorCommand:
    """How the editor is started.

    Attributes:
        arguments: The program and its arguments.
        takes_terminal: Whether it runs in the terminal; else it has a window of its own.
    """

    arguments: tuple[str, ...]
    takes_terminal: bool

    @property
    def name(self) -> str:
        """The program's name."""
        return _name(self.arguments[0])


def editor_command(environment: Mapping[str, str], path: str, line: int) -> EditorCommand:
    """The command that opens a file at a line.

    Args:
        environment: Its `VISUAL`, else its `EDITOR`, names the editor, with arguments where it needs some.
        path: An absolute path.
        line: From 1. An editor that isn't known gets the file alone.

    Raises:
        StudyError: No editor is named, or it isn't installed.
    """
    variable = next((name for name in ("VISUAL", "EDITOR") if environment.get(name, "").strip()), "")
    if not variable:
        raise StudyError("no editor is set: set VISUAL or EDITOR, as in `export EDITOR=nano`, and start again")
    try:
        program, *options = shlex.split(environment[variable])
    except ValueError as error:
        raise StudyError(f"{variable} can't be read ({error}): {safe_text(environment[variable])}") from error
    if shutil.which(program, path=environment.get("PATH")) is None:
        raise StudyError(f"{variable} names {safe_text(program)}, which isn't installed")
    name = _name(program)
    wait = _WAIT.get(name)
    waiting = [wait] if wait and wait not in options else []
    return EditorCommand((program, *options, *waiting, *_DISTRUST.get(name, ()), *_at(name, path, line)), wait is None)


def edit(
    files: Files,
    repo: str,
    place: Place,
    *,
    suspended: Callable[[], AbstractContextManager[None]] = nullcontext,
    environment: Mapping[str, str] | None = None,
) -> str:
    """Opens a read-only copy of a file at a line and returns when the editor is left.

    Args:
        files: Of the study.
        repo: The repository.
        place: The file and its line; of a notebook a script is made of its cells.
        suspended: Gives the terminal away, to an editor that runs in it.
        environment: Names the editor; this process's where None.

    Returns:
        The editor's name.

    Raises:
        StudyError: No editor can be started, it failed, or the file can't be read.
        OSError: The copy can't be written.
    """
    environment = os.environ if environment is None else environment
    editor_command(environment, "", 1)  # before anything is copied
    copy = files.copy(repo, place)
    try:
        command = editor_command(environment, str(copy.path), copy.line)
        if command.takes_terminal:
            with suspended(), _interrupts_are_its_own():
                done = subprocess.run(command.arguments, check=False, env=dict(environment))
        else:
            done = subprocess.run(
                command.arguments,
                check=False,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
    finally:
        shutil.rmtree(copy.path.parent, ignore_errors=True)
    if done.returncode < 0:
        raise StudyError(f"{command.name} was ended by signal {-done.returncode}")
    if done.returncode:
        raise StudyError(f"{command.name} ended with status {done.returncode}")
    return command.name


@contextmanager
def _interrupts_are_its_own() -> Iterator[None]:
    """Leaves ctrl+c to the editor: the terminal sends it to every process in the foreground, this one too."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda *_: None)  # not SIG_IGN, which the editor would inherit
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _name(program: str) -> str:
    return PurePath(program.replace("\\", "/")).name.lower().removesuffix(".exe").removesuffix(".cmd")


def _at(name: str, path: str, line: int) -> tuple[str, ...]:
    known = name.rstrip("0123456789.-") or name  # emacs-29.1, vim.basic
    for words, arguments in (
        (_PLUS, (f"+{line}", path)),
        (_COLON, (f"{path}:{line}",)),
        (_GOTO, ("--goto", f"{path}:{line}")),
        (_LINE, ("--line", str(line), path)),
    ):
        if name in words or known in words or name.split(".")[0] in words:
            return arguments
    return (path,)
