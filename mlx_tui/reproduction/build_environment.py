"""Builds the environment of an attempt with uv, live into the attempt's log.

Wheels are installed from the user's own cache first, which runs nothing of anybody's. Only where something has to be
built from source does foreign code run: then with copies instead of hard links, so that it can't write into the cache,
and through `wrap`, which puts it into the attempt's isolation.
"""

import os
import pwd
import re
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mlx_tui.reproduction.environment import ladder
from mlx_tui.reproduction.install_failure import InstallCause, InstallFailure, classify
from mlx_tui.reproduction.model import Deviation, EnvironmentSpec
from mlx_tui.reproduction.requirement_lines import local_path, pinned
from mlx_tui.reproduction.variables import scrubbed_environment

Log = Callable[[bytes], None]
Wrap = Callable[[Sequence[str]], Sequence[str]]

POLL_SECONDS = 0.1
GRACE_SECONDS = 3.0
_MAX_OUTPUT = 1_000_000
_KEPT = re.compile(r"^(UV_|SSL_CERT|(https?|all|no)_proxy$)", re.IGNORECASE)
_OPTION = re.compile(
    r"^(?:-i|--index-url|--extra-index-url|--no-index|--no-binary|--only-binary|--pre)\b|^(?:-f|--find-links)[ =]+https?://|"
    r"^(?:-e|--editable)[ =]+\w+[+:]"
)
# What names a file: `-r file` that isn't in the clone, a constraint, a `file:` URL, an absolute path.
_FILE = re.compile(
    r"^(?:-r|--requirement|-c|--constraint|-f|--find-links)[ =]*(?!https?:)(\S+)|\bfile:(?://)?(\S+)|^(?:-e ?)?(/\S+)"
)
# The environment may lack what is declared, or the attempt must not depend on what else uv is set to do.
_NOT_KEPT = {
    "UV_EXCLUDE_NEWER",
    "UV_PYTHON",
    "UV_PROJECT_ENVIRONMENT",
    "UV_SYSTEM_PYTHON",
    "UV_NO_BUILD",
    "UV_OVERRIDE",
}


@dataclass(frozen=True, slots=True)
class BuildResult:
    """How building an environment ended.

    Attributes:
        spec: The environment that was built, or tried last: its `as_of` tells the rung of the ladder.
        failure: Why it couldn't be built; None where it was, or was cancelled.
        cancelled: Whether the user stopped it.
        freeze: `name==version` of every installed package, sorted.
        deviations: What was done otherwise than the plan says: a rung further down the ladder.
        seconds: How long it took.
    """

    spec: EnvironmentSpec
    failure: InstallFailure | None = None
    cancelled: bool = False
    freeze: tuple[str, ...] = ()
    deviations: tuple[Deviation, ...] = ()
    seconds: float = 0.0

    @property
    def built(self) -> bool:
        """Whether the environment is there."""
        return self.failure is None and not self.cancelled


class _Cancelled(Exception):  # noqa: N818 - no error
    """The user stopped the build."""


def build_environment(
    spec: EnvironmentSpec,
    workdir: Path,
    target: Path,
    log: Log,
    cancelled: Callable[[], bool] = lambda: False,
    *,
    commit_date: datetime | None = None,
    variables: Mapping[str, str] | None = None,
    wrap: Wrap = lambda command: command,
) -> BuildResult:
    """Builds a virtual environment.

    Args:
        spec: What it is to hold; the rungs of its ladder are tried until one can be resolved.
        workdir: Root of the working copy; relative paths among the requirements start from `spec.workdir` in it.
        target: Folder of the virtual environment; must not exist yet. Its parent also gets `requirements.txt` and,
            when it is built, `environment.txt` (the exact freeze).
        log: Is given what uv writes, as it writes it.
        cancelled: Asked ten times a second; uv is ended when it says True.
        commit_date: The commit's date, a rung of the ladder where the plan has none.
        variables: The environment variables for uv; by default those of this process without its secrets.
        wrap: Puts a command line that runs foreign code (building from source) into isolation.
    """
    started = time.monotonic()
    rungs = ladder(spec, commit_date)
    builder = _Builder(workdir, target, log, cancelled, dict(variables or uv_variables()), wrap)
    failure: InstallFailure | None = None
    for number, rung in enumerate(rungs):
        try:
            failure = builder.build(rung)
            if failure is None:
                freeze = builder.freeze()
                told = _told(rungs[0], rung) if number else ()
                return BuildResult(rung, None, False, freeze, told, time.monotonic() - started)
        except _Cancelled:
            return BuildResult(rung, None, cancelled=True, seconds=time.monotonic() - started)
        if failure.cause in (InstallCause.NETWORK, InstallCause.DISK, InstallCause.INTERPRETER, InstallCause.MALFORMED):
            break
    return BuildResult(rung, failure, seconds=time.monotonic() - started)


