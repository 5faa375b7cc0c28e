"""What stands between the marks of a paste is text, in whatever pieces it comes; all else is read as it is."""

from itertools import pairwise

from hypothesis import assume, example, given
from hypothesis import strategies as st
from textual import events

from mlx_tui.tui.pasting import END, ESCAPE, START, PasteFilter, PastingParser

PIECES = st.sampled_from([ESCAPE, "[", "2", "0", "1", "~", "q", "\x1b[A", START, "ä"])
TEXTS = st.lists(PIECES, max_size=12).map("".join)


def cut(text: str, places: list[int]) -> list[str]:
    edges = [0, *sorted({place % (len(text) + 1) for place in places}), len(text)]
    return [text[start:stop] for start, stop in pairwise(edges)]


@given(TEXTS, TEXTS, TEXTS, st.lists(st.integers(0, 200), max_size=8))
@example("\x1b", "a\x1b[20", "\x1b[B", [3])
def test_escapes_in_a_paste_are_shown_and_others_stay(before: str, pasted: str, after: str, places: list[int]) -> None:
    # Each mark stands first where it is put, and no other begins before it.
    assume((before + START).index(START) == len(before) and (pasted + END).index(END) == len(pasted))
    assume(START not in after)
    filter_ = PasteFilter()
    passed = "".join(map(filter_.feed, cut(before + START + pasted + END + after, places)))
    assert passed == before + START + pasted.replace(ESCAPE, "␛") + END + after


@given(TEXTS)
def test_outside_a_paste_nothing_is_held_back(text: str) -> None:
    """The escape key is the beginning of a mark too."""
    filter_ = PasteFilter()
    assume(START not in text)
    assert [filter_.feed(character) for character in text] == list(text)


def test_one_paste_and_no_key_reaches_the_program() -> None:
    parser = PastingParser()
    sent = START + "q\x1b[A d\x1bOP\x1b" + "q" * 40 + "\x1b" + END + "x"
    events_seen = [event for character in sent for event in parser.feed(character)]
    paste, key = events_seen
    assert isinstance(paste, events.Paste) and paste.text == "q␛[A d␛OP␛" + "q" * 40 + "␛"
    assert isinstance(key, events.Key) and key.key == "x"
