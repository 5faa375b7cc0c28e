"""Errors in words."""

from pathlib import Path

import pytest

from mlx_tui.error_text import error_text
from mlx_tui.safe_text import safe_text


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            OSError(30, "Read-only file system", "results.csv"),
            "results.csv: Read-only file system; work on a copy that can be written",
        ),
        (
            OSError(28, "No space left on device", "a\x1b[31mb"),
            f"{safe_text('a' + chr(27) + '[31mb')}: No space left on device; free some, then do it again",
        ),
        (OSError(28, "No space left on device"), "No space left on device; free some, then do it again"),
        (OSError("the cache is gone"), "the cache is gone"),
        (ValueError("no date"), "no date"),
    ],
)
def test_what_is_wrong_and_with_which_file(error: Exception, told: str) -> None:
    assert error_text(error) == told


def test_of_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file") as raised:
        (tmp_path / "none").read_bytes()
    assert error_text(raised.value) == f"{tmp_path / 'none'}: No such file or directory"
