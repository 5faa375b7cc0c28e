"""Builds the environment of an attempt with uv, live into the attempt's log.

Versions are resolved first, then installed. Resolving may have to run a source distribution's code to learn what it
needs (forbidding that silently gives ancient versions instead), and building always does: both happen through `wrap`,
which puts them into the attempt's isolation, with a cache of their own. Wheels, which run nothing, come from the user's
cache; as hard links, unless something is built, which could then write into the cache.
"""

import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mlx_tui.formats.packages import normalise
from mlx_tui.reproduction.environment import ladder
from mlx_tui.reproduction.install_failure import InstallCause, InstallFailure, classify
from mlx_tui.reproduction.logged_process import Cancelled, Log
from mlx_tui.reproduction.model import Deviation, EnvironmentSpec
from mlx_tui.reproduction.old_metadata import later_tools, needs_old_metadata, with_old_metadata
from mlx_tui.reproduction.requirement_guard import absolute, is_passed_on, refusal
from mlx_tui.reproduction.requirement_lines import pinned
from mlx_tui.reproduction.resolution_steps import with_later, without_only_conda
from mlx_tui.reproduction.resolutions import recall, remember
from mlx_tui.reproduction.uv_process import UvProcess

CONFIGURATION = "uv.toml"
"""uv's configuration of an attempt that needs one of its own, in the attempt's folder."""
Wrap = Callable[[Sequence[str]], Sequence[str]]

# Failures that no other date mends.
_FINAL = (
    InstallCause.NETWORK,
    InstallCause.DISK,
    InstallCause.INTERPRETER,
    InstallCause.MALFORMED,
    InstallCause.MISSING_FILE,
)
_PINNED = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[\w,.-]+\])?==[\w.+!-]+(?: *;[^\n]*)?$")


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
    uv = UvProcess(target.parent, log, cancelled, variables)
    tried, failure, only_conda = spec, None, tuple[Deviation, ...]()
    try:
        # One cache for all that is tried: each rung asks the index for much the same.
        with tempfile.TemporaryDirectory(prefix="uv-cache-", dir=target.parent) as cache:
            builder = _Builder(workdir, target, uv, wrap, Path(cache))
            for rung in rungs:
                tried, failure, only_conda = _build(builder, rung)
                if failure is None or failure.cause in _FINAL:
                    break
                log(f"\n{failure.message}\n".encode())
            freeze = () if failure else builder.freeze()
    except Cancelled:
        return BuildResult(tried, cancelled=True, seconds=time.monotonic() - started)
    told = _told(rungs[0], tried) if tried.as_of != rungs[0].as_of else ()
    return BuildResult(tried, failure, False, freeze, (*told, *only_conda), time.monotonic() - started)


def _build(
    builder: "_Builder", spec: EnvironmentSpec
) -> tuple[EnvironmentSpec, InstallFailure | None, tuple[Deviation, ...]]:
    """Builds one rung, without what only conda has and with later dependencies than can't be built.

    The deviations name both.
    """
    told: list[Deviation] = []
    failure = builder.build(spec)
    while failure is not None and (changed := without_only_conda(spec, failure, told) or with_later(spec, failure)):
        spec, deviation = changed
        told.append(deviation)
        builder.uv.log(f"{deviation.asked}: {deviation.used}: {deviation.reason}\n".encode())
        failure = builder.build(spec)
    return spec, failure, tuple(told)


def _told(planned: EnvironmentSpec, used: EnvironmentSpec) -> tuple[Deviation, ...]:
    asked = f"as of {planned.as_of[:10]}" if planned.as_of else "as declared"
    done = f"as of {used.as_of[:10]}" if used.as_of else "as of today"
    return (Deviation("versions left open", asked, done, "they couldn't be resolved as planned"),)


