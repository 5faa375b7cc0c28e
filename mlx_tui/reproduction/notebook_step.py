"""Runs notebooks: with nbclient from a small environment of our own, the kernel in the attempt's environment."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from mlx_tui.paths import cache_dir
from mlx_tui.reproduction.attempt_files import AttemptFiles
from mlx_tui.reproduction.isolation import interpreter_paths

RUNNER_REQUIREMENTS = ("nbclient>=0.10,<0.12", "nbformat>=5.10,<6")
SCRIPT = Path(__file__).with_name("notebook_runner.py")


class RunnerError(RuntimeError):
    """The environment that runs notebooks can't be built."""


def runner_folder() -> Path:
    """The cached environment that runs notebooks, one for each interpreter and set of requirements."""
    key = "\n".join((sys.version, sys.base_prefix, *RUNNER_REQUIREMENTS))
    return cache_dir() / "notebook-runner" / hashlib.sha256(key.encode()).hexdigest()[:12]


def build_runner(log: Callable[[bytes], None]) -> Path:
    """Builds the environment that runs notebooks, unless it is there.

    Raises:
        RunnerError: uv can't build it; the message is its last line.
    """
    folder = runner_folder()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if (folder / "complete").exists():
            return folder
        shutil.rmtree(folder, ignore_errors=True)
        log(b"building the environment that runs notebooks, once for all attempts\n")
        _uv(log, "venv", "--no-project", "--python", sys.executable, str(folder))
        _uv(log, "pip", "install", "--python", str(folder / "bin" / "python"), *RUNNER_REQUIREMENTS)
        (folder / "complete").touch()
    return folder


def _uv(log: Callable[[bytes], None], *arguments: str) -> None:
    from uv import find_uv_bin

    done = subprocess.run([find_uv_bin(), *arguments], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    log(done.stderr)
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise RunnerError(lines[-1] if lines else f"uv ended with exit status {done.returncode}")


def command(notebook: str, output: Path, files: AttemptFiles) -> tuple[list[str], tuple[Path, ...]]:
    """The command line that runs a notebook in the current folder, and what it must be able to read.

    Args:
        notebook: Path of the notebook, relative to the folder in which the command will run.
        output: Where the executed notebook is written.
        files: The attempt's files.
    """
    runner = runner_folder()
    kernel = files.environment / "bin" / "python"
    line = [str(runner / "bin" / "python"), "-I", str(SCRIPT), notebook, str(output), str(kernel)]
    return line, (runner, SCRIPT, *interpreter_paths(runner))
