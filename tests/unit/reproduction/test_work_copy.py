"""What a run wrote in its working copy, however the clock is set in the meantime."""

import os
from pathlib import Path

from mlx_tui.reproduction.work_copy import file_stamps, files_written
from tests.unit.reproduction.clones import write


def test_files_that_a_run_wrote(tmp_path: Path) -> None:
    for name in ("kept.py", "again.csv", "sub/gone.csv", ".git/index", "__pycache__/a.pyc"):
        write(tmp_path, name, "a")
    before = file_stamps(tmp_path)
    assert files_written(tmp_path, before) == 0
    (tmp_path / "sub" / "gone.csv").unlink()
    for name in ("again.csv", "new/model.pkl", ".git/index", "__pycache__/b.pyc"):
        write(tmp_path, name, "longer")
    (tmp_path / "link").symlink_to("nowhere")
    assert files_written(tmp_path, before) == 3


def test_a_clock_that_was_set_back_hides_no_file(tmp_path: Path) -> None:
    before = file_stamps(tmp_path)
    write(tmp_path, "model.pkl", "a")
    os.utime(tmp_path / "model.pkl", (0, 0))
    assert files_written(tmp_path, before) == 1
