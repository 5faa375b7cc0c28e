"""Nesting that would overflow the C stack is an error, not the end of the program."""

import pytest

from mlx_tui.formats.yaml_lines import MAX_DEPTH, YamlError, compose


@pytest.mark.parametrize(
    "text",
    [
        "{" * 60_000,
        "[" * 60_000,
        "- " * 60_000,
        "? " * 60_000,
        "".join(" " * depth + "a:\n" for depth in range(1_500)),
        "[a]" * 30_000 + "[" * 60_000,
    ],
)
def test_deep_nesting_is_an_error(text: str) -> None:
    with pytest.raises(YamlError):
        compose(text)


def test_wide_is_not_deep() -> None:
    assert compose("a: [" + "[], " * 5_000 + "]") is not None
    assert compose("[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)) is not None