class _Builder:
    """One virtual environment in the making."""

    def __init__(self, workdir: Path, target: Path, uv: UvProcess, wrap: Wrap, cache: Path) -> None:
        self.workdir, self.target, self.uv, self.wrap, self.cache = workdir, target, uv, wrap, cache

    def build(self, spec: EnvironmentSpec) -> InstallFailure | None:
        """Makes the environment anew and installs into it; None where that worked."""
        refused = refusal(spec, self.workdir)
        if refused is not None:
            self.uv.log(f"error: {refused.message}\n".encode())
            return refused
        shutil.rmtree(self.target, ignore_errors=True)
        if needs_old_metadata(spec):
            self._tell_old_metadata()
        made = self.uv.command("venv", "--no-project", "--python", spec.interpreter, str(self.target))
        status, output = self.uv.run(made)
        if status:
            return InstallFailure(InstallCause.INTERPRETER, spec.interpreter, classify(output).message)
        lines = self._passed_on(spec.requirements)
        if not lines:
            return None
        base = self.workdir / spec.workdir
        return self._resolve_and_install(spec, [absolute(line, base) for line in lines])

    def _tell_old_metadata(self) -> None:
        """Has uv read a configuration of the attempt's own: the user's, with metadata that uv can't read itself."""
        users = Path(self.uv.variables.get("UV_CONFIG_FILE", "/nowhere"))
        own = self.target.parent / CONFIGURATION
        if users != own:
            text = users.read_text(encoding="utf-8") if users.is_file() else ""
            own.write_text(with_old_metadata(text), encoding="utf-8")
            self.uv.variables = {**self.uv.variables, "UV_CONFIG_FILE": str(own)}

    def _passed_on(self, lines: Iterable[str]) -> list[str]:
        kept: list[str] = []
        for line in lines:
            if is_passed_on(line):
                kept.append(line)
            else:
                self.uv.log(f"option left out: {line}\n".encode())
        return kept

    def _resolve_and_install(self, spec: EnvironmentSpec, lines: list[str]) -> InstallFailure | None:
        listed = _written(self.target.parent / "requirements.txt", lines)
        found = recall(spec, lines)
        if not found:
            # Whether the index has what conda has is told by the list alone, which takes no hundredth of resolving it.
            failure = self._resolve(spec, listed, "--no-deps")[0] if spec.source == "conda" else None
            if failure is None:
                failure, found = self._resolve(spec, listed)
            if failure is not None:
                return failure
            self.uv.log(f"resolved to {len(found)} packages\n".encode())
            remember(spec, lines, found)
        options = [line for line in lines if line.startswith("-") and not line.startswith(("-e", "--editable"))]
        found = [line for line in found if line and line not in options]
        # Whatever isn't a plain pin (a path, a URL) is left to the isolation.
        wheels = [line for line in found if _PINNED.match(line)]
        sources = [line for line in found if not _PINNED.match(line)]
        sources += self._without_wheels(wheels, options)
        return self._install(spec, options, [line for line in wheels if line not in sources], sources)

    def _resolve(self, spec: EnvironmentSpec, listed: str, *options: str) -> tuple[InstallFailure | None, list[str]]:
        resolved = self.cache / "resolved.txt"
        quiet = ("--no-header", "--no-annotate", "--quiet")
        command = self.uv.command("pip", "compile", *self._python, *quiet, *self._dates(spec), *self._constraints(spec))
        command += [*options, "--cache-dir", str(self.cache), "--output-file", str(resolved), listed]
        status, output = self.uv.run(list(self.wrap(command)))
        if status:
            return classify(output), []
        return None, resolved.read_text("utf-8", errors="replace").splitlines()

    def _without_wheels(self, wheels: list[str], options: list[str]) -> list[str]:
        """The pins that exist only as source, found by asking uv until it has none to name."""
        sources: list[str] = []
        for _ in wheels:
            kept = [line for line in wheels if line not in sources]
            listed = _written(self.cache / "wheels.txt", [*options, *kept])
            asked = ("--dry-run", "--no-deps", "--no-build", "--requirements", listed)
            failure = classify(self.uv.read(self.uv.command("pip", "install", *self._python, *asked)))
            name = re.split(r"[\[=<>!~]", failure.package)[0]
            without = [line for line in kept if normalise(line.split("==")[0].split("[")[0]) == normalise(name)]
            if failure.cause is not InstallCause.NO_WHEEL or not without:
                break
            sources += without
        return sources

    def _install(
        self, spec: EnvironmentSpec, options: list[str], wheels: list[str], sources: list[str]
    ) -> InstallFailure | None:
        install = self.uv.command("pip", "install", *self._python, "--no-deps")
        if wheels:
            mode = ["--link-mode", "copy"] if sources else []
            listed = _written(self.cache / "wheels.txt", [*options, *wheels])
            status, output = self.uv.run([*install, "--no-build", *mode, "--requirements", listed])
            if status:
                return classify(output)
        if sources:
            self.uv.log(f"built from source: {', '.join(sources)}\n".encode())
            listed = _written(self.cache / "sources.txt", [*options, *sources])
            # The date holds for what builds them, too: old sources need the tools of their time.
            own = ["--link-mode", "copy", "--cache-dir", str(self.cache), "--requirements", listed]
            status, output = self.uv.run(list(self.wrap([*install, *self._dates(spec), *own])))
            if status:
                return classify(output)
        return None

    @property
    def _python(self) -> tuple[str, str]:
        return ("--python", str(self.target / "bin" / "python"))

    def _constraints(self, spec: EnvironmentSpec) -> list[str]:
        if not spec.constraints:
            return []
        return ["--constraints", _written(self.target.parent / "constraints.txt", spec.constraints)]

    def _dates(self, spec: EnvironmentSpec) -> list[str]:
        if not spec.as_of:
            return []
        options = ["--exclude-newer", spec.as_of]
        # What is pinned is taken whatever its date: a commit's date can be older than its pins.
        for package in sorted(pinned(spec.requirements) | pinned(spec.constraints)):
            options += ["--exclude-newer-package", f"{package}=false"]
        return [*options, *later_tools(spec)]

    def freeze(self) -> tuple[str, ...]:
        """The exact versions, also written to `environment.txt`."""
        text = self.uv.read(self.uv.command("pip", "freeze", "--python", str(self.target / "bin" / "python")))
        (self.target.parent / "environment.txt").write_text(text, encoding="utf-8")
        return tuple(sorted(line.strip() for line in text.splitlines() if line.strip()))


def _written(path: Path, lines: Iterable[str]) -> str:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return str(path)
