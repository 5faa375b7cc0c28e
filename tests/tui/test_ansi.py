from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.tui.presentation.ansi import ansi_text

from .support import HOSTILE, obeyed


def test_colours_are_kept() -> None:
    text = ansi_text("plain \x1b[1;31merror\x1b[0m after")
    assert text.plain == "plain error after"
    assert any("bold" in str(span.style) for span in text.spans)


def test_every_other_escape_is_dropped() -> None:
    line = "a\x1b]0;title\x07b\x1b[2Jc\x1b[10;10Hd\x1bPq#0\x1b\\e\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\f\x1b(Bg"
    assert ansi_text(line).plain == "abcdelinkfg"


def test_a_sequence_that_never_ends_swallows_nothing() -> None:
    assert "tail" in ansi_text("\x1b]0;no end tail").plain


@given(st.text(alphabet=st.sampled_from("\x1b[]0;31mHPJ\\\x07abc\x9b\u202e\r\t?")))
def test_nothing_is_left_that_a_terminal_obeys(line: str) -> None:
    assert obeyed(ansi_text(line).plain) == []


def test_hostile_lines() -> None:
    assert [obeyed(ansi_text(line).plain) for line in HOSTILE] == [[]] * len(HOSTILE)


def test_a_long_line_is_cut() -> None:
    assert len(ansi_text("x" * 100_000).plain) < 5_000
