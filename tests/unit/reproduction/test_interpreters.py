"""Which interpreter is chosen among those that are there."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from packaging.version import Version

from mlx_tui.reproduction.interpreters import (
    Interpreter,
    choose_from,
    choose_interpreter,
    find_interpreters,
    python_specifier,
)
from mlx_tui.reproduction.repairs.wheels import with_wheels
from mlx_tui.reproduction.uv_process import uv_variables

HERE = tuple(Interpreter(Path(f"/python{text}"), Version(text)) for text in ("3.8.18", "3.9.18", "3.11.7", "3.13.0"))
IN_2022 = datetime(2022, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "used", "told"),
    [
        ("3.8", "3.8.18", ""),
        ("=3.8", "3.8.18", ""),
        ("python-3.9.18", "3.9.18", ""),
        ("3.11.5", "3.11.7", "patch release"),
        ("3.10", "3.11.7", "nearest"),
        ("3.6", "3.8.18", "nearest"),
        ("2.7", "3.9.18", "Python 2"),
        (">=3.8,<3.10", "3.9.18", ""),
        ("^3.8", "3.9.18", ""),
        ("~3.8", "3.8.18", ""),
        (">=3.6", "3.9.18", ""),
        ("", "3.9.18", "no version is asked for"),
        ("=1+1", "3.9.18", "can't be understood"),
    ],
)
def test_the_asked_one_or_the_nearest(asked: str, used: str, told: str) -> None:
    chosen, reason = choose_from(HERE, asked, IN_2022)
    assert (str(chosen.version), bool(reason), told in reason) == (used, bool(told), True)


def test_folders_that_cannot_be_read_hold_no_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    unreadable = "/" + "x" * 5000  # no name of a file: looking at it fails, as at another user's folder
    monkeypatch.setenv("PYENV_ROOT", unreadable)
    monkeypatch.setenv("PATH", unreadable)
    find_interpreters.cache_clear()
    try:
        assert find_interpreters()
    finally:
        find_interpreters.cache_clear()


def test_interpreters_that_are_there_run(tmp_path: Path) -> None:
    found = find_interpreters()
    assert found
    assert all(item.path.is_file() and item.version >= Version("3.6") for item in found)
    assert list(found) == sorted(found, key=lambda item: item.version)
    path, version, _ = choose_interpreter("3")
    assert Path(path).is_absolute()
    assert version.startswith("3.")


@given(st.text(max_size=30))
@example("\u1c40")
def test_any_text_can_be_asked_for(text: str) -> None:
    python_specifier(text)
    assert choose_from(HERE, text, IN_2022)[0] in HERE


@pytest.mark.attempt
def test_the_interpreters_that_a_release_has_wheels_for() -> None:
    found = [item for item in find_interpreters() if item.minor in ((3, 6), (3, 9), (3, 11))]
    fits = with_wheels("scikit-learn==0.19.1", found, uv_variables())
    assert [item.minor for item in fits] == [item.minor for item in found if item.minor == (3, 6)]
    assert list(with_wheels("six==1.16.0", found, uv_variables())) == found
