"""What the static graph of imports can't see: that heavy libraries load only where they are used."""

import subprocess
import sys

import pytest

HEAVY = ("textual", "rich", "pandas", "git", "pygments", "yaml", "tree_sitter", "mlflow")


@pytest.mark.parametrize(
    ("statement", "forbidden"),
    [
        ("from mlx_tui.cli.app import app", HEAVY),
        ("import mlx_tui.study", ("textual", "rich", "pandas", "pygments", "mlflow")),
        (
            "import mlx_tui.study, mlx_tui.tui.app",
            ("pandas", "git", "pygments", "yaml", "mlflow", "sqlite3", "mlx_tui.reproduction.outcome"),
        ),
        ("import mlx_tui.reproduction.supervisor", ("textual", "rich", "pandas", "git", "pygments", "mlflow")),
    ],
)
def test_importing_loads_no_heavy_library(statement: str, forbidden: tuple[str, ...]) -> None:
    code = f"{statement}\nimport sys\nprint(' '.join(set({forbidden!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
