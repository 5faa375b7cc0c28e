"""Texts of a repository that are made to keep the maker of plans busy for hours."""

from mlx_tui.reproduction.entry_points.shell_scripts import runs_whole
from mlx_tui.reproduction.repairs.examples import example_variables
from mlx_tui.reproduction.requirement_lines import is_malformed
from mlx_tui.reproduction.worktree import WorkTree
from tests.unit.reproduction.clones import write

BLANK = "\n" * 300_000


def test_a_script_of_blank_lines():
    assert not runs_whole(f"{' ' * 50}\n" * 20_000)


def test_a_requirement_of_blanks():
    assert is_malformed("a" + "\t" * 300_000 + "b")


def test_a_readme_of_blank_lines(tmp_path):
    write(tmp_path, "README.md", f"#{BLANK}```\nA=1\n```\n")
    assert [variable.name for variable in example_variables(WorkTree(tmp_path))] == ["A"]
