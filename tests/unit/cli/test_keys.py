import subprocess
import sys
import tomllib
from pathlib import Path

from mlx_tui.config import read_options
from mlx_tui.tui.actions import ACTIONS
from mlx_tui.tui.actions.keymap import DEFAULT, read_key_map

PROGRAM = Path(sys.executable).parent / "mlx-tui"


def mlx(*arguments: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False)


def test_keys_are_printed_as_they_are_in_force(tmp_path: Path) -> None:
    (tmp_path / "mlx-tui.toml").write_text('[keys]\napp.statistics = "f7"\n')
    listed = mlx("keys", "--study", tmp_path).stdout
    (line,) = [line for line in listed.splitlines() if line.startswith("app.statistics ")]
    assert line.split()[1] == "f7"
    assert "| `f7` | stats |" in mlx("keys", "--markdown", "--study", tmp_path).stdout


def test_the_printed_table_is_a_configuration_that_changes_nothing(tmp_path: Path) -> None:
    printed = mlx("keys", "--toml", "--study", tmp_path).stdout
    assert tomllib.loads(printed)["keys"]
    (tmp_path / "mlx-tui.toml").write_text(printed)
    key_map = read_key_map(read_options(tmp_path).keys)
    assert [key_map.keys(action) for action in ACTIONS] == [DEFAULT.keys(action) for action in ACTIONS]


def test_a_broken_configuration_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "mlx-tui.toml").write_text('jobs = 2\n[keys]\napp.help = "F99"\n')
    done = mlx("keys", "--study", tmp_path)
    assert done.returncode == 2 and "mlx-tui.toml:3: `app.help`: `F99` is no key" in done.stderr
    (tmp_path / "corpus.csv").write_text("url\n")
    for text, told in (
        ("jobs = [", "mlx-tui.toml: Invalid value"),
        ('jobs = "two"', "mlx-tui.toml:1: `jobs`: Expected `int`, got `str`"),
        ('\nthemes = "x"', "mlx-tui.toml:2: unknown option `themes`"),
        ('isolation = "vm"', "mlx-tui.toml:1: `isolation` is vm; it can be auto, container, bwrap, none"),
        ("timeout = 0", "mlx-tui.toml:1: `timeout` is 0"),
        ('theme = "pink"', "mlx-tui.toml:1: there is no theme `pink`"),
    ):
        (tmp_path / "mlx-tui.toml").write_text(text)
        done = mlx(tmp_path)
        assert done.returncode == 2 and told in done.stderr, done.stderr