def _told(planned: EnvironmentSpec, used: EnvironmentSpec) -> tuple[Deviation, ...]:
    asked = f"as of {planned.as_of[:10]}" if planned.as_of else "as declared"
    done = f"as of {used.as_of[:10]}" if used.as_of else "as of today"
    return (Deviation("versions left open", asked, done, "they couldn't be resolved as planned"),)


def uv_variables() -> dict[str, str]:
    """The variables that uv needs of this process: its own settings, the certificates, and no secret."""
    own = {name: value for name, value in os.environ.items() if _KEPT.match(name) and name not in _NOT_KEPT}
    kept = {name: os.environ[name] for name in ("HOME", "PATH", "XDG_CONFIG_HOME") if name in os.environ}
    return scrubbed_environment() | {"UV_CACHE_DIR": str(uv_cache())} | own | kept


def refusal(spec: EnvironmentSpec, root: Path) -> InstallFailure | None:
    """Why a list of requirements isn't given to uv; None where it may be.

    uv runs outside the isolation: a hostile list must not make it read files of the user's, nor send variables.

    Args:
        spec: The environment.
        root: Root of the working copy.
    """
    root = root.resolve()
    for line in spec.requirements:
        if "${" in line:
            message = f"a requirement holds a variable, which isn't filled in: {line}"
            return InstallFailure(InstallCause.MALFORMED, line, message)
        path = (
            local_path(line) or next((part for part in match.groups() if part), "")
            if (match := _FILE.search(line))
            else ""
        )
        if path and not (root / spec.workdir / path).resolve().is_relative_to(root):
            message = f"a requirement names a file that isn't in the repository: {line}"
            return InstallFailure(InstallCause.MISSING_FILE, line, message)
    return None


def uv_cache() -> Path:
    """The user's uv cache, also where `HOME` has been set to an attempt's own folder."""
    home = Path(pwd.getpwuid(os.getuid()).pw_dir)
    caches = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return Path(os.environ.get("UV_CACHE_DIR") or caches / "uv")


