"""Runs the steps of an attempt, each within its limits and isolation."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from mlx_tui.reproduction import container_engine, container_step, notebook_step, redirect
from mlx_tui.reproduction.attempt_files import AttemptFiles
from mlx_tui.reproduction.attempt_log import AttemptLog
from mlx_tui.reproduction.guarded import Confines, Ended, run_guarded
from mlx_tui.reproduction.image_facts import ImageFacts
from mlx_tui.reproduction.isolation import Sandbox, certificate_paths, interpreter_paths, wrap
from mlx_tui.reproduction.model import Container, Isolation, NeedKind, Plan, Step, StepKind
from mlx_tui.reproduction.reference import executed_notebook
from mlx_tui.reproduction.repairs.edits import step_variables
from mlx_tui.reproduction.usage import UsageRecorder
from mlx_tui.reproduction.variables import image_environment, install_environment, run_environment
from mlx_tui.reproduction.watching import Limits, Stop

RUN_ID = "MLFLOW_RUN_ID"


def asks_for_run(plan: Plan, step: Step) -> bool:
    """Whether a step asks for the run within which `mlflow run` starts an entry point."""
    in_code = any(need.kind is NeedKind.CREDENTIAL and need.what == RUN_ID for need in plan.needs)
    return in_code or RUN_ID in step.text or bool(step.run_name)


class StepRunner:
    """Runs command lines of one attempt.

    Args:
        files: The attempt's files.
        log: The attempt's log.
        asked_to_stop: Called several times a second; a value ends what runs.
    """

    def __init__(self, files: AttemptFiles, log: AttemptLog, asked_to_stop: Callable[[], Stop | None]) -> None:
        self._files = files
        self._log = log
        self._asked_to_stop = asked_to_stop
        self._usage = UsageRecorder(files.usage)

    def has_folder(self, step: Step) -> bool:
        """Whether the folder of a step is one of the working copy."""
        cwd = self._folder(step)
        return cwd.is_dir() and cwd.is_relative_to(self._files.work.resolve())

    def _folder(self, step: Step) -> Path:
        return (self._files.work / step.workdir).resolve()

    def variables(self, plan: Plan, image: ImageFacts | None) -> dict[str, str]:
        """The variables of a plan's steps, with the redirect in force.

        Args:
            plan: The plan.
            image: The image of its container; None where it has none.
        """
        files = self._files
        if plan.container is not None and image is not None:
            return container_step.variables(plan, plan.container, image, files)
        redirect.install(files.environment)
        database = redirect.makes_database(files.environment)
        return run_environment(files, plan.network, redirect.variables(files.store, database=database))

    def run_step(
        self, plan: Plan, number: int, environment: Mapping[str, str], seconds: float, image: ImageFacts | None = None
    ) -> Ended:
        """Runs a step of a plan.

        Args:
            plan: The plan.
            number: Which of its steps, from 1.
            environment: The variables of the attempt.
            seconds: What is left of the time limit.
            image: The image of its container; None where it has none.
        """
        step = plan.candidate.steps[number - 1]
        cwd = self._folder(step)
        limits = Limits(max(seconds, 0.1), plan.memory)
        if plan.container is not None and image is not None:
            command = container_step.step_command(step.text, image)
            if step.of_project and asks_for_run(plan, step):
                command = container_step.within_run(command, step.run_name, image)
            line = container_step.command_line(plan, plan.container, image, self._files, cwd, command, environment)
            # podman's monitor leaves a file where it was started when memory runs out.
            return self.run(line, self._files.temporary, container_engine.engine_variables(), limits, plan.container)
        if step.kind is StepKind.COMMAND:
            command, readable = ["/bin/sh", "-c", step.text], tuple[Path, ...]()
            if step.of_project and asks_for_run(plan, step):
                readable = (redirect.PROJECT_RUN,)
                python = str(self._files.environment / "bin" / "python")
                command = [python, str(redirect.PROJECT_RUN), step.run_name, *command]
        else:
            output = executed_notebook(self._files.executed, number, step)
            command, readable = notebook_step.command(step.text, output, self._files)
        command = [*step_variables(plan.variables, self._files.work, environment), *command]
        if plan.isolation is Isolation.BWRAP:
            command = wrap(command, self._sandbox(cwd, environment, readable, network=plan.network))
        return self.run(command, cwd, environment, limits)

    def run_build(self, plan: Plan, commit_date: str, seconds: float) -> Ended:
        """Builds a plan's environment, or makes its image ready.

        Args:
            plan: The plan.
            commit_date: The commit's date, RFC 3339; empty where it isn't known.
            seconds: The time limit.
        """
        folder, container = self._files.folder, plan.container
        command = [sys.executable, "-m", "mlx_tui.reproduction.environment_step", str(folder), commit_date]
        environment = image_environment(self._files) if container else install_environment(self._files)
        return self.run(command, folder, environment, Limits(seconds), container, builds=True)

    def _sandbox(
        self, cwd: Path, environment: Mapping[str, str], readable: tuple[Path, ...], *, network: bool
    ) -> Sandbox:
        files = self._files
        return Sandbox(
            cwd=cwd,
            writable=(files.work, files.store, files.executed, files.home),
            readable=(
                *readable,
                *certificate_paths(environment),
                *interpreter_paths(files.environment),
                files.environment,
            ),
            temporary=files.temporary,
            network=network,
        )

    def run(
        self,
        command: list[str],
        cwd: Path,
        environment: Mapping[str, str],
        limits: Limits,
        container: Container | None = None,
        *,
        builds: bool = False,
    ) -> Ended:
        """Runs a command line within limits, its output into the log, and notes how it ended.

        Args:
            command: Program and arguments.
            cwd: Its working directory.
            environment: Its whole environment.
            limits: Its limits.
            container: What it runs in, or makes ready; removed at the end.
            builds: Whether it makes the container's image: it is a process like others that is asked to end.
        """
        files = self._files
        ask, end = [], []
        if container is not None:
            name = container_engine.container_name(files.folder.name)
            ask = [] if builds else container_engine.ask_command(container.engine, name)
            end = container_engine.end_command(container.engine, name)
        folders = (files.work, files.store, files.executed, files.home, files.temporary)
        confines = Confines(cwd, environment, limits, folders, files.transient, self._usage, tuple(ask), tuple(end))
        ended = run_guarded(command, confines, self._log, self._asked_to_stop)
        told = f"exit status {ended.status} after {ended.seconds:.1f} s"
        if ended.stop is not None:
            told += f", stopped: {ended.stop}"
        if ended.left:
            told += f"; processes that it had left running were ended: {ended.left} ({', '.join(ended.names)})"
        self._log.note(told)
        return ended
