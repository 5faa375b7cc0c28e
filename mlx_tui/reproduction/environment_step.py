"""Builds an attempt's environment in a process that its supervisor can limit and end.

Usage: python -m mlx_tui.reproduction.environment_step FOLDER COMMIT_DATE
"""

import sys
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from mlx_tui.json_file import read_json, write_json
from mlx_tui.reproduction import notebook_step
from mlx_tui.reproduction.attempt_files import AttemptFiles
from mlx_tui.reproduction.build_environment import CONFIGURATION, BuildResult, build_environment
from mlx_tui.reproduction.container_image import prepare_image
from mlx_tui.reproduction.isolation import Sandbox, certificate_paths, interpreter_paths, wrap
from mlx_tui.reproduction.model import Isolation, Plan, StepKind
from mlx_tui.reproduction.variables import install_environment


def main(folder: str, commit_date: str) -> int:
    """Builds the environment and writes `environment.json`; returns the exit status."""
    files = AttemptFiles(Path(folder))
    plan = read_json(files.plan, Plan)
    if plan.container is not None:
        result = prepare_image(plan, plan.container, files, _log)
    else:
        result = _build(plan, files, commit_date)
    write_json(files.build_result, result)
    return 0 if result.built else 1


def _build(plan: Plan, files: AttemptFiles, commit_date: str) -> BuildResult:
    if any(step.kind is StepKind.NOTEBOOK for step in plan.candidate.steps):
        notebook_step.build_runner(_log)
    return build_environment(
        plan.environment,
        files.work,
        files.environment,
        _log,
        commit_date=datetime.fromisoformat(commit_date) if commit_date else None,
        variables=install_environment(files),
        wrap=lambda command: _isolated(command, files, plan),
    )


def _log(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _isolated(command: Sequence[str], files: AttemptFiles, plan: Plan) -> Sequence[str]:
    """Puts a build from source into the plan's isolation: it sees no more than a step, and has the network."""
    if plan.isolation is not Isolation.BWRAP:
        return command
    own_cache = [Path(value) for option, value in pairwise(command) if option == "--cache-dir"]
    lists = [files.folder / name for name in ("requirements.txt", "constraints.txt", CONFIGURATION)]
    variables = install_environment(files)
    config = [Path(variables[name]) for name in ("UV_CONFIG_FILE",) if name in variables]
    sandbox = Sandbox(
        cwd=files.work,
        writable=(files.work, files.home, files.environment, *own_cache),
        readable=(
            Path(command[0]),
            *lists,
            *config,
            *certificate_paths(variables),
            *interpreter_paths(files.environment),
        ),
        temporary=files.temporary,
        network=True,
    )
    return wrap(command, sandbox)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
