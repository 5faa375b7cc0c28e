import subprocess
import sys
import zipfile
from pathlib import Path

PROJECT = Path(__file__).parents[3]


def test_the_wheel_holds_every_file_of_the_samples(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        held = {name for name in wheel.namelist() if name.startswith("mlx_tui/sample_corpus/")}
        assert "mlx_tui/gitconfig" in wheel.namelist()
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "sample_corpus"], cwd=PROJECT, check=True, capture_output=True, text=True
    ).stdout.split("\0")
    assert len(tracked) > 100
    assert {f"mlx_tui/{name}" for name in tracked if name} <= held
