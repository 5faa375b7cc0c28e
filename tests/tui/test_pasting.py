"""What stands between the marks of a paste is text, in whatever pieces it comes; all else is read as it is."""

from itertools import pairwise

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from textual import events

from mlx_tui.tui.pasting import END, ESCAPE, START, PasteFilter, PastingParser, first_line, on_one_line
from mlx_tui.tui.widgets.filter_line import FilterLine
from mlx_tui.tui.widgets.typed import SafeInput, SafeTextArea, SeveralInput

from .support import WidgetApp, until, until_shown

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


@given(st.text())
def test_one_line_loses_nothing_but_line_ends_and_tabs(text: str) -> None:
    line = on_one_line(text)
    assert line.splitlines() in ([], [line]) and line.split() == text.split()


@given(st.text("ab \r\n\u2028\t"))
def test_the_first_line_and_the_further_ones_are_all_that_say_something(text: str) -> None:
    line, further = first_line(text)
    assert line.splitlines() in ([], [line])
    assert bool(line.strip()) + further == sum(bool(each.strip()) for each in text.splitlines())


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("made", [SafeInput, FilterLine])
async def test_a_field_of_one_line_says_what_it_does_not_take(made: type[SafeInput], end: str) -> None:
    widget = made()
    app = WidgetApp(widget)
    async with app.run_test(size=(100, 20), notifications=True) as pilot:
        widget.add_class("-open")
        widget.focus()
        app.post_message(events.Paste(f"one{end}"))
        await until(pilot, lambda: widget.value == "one")
        assert not app._notifications
        app.post_message(events.Paste(f"{end}python train.py \\{end}{end}  --alpha 1{end}"))
        await until(pilot, lambda: widget.value == "onepython train.py \\")
        await until_shown(pilot, "1 further line wasn't pasted")
        await pilot.press("home", "shift+end")
        app.copy_to_clipboard(f"a{end}b{end}c")
        widget.action_paste()
        assert widget.value == "a"
        await until_shown(pilot, "2 further lines weren't pasted")


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
async def test_a_column_that_is_pasted_stays_whole(end: str) -> None:
    widget = SeveralInput()
    app = WidgetApp(widget)
    async with app.run_test(size=(100, 20), notifications=True) as pilot:
        app.post_message(events.Paste(f"a{end}b\tc{end}"))
        app.post_message(events.Paste(f"d{end}e"))
        await until(pilot, lambda: widget.value == "a b c d e")
        widget.select_all()
        app.copy_to_clipboard(f"f{end}g")
        widget.action_paste()
        assert widget.value == "f g"
        assert not app._notifications


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
async def test_a_text_keeps_its_lines_whatever_ends_them(end: str) -> None:
    widget = SafeTextArea()
    app = WidgetApp(widget)
    async with app.run_test(size=(100, 20)) as pilot:
        app.post_message(events.Paste(f"one{end}{end}two{end}"))
        await until(pilot, lambda: widget.text == "one\n\ntwo\n")
        assert widget.cursor_location == (3, 0)
        app.copy_to_clipboard(f"three{end}four")
        widget.action_paste()
        assert widget.text == "one\n\ntwo\nthree\nfour"
