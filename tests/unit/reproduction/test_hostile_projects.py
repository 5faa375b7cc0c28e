"""MLprojects that are made to take for ever, and numbers that no version has."""

import ast
from pathlib import Path

import pytest

from mlx_tui.formats.dockerfile import exec_form
from mlx_tui.formats.mlproject import parse_mlproject
from mlx_tui.formats.packages import Package
from mlx_tui.formats.version_ranges import Span, span_of, specifier_of
from mlx_tui.formats.versions import version_of
from mlx_tui.json_file import read_json, write_json
from mlx_tui.reproduction.constant_text import MAX_LENGTH, constants_of
from mlx_tui.reproduction.entry_points import mlproject
from mlx_tui.reproduction.entry_points.markdown import command_blocks
from mlx_tui.reproduction.entry_points.mlproject import MAX_COMMAND, Project, fill_command
from mlx_tui.reproduction.interpreters import python_specifier
from mlx_tui.reproduction.model import EnvironmentSpec, Plan
from mlx_tui.reproduction.old_metadata import needs_old_metadata
from mlx_tui.reproduction.plan import make_plan
from mlx_tui.reproduction.plan_options import PlanOptions
from mlx_tui.reproduction.project_dependencies import pyproject_requirements
from mlx_tui.reproduction.python_source import read_source
from mlx_tui.reproduction.repairs.contents import without_servers
from tests.unit.reproduction.clones import write

DIGITS = "9" * 5_000


def project(text: str) -> Project:
    return Project("MLproject", ".", parse_mlproject(text), text)


def test_the_defaults_of_a_project_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    declared = "".join(f"   p{n}: {{type: float, default: {n}.50}}\n" for n in range(300))
    found = project(f"entry_points:\n main:\n  parameters:\n{declared}  command: a {{p299}} {{p0}}\n")
    composed = []
    monkeypatch.setattr(mlproject, "compose", lambda text: composed.append(text) or parse_compose(text))
    command = fill_command(found, found.content.entry_points[0])
    assert (command.text, len(command.parameters)) == ("a 299.5 0.5", 300)
    assert len(composed) == 1


parse_compose = mlproject.compose


def test_a_value_that_looks_like_a_field_is_none() -> None:
    found = project(
        "entry_points:\n main:\n  parameters:\n   a: {default: '{b}'}\n   b: {default: x}\n  command: '{a} {b} {{a}}'\n"
    )
    assert fill_command(found, found.content.entry_points[0]).text == "'{b}' x {a}"


def test_a_command_longer_than_the_system_takes_stays_as_it_is_written() -> None:
    value, fields = "x" * 50_000, "{a}" * 10_000
    found = project(f"entry_points:\n main:\n  parameters:\n   a: {{default: {value}}}\n  command: python {fields}\n")
    assert len(fill_command(found, found.content.entry_points[0]).text) < MAX_COMMAND


@pytest.mark.parametrize("text", [DIGITS, f"1.{DIGITS}", "1..2", "１", ""])
def test_what_is_no_version(text: str) -> None:
    assert version_of(text) is None
    assert specifier_of(Package("a", text, 1, f"a=={text}")) == ""
    assert not needs_old_metadata(EnvironmentSpec("", "", "", "", "3.11", requirements=(f"pandas=={text}",)))


@pytest.mark.parametrize(
    "text", [f"^{DIGITS}", f"~{DIGITS}", f">={DIGITS}", f"={DIGITS}", f"x{DIGITS}", f"={DIGITS}.*"]
)
def test_a_version_of_five_thousand_digits(text: str) -> None:
    assert python_specifier(text) is None
    assert span_of(text) == Span()
    pyproject_requirements(f"[tool.poetry.dependencies]\npython = '{text}'\nmlflow = '{text}'\n")


def test_names_that_double_each_other() -> None:
    lines = [
        "v0 = 'x'",
        *(f"v{n} = f'{f'{{v{n - 1}}}' * 20}'" for n in range(1, 40)),
        "w = os.path.join(" + "v0, " * 600 + ")",
    ]
    found = constants_of(ast.parse("\n".join(lines)))
    assert found["v2"] == "x" * 400
    assert max(map(len, found.values())) <= MAX_LENGTH


@pytest.mark.parametrize(
    "text", ["f" + "(x)" * 2_500, "sys.argv" + "[0]" * 2_500, "os.environ" + ".a" * 2_500 + "['X']"]
)
def test_a_script_that_nests_deep(text: str) -> None:
    assert read_source(f"import mlflow, sys\n{text}\n").uses_mlflow


def test_a_string_that_no_file_can_hold_is_kept_as_it_is_written(tmp_path: Path) -> None:
    write(tmp_path, "train.py", "import mlflow\nmlflow.autolog()\nopen('\\ud800.csv')\n")
    write(tmp_path, "setup.py", "from setuptools import setup\nsetup(install_requires=['\\ud800'])\n")
    plan = make_plan("a/b", "c" * 40, tmp_path, PlanOptions(isolation="none"))
    write_json(tmp_path / "plan.json", plan)
    assert "\\ud800.csv" in {need.what for need in read_json(tmp_path / "plan.json", Plan).needs}
    assert exec_form('["python", "\\ud800"]') == ["python", "\\ud800"]


def test_a_notebook_of_blank_lines() -> None:
    blank = "\n" * 300_000
    assert without_servers(f"{blank}!mlflow ui\n") == f"{blank}pass  # left out: !mlflow ui\n"
    assert read_source(f"{blank}%matplotlib inline\n{blank}import mlflow").uses_mlflow


def test_a_readme_of_blank_lines() -> None:
    blank = (" " * 4_900 + "\n") * 100
    assert command_blocks(f"{blank}    python train.py\n")[0][0].text == "python train.py"
    assert command_blocks(f"{blank}```\n  mlflow run .\n```")[0][0].text == "mlflow run ."
