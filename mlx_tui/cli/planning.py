"""The options that say how a repository is run, and the command that shows it: plan."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mlx_tui.cli.options import HERE, JsonOption, StudyOption
from mlx_tui.cli.output import print_json, print_table

if TYPE_CHECKING:
    from mlx_tui.corpus.model import Clone
    from mlx_tui.reproduction.model import Candidate, ParameterValue, Plan
    from mlx_tui.study.plan_choices import PlanChoice
    from mlx_tui.study.plan_ways import Way
    from mlx_tui.study.study import Study

MIB = 2**20

Timeout = Annotated[int, typer.Option(metavar="S", min=0, help="Limit of the run in seconds; 0: the study's option.")]
AsOf = Annotated[
    str, typer.Option("--as-of", metavar="DATE", help="Resolve open versions as of this date, or `today`.")
]
Network = Annotated[
    bool | None, typer.Option("--network/--no-network", help="Whether the run gets the network.", show_default=False)
]
IsolationOption = Annotated[str, typer.Option(metavar="auto|container|bwrap|none", help="How the run is isolated.")]
Repair = Annotated[
    bool | None,
    typer.Option(
        "--repair/--no-repair",
        help="Repair what fails by named repairs, and run it again.",
        show_default=False,
    ),
]
Python = Annotated[str, typer.Option(metavar="VERSION", help="The interpreter, over what the repository says.")]
Memory = Annotated[int, typer.Option(metavar="MIB", min=0, help="Limit of the run's memory; 0: none.")]
WayOption = Annotated[
    int,
    typer.Option(metavar="N", min=0, help="Run the N-th way that `plan` lists; 0: the kept, else the first."),
]
Command = Annotated[str, typer.Option("--command", help="Run this command line instead of the first candidate.")]
Workdir = Annotated[str, typer.Option(metavar="DIR", help="Folder of the repository in which --command runs.")]
Parameters = Annotated[
    list[str] | None,
    typer.Option(
        "-P", "--param", metavar="NAME=VALUE", help="Another value for a parameter of the MLproject, or a flag."
    ),
]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says of a plan; what it leaves open is the kept choice's or the study's."""

    timeout: Timeout = 0
    as_of: AsOf = ""
    network: Network = None
    isolation: IsolationOption = ""
    repair: Repair = None
    python: Python = ""
    memory: Memory = 0
    way: WayOption = 0
    command: Command = ""
    workdir: Workdir = ""
    parameters: Parameters = None

    def choice(self, study: "Study", clone: "Clone") -> "PlanChoice":
        """The choice for a repository.

        Raises:
            StudyError: A parameter makes no sense.
            NoCandidate: Parameters are given, and nothing says how the repository is run.
        """
        from mlx_tui.study.plan_choices import with_written

        kept = study.attempts.choice(clone)
        before = kept.options
        options = replace(
            before,
            timeout=self.timeout or before.timeout,
            as_of=self.as_of or before.as_of,
            network=before.network if self.network is None else self.network,
            isolation=self.isolation or before.isolation,
            repair=before.repair if self.repair is None else self.repair,
            python=self.python or before.python,
            memory=self.memory * MIB or before.memory,
        )
        choice, written = replace(kept, options=options), self.written()
        if self.way:
            choice = replace(choice, candidate=self._numbered(study.attempts.ways(clone, choice)))
        if written is not None:
            choice = with_written(choice, written, None)
        if not self.parameters:
            return choice
        candidate = choice.candidate or study.attempts.plan(clone, choice).candidate
        given = [_parameter(text) for text in self.parameters]
        return with_written(choice, study.attempts.with_parameters(clone, candidate, given), written)

    def _numbered(self, ways: "Sequence[Way]") -> "Candidate":
        if self.command:
            raise typer.BadParameter("--way chooses a command, and --command gives one: use one of them")
        if self.way > len(ways):
            raise typer.BadParameter(
                f"there is no way {self.way}: `mlx-tui plan` lists {len(ways)}", param_hint="--way"
            )
        return ways[self.way - 1].candidate

    def written(self) -> "Candidate | None":
        """The command that is given.

        Raises:
            typer.BadParameter: It makes no sense.
        """
        from mlx_tui.reproduction.typed_command import typed_command

        if not self.command:
            if self.workdir:
                raise typer.BadParameter("--workdir is the folder of --command: give both")
            return None
        try:
            return typed_command(self.command, self.workdir)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error


