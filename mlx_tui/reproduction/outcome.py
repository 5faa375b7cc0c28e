"""How an attempt ended, from its phase, exit status and log.

This is the codebook's table "Outcome of a reproduction attempt" as a pure function.
"""

import re
import signal
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mlx_tui.reproduction.build_environment import BuildResult
from mlx_tui.reproduction.certificates import refused_certificate
from mlx_tui.reproduction.install_failure import InstallCause
from mlx_tui.reproduction.model import Cause, Outcome, Phase
from mlx_tui.reproduction.symptoms import ProjectNames, cause_of, cause_of_line, in_library, last_telling_line
from mlx_tui.reproduction.tracebacks import Traceback, find_tracebacks, plain
from mlx_tui.reproduction.watching import Stop
from mlx_tui.safe_text import safe_text

LONGEST_REASON = 300
_CHAINED = ("During handling of the above exception", "The above exception was the direct cause")
# What is raised where an exception was caught before, and nothing was made in its place.
_FOLLOW = frozenset({"NameError", "UnboundLocalError"})
_INTERPRETER = re.compile(r"/lib/python|^<frozen ")
_GUARD = re.compile(r"/mlx_tui/reproduction/guard\.py$")
_CALLED_LINES = 40
"""So many lines before the traceback are looked at for what a called program said."""
_STOPPED = {
    Stop.TIMEOUT: (Outcome.TIMED_OUT, None, "stopped at its time limit"),
    Stop.CANCELLED: (Outcome.CANCELLED, None, "stopped by the user"),
    Stop.TERMINATED: (Outcome.INTERRUPTED, None, "its supervisor was told to end"),
    Stop.MEMORY: (Outcome.FAILED, Cause.OUT_OF_MEMORY, "stopped at its memory limit"),
    Stop.OUTPUT: (Outcome.FAILED, Cause.DISK_FULL, "stopped because its log reached the size limit"),
    Stop.DISK: (Outcome.FAILED, Cause.DISK_FULL, "stopped because the disk, or its share of it, was used up"),
}
_NETWORK_IN_BUILD = re.compile(
    r"dns error|error sending request|[Cc]onnection (?:refused|reset|timed out)|operation timed out|"
    r"failed to lookup address|network is unreachable",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome with what decided it.

    Attributes:
        outcome: The outcome.
        cause: Set when it is `failed`.
        reason: A sentence for a person; safe text.
        evidence_line: Line of the log, from 1; 0 where none decided.
    """

    outcome: Outcome
    cause: Cause | None
    reason: str
    evidence_line: int = 0


@dataclass(frozen=True, slots=True)
class Deeds:
    """What a run did that can be seen: captured runs, files that it wrote, whether it printed anything."""

    runs: int
    files: int
    printed: bool


def classify(
    phase: Phase,
    status: int,
    stop: Stop | None,
    lines: Sequence[str],
    first_line: int = 1,
    names: ProjectNames | None = None,
    deeds: Deeds | None = None,
) -> Verdict:
    """Says how an attempt ended, before its metrics are compared.

    Args:
        phase: `environment` or `running`.
        status: Exit status of the last step, negative for a signal.
        stop: Why it was stopped, if it was.
        lines: The log of that phase, or its last part.
        first_line: Line of the log of the first of them, from 1.
        names: Tells the project's own names from installed ones.
        deeds: What the run did.

    Returns:
        `executed` where it ran to its end.
    """
    if stop is not None:
        outcome, cause, reason = _STOPPED[stop]
        if phase is Phase.ENVIRONMENT and stop is Stop.TIMEOUT:
            return Verdict(
                Outcome.FAILED, Cause.ENVIRONMENT, "building took longer than an attempt has for all its environments"
            )
        if deeds is not None and deeds.runs:
            reason += f"; {deeds.runs} {'run was' if deeds.runs == 1 else 'runs were'} captured until then"
        return Verdict(outcome, cause, reason)
    shown, names = [plain(line) for line in lines], names or ProjectNames()
    if status == 0:
        return _succeeded(shown, first_line, names.root, deeds)
    if own := _of_this_program(shown):
        reason = short(
            f"mlx-tui itself failed, as it does when it is updated while an attempt runs: {_described(own, names.root)}"
        )
        return Verdict(Outcome.INTERRUPTED, None, reason, first_line + own.line)
    if phase is Phase.ENVIRONMENT:
        return _build_failed(shown, first_line)
    return _failed(status, shown, first_line, names)


def _of_this_program(lines: Sequence[str]) -> Traceback | None:
    """The traceback of what starts the project's commands; their own tracebacks never begin there."""
    last = next(reversed(find_tracebacks(lines)), None)
    return last if last and last.frames and _GUARD.search(last.frames[0].path) else None


def _succeeded(lines: Sequence[str], first_line: int, root: str, deeds: Deeds | None) -> Verdict:
    tracebacks = find_tracebacks(lines)
    if tracebacks:
        last = tracebacks[-1]
        reason = short(f"ended with exit status 0, though its log shows {_described(last, root)}")
        return Verdict(Outcome.EXECUTED, None, reason, first_line + last.line)
    if deeds is not None and not deeds.runs:
        if not deeds.files and not deeds.printed:
            return Verdict(
                Outcome.EXECUTED, None, "ended with exit status 0 and did nothing: no run, no file, no output"
            )
        return Verdict(Outcome.EXECUTED, None, "ran to its end without an MLflow run")
    return Verdict(Outcome.EXECUTED, None, "ran to its end; nothing to compare with")


def build_failed(verdict: Verdict, result: BuildResult) -> Verdict:
    """The verdict on an environment that couldn't be built, in the words of its builder.

    Args:
        verdict: What the log tells, with the line.
        result: What the builder tells.
    """
    if result.failure is None:
        return verdict
    causes = {InstallCause.NETWORK: Cause.NETWORK, InstallCause.DISK: Cause.DISK_FULL}
    cause = causes.get(result.failure.cause, Cause.ENVIRONMENT)
    told = f"the environment can't be built ({result.failure.cause}): {result.failure.message}"
    return replace(verdict, cause=cause, reason=short(told))


def _build_failed(lines: Sequence[str], first_line: int) -> Verdict:
    """The line that names the error: uv marks it by `error:` or a cross, builds of packages by a traceback."""
    marks = re.compile(
        r"^\s*(?:error:|ERROR|×|╰─▶|  \u251c\u2500\u25b6)|[Nn]o solution found|[Ff]ailed to (?:build|fetch|download)"
    )
    found = next((number for number, line in enumerate(lines) if marks.search(line)), None)
    if found is None:
        found = next((number for number in range(len(lines) - 1, -1, -1) if lines[number].strip()), None)
    if found is None:
        return Verdict(Outcome.FAILED, Cause.ENVIRONMENT, "the environment can't be built; nothing was printed")
    text = "\n".join(lines[found:])
    cause = Cause.ENVIRONMENT
    if cause_of_line(text) is Cause.DISK_FULL:
        cause = Cause.DISK_FULL
    elif _NETWORK_IN_BUILD.search(text):
        cause = Cause.NETWORK
    described = " ".join(line.strip(" ×╰─▶├│") for line in lines[found : found + 3] if line.strip())
    return Verdict(Outcome.FAILED, cause, short(f"the environment can't be built: {described}"), first_line + found)


def _failed(status: int, lines: Sequence[str], first_line: int, names: ProjectNames) -> Verdict:
    tracebacks = find_tracebacks(lines)
    told = last_telling_line(lines)
    if status in {126, 127} and told is not None:
        return _from_line(lines, told, first_line)
    if tracebacks:
        decisive, cause = _decisive(tracebacks, lines, names)
        if cause is Cause.CODE and (before := _from_before(tracebacks, lines, first_line, names)):
            return before
        told_of = _described(decisive, names.root)
        refused = _refused(tracebacks, lines, decisive) if cause is Cause.NETWORK else ""
        if refused not in short(told_of):
            told_of = f"{refused}: {told_of}"  # in front, where no long address cuts it off
        return Verdict(Outcome.FAILED, cause, short(told_of), first_line + decisive.line)
    number = -status if status < 0 else status - 128
    if number == signal.SIGKILL:
        return Verdict(Outcome.FAILED, Cause.OUT_OF_MEMORY, "killed (signal 9), as a rule because memory ran out")
    if told is not None:
        return _from_line(lines, told, first_line)
    if number in {signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE}:
        cause = Cause.HARDWARE if number == signal.SIGILL else Cause.CODE
        return Verdict(Outcome.FAILED, cause, f"crashed with signal {number} ({signal.Signals(number).name})")
    said = next((at for at in range(len(lines) - 1, -1, -1) if lines[at].strip() and lines[at][:4] != "=== "), None)
    if said is None:
        return Verdict(Outcome.FAILED, Cause.CODE, f"exit status {status}; nothing was printed")
    return Verdict(Outcome.FAILED, Cause.CODE, short(f"exit status {status}: {lines[said].strip()}"), first_line + said)


def _from_line(lines: Sequence[str], told: tuple[int, Cause], first_line: int) -> Verdict:
    return Verdict(Outcome.FAILED, told[1], short(lines[told[0]].strip()), first_line + told[0])


def _decisive(tracebacks: Sequence[Traceback], lines: Sequence[str], names: ProjectNames) -> tuple[Traceback, Cause]:
    """The last traceback, or the one it came from where only that tells a cause."""
    for position in range(len(tracebacks) - 1, -1, -1):
        cause = cause_of(tracebacks[position], names)
        before = tracebacks[position - 1] if position else None
        if before is not None and not _chained(lines, before, tracebacks[position]):
            before = None
        if cause is not Cause.CODE and not (before is not None and _retold(before, tracebacks[position])):
            return tracebacks[position], cause
        if before is None:
            break
    return tracebacks[-1], Cause.CODE


def _from_before(
    tracebacks: Sequence[Traceback], lines: Sequence[str], first_line: int, names: ProjectNames
) -> Verdict | None:
    """What went wrong before the last exception, where that one only follows from it; None where it doesn't.

    A name that isn't defined follows from an exception that was caught, and a called program's exit status from what
    that program said.
    """
    last = tracebacks[-1]
    then = f"; then {last.exception}: {last.message}"
    if last.kind in _FOLLOW and len(tracebacks) > 1:
        caught, cause = _decisive(tracebacks[:-1], lines, names)
        if cause is not Cause.CODE:
            return Verdict(
                Outcome.FAILED, cause, short(f"{_described(caught, names.root)}{then}"), first_line + caught.line
            )
    if last.kind == "CalledProcessError":
        begins = last.begins
        start = max(0, begins - _CALLED_LINES)
        said = last_telling_line(lines[start:begins])
        if said is not None:
            text = f"{lines[start + said[0]].strip()}{then}"
            return Verdict(Outcome.FAILED, said[1], short(text), first_line + start + said[0])
    return None


def _refused(tracebacks: Sequence[Traceback], lines: Sequence[str], decisive: Traceback) -> str:
    """The certificate that wasn't accepted in an exception, or in those that it came from."""
    at = tracebacks.index(decisive)
    while at and _chained(lines, tracebacks[at - 1], tracebacks[at]):
        at -= 1
    return refused_certificate("\n".join([*lines[tracebacks[at].begins : decisive.line + 1], decisive.message]))


def _retold(earlier: Traceback, later: Traceback) -> bool:
    """Whether an ImportError only says in other words that an import failed before it, as Hydra's does."""
    return later.kind == "ImportError" and earlier.kind in {"ModuleNotFoundError", "ImportError"}


def _chained(lines: Sequence[str], earlier: Traceback, later: Traceback) -> bool:
    return any(line.lstrip().startswith(_CHAINED) for line in lines[earlier.line : later.line])


def _described(traceback: Traceback, root: str) -> str:
    """The exception with the innermost place in the project's own code, which lies in a folder."""
    own = [frame for frame in traceback.frames if not in_library(frame.path) and not _INTERPRETER.search(frame.path)]
    where = ""
    if own:
        path = own[-1].path.removeprefix(f"{root}/")
        where = f" ({path}:{own[-1].line})"
    message = f": {traceback.message}" if traceback.message else ""
    return f"{traceback.exception}{message}{where}"


def short(text: str) -> str:
    """A text made safe, on one line, and cut to `LONGEST_REASON` characters."""
    safe = safe_text(text)
    return safe if len(safe) <= LONGEST_REASON else safe[: LONGEST_REASON - 1] + "…"
