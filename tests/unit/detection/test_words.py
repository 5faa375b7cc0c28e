"""Literals that are looked for together are found where each alone is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.detection.words import _WINDOW, Words

_LETTERS = st.binary(max_size=4).map(lambda raw: bytes(97 + byte % 3 for byte in raw))


@given(st.lists(_LETTERS, max_size=5), st.binary(max_size=30).map(lambda raw: bytes(97 + byte % 3 for byte in raw)))
def test_any_of_them(words: list[bytes], data: bytes) -> None:
    assert Words(words).occur_in(data) == any(word in data for word in words)


@pytest.mark.parametrize("start", [0, _WINDOW - 8, _WINDOW - 5, _WINDOW - 1, _WINDOW, 3 * _WINDOW - 2])
@pytest.mark.parametrize("word", [b"mlflow", b"x"])
def test_in_a_long_file(start: int, word: bytes) -> None:
    data = b"." * start + word + b"." * _WINDOW
    assert Words([b"mlflow", b"x"]).occur_in(data)
    assert not Words([b"mlflow!", b"y"]).occur_in(data)
    assert Words([b"y", b""]).occur_in(data)


def test_a_file_of_nothing_else() -> None:
    assert Words([b"a"]).occur_in(b"a" * 10_000_000)
