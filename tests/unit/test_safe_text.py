"""The gate for untrusted text."""

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from mlx_tui.safe_text import csv_cell, csv_text, safe_record, safe_text

ANY_TEXT = st.text(alphabet=st.characters(codec=None))


@given(ANY_TEXT)
def test_nothing_is_left_that_a_terminal_obeys(text: str) -> None:
    shown = safe_text(text)
    assert not [
        c
        for c in shown
        if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}
        or unicodedata.bidirectional(c)
        in {
            "LRE",
            "RLE",
            "LRO",
            "RLO",
            "PDF",
            "LRI",
            "RLI",
            "FSI",
            "PDI",
        }
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x\u200b\u2060y\u00ad", "x⟨200B⟩⟨2060⟩y⟨00AD⟩"),
        ("hidden\U000e0141\ufe01", "hidden⟨E0141⟩⟨FE01⟩"),
        ("⚠\ufe0f 1\ufe0f\u20e3", "⚠⟨FE0F⟩ 1⟨FE0F⟩\u20e3"),
        ("👩\U0001f3fd\u200d🔬", "👩⟨1F3FD⟩⟨200D⟩🔬"),
        ("\U0001f1e9\U0001f1ea", "⟨1F1E9⟩⟨1F1EA⟩"),
        ("\u3164\uffa0\u115f", "⟨3164⟩⟨FFA0⟩⟨115F⟩"),
        ("你好 e\u0301 한", "你好 e\u0301 한"),
    ],
)
def test_what_is_invisible_or_of_uncertain_width_is_shown_by_its_number(text: str, shown: str) -> None:
    assert safe_text(text) == shown


@given(ANY_TEXT)
def test_terminals_that_know_signs_of_several_characters_and_those_that_do_not_agree_on_the_width(text: str) -> None:
    shown = safe_text(text)
    assert cell_len(shown) == sum(map(cell_len, shown))


@given(ANY_TEXT)
def test_safe_text_is_stable(text: str) -> None:
    assert safe_text(safe_text(text)) == safe_text(text)


def test_multiline_keeps_lines_and_expands_tabs() -> None:
    assert safe_text("a\r\n\tb\x1b[2J", multiline=True) == "a\n    b␛[2J"
    assert safe_text("a\nb\t") == "a␊b␉"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "＝1", "plain", "it's", "'quoted'", ""])
def test_cells_are_never_formulas_and_read_back(text: str) -> None:
    cell = csv_cell(text)
    assert not cell.startswith(("=", "+", "-", "@", "＝"))
    assert csv_text(cell) == text


@given(ANY_TEXT)
def test_a_cell_round_trips_through_csv(text: str) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerow([csv_cell(text), "end"])
    (row,) = csv.reader(io.StringIO(stream.getvalue(), newline=""))
    assert csv_text(row[0]) == safe_record(text)


def test_a_file_keeps_emoji_and_nothing_that_hides_text() -> None:
    assert safe_record("👍🏽 🇨🇭 ❤️") == "👍🏽 🇨🇭 ❤️"
    assert safe_record("a\u202eb\x1b[2J\u200b") == "a⟨202E⟩b␛[2J⟨200B⟩"
    assert safe_record("a\nb") == "a␊b"
    assert safe_record("a\nb", multiline=True) == "a\nb"
    assert csv_cell("=👍🏽") == "'=👍🏽"
