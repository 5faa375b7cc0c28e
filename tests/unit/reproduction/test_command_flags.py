"""Parameters of commands that no MLproject fills in: which are known, and how other values are put in."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.reproduction.candidates import find_candidates
from mlx_tui.reproduction.command_flags import Flags, with_flags
from mlx_tui.reproduction.model import Candidate, CommandSource, ParameterValue, Step, StepKind
from mlx_tui.reproduction.parameters import ParameterError, known_parameters, with_parameters
from tests.unit.reproduction.clones import TRAINS, write

ARGPARSE = """
import argparse
import mlflow

def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-n", "--n_trials", type=int, default=50)
    parser.add_argument("--rate", default=-0.5)
    parser.add_argument("--name")
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("positional", nargs="?")
    mlflow.log_params(vars(parser.parse_args()))

if __name__ == "__main__":
    main()
"""


def of(text: str) -> Candidate:
    return Candidate((Step(StepKind.COMMAND, text),), CommandSource.README)


def names(clone: Path, candidate: Candidate) -> dict[str, str]:
    return {item.name: item.value for item in known_parameters(clone, candidate)}


def changed(clone: Path, text: str, **values: str) -> str:
    given = [ParameterValue(name, value) for name, value in values.items()]
    return with_parameters(clone, of(text), given).steps[0].text


def test_flags_of_the_command_and_of_the_script_are_known(tmp_path: Path) -> None:
    write(tmp_path, "train.py", ARGPARSE)
    text = "python train.py --n_trials 20 --name='a b'"
    assert names(tmp_path, of(text)) == {"n_trials": "20", "name": "a b", "rate": "-0.5"}
    assert changed(tmp_path, text, n_trials="3", rate="0.1 x", name="c") == (
        "python train.py --n_trials 3 --name=c --rate '0.1 x'"
    )
    assert with_parameters(tmp_path, of(text), [ParameterValue("rate", "1")]).parameters == (
        ParameterValue("rate", "1"),
    )
    with pytest.raises(ParameterError, match="no step has a parameter other; its parameters are: n_trials, name, rate"):
        changed(tmp_path, text, other="1")


def test_the_readmes_command_can_be_given_other_values(tmp_path: Path) -> None:
    write(tmp_path, "train.py", ARGPARSE)
    write(tmp_path, "README.md", "```\npython train.py --n_trials 50\n```\n")
    first = find_candidates(tmp_path)[0]
    assert with_parameters(tmp_path, first, [ParameterValue("n_trials", "2")]).steps[0].text.endswith("--n_trials 2")


def test_overrides_of_hydra_are_parameters_and_variables_before_the_command_are_not(tmp_path: Path) -> None:
    write(tmp_path, "train.py", "import hydra\nimport mlflow\n")
    text = "SEED=1 python train.py model.depth=3 +extra=x"
    assert names(tmp_path, of(text)) == {"model.depth": "3", "+extra": "x"}
    assert changed(tmp_path, text, **{"model.depth": "4", "trainer.epochs": "1"}) == (
        "SEED=1 python train.py model.depth=4 +extra=x trainer.epochs=1"
    )


@pytest.mark.parametrize("text", ["python a.py --x 1 && python b.py", "python a.py --x 1 | tee log", "python plain.py"])
def test_what_has_no_parameters_says_so(tmp_path: Path, text: str) -> None:
    write(tmp_path, "plain.py", TRAINS)
    assert names(tmp_path, of(text)) == {}
    with pytest.raises(ParameterError, match="edit the command instead"):
        changed(tmp_path, text, x="2")


def test_click_options_and_broken_code_are_read_as_far_as_they_go(tmp_path: Path) -> None:
    write(
        tmp_path,
        "a.py",
        "import click\n\n@click.option('--size', '-s', default=4)\n@click.option('--on', is_flag=True)\n"
        "@click.option('--rate', is_flag=False)\ndef f(): ...\n",
    )
    write(tmp_path, "b.py", "parser.add_argument('--x'\n")
    assert names(tmp_path, of("python a.py")) == {"size": "4", "rate": ""}
    assert names(tmp_path, of("python b.py")) == {}


@given(st.text(max_size=60), st.text(alphabet=st.characters(exclude_characters="\0"), max_size=20))
def test_no_text_breaks_it_and_other_words_stay(text: str, value: str) -> None:
    put = with_flags(text, Flags({"zz-unseen": ""}), {"zz-unseen": value})
    assert put.startswith(text) or "--zz-unseen" in text
