"""Builds the environment of an attempt with uv, live into the attempt's log.

Wheels are installed from the user's own cache first, which runs nothing of anybody's. Only where something has to be
built from source does foreign code run: then with copies instead of hard links, so that it can't write into the cache,
with a cache of its own, and through `wrap`, which puts it into the attempt's isolation.
"""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mlx_tui.reproduction.environment import ladder
from mlx_tui.reproduction.install_failure import InstallCause, InstallFailure, classify
from mlx_tui.reproduction.model import Deviation, EnvironmentSpec
from mlx_tui.reproduction.requirement_guard import absolute, is_passed_on, refusal
from mlx_tui.reproduction.requirement_lines import local_path, pinned
from mlx_tui.reproduction.uv_process import Cancelled, Log, UvProcess

Wrap = Callable[[Sequence[str]], Sequence[str]]

# Failures that no other date mends.
_FINAL = (
    InstallCause.NETWORK,
    InstallCause.DISK,
    InstallCause.INTERPRETER,
    InstallCause.MALFORMED,
    InstallCause.MISSING_FILE,
)
# Failures that a package which exists only as source explains.
_SOURCE_MAY_HELP = (InstallCause.NO_WHEEL, InstallCause.NO_VERSION, InstallCause.CONFLICT)


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
        spec: What it is to hold; the rungs of its ladder are tried until one can be built.
        workdir: Root of the working copy; relative paths among the requirements start from `spec.workdir` in it.
        target: Folder of the virtual environment; replaced where it exists. Its parent also gets `requirements.txt`
            and, when it is built, `environment.txt` (the exact freeze).
        log: Is given what uv writes, as it writes it.
        cancelled: Asked ten times a second; uv is ended when it says True.
        commit_date: The commit's date, a rung of the ladder where the plan has none.
        variables: The environment variables for uv; by default those of this process without its secrets.
        wrap: Puts a command line that runs foreign code (building from source) into isolation.
    """
    started = time.monotonic()
    rungs = ladder(spec, commit_date)
    builder = _Builder(workdir, target, UvProcess(target.parent, log, cancelled, variables), wrap)
    tried, failure = spec, None
    try:
        for tried in rungs:
            failure = builder.build(tried)
            if failure is None or failure.cause in _FINAL:
                break
            log(f"\n{failure.message}\n".encode())
        freeze = () if failure else builder.freeze()
    except Cancelled:
        return BuildResult(tried, cancelled=True, seconds=time.monotonic() - started)
    told = _told(rungs[0], tried) if tried is not rungs[0] else ()
    return BuildResult(tried, failure, False, freeze, told, time.monotonic() - started)


def _told(planned: EnvironmentSpec, used: EnvironmentSpec) -> tuple[Deviation, ...]:
    asked = f"as of {planned.as_of[:10]}" if planned.as_of else "as declared"
    done = f"as of {used.as_of[:10]}" if used.as_of else "as of today"
    return (Deviation("versions left open", asked, done, "they couldn't be resolved as planned"),)


class _Builder:
    """One virtual environment in the making."""

    def __init__(self, workdir: Path, target: Path, uv: UvProcess, wrap: Wrap) -> None:
        self.workdir, self.target, self.uv, self.wrap = workdir, target, uv, wrap

    def build(self, spec: EnvironmentSpec) -> InstallFailure | None:
        """Makes the environment anew and installs into it; None where that worked."""
        refused = refusal(spec, self.workdir)
        if refused is not None:
            self.uv.log(f"error: {refused.message}\n".encode())
            return refused
        shutil.rmtree(self.target, ignore_errors=True)
        made = self.uv.command("venv", "--no-project", "--python", spec.interpreter, str(self.target))
        status, output = self.uv.run(made)
        if status:
            return InstallFailure(InstallCause.INTERPRETER, spec.interpreter, classify(output).message)
        base = self.workdir / spec.workdir
        local = [absolute(line, base) for line in spec.requirements if local_path(line)]
        others = self._passed_on(line for line in spec.requirements if not local_path(line))
        failure = self._install_wheels(spec, others, copy=bool(local)) if others else None
        if failure is None and local:
            # Together with the others, so that they can't be moved to versions that the others exclude.
            failure = self._install_sources(spec, [*others, *local])
        return failure

    def _passed_on(self, lines: Iterable[str]) -> list[str]:
        kept: list[str] = []
        for line in lines:
            if is_passed_on(line):
                kept.append(line)
            else:
                self.uv.log(f"option left out: {line}\n".encode())
        return kept

    def _install_wheels(self, spec: EnvironmentSpec, lines: list[str], *, copy: bool) -> InstallFailure | None:
        """Installs without building anything; where that can't be done, with building."""
        mode = ["--link-mode", "copy"] if copy else []
        status, output = self.uv.run([*self._options(spec, lines), "--no-build", *mode])
        if status == 0:
            return None
        failure = classify(output)
        if failure.cause not in _SOURCE_MAY_HELP and "building from source is disabled" not in output:
            return failure
        self.uv.log(b"\nwheels alone don't do: building from source is allowed now\n")
        return self._install_sources(spec, lines)

    def _install_sources(self, spec: EnvironmentSpec, lines: list[str]) -> InstallFailure | None:
        with tempfile.TemporaryDirectory(prefix="uv-cache-", dir=self.target.parent) as cache:
            command = [*self._options(spec, lines), "--link-mode", "copy", "--cache-dir", cache]
            status, output = self.uv.run(list(self.wrap(command)))
        return classify(output) if status else None

    def _options(self, spec: EnvironmentSpec, lines: list[str]) -> list[str]:
        listed = self.target.parent / "requirements.txt"
        listed.write_text("\n".join(lines) + "\n", encoding="utf-8")
        python = str(self.target / "bin" / "python")
        command = self.uv.command("pip", "install", "--python", python, "--requirements", str(listed))
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
        text = self.uv.read(self.uv.command("pip", "freeze", "--python", str(self.target / "bin" / "python")))
        (self.target.parent / "environment.txt").write_text(text, encoding="utf-8")
        return tuple(sorted(line.strip() for line in text.splitlines() if line.strip()))
