"""Texts of a repository that are made to keep the maker of plans busy for hours."""

from mlx_tui.reproduction.candidates import Discovery
from mlx_tui.reproduction.entry_points.shell_scripts import runs_whole
from mlx_tui.reproduction.environment_needs import malformed_requirements
from mlx_tui.reproduction.model import EnvironmentSpec
from mlx_tui.reproduction.python_asked import find_python_asked
from mlx_tui.reproduction.repairs.examples import example_variables
from mlx_tui.reproduction.tracebacks import find_tracebacks
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


def test_lines_that_begin_like_tracebacks():
    lines = [f"{'_' * 3_900}Traceback (most recent call last):!"] * 5_000
    assert find_tracebacks(lines) == []


def test_blanks_after_the_words_that_name_an_interpreter(tmp_path):
    blanks = " " * 400_000
    write(tmp_path, "README.md", f"python{blanks}!\nPython version 3.9\n")
    write(tmp_path, ".github/workflows/ci.yml", f"python-version:{blanks}[{blanks}'3.8']\n")
    write(tmp_path, "Jenkinsfile", f"sh{blanks}!\nsh 'python train.py'\n")
    write(tmp_path, "train.py", "import mlflow\nmlflow.autolog()\n")
    candidates = Discovery(tmp_path).candidates
    assert candidates
    assert find_python_asked(WorkTree(tmp_path), candidates[0], ["."])[0] in {"3.8", "3.9"}