NOTHING_ASKED = Asked()


def with_plan_options(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command the fields of `Asked` as options, in place of its parameter `asked`, which is made of them."""
    options = signature(Asked).parameters

    @wraps(command)
    def with_options(**given: Any) -> None:
        command(asked=Asked(**{name: given.pop(name) for name in options}), **given)

    parameters: list[Parameter] = []
    for own in signature(command).parameters.values():
        parameters += options.values() if own.name == "asked" else [own]
    # What Typer reads of a command.
    with_options.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    with_options.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return with_options


def _parameter(text: str) -> "ParameterValue":
    from mlx_tui.reproduction.model import ParameterValue

    name, equals, value = text.partition("=")
    if not name or not equals:
        raise typer.BadParameter(f"{text} isn't NAME=VALUE")
    return ParameterValue(name, value)


@with_plan_options
def plan(
    repo: Annotated[str, typer.Argument(metavar="REPO|PATH", help="Of the corpus, or a git work tree.")],
    asked: Asked = NOTHING_ASKED,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep this choice with the study: later plans follow it.")
    ] = False,
    forget: Annotated[
        bool, typer.Option("--forget", help="Forget what was kept before; with --command, that command alone.")
    ] = False,
    study: StudyOption = HERE,
    json: JsonOption = False,
) -> None:
    """Show how a repository would be run: command, environment, deviations, needs, isolation. Nothing runs.

    The other ways to run it follow, best first: --way N takes one of them.
    """
    import msgspec

    from mlx_tui.reproduction.plan_text import render_plan

    opened = open_study(study)
    clone = opened.corpus.clone_or_work_tree(repo)
    if forget:
        _forget(opened, clone, asked.written())
        asked = replace(asked, command="", workdir="")
    choice = asked.choice(opened, clone)
    made = opened.attempts.plan(clone, choice)
    if keep:
        opened.attempts.keep_choice(choice)
    # Those that are kept: a command that is only asked for here has no number.
    ways = opened.attempts.ways(clone, replace(opened.attempts.choice(clone), options=choice.options))
    if json:
        print_json(msgspec.to_builtins(made) | {"ways": ways})
    else:
        typer.echo(render_plan(made))
        _print_ways(ways, made)


def _print_ways(ways: "Sequence[Way]", made: "Plan") -> None:
    """Prints the ways with the numbers that `--way` takes, and which of them was planned."""
    from mlx_tui.reproduction.command_text import candidate_text
    from mlx_tui.study.plan_ways import way_source

    typer.echo("\nWays to run it, best first: --way N takes one, --keep keeps it (● planned here)")
    rows = (
        (
            f"{'●' if way.candidate == made.candidate else ' '} {number}",
            way_source(way),
            candidate_text(way.candidate),
            way.candidate.reason,
        )
        for number, way in enumerate(ways, 1)
    )
    print_table(("N", "read from", "command", "why"), rows, right=frozenset({0}))


def _forget(opened: "Study", clone: "Clone", written: "Candidate | None") -> None:
    """Forgets what was chosen for a repository, or one of the commands that were written for it."""
    from mlx_tui.study.plan_choices import without_written

    if written is None:
        opened.attempts.forget_choice(clone)
        return
    choice = opened.attempts.choice(clone)
    if written not in (*choice.written, choice.candidate):
        raise typer.BadParameter(f"no such command was kept for {clone.repo}", param_hint="--command")
    opened.attempts.keep_choice(without_written(choice, written))


def open_study(folder: Path) -> "Study":
    """The study, or a folder without a corpus, in which work trees can be run too."""
    from mlx_tui.study import Study

    return Study(folder, bare=True)
