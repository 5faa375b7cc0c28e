"""The fields of a plan's options and of its command, and what is read from them: pure."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mlx_tui.reproduction.model import Candidate, ParameterValue, Step, StepKind
from mlx_tui.reproduction.plan_options import PlanOptions, asked_time
from mlx_tui.reproduction.typed_command import typed_command
from mlx_tui.study.plan_choices import PlanChoice

YES_NO = ("yes", "no")
MIB = 2**20
PARAMETER = "parameter "


class FormError(ValueError):
    """A value makes no sense; the message says what does."""


@dataclass(frozen=True, slots=True)
class Field:
    """A line of a form.

    Attributes:
        name: By which its value is given back.
        label: What stands before it.
        value: What it starts from; raw text.
        hint: What is meant, in a line.
        choices: The values that it can have; any text where there are none.
        empty: What holds where nothing is typed.
    """

    name: str
    label: str
    value: str
    hint: str = ""
    choices: tuple[str, ...] = ()
    empty: str = ""


def option_fields(choice: PlanChoice) -> tuple[Field, ...]:
    """Returns the fields of a plan's options."""
    options = choice.options
    return (
        Field("repeat", "runs", str(choice.repeat), "How many times the plan is run, one after the other."),
        Field("timeout", "time limit", str(options.timeout), "In seconds, of each run; building isn't counted."),
        Field(
            "as_of",
            "versions as of",
            options.as_of,
            "A date, 2023-06-01, or today; it holds for versions that are left open.",
            empty="the commit's date",
        ),
        Field("python", "Python", options.python, "A version, 3.9.", empty="what the repository asks for"),
        Field(
            "repair",
            "repair",
            YES_NO[not options.repair],
            "Whether what fails is repaired by named repairs and run again.",
            YES_NO,
        ),
        Field(
            "network",
            "network",
            YES_NO[not options.network],
            "Whether the run may use the network; building the environment does.",
            YES_NO,
        ),
        Field(
            "isolation",
            "isolation",
            options.isolation,
            "auto: the MLproject's container, else bubblewrap, where they work. With none it can read your files.",
            ("auto", "container", "bwrap", "none"),
        ),
        Field(
            "memory",
            "memory",
            str(options.memory // MIB) if options.memory else "",
            "A limit of the run, in MiB.",
            empty="no limit",
        ),
    )


def read_options(values: Mapping[str, str], before: PlanChoice) -> PlanChoice:
    """Returns the choice with the options of a form.

    Raises:
        FormError: A value makes no sense.
    """
    as_of = values["as_of"].strip()
    try:
        asked_time(as_of)
    except ValueError as error:
        raise FormError(f"versions as of: {error}") from error
    memory = values["memory"].strip()
    options = PlanOptions(
        timeout=_number(values["timeout"], "time limit", 1),
        as_of=as_of,
        network=values["network"] == YES_NO[0],
        isolation=values["isolation"],
        memory=_number(memory, "memory", 0) * MIB if memory else 0,
        python=values["python"].strip(),
        repair=values["repair"] == YES_NO[0],
    )
    return replace(before, options=options, repeat=_number(values["repeat"], "runs", 1))


def why_not_options(values: Mapping[str, str], before: PlanChoice) -> str:
    """Returns why options make no sense; empty where they do."""
    try:
        read_options(values, before)
    except FormError as error:
        return str(error)
    return ""


def _number(text: str, label: str, least: int) -> int:
    try:
        number = int(text)
    except ValueError:
        raise FormError(f"{label}: {text or 'nothing'} isn't a whole number") from None
    if number < least:
        raise FormError(f"{label}: at least {least}")
    return number


def command_fields(candidate: Candidate | None, parameters: Sequence[ParameterValue]) -> tuple[Field, ...]:
    """Returns the fields of a command: its parameters, its text, and its folder.

    Args:
        candidate: What is edited; None where there is nothing to start from.
        parameters: The parameters of its MLproject.
    """
    command, workdir = _one_line(candidate.steps if candidate else ())
    return (
        *(
            Field(f"{PARAMETER}{item.name}", item.name, item.value, "A parameter of the MLproject; it is put in.")
            for item in parameters
        ),
        Field("command", "command", command, "Run with sh. Changed, it is run as it stands, without the parameters."),
        Field("workdir", "in the folder", workdir, "Relative to the repository's root."),
    )


def _one_line(steps: Sequence[Step]) -> tuple[str, str]:
    """The commands of some steps as one, and the folder in which it runs; notebooks aren't commands."""
    commands = [step for step in steps if step.kind is StepKind.COMMAND]
    folders = {step.workdir for step in commands}
    if len(folders) <= 1:
        return " && ".join(step.text for step in commands), folders.pop() if folders else "."
    return " && ".join(f"(cd {shlex.quote(step.workdir)} && {step.text})" for step in commands), "."


@dataclass(frozen=True, slots=True)
class Edited:
    """What a person made of a command: other parameters, or a command of their own."""

    parameters: tuple[ParameterValue, ...] = ()
    candidate: Candidate | None = None


def read_command(
    values: Mapping[str, str], candidate: Candidate | None, parameters: Sequence[ParameterValue]
) -> Edited:
    """Returns what was changed.

    Raises:
        FormError: There is no command, or the folder lies outside of the repository.
    """
    before = {field.name: field.value for field in command_fields(candidate, parameters)}
    command, workdir = values["command"].strip(), values["workdir"].strip() or "."
    if (values["command"], values["workdir"]) != (before["command"], before["workdir"]):
        try:
            return Edited(candidate=typed_command(command, workdir))
        except ValueError as error:
            raise FormError(str(error)) from error
    changed = (
        ParameterValue(item.name, values[f"{PARAMETER}{item.name}"])
        for item in parameters
        if values[f"{PARAMETER}{item.name}"] != item.value
    )
    return Edited(tuple(changed))


def why_not_command(
    values: Mapping[str, str], candidate: Candidate | None, parameters: Sequence[ParameterValue]
) -> str:
    """Returns why a command makes no sense; empty where it does."""
    try:
        read_command(values, candidate, parameters)
    except FormError as error:
        return str(error)
    return ""


def chosen_text(choice: PlanChoice, defaults: PlanOptions) -> str:
    """Returns what a person chose otherwise than the program would; empty where nothing."""
    names = {
        "timeout": f"{choice.options.timeout} s",
        "as_of": f"versions as of {choice.options.as_of or 'the commit'}",
        "network": f"network {'on' if choice.options.network else 'off'}",
        "isolation": f"isolation {choice.options.isolation}",
        "memory": f"memory {choice.options.memory // MIB or 'without limit'}",
        "python": f"Python {choice.options.python or 'as asked'}",
        "repair": f"repair {'on' if choice.options.repair else 'off'}",
    }
    told = ["the command"] if choice.candidate else []
    told += [text for name, text in names.items() if getattr(choice.options, name) != getattr(defaults, name)]
    told += [f"{choice.repeat} runs"] if choice.repeat > 1 else []
    return ", ".join(told)
