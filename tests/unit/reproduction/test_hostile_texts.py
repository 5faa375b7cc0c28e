"""Texts of a repository that are made to keep the maker of plans busy for hours."""

from mlx_tui.reproduction.entry_points.shell_scripts import runs_whole
from mlx_tui.reproduction.environment_needs import malformed_requirements
from mlx_tui.reproduction.model import EnvironmentSpec
from mlx_tui.reproduction.repairs.examples import example_variables
from mlx_tui.reproduction.worktree import WorkTree
from tests.unit.reproduction.clones import write

BLANK = "\n" * 300_000


def test_a_script_of_blank_lines():
    assert not runs_whole(f"{' ' * 50}\n" * 20_000)


def test_a_requirement_of_blanks():
    line = "a" + "\t" * 300_000 + "b"
    spec = EnvironmentSpec("", "", "", "", "3.11", requirements=(line, "a==1 --hash=sha256:0"))
    assert [need.what for need in malformed_requirements(spec)] == [f"`{line[:200]}…` is no requirement"]


def test_a_readme_of_blank_lines(tmp_path):
    write(tmp_path, "README.md", f"#{BLANK}```\nA=1\n```\n")
    assert [variable.name for variable in example_variables(WorkTree(tmp_path))] == ["A"]
