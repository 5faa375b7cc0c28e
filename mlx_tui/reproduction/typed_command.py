"""A command that the user typed, in place of those that the repository names."""

from mlx_tui.reproduction.model import Candidate, CommandSource, Step, StepKind


def typed_command(command: str, workdir: str = "") -> Candidate:
    """A candidate of one command line.

    Args:
        command: What `sh` runs.
        workdir: Its folder, relative to the repository's root; empty for the root.

    Raises:
        ValueError: There is no command, or the folder lies outside of the repository.
    """
    if not command.strip():
        raise ValueError("command: type what is to be run")
    if workdir.startswith("/") or ".." in workdir.split("/"):
        raise ValueError("in the folder: one of the repository's, relative to its root")
    step = Step(StepKind.COMMAND, command, workdir or ".")
    return Candidate((step,), CommandSource.USER, reason="typed by you")
