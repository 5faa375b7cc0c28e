"""Plans and failures that the tests of repairs share."""

from pathlib import Path

from packaging.version import Version

from mlx_tui.reproduction.interpreters import Interpreter
from mlx_tui.reproduction.model import (
    Candidate,
    Cause,
    CommandSource,
    EnvironmentSpec,
    Isolation,
    Outcome,
    Plan,
    Step,
    StepKind,
)
from mlx_tui.reproduction.outcome import Verdict
from mlx_tui.reproduction.repairs.failure import Failure
from mlx_tui.reproduction.repairs.ladder import next_repair

FAILED = Verdict(Outcome.FAILED, Cause.CODE, "it failed", 1)


PYTHONS = tuple(Interpreter(Path(f"/python{v}"), Version(v)) for v in ("3.8.18", "3.9.18", "3.11.7", "3.12.1"))


def plan(
    *requirements: str, text: str = "python train.py", workdir: str = ".", kind: StepKind = StepKind.COMMAND
) -> Plan:
    spec = EnvironmentSpec(
        "requirements", "requirements.txt", "", "/python3.11.7", "3.11.7", requirements, as_of="2023-06-01T00:00:00Z"
    )
    candidate = Candidate((Step(kind, text, workdir),), CommandSource.USER)
    return Plan("o/n", "0" * 40, "/clone", candidate, spec, (), (), Isolation.NONE, True, 60, repair=True)


def failure(line: str, *files: str, step: int = 1, **installed: str) -> Failure:
    folders = frozenset({"."}) | {str(parent) for file in files for parent in Path(file).parents}
    versions = {name.replace("_", "-"): version for name, version in installed.items()}
    return Failure(FAILED, line, (line,), step, installed=versions, work="/a/copy", files=files, folders=folders)


def name(before: Plan, failed: Failure) -> str:
    changed = next_repair(before, failed)
    return changed.repairs[-1].name if changed else ""