class _Builder:
    """One virtual environment in the making."""

    def __init__(
        self,
        workdir: Path,
        target: Path,
        log: Log,
        cancelled: Callable[[], bool],
        variables: dict[str, str],
        wrap: Wrap,
    ) -> None:
        from uv import find_uv_bin

        self.uv = find_uv_bin()
        self.workdir, self.target, self.log, self.cancelled = workdir, target, log, cancelled
        self.variables, self.wrap = variables, wrap

    @property
    def python(self) -> Path:
        return self.target / "bin" / "python"

    def build(self, spec: EnvironmentSpec) -> InstallFailure | None:
        """Makes the environment anew and installs into it; None where that worked."""
        shutil.rmtree(self.target, ignore_errors=True)
        status, output = self._run([self.uv, "venv", "--no-project", "--python", spec.interpreter, str(self.target)])
        if status:
            return InstallFailure(InstallCause.INTERPRETER, spec.interpreter, classify(output).message)
        refused = refusal(spec, self.workdir)
        if refused is not None:
            self.log(f"{refused.message}\n".encode())
            return refused
        base = self.workdir / spec.workdir
        local = [_absolute(line, base) for line in spec.requirements if local_path(line)]
        others = [line for line in spec.requirements if not local_path(line) and not self._left_out(line)]
        failure = self._install(spec, others, "requirements.txt", copy=bool(local))
        if failure is None and local:
            # Together with the others, so that they can't be moved to versions that the others exclude.
            failure = self._install(spec, [*others, *local], "requirements.txt", copy=True, build=True)
        return failure

    def _install(
        self, spec: EnvironmentSpec, lines: list[str], name: str, *, copy: bool, build: bool = False
    ) -> InstallFailure | None:
        if not lines:
            return None
        options = self._options(spec, lines, name)
        if not build:
            mode = ["--link-mode", "copy"] if copy else []
            status, output = self._run([*options, "--no-build", *mode])
            if status == 0:
                return None
            failure = classify(output)
            # Something may exist as source only, or at another version than wheels do.
            if failure.cause not in (InstallCause.NO_WHEEL, InstallCause.NO_VERSION, InstallCause.CONFLICT) and (
                "building from source is disabled" not in output and "no-build" not in output
            ):
                return failure
            self.log(b"\nsomething has to be built from source\n")
        with tempfile.TemporaryDirectory(prefix="uv-cache-", dir=self.target.parent) as cache:
            command = [*options, "--link-mode", "copy", "--cache-dir", cache]
            status, output = self._run(list(self.wrap(command)))
        return classify(output) if status else None

    def _left_out(self, line: str) -> bool:
        """Whether a line is an option that has no bearing on what is installed, or that uv doesn't have."""
        if not line.startswith("-") or _OPTION.match(line):
            return False
        self.log(f"option left out: {line}\n".encode())
        return True

    def _options(self, spec: EnvironmentSpec, lines: list[str], name: str) -> list[str]:
        listed = self.target.parent / name
        listed.write_text("\n".join(lines) + "\n", encoding="utf-8")
        command = [self.uv, "pip", "install", "--python", str(self.python), "--requirements", str(listed)]
        if spec.constraints:
            fixed = self.target.parent / "constraints.txt"
            fixed.write_text("\n".join(spec.constraints) + "\n", encoding="utf-8")
            command += ["--constraints", str(fixed)]
        if spec.as_of:
            command += ["--exclude-newer", spec.as_of]
            # What is pinned is taken whatever its date: a commit's date can be older than its pins.
            for package in sorted(pinned(spec.requirements) | pinned(spec.constraints)):
                command += ["--exclude-newer-package", f"{package}=false"]
        return command

    def freeze(self) -> tuple[str, ...]:
        """The exact versions, also written to `environment.txt`."""
        command = [self.uv, "pip", "freeze", "--python", str(self.python)]
        done = subprocess.run(
            command, cwd=self.target.parent, env=self.variables, capture_output=True, text=True, check=False
        )
        text = done.stdout
        (self.target.parent / "environment.txt").write_text(text, encoding="utf-8")
        return tuple(sorted(line.strip() for line in text.splitlines() if line.strip()))

    def _run(self, command: Sequence[str]) -> tuple[int, str]:
        """Runs uv with its output into the log; returns its exit status and the end of the output."""
        self.log(f"$ {_shown(command)}\n".encode())
        process = subprocess.Popen(
            command,
            cwd=self.target.parent,
            env=self.variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        output = bytearray()
        try:
            self._follow(process, output)
        finally:
            _end(process)
        return process.returncode, output.decode(errors="replace")

    def _follow(self, process: "subprocess.Popen[bytes]", output: bytearray) -> None:
        if process.stdout is None:
            return
        with selectors.DefaultSelector() as selector, process.stdout as stream:
            selector.register(stream, selectors.EVENT_READ)
            while True:
                if self.cancelled():
                    raise _Cancelled
                if not selector.select(POLL_SECONDS):
                    continue
                chunk = os.read(stream.fileno(), 65536)
                if not chunk:
                    break
                self.log(chunk)
                output += chunk
                del output[:-_MAX_OUTPUT]
        process.wait()


def _shown(command: Sequence[str]) -> str:
    """The command line without the long list of exempted pins, and with `uv` by its name."""
    text = " ".join(command)
    text = re.sub(r"( --exclude-newer-package [\w.-]+=false)+", " --exclude-newer-package (pins)=false", text)
    return re.sub(r"^\S*/uv ", "uv ", text)


def _absolute(line: str, base: Path) -> str:
    """A requirement with its path made absolute: uv runs outside the working copy, whose settings it must not read."""
    path = local_path(line)
    if not path:
        return line
    place = str((base / path).resolve())
    return line.replace(path, place, 1) if not re.search(r"\s", place) else line


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ends uv and what it started: asked first, then killed."""
    if process.poll() is not None:
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        try:
            process.wait(GRACE_SECONDS)
            break
        except subprocess.TimeoutExpired:
            continue
