"""What is remembered of a study between two sessions."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from mlx_tui.view_state import read_state, state_file, write_state


@dataclass(frozen=True, slots=True)
class Seen:
    """A part."""

    repo: str
    line: int | None = None


def test_each_study_has_its_own_and_it_is_not_in_the_study(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    write_state(first, "seen", Seen("x", 3))
    assert read_state(first, "seen", Seen) == Seen("x", 3)
    assert read_state(second, "seen", Seen) is None and read_state(first, "other", Seen) is None
    assert tmp_path not in state_file(first, "seen").parents


def test_a_study_is_known_by_its_real_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "study").mkdir()
    (tmp_path / "link").symlink_to("study")
    monkeypatch.chdir(tmp_path)
    assert state_file(tmp_path / "link", "seen") == state_file(Path("study"), "seen")


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"repo": 3}', b"\xff\xfe"])
def test_what_cannot_be_read_is_not_there(tmp_path: Path, content: bytes) -> None:
    path = state_file(tmp_path, "seen")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    assert read_state(tmp_path, "seen", Seen) is None


def test_where_nothing_can_be_written_nothing_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "state").write_text("a file, no folder")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    write_state(tmp_path, "seen", Seen("x"))
    assert read_state(tmp_path, "seen", Seen) is None
