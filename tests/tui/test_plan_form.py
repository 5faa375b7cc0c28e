"""Fields of a plan's command, and what is read from them."""

import pytest

from mlx_tui.reproduction.model import Candidate, CommandSource, ParameterValue, Step, StepKind
from mlx_tui.reproduction.plan_options import PlanOptions
from mlx_tui.study.plan_choices import PlanChoice
from mlx_tui.tui.presentation.plan_form import (
    Edited,
    FormError,
    command_fields,
    option_fields,
    read_command,
    read_options,
    why_not_command,
    why_not_options,
)

SEVERAL = Candidate(
    (
        Step(StepKind.COMMAND, "python a.py", "src"),
        Step(StepKind.NOTEBOOK, "n.ipynb", "nb"),
        Step(StepKind.COMMAND, "python b.py", "it's"),
    ),
    CommandSource.README,
)
ONE = Candidate((Step(StepKind.COMMAND, "python a.py -a 1", "src"),), CommandSource.MLPROJECT)
PARAMETERS = (ParameterValue("a", "1"), ParameterValue("workdir", "x"))


def values(candidate: Candidate | None, *parameters: ParameterValue, **changed: str) -> dict[str, str]:
    return {field.name: field.value for field in command_fields(candidate, parameters)} | changed


def test_steps_in_several_folders_become_one_command_at_the_root() -> None:
    fields = values(SEVERAL)
    assert fields == {"command": """(cd src && python a.py) && (cd 'it'"'"'s' && python b.py)""", "workdir": "."}
    assert values(ONE) == {"command": "python a.py -a 1", "workdir": "src"}
    assert values(None) == {"command": "", "workdir": "."}


def test_what_was_not_changed_is_nothing_and_a_parameter_may_have_any_name() -> None:
    assert read_command(values(ONE, *PARAMETERS), ONE, PARAMETERS) == Edited()
    changed = values(ONE, *PARAMETERS, **{"parameter workdir": "y"})
    assert read_command(changed, ONE, PARAMETERS) == Edited((ParameterValue("workdir", "y"),))


def test_a_command_of_ones_own() -> None:
    edited = read_command(values(ONE, command=" python c.py ", workdir=""), ONE, ())
    assert edited.candidate is not None
    assert edited.candidate.steps == (Step(StepKind.COMMAND, "python c.py", "."),)
    assert edited.candidate.source is CommandSource.USER


@pytest.mark.parametrize(("field", "value"), [("command", " "), ("workdir", "/etc"), ("workdir", "a/../../b")])
def test_a_command_that_makes_no_sense(field: str, value: str) -> None:
    changed = values(ONE) | {field: value}
    assert why_not_command(changed, ONE, ())
    with pytest.raises(FormError):
        read_command(changed, ONE, ())


def test_options_are_read_back_as_they_were_given() -> None:
    options = PlanOptions(60, "2023-01-02", False, "bwrap", 3 << 20, "3.9", True)
    choice = PlanChoice("o/n", "c", options, ONE, 4)
    given = {field.name: field.value for field in option_fields(choice)}
    assert read_options(given, choice) == choice
    for name, wrong in (("repeat", "0"), ("timeout", "-1"), ("memory", "a lot"), ("as_of", "tomorrow")):
        assert why_not_options(given | {name: wrong}, choice)
    assert not why_not_options(given | {"memory": "", "as_of": "today"}, choice)
